import type { Tx } from '../db.ts';
import { scheduleCheck } from './schedule-check.ts';

/**
 * Puts cases back where they were that had ended and were opened again by nothing but reports which have been set aside since:
 * the stretch that began with such a report never was. The caller has locked the cases. A case on which
 * anybody has done anything since stays open.
 */
export async function undoReopening(tx: Tx, caseIds: string[]): Promise<void> {
  const undone = await tx.$queryRaw<{ id: string }[]>`
    WITH undone AS (
      SELECT c.id, e.id AS episode, p.outcome, coalesce(p.closed, p.first_seen_gone, c.state_since) AS since
      FROM cases c
      JOIN episodes e ON e.case_id = c.id AND e.number = c.episode_number
      JOIN episodes p ON p.case_id = c.id AND p.number = c.episode_number - 1
      WHERE c.id = ANY (${caseIds}::uuid[]) AND c.state = 'AWAITING_ASSESSMENT'
        AND EXISTS (SELECT FROM reports r WHERE r.case_id = c.id AND r.standing = 'QUARANTINED' AND r.received_at = e.first_reported)
        AND NOT EXISTS (SELECT FROM reports r WHERE r.case_id = c.id AND r.standing = 'COUNTED' AND r.received_at >= e.first_reported)
        AND NOT EXISTS (SELECT FROM claims k WHERE k.case_id = c.id AND coalesce(k.ended_at, k.lease_until) >= e.first_reported)
        AND NOT EXISTS (SELECT FROM assessments a WHERE a.episode_id = e.id)
        AND NOT EXISTS (SELECT FROM observations o WHERE o.episode_id = e.id)
        AND NOT EXISTS (SELECT FROM host_traces t WHERE t.episode_id = e.id)
        AND NOT EXISTS (SELECT FROM actions x WHERE x.episode_id = e.id)
    ), forgotten AS (
      DELETE FROM episodes WHERE id IN (SELECT episode FROM undone)
    )
    UPDATE cases c SET
      state = CASE WHEN u.outcome IS NULL THEN 'REMOVED' ELSE 'CLOSED' END::"CaseState",
      outcome = u.outcome, state_since = u.since, episode_number = c.episode_number - 1, version = c.version + 1
    FROM undone u WHERE c.id = u.id RETURNING c.id`;
  for (const { id } of undone) await scheduleCheck(tx, id);
}
