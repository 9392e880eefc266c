import { prisma } from '../db.ts';
import type { CaseOutcome, CaseState } from '../generated/prisma/enums.ts';
import { submissionByAccessCode } from './access-code.ts';

/** What a reporter may know: so coarse that it teaches nothing about an assessment. */
export type ReportStatus = {
  receivedOn: Date;
  stage: 'RECEIVED' | 'IN_PROGRESS' | 'COMPLETED';
  outcome: 'ACTION_TAKEN' | 'NO_ACTION_POSSIBLE' | null;
};

type Progress = Pick<ReportStatus, 'stage' | 'outcome'>;

const RECEIVED: Progress = { stage: 'RECEIVED', outcome: null };
const IN_PROGRESS: Progress = { stage: 'IN_PROGRESS', outcome: null };
const ACTED: Progress = { stage: 'COMPLETED', outcome: 'ACTION_TAKEN' };
const NOT_ACTED: Progress = { stage: 'COMPLETED', outcome: 'NO_ACTION_POSSIBLE' };

/** The status behind an access code, or null for unknown, malformed, expired and deleted codes alike. */
export async function reportStatus(accessCode: string): Promise<ReportStatus | null> {
  const submission = await submissionByAccessCode(accessCode);
  if (!submission) return null;
  const cases = await casesOf(submission.reports.map(({ caseId }) => caseId));
  return { receivedOn: submission.receivedAt, ...together(cases.map((row) => progress(row, submission.receivedAt))) };
}

function casesOf(ids: string[]) {
  return prisma.case.findMany({
    where: { id: { in: ids } },
    select: {
      state: true,
      outcome: true,
      episodes: { select: { firstReported: true, outcome: true, firstSeenGone: true }, orderBy: { number: 'asc' } },
    },
    relationLoadStrategy: 'join',
  });
}

type Episode = { firstReported: Date; outcome: CaseOutcome | null; firstSeenGone: Date | null };
type Reported = { state: CaseState; outcome: CaseOutcome | null; episodes: Episode[] };

// A reporter hears of the episode that they reported: what returned later is another's report, and this one stays completed.
function progress({ state, outcome, episodes }: Reported, receivedAt: Date): Progress {
  const reported = episodes.findLastIndex(({ firstReported }) => firstReported <= receivedAt);
  const ended = reported < episodes.length - 1 ? episodes[Math.max(0, reported)] : undefined;
  if (ended) return ended.outcome === 'REMOVED' || ended.firstSeenGone ? ACTED : NOT_ACTED;
  if (state === 'AWAITING_ASSESSMENT') return RECEIVED;
  if (state === 'REMOVED' || outcome === 'REMOVED') return ACTED;
  return state === 'CLOSED' ? NOT_ACTED : IN_PROGRESS;
}

// A receipt may cover several addresses: it is completed when all are, and action was taken when it was on any.
function together(all: Progress[]): Progress {
  if (all.every((one) => one === RECEIVED)) return RECEIVED;
  if (all.some(({ stage }) => stage !== 'COMPLETED')) return IN_PROGRESS;
  return all.includes(ACTED) ? ACTED : NOT_ACTED;
}
