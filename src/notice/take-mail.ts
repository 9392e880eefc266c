import { type Recorder, recorded } from '../audit/recorded.ts';
import { seal } from '../secrets.ts';
import { entryOf, type LockedNotice, lockNotice, noteFailed, noteSent } from './note-outcome.ts';
import type { MailPurpose } from './notice-token.ts';

const BY = { system: true, operation: 'takeMail' } as const;
/** How much of an answer is kept, in UTF-16 units. */
const LONGEST_REPLY = 4_000;

/** What came back for a notice, as far as it is looked at. */
export type Incoming = {
  purpose: MailPurpose;
  noticeId: string;
  /** The status of a report that it could not be delivered (RFC 3464), such as 5.1.1; null for anything else. */
  bounceStatus: string | null;
  /** Whether a program answered and no person (RFC 3834). */
  automatic: boolean;
  text: string;
};

/** Keeps what came back for a notice: the proof that it left, that it could not be delivered, or an answer. What belongs to none is dropped. */
export async function takeMail(mail: Incoming, now: Date): Promise<void> {
  if (mail.purpose === 'sent') return takeCopy(mail.noticeId);
  if (mail.purpose === 'reply') return takeReply(mail, now);
  // Nobody writes to the way back by hand: what else comes there are delays and holidays. Mail servers alone know it; the address for
  // answers is known to whomever the notice was passed on to, so what comes there takes nothing back.
  if (mail.bounceStatus) await takeBounce(mail.noticeId, mail.bounceStatus, now);
}

/** The copy of a message proves that the mail server took it, whatever became of the process that sent it. */
function takeCopy(id: string): Promise<void> {
  return onNotice(id, async (recorder, notice) => {
    const open = notice.state === 'SENDING' || notice.state === 'UNCERTAIN' || notice.state === 'WAITING';
    if (!open || !notice.attemptedAt) return;
    await noteSent(recorder, notice, notice.attemptedAt);
  });
}

function takeBounce(id: string, status: string, now: Date): Promise<void> {
  return onNotice(id, async (recorder, notice) => {
    // Somebody has answered it, so it arrived, whatever became of a copy that was passed on.
    if (notice.acknowledgedAt) return;
    if (notice.state === 'SENT' || notice.state === 'SENDING' || notice.state === 'UNCERTAIN')
      await noteFailed(recorder, notice, `bounced ${status}`, now);
  });
}

function takeReply({ noticeId, automatic, text }: Incoming, now: Date): Promise<void> {
  return onNotice(noticeId, async ({ tx, note }, notice) => {
    // "We are on holiday" must not take the place of what a person wrote.
    if (automatic && notice.repliedAt) return;
    await tx.notice.update({
      where: { id: noticeId },
      data: { repliedAt: now, reply: seal(text.slice(0, LONGEST_REPLY).replace(/[\0\p{Cs}]/gu, '')) },
    });
    for (const line of notice.lines) note(entryOf(notice, line.number, 'NOTICE_ANSWERED', { automatic }));
  });
}

type Work = (recorder: Recorder, notice: LockedNotice) => Promise<void>;

async function onNotice(id: string, work: Work): Promise<void> {
  await recorded(BY, async (recorder) => {
    recorder.note({ stream: `notice:${id}`, action: 'NOTICE_MAIL' });
    const notice = await lockNotice(recorder.tx, id, [
      'WAITING',
      'SENDING',
      'SENT',
      'FAILED',
      'UNCERTAIN',
      'WITHDRAWN',
    ]);
    if (notice) await work(recorder, notice);
  });
}
