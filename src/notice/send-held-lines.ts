import type { Recorder } from '../audit/recorded.ts';
import { sendLater } from './queue-line.ts';
import { sendTime } from './send-time.ts';

/** Lets the messages that waited for the end of a case's hold go as if they were queued now, or at once where it is urgent. */
export async function sendHeldLines(
  { tx, later }: Pick<Recorder, 'tx' | 'later'>,
  caseId: string,
  now: Date,
  { urgent = false } = {},
): Promise<void> {
  const waiting = await tx.notice.findMany({
    where: { state: 'WAITING', attempts: 0, sendAfter: { gt: now }, actions: { some: { caseId, withdrawnAt: null } } },
    include: { contact: true },
  });
  for (const notice of waiting) {
    const at = sendTime(notice.kind, urgent || notice.urgent, notice.contact, now);
    if (at >= notice.sendAfter) continue;
    await tx.notice.updateMany({
      where: { id: notice.id, state: 'WAITING' },
      data: { sendAfter: at, ...(urgent ? { urgent } : {}) },
    });
    sendLater({ later }, notice.id, at);
  }
}
