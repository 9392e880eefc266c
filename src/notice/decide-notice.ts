import type { BySignedIn } from '../account/viewer.ts';
import { type Recorder, recorded } from '../audit/recorded.ts';
import { InvalidInputError, NotFoundError } from '../domain/errors.ts';
import type { NoticeState } from '../generated/prisma/enums.ts';
import { entryOf, type LockedNotice, lockNotice, noteSent } from './note-outcome.ts';
import { sendLater } from './queue-line.ts';

const ALL: readonly NoticeState[] = ['WAITING', 'SENDING', 'SENT', 'FAILED', 'UNCERTAIN', 'WITHDRAWN'];

/** Sends a message that failed once more, at once. Gives its id. Throws `NotFoundError`, and `InvalidInputError` where it has not failed. */
export function retryNotice(by: BySignedIn, id: string, now: Date): Promise<string> {
  return onNotice(by, id, async (recorder, notice) => {
    refuseUnless(notice.state === 'FAILED', 'id', 'NOT_FAILED', 'Only a message that failed can be sent again.');
    await again(recorder, notice, now);
    for (const { number } of notice.lines) recorder.note(entryOf(notice, number, 'NOTICE_RETRIED'));
  });
}

/**
 * Says of a message whose fate is uncertain whether it went out, as a person found out (from the mail server's log, or by asking); if not it is
 * sent once more. Gives its id. Throws `NotFoundError`, and `InvalidInputError` where nothing is uncertain.
 */
export function resolveNotice(by: BySignedIn, id: string, sent: boolean, now: Date): Promise<string> {
  return onNotice(by, id, async (recorder, notice) => {
    refuseUnless(notice.state === 'UNCERTAIN', 'id', 'NOT_UNCERTAIN', 'It is known what became of this message.');
    for (const { number } of notice.lines) recorder.note(entryOf(notice, number, 'NOTICE_RESOLVED', { sent }));
    if (sent) return noteSent(recorder, notice, notice.attemptedAt ?? now);
    await again(recorder, notice, now);
  });
}

/** Keeps that a contact has confirmed a message otherwise than by its link, such as by telephone. Gives its id. Throws as `retryNotice` does. */
export function acknowledgeNotice(by: BySignedIn, id: string, now: Date): Promise<string> {
  return onNotice(by, id, async ({ tx, note }, notice) => {
    refuseUnless(notice.sentAt !== null, 'id', 'NOT_SENT', 'Only a message that went out can have been received.');
    if (!notice.acknowledgedAt) await tx.notice.update({ where: { id }, data: { acknowledgedAt: now } });
    for (const { number } of notice.lines) note(entryOf(notice, number, 'NOTICE_ACKNOWLEDGED'));
  });
}

async function again(recorder: Recorder, { id }: LockedNotice, now: Date): Promise<void> {
  await recorder.tx.notice.update({
    where: { id },
    data: { state: 'WAITING', sendAfter: now, attempts: 0, failure: null, failedAt: null },
  });
  sendLater(recorder, id, now);
}

type Work = (recorder: Recorder, notice: LockedNotice) => Promise<void>;

function onNotice(by: BySignedIn, id: string, work: Work): Promise<string> {
  return recorded(by, async (recorder) => {
    const notice = isUuid(id) ? await lockNotice(recorder.tx, id, ALL) : null;
    if (!notice) throw new NotFoundError('notice');
    await work(recorder, notice);
    // A message may have lost all its lines.
    recorder.note({ stream: `notice:${id}`, action: 'NOTICE_DECIDED' });
    return id;
  });
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

function refuseUnless(holds: boolean, field: string, code: string, message: string): void {
  if (!holds) throw new InvalidInputError([{ path: [field], code, message }]);
}
