import type { BySignedIn } from '../account/viewer.ts';
import type { Tx } from '../db.ts';
import type { Verdict } from '../domain/assessment.ts';

/** Whether an appeal made a case wait for a new look. */
export async function isUnderAppeal(tx: Tx, caseId: string): Promise<boolean> {
  return (await tx.appeal.count({ where: { caseId, state: 'UNDER_REVIEW' } })) > 0;
}

/** Answers the appeals that made a case wait, by what the new look came to; null where there were none. */
export async function settleAppeals(
  tx: Tx,
  caseId: string,
  by: BySignedIn,
  verdict: Verdict,
  now: Date,
): Promise<'UPHELD' | 'REJECTED' | null> {
  const state = verdict === 'NOT_ACTIONABLE' ? 'UPHELD' : 'REJECTED';
  const { count } = await tx.appeal.updateMany({
    where: { caseId, state: 'UNDER_REVIEW' },
    data: { state, decidedAt: now, decidedById: by.viewer.id },
  });
  return count > 0 ? state : null;
}
