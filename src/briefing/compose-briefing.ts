import MailComposer from 'nodemailer/lib/mail-composer';
import { config } from '../config.ts';
import { linkTokenOf } from '../link-token.ts';
import type { Mail } from '../notice/compose-notice.ts';
import type { NewestEdition } from '../statistics/newest-editions.ts';
import { partnerMessagesIn } from '../web/partner/messages.ts';
import { monthName } from '../web/partner/names.ts';
import { countrySentence } from '../web/partner/sentence.ts';

type Recipient = { id: string; email: string; language: string };

/** One country of a monthly mail: its newest edition, and that of the month before where there is one. */
export type ToldCountry = { now: NewestEdition; before: NewestEdition | null };

/** The first mail to an address: a link that confirms it, and no figure. */
export function composeConfirmation(to: Recipient, now: Date): Promise<Mail> {
  const { text } = partnerMessagesIn(to.language);
  const paragraphs = [
    text('mail.confirm.text', { site: config().publicUrl }),
    pageOf(linkTokenOf('briefing-confirm', to.id)),
    text('mail.confirm.otherwise'),
    config().mailFrom.name,
  ];
  return compose(to, { id: `confirm-${to.id}`, subject: text('mail.confirm.subject'), paragraphs }, now);
}

/** The mail of a month (`2026-10`): a sentence a country as the partners' pages say it, where to read more, and how to stop it. */
export function composeBriefing(
  to: Recipient,
  mailId: string,
  month: string,
  countries: ToldCountry[],
  now: Date,
): Promise<Mail> {
  const m = partnerMessagesIn(to.language);
  const name = monthName(m, month);
  const stop = pageOf(linkTokenOf('briefing-stop', to.id));
  const paragraphs = [
    m.text('mail.month.text', { month: name }),
    ...countries.map((country) => paragraphOf(m, month, country)),
    `${m.text('mail.month.more')}\n${config().publicUrl}/partner`,
    `${m.text('mail.month.why', { site: config().publicUrl })}\n${stop}`,
    config().mailFrom.name,
  ];
  const subject = m.text('mail.month.subject', { month: name });
  // RFC 8058: the recipient's mail program may stop it by one press.
  const headers = { 'List-Unsubscribe': `<${stop}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
  return compose(to, { id: mailId, subject, paragraphs, headers }, now);
}

function paragraphOf(m: ReturnType<typeof partnerMessagesIn>, month: string, { now, before }: ToldCountry): string {
  const lines = [
    countrySentence(m, { country: now.country, month, reports: now.reports, before: before?.reports ?? null }),
    now.edition > 1 ? m.text('mail.month.corrected', { edition: now.edition }) : '',
    `${config().publicUrl}/partner/${now.country}?month=${month}`,
  ];
  return lines.filter(Boolean).join('\n');
}

type Text = { id: string; subject: string; paragraphs: string[]; headers?: Record<string, string> };

async function compose(to: Recipient, { id, subject, paragraphs, headers }: Text, now: Date): Promise<Mail> {
  const { mailFrom, mailDomain } = config();
  const message = new MailComposer({
    from: mailFrom,
    to: to.email,
    subject,
    // The same at every try, so that a mail program shows one that was sent twice once.
    messageId: `<briefing-${id}@${mailDomain}>`,
    date: now,
    text: `${paragraphs.join('\n\n')}\n`,
    headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': to.language, ...headers },
  });
  return {
    id: `briefing-${id}`,
    from: mailFrom.address,
    to: to.email,
    copy: null,
    raw: await message.compile().build(),
  };
}

function pageOf(token: string): string {
  return `${config().publicUrl}/briefing/${token}`;
}
