import { agreementInForce } from '../account/viewer.ts';
import { type Recorder, recorded } from '../audit/recorded.ts';
import { prisma } from '../db.ts';
import type { Account, Briefing, BriefingMail, Partner } from '../generated/prisma/client.ts';
import { canDeliver, deliver } from '../notice/deliver.ts';
import { unseal } from '../secrets.ts';
import { newestEditions } from '../statistics/newest-editions.ts';
import { composeBriefing, type ToldCountry } from './compose-briefing.ts';
import { MailDelayed } from './mail-delayed.ts';

const BY = { system: true, operation: 'sendBriefing' } as const;

type Waiting = BriefingMail & { briefing: Briefing & { account: Account & { partner: Partner | null } } };

/** Queues the job that sends a monthly mail. */
export function sendBriefingLater({ later }: Pick<Recorder, 'later'>, mailId: string): void {
  later({ task: 'send-briefing', payload: { mailId }, key: `briefing:${mailId}` });
}

/**
 * Sends a monthly mail that waits, if its reader still wants it and their agreement is still in force. A process that dies on the way leaves the job,
 * which sends it once more under the same Message-ID. Throws a `MailDelayed` where the mail server wants it later.
 */
export async function sendBriefing(id: string): Promise<void> {
  const mail: Waiting | null = await prisma.briefingMail.findFirst({
    where: { id, sentAt: null, failedAt: null },
    include: { briefing: { include: { account: { include: { partner: true } } } } },
    relationLoadStrategy: 'join',
  });
  if (!mail) return;
  const countries = await countriesToTell(mail, new Date());
  if (countries.length === 0) return settle(mail, { failedAt: new Date() }, 'BRIEFING_WITHDRAWN');
  if (!canDeliver()) throw new MailDelayed();
  const { briefing, month } = mail;
  const recipient = { ...briefing, email: unseal(briefing.email) };
  const outcome = await deliver(await composeBriefing(recipient, id, nameOf(month), countries, new Date()));
  if (outcome.is === 'DELAYED') throw new MailDelayed();
  if (outcome.is === 'REFUSED') return settle(mail, { failedAt: new Date() }, 'BRIEFING_REFUSED');
  if (outcome.is === 'SENT' || mail.unsureAt) return settle(mail, { sentAt: new Date() }, 'BRIEFING_SENT');
  // Nobody knows whether it left: it is tried once more, and then no more.
  await prisma.briefingMail.update({ where: { id }, data: { unsureAt: new Date() } });
  throw new MailDelayed();
}

// What was published when the mail was made: a later correction is told by a mail of its own.
async function countriesToTell({ briefing, month, createdAt }: Waiting, now: Date): Promise<ToldCountry[]> {
  const { account, confirmedAt, stoppedAt } = briefing;
  const { partner } = account;
  if (!confirmedAt || stoppedAt || account.disabledAt || !partner || !agreementInForce(partner, now)) return [];
  const monthBefore = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() - 1, 1));
  const [told, before] = await Promise.all([
    newestEditions(month, partner.countries, createdAt),
    newestEditions(monthBefore, partner.countries, createdAt),
  ]);
  return told.map((edition) => ({
    now: edition,
    before: before.find(({ country }) => country === edition.country) ?? null,
  }));
}

function settle({ id, briefing, month }: Waiting, end: { sentAt: Date } | { failedAt: Date }, action: string) {
  return recorded(BY, async ({ tx, note }) => {
    await tx.briefingMail.updateMany({ where: { id }, data: end });
    note({ stream: `account:${briefing.accountId}`, action, detail: { month: nameOf(month) } });
  });
}

function nameOf(month: Date): string {
  return month.toISOString().slice(0, 7);
}
