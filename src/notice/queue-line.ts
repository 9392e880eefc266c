import { v7 as uuidv7 } from 'uuid';
import type { Recorder } from '../audit/recorded.ts';
import type { NoticeKind, NoticeStep } from '../domain/notice.ts';
import type { Contact } from '../generated/prisma/client.ts';
import { sendTime } from './send-time.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Addresses in one message: mail servers refuse what is too long, and people do not read it. */
const MOST_LINES = 50;

type Queue = Pick<Recorder, 'tx' | 'later'>;

/** One address for one contact, as it was decided. */
export type Line = {
  contact: Contact;
  kind: NoticeKind;
  step: NoticeStep;
  urgent: boolean;
  caseId: string;
  episodeId: string;
  /** Before this time nothing goes out, however urgent. */
  undoUntil: Date | null;
  /** Who decided it; null for the platform itself. */
  sentById: string | null;
};

/**
 * Adds an address to the message that waits for a contact, or begins one; the case's row must be locked. The job that sends it is
 * queued in the same transaction. Gives the message's id.
 */
export async function queueLine({ tx, later }: Queue, line: Line, now: Date): Promise<string> {
  const { contact, kind, step, urgent, caseId } = line;
  // Two people who write to one contact at once write one message.
  await tx.$queryRaw`SELECT FROM contacts WHERE id = ${contact.id}::uuid FOR NO KEY UPDATE`;
  const wished = sendTime(kind, urgent, contact, now);
  const at = line.undoUntil && line.undoUntil > wished ? line.undoUntil : wished;
  // One that was tried may have gone out: it stays as it was. One that waits far longer than this line waits for a hold to end.
  const latest = new Date(Math.max(at.getTime(), now.getTime() + DAY_MS));
  const [waiting] = await tx.$queryRaw<{ id: string; sendAfter: Date }[]>`
    SELECT n.id, n.send_after AS "sendAfter" FROM notices n
    WHERE n.contact_id = ${contact.id}::uuid AND n.kind = ${kind}::"ActionKind" AND n.step = ${step}::"NoticeStep"
      AND n.state = 'WAITING' AND n.attempts = 0 AND n.send_after <= ${latest}
      AND (SELECT count(*) FROM actions a WHERE a.notice_id = n.id) < ${MOST_LINES}
      AND NOT EXISTS (SELECT FROM actions a WHERE a.notice_id = n.id AND a.case_id = ${caseId}::uuid)
    ORDER BY n.queued_at LIMIT 1 FOR UPDATE OF n`;

  const id = waiting?.id ?? uuidv7();
  const sendAfter = waiting && waiting.sendAfter < at ? waiting.sendAfter : at;
  if (waiting) await tx.notice.update({ where: { id }, data: { sendAfter, ...(urgent ? { urgent: true } : {}) } });
  else
    await tx.notice.create({
      data: { id, contactId: contact.id, kind, step, urgent, queuedAt: now, sendAfter },
    });
  await tx.action.create({
    data: {
      id: uuidv7(),
      caseId,
      episodeId: line.episodeId,
      kind,
      recipient: contact.name,
      recipientCountry: contact.country,
      sentById: line.sentById,
      queuedAt: now,
      noticeId: id,
    },
  });
  sendLater({ later }, id, sendAfter);
  return id;
}

/** Queues the job that sends a message at a time; one that waits already is moved to it. One after another, so that a mail server that hangs leaves room for other work. */
export function sendLater({ later }: Pick<Recorder, 'later'>, noticeId: string, runAt: Date): void {
  later({ task: 'send-notice', payload: { noticeId }, key: `notice:${noticeId}`, queue: 'notices', runAt });
}
