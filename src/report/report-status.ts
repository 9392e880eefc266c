import { prisma } from '../db.ts';
import type { CaseOutcome, CaseState } from '../generated/prisma/enums.ts';
import { submissionByAccessCode } from './access-code.ts';

/** What a reporter may know: so coarse that it teaches nothing about an assessment. */
export type ReportStatus = {
  receivedOn: Date;
  stage: 'RECEIVED' | 'IN_PROGRESS' | 'COMPLETED';
  outcome: 'ACTION_TAKEN' | 'NO_ACTION_POSSIBLE' | null;
};

/** The status behind an access code, or null for unknown, malformed, expired and deleted codes alike. */
export async function reportStatus(accessCode: string): Promise<ReportStatus | null> {
  const submission = await submissionByAccessCode(accessCode);
  if (!submission) return null;
  const cases = await prisma.case.findMany({
    where: { id: { in: submission.reports.map(({ caseId }) => caseId) } },
    select: { state: true, outcome: true },
  });
  return { receivedOn: submission.receivedAt, ...progress(cases) };
}

// A receipt may cover several addresses: it is completed when all are, and action was taken when it was on any.
function progress(cases: { state: CaseState; outcome: CaseOutcome | null }[]): Pick<ReportStatus, 'stage' | 'outcome'> {
  if (cases.every(({ state }) => state === 'AWAITING_ASSESSMENT')) return { stage: 'RECEIVED', outcome: null };
  if (!cases.every(({ state }) => state === 'CLOSED' || state === 'REMOVED'))
    return { stage: 'IN_PROGRESS', outcome: null };
  const acted = cases.some(({ state, outcome }) => state === 'REMOVED' || outcome === 'REMOVED');
  return { stage: 'COMPLETED', outcome: acted ? 'ACTION_TAKEN' : 'NO_ACTION_POSSIBLE' };
}
