import type { Tx } from '../db.ts';
import { type LookFacts, nextCheck } from '../domain/recheck.ts';

type Row = Pick<LookFacts, 'state' | 'outcome' | 'listed' | 'lastLook' | 'saidRemoved'> & {
  stateSince: Date;
  firstSent: Date | null;
  firstGone: Date | null;
  lastGone: Date | null;
};

/**
 * Keeps when somebody should look at a case's content next. To be called, within the transaction and after its writes, by
 * whatever changes the state of a case that is followed, its observations, what was sent, or what a host answered.
 */
export async function scheduleCheck(tx: Tx, caseId: string): Promise<void> {
  const [row] = await tx.$queryRaw<Row[]>`
    SELECT c.state, c.outcome, c.listed, c.state_since AS "stateSince", a."firstSent", a."saidRemoved", o."lastLook", g."firstGone", g."lastGone"
    FROM cases c
    JOIN episodes e ON e.case_id = c.id AND e.number = c.episode_number
    CROSS JOIN LATERAL (
      SELECT min(sent_at) AS "firstSent", max(answered_at) FILTER (WHERE answer = 'REMOVED') AS "saidRemoved"
      FROM actions WHERE episode_id = e.id
    ) a
    CROSS JOIN LATERAL (
      SELECT max(at) AS "lastLook", max(at) FILTER (WHERE seen <> 'GONE') AS "lastUp" FROM observations WHERE episode_id = e.id
    ) o
    CROSS JOIN LATERAL (
      SELECT min(at) AS "firstGone", max(at) AS "lastGone" FROM observations
      WHERE episode_id = e.id AND seen = 'GONE' AND at > coalesce(o."lastUp", '-infinity')
    ) g
    WHERE c.id = ${caseId}::uuid`;
  if (!row) return;
  const { stateSince, firstSent, firstGone, lastGone, ...facts } = row;
  const nextCheckAt = nextCheck({
    ...facts,
    expectedSince: firstSent ?? stateSince,
    gone: firstGone && lastGone ? { first: firstGone, last: lastGone } : null,
  });
  await tx.case.update({ where: { id: caseId }, data: { nextCheckAt }, select: { id: true } });
}
