import type { Viewer } from '../account/viewer.ts';
import { type Sql, sql } from '../db.ts';
import type { CaseState } from '../domain/case-lifecycle.ts';

/** The states in which a case waits for somebody to take it by priority: disputes for supervisors only. */
export function statesOf({ role }: Viewer): CaseState[] {
  const forAll: CaseState[] = ['AWAITING_ASSESSMENT', 'AWAITING_REVIEW', 'AWAITING_ACTION'];
  return role === 'SUPERVISOR' ? [...forAll, 'DISPUTED'] : forAll;
}

/** The states in which a person may hold a case at all: what awaits removal is taken by its number. */
export function claimableStates(viewer: Viewer): CaseState[] {
  return [...statesOf(viewer), 'AWAITING_REMOVAL'];
}

/**
 * Whether a person may not give the opinion that a case `c` waits for: they gave one of this round, or the case is under
 * appeal and they gave one before it.
 */
export function hasSpoken(accountId: string): Sql {
  return sql`((c.state IN ('AWAITING_REVIEW', 'DISPUTED') AND EXISTS (
      SELECT FROM assessments a WHERE a.case_id = c.id AND a.assessor_id = ${accountId}::uuid
        AND a.at >= (SELECT max(f.at) FROM assessments f WHERE f.case_id = c.id AND f.round = 'FIRST')))
    OR (c.state = 'AWAITING_ASSESSMENT' AND EXISTS (SELECT FROM appeals p WHERE p.case_id = c.id AND p.state = 'UNDER_REVIEW')
        AND EXISTS (SELECT FROM assessments a WHERE a.case_id = c.id AND a.assessor_id = ${accountId}::uuid)))`;
}

/** Whether a case `c` is kept for somebody: it was handed over, and the time is not over. */
export const isHanded = sql`(c.handed_to_id IS NOT NULL AND c.handed_until > now())`;

/**
 * Whether `claimNextCase` could hand a case `c`, in one of `statesOf`, to a person: its reports count, nobody holds it, the next
 * word is not a colleague's, and it is nothing that they asked not to be given. Whether it is handed over is asked apart.
 */
export function isFreeFor(viewer: Viewer): Sql {
  return sql`(${isFitFor(viewer)}
    AND NOT ${hasSpoken(viewer.id)}
    AND NOT EXISTS (SELECT FROM claims k WHERE k.case_id = c.id AND k.ended_at IS NULL AND k.lease_until > now()))`;
}

/** What of it stands on the row of a case `c` alone and changes without its version: who locks the row asks it again. */
export function isFitFor({ id }: Viewer): Sql {
  return sql`(c.report_count > 0 AND NOT c.categories && (SELECT avoids FROM accounts WHERE id = ${id}::uuid))`;
}
