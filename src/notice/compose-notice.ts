import MailComposer from 'nodemailer/lib/mail-composer';
import { config } from '../config.ts';
import type { Tx } from '../db.ts';
import type { Assessment, Case, Contact, Episode, Notice, Observation } from '../generated/prisma/client.ts';
import { type NoticeTexts, noticeTexts } from './notice-texts.ts';
import { linkToken, mailAddress } from './notice-token.ts';
import { xarfReport } from './xarf.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** For how many days after it was sent a notice's link opens. */
export const LINK_DAYS = 90;

/** A message as the mail server takes it. `copy` is where the proof that it left comes back, if anywhere. */
export type Mail = { id: string; from: string; to: string; copy: string | null; raw: Buffer };

type Line = {
  id: string;
  episode: Episode;
  case: Case & { assessments: Assessment[]; observations: Observation[] };
};

/** What people call a notice: the end of its id. */
export function noticeReference(id: string): string {
  return `N-${id.slice(-8).toUpperCase()}`;
}

/** The Message-ID of a notice, the same at every try. */
export function messageIdOf(id: string): string {
  return `<notice-${id}@${config().mailDomain}>`;
}

/** Writes the message of a notice from what is known of its lines; `first` is when the contact was written to before, for a reminder. */
export async function composeNotice(tx: Tx, notice: Notice & { contact: Contact }, now: Date): Promise<Mail> {
  const lines = await linesOf(tx, notice.id);
  const before = notice.step === 'REMINDER' ? await firstSent(tx, notice, lines) : null;
  const { mailFrom, mailDomain, mailReceivePort } = config();
  const receives = mailReceivePort !== null;
  const reporter = { org: mailFrom.name, contact: mailFrom.address, domain: mailDomain };
  const reports = notice.contact.xarf ? lines.flatMap((line) => xarfReport(reporter, xarfLine(line)) ?? []) : [];
  const texts = noticeTexts(notice.contact.language);
  const message = new MailComposer({
    from: mailFrom,
    to: { name: notice.contact.name, address: notice.contact.email },
    ...(receives ? { replyTo: mailAddress('reply', notice.id) } : {}),
    subject: subjectOf(texts, notice, lines.length),
    messageId: messageIdOf(notice.id),
    date: now,
    text: textOf(texts, notice, lines, { before, hasXarf: reports.length > 0, now }),
    attachments: reports.map((report, index) => ({
      filename: reports.length === 1 ? 'xarf.json' : `xarf-${index + 1}.json`,
      contentType: 'application/json',
      content: JSON.stringify(report),
    })),
    ...(notice.urgent ? { priority: 'high' as const } : {}),
  });
  return {
    id: notice.id,
    from: receives ? mailAddress('bounces', notice.id) : mailFrom.address,
    to: notice.contact.email,
    copy: receives ? mailAddress('sent', notice.id) : null,
    raw: await message.compile().build(),
  };
}

function linesOf(tx: Tx, noticeId: string): Promise<Line[]> {
  return tx.action.findMany({
    where: { noticeId, withdrawnAt: null },
    orderBy: [{ queuedAt: 'asc' }, { id: 'asc' }],
    include: {
      episode: true,
      case: {
        include: {
          assessments: { where: { verdict: 'ACTIONABLE' }, orderBy: { at: 'desc' }, take: 1 },
          observations: { where: { seen: 'UP' }, orderBy: { at: 'desc' }, take: 1 },
        },
      },
    },
    relationLoadStrategy: 'join',
  });
}

async function firstSent(tx: Tx, { contactId }: Notice, lines: Line[]): Promise<Date | null> {
  const { _min: earliest } = await tx.action.aggregate({
    _min: { sentAt: true },
    where: {
      caseId: { in: lines.map((line) => line.case.id) },
      episodeId: { in: lines.map(({ episode }) => episode.id) },
      notice: { contactId },
    },
  });
  return earliest.sentAt;
}

function subjectOf(texts: NoticeTexts, { id, kind, step, urgent }: Notice, count: number): string {
  const plain = texts.text(`subject.${kind}`, { count, reference: noticeReference(id) });
  const reminded = step === 'REMINDER' ? texts.text('subject.reminder', { subject: plain }) : plain;
  return urgent ? texts.text('subject.urgent', { subject: reminded }) : reminded;
}

type More = { before: Date | null; hasXarf: boolean; now: Date };

function textOf(texts: NoticeTexts, notice: Notice & { contact: Contact }, lines: Line[], more: More): string {
  const { text, day } = texts;
  const { kind, step, urgent, contact } = notice;
  const ask = step === 'UPSTREAM' || step === 'REGISTRAR' ? step : kind;
  const goodUntil = new Date(more.now.getTime() + LINK_DAYS * DAY_MS);
  const paragraphs = [
    text('greeting', { contact: contact.name }),
    text('who', { hotline: config().mailFrom.name }),
    urgent ? text('urgent') : '',
    more.before ? text('reminder', { date: day(more.before) }) : '',
    text(`ask.${ask}`),
    text('addresses', { count: lines.length }),
    ...lines.map((line, index) => lineText(texts, line, index + 1)),
    `${text('answer', { date: day(goodUntil) })}\n${config().publicUrl}/notice/${linkToken(notice.id)}`,
    text('reply'),
    text('noContent'),
    more.hasXarf ? text('xarf') : '',
    config().mailFrom.name,
  ];
  return `${paragraphs.filter(Boolean).join('\n\n')}\n`;
}

function lineText({ text, day }: NoticeTexts, line: Line, number: number): string {
  const [opinion] = line.case.assessments;
  const words = opinion
    ? [
        opinion.severity === 'PROHIBITED'
          ? text('severity.PROHIBITED')
          : opinion.severity && text('severity', { severity: opinion.severity }),
        opinion.form && text(`form.${opinion.form}`),
        opinion.jurisdiction && text(`jurisdiction.${opinion.jurisdiction}`),
      ].filter(Boolean)
    : [];
  return [
    `${number}.`,
    line.case.address,
    text('line.times', { reported: day(line.episode.firstReported), seen: day(seenAt(line)) }),
    words.length > 0 ? text('line.classification', { words: words.join(', ') }) : '',
  ]
    .filter(Boolean)
    .join('\n');
}

function xarfLine(line: Line) {
  const [opinion] = line.case.assessments;
  return {
    actionId: line.id,
    address: line.case.address,
    host: line.case.host,
    seenAt: seenAt(line),
    severity: opinion?.severity ?? null,
    youngestAge: opinion?.youngestAge ?? null,
  };
}

// Evidence of time: when somebody last looked and found it up, in the assessment or since.
function seenAt({ case: { assessments, observations }, episode }: Line): Date {
  const times = [observations[0]?.at, assessments[0]?.at, episode.firstReported].filter((at) => at !== undefined);
  return new Date(Math.max(...times.map((at) => at.getTime())));
}
