import { type Recorder, recorded } from '../audit/recorded.ts';
import { prisma } from '../db.ts';
import { dueAt, type NoticeStep, stepAfter } from '../domain/notice.ts';
import { eachByItself } from '../each-by-itself.ts';
import type { HostAnswer } from '../generated/prisma/enums.ts';
import { nextContact } from './next-contact.ts';
import { entryOf, type LockedNotice, lockNotice } from './note-outcome.ts';
import { queueLine } from './queue-line.ts';

const BY = { system: true, operation: 'escalateNotices' } as const;
const HOUR_MS = 60 * 60 * 1000;
/** For how many days a line that its host called removed is looked after. */
const WATCHED_DAYS = 90;

/** Takes what had no effect in time a step further: a reminder, the upstream network, the registrar (domain.md §8). */
export async function escalateNotices(now: Date): Promise<void> {
  const due = await prisma.notice.findMany({
    where: { state: 'SENT', escalateAt: { lte: now } },
    select: { id: true },
    orderBy: { escalateAt: 'asc' },
    take: 200,
  });
  await eachByItself('escalate-notices', due, ({ id }) =>
    recorded(BY, async (recorder) => {
      const notice = await lockNotice(recorder.tx, id, ['SENT']);
      recorder.note({ stream: `notice:${id}`, action: 'NOTICE_LOOKED_AFTER' });
      if (notice?.sentAt && notice.escalateAt && notice.escalateAt <= now)
        await escalate(recorder, notice, notice.sentAt, now);
    }),
  );
}

type OpenLine = {
  id: string;
  caseId: string;
  episodeId: string;
  number: string;
  answer: HostAnswer | null;
  answeredAt: Date | null;
  lastSeenUp: Date | null;
  undoUntil: Date | null;
  inDanger: boolean;
};

async function escalate(recorder: Recorder, notice: LockedNotice, sentAt: Date, now: Date): Promise<void> {
  const again: number[] = [];
  for (const line of await openLines(recorder, notice)) {
    const { waitHours } = notice.contact;
    const due = dueAt({ ...line, sentAt, waitHours });
    if (due && due <= now) await takeFurther(recorder, notice, line, now);
    else if (due) again.push(due.getTime());
    else if (now.getTime() < sentAt.getTime() + WATCHED_DAYS * 24 * HOUR_MS) again.push(now.getTime() + HOUR_MS);
  }
  const escalateAt = again.length > 0 ? new Date(Math.min(...again)) : null;
  await recorder.tx.notice.update({ where: { id: notice.id }, data: { escalateAt } });
}

// The lines whose content is up for all that is known, and that were not taken further yet. A referral that was confirmed rests.
async function openLines({ tx }: Recorder, notice: LockedNotice): Promise<OpenLine[]> {
  if (notice.kind !== 'HOST_NOTICE' && notice.acknowledgedAt) return [];
  return tx.$queryRaw<OpenLine[]>`
    SELECT a.id, a.case_id AS "caseId", a.episode_id AS "episodeId", c.number, a.answer, a.answered_at AS "answeredAt",
           c.undo_until AS "undoUntil", c.in_danger AS "inDanger",
           (SELECT max(o.at) FROM observations o WHERE o.episode_id = a.episode_id AND o.seen = 'UP') AS "lastSeenUp"
    FROM actions a JOIN cases c ON c.id = a.case_id JOIN episodes e ON e.id = a.episode_id AND e.number = c.episode_number
    WHERE a.notice_id = ${notice.id}::uuid AND a.withdrawn_at IS NULL AND c.state IN ('AWAITING_REMOVAL', 'ON_HOLD')
      AND NOT EXISTS (
        SELECT FROM actions l JOIN notices n ON n.id = l.notice_id
        WHERE l.episode_id = a.episode_id AND l.kind = a.kind AND l.withdrawn_at IS NULL AND l.queued_at > a.queued_at AND l.sent_by_id IS NULL
          AND n.step > ${notice.step}::"NoticeStep" AND (n.step <> 'REMINDER' OR n.contact_id = ${notice.contactId}::uuid))
    ORDER BY a.id`;
}

// A step for which the registry has nobody is left out, and the case's history says so.
async function takeFurther(recorder: Recorder, notice: LockedNotice, line: OpenLine, now: Date): Promise<void> {
  let step: NoticeStep | null = stepAfter(notice.kind, notice.step, line.answer);
  for (; step; step = stepAfter(notice.kind, step, line.answer)) {
    const contact = await nextContact(recorder.tx, step, { ...line, contact: notice.contact });
    if (!contact) {
      recorder.note(entryOf({ ...notice, step }, line.number, 'STEP_LEFT_OUT'));
      continue;
    }
    const { kind, urgent } = notice;
    const { caseId, episodeId, undoUntil } = line;
    const id = await queueLine(
      recorder,
      { contact, kind, step, urgent: urgent || line.inDanger, caseId, episodeId, undoUntil, sentById: null },
      now,
    );
    recorder.note(entryOf({ ...notice, step }, line.number, 'STEP_TAKEN', { next: id }));
    return;
  }
}
