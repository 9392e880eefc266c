import { setTimeout as sleep } from 'node:timers/promises';
import { listen, sql, type Tx, write } from '../db.ts';
import { read } from '../replicas.ts';

/** How many cases wait, by what they wait for. */
export type QueueSummary = {
  awaitingAssessment: number;
  awaitingReview: number;
  disputed: number;
  awaitingAction: number;
  onHold: number;
  awaitingRemoval: number;
  quarantinedReports: number;
  quarantinedInDanger: number;
  asOf: Date;
};

const CHANNEL = 'queue_changed';
const AT_MOST_EVERY_MS = 1_000;

/** Counts the queue, and the reports that wait in quarantine, in one statement. */
export async function queueSummary(now: Date): Promise<QueueSummary> {
  const [counts] = await read<Omit<QueueSummary, 'asOf'>>(
    'queue_summary',
    sql`
    SELECT q.*, r.* FROM (
      SELECT count(*) FILTER (WHERE state = 'AWAITING_ASSESSMENT')::int AS "awaitingAssessment",
             count(*) FILTER (WHERE state = 'AWAITING_REVIEW')::int AS "awaitingReview",
             count(*) FILTER (WHERE state = 'DISPUTED')::int AS disputed,
             count(*) FILTER (WHERE state = 'AWAITING_ACTION')::int AS "awaitingAction",
             count(*) FILTER (WHERE state = 'ON_HOLD')::int AS "onHold",
             count(*) FILTER (WHERE state = 'AWAITING_REMOVAL')::int AS "awaitingRemoval"
      FROM cases
      WHERE state IN ('AWAITING_ASSESSMENT', 'AWAITING_REVIEW', 'DISPUTED', 'AWAITING_ACTION', 'ON_HOLD', 'AWAITING_REMOVAL')
        AND report_count > 0
    ) q, (
      SELECT count(*)::int AS "quarantinedReports", count(*) FILTER (WHERE s.in_danger)::int AS "quarantinedInDanger"
      FROM quarantines h JOIN reports r ON r.quarantine_id = h.id AND r.standing = 'QUARANTINED'
      JOIN submissions s ON s.id = r.submission_id
    ) r`,
  );
  if (!counts) throw new Error('A count has one row.');
  return { ...counts, asOf: now };
}

/** Tells every process that the queue changed, when the transaction commits. */
export async function queueChanged(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify(${CHANNEL}, '')`;
}

/** The same at once, where nothing else belongs to it. */
export async function tellQueueChanged(): Promise<void> {
  await write('tell-queue-changed', sql`SELECT pg_notify(${CHANNEL}, '')`);
}

// One connection listens for the whole process, while anybody follows.
const followers = new Set<() => void>();
let listening: Promise<() => Promise<void>> | undefined;

/**
 * The queue's counts: once at the start, then after each change that any process announces, at most one a second. Ends when
 * `left` is aborted: a client that goes away in a quiet hour would else keep its place until the next change.
 */
export async function* followQueue(left: AbortSignal): AsyncGenerator<QueueSummary> {
  let wake: (() => void) | undefined;
  let changed = true;
  const onChange = () => {
    changed = true;
    wake?.();
  };
  left.addEventListener('abort', onChange);
  followers.add(onChange);
  try {
    listening ??= listen(CHANNEL, () => {
      for (const follower of followers) follower();
    });
    await listening;
    for (;;) {
      if (!changed)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      if (left.aborted) return;
      changed = false;
      yield await queueSummary(new Date());
      await sleep(AT_MOST_EVERY_MS);
    }
  } finally {
    left.removeEventListener('abort', onChange);
    followers.delete(onChange);
    if (followers.size === 0) await stopFollowing();
  }
}

/** Stops listening: at shutdown, and when nobody follows any more. */
export async function stopFollowing(): Promise<void> {
  const stop = listening;
  listening = undefined;
  await (await stop)?.();
}
