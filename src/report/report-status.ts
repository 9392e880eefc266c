import { prisma } from '../db.ts';
import type { Submission } from '../generated/prisma/client.ts';
import type { CaseOutcome, CaseState, ReportStanding } from '../generated/prisma/enums.ts';
import { submissionByAccessCode } from './access-code.ts';
import { triedStatus } from './sandbox.ts';

/** What a reporter may know: so coarse that it teaches nothing about an assessment. */
export type ReportStatus = {
  receivedOn: Date;
  stage: 'RECEIVED' | 'IN_PROGRESS' | 'COMPLETED';
  outcome: 'ACTION_TAKEN' | 'NO_ACTION_POSSIBLE' | null;
  answers: ReportAnswers;
};

/** What the reporter has answered. Whoever finds a receipt must not read what its owner wrote, so no text comes back. */
export type ReportAnswers = Pick<Submission, 'category' | 'foundOn' | 'seenOn' | 'howFound' | 'inDanger'> & {
  hasNote: boolean;
  hasContact: boolean;
};

type Progress = Pick<ReportStatus, 'stage' | 'outcome'>;

const RECEIVED: Progress = { stage: 'RECEIVED', outcome: null };
const IN_PROGRESS: Progress = { stage: 'IN_PROGRESS', outcome: null };
const ACTED: Progress = { stage: 'COMPLETED', outcome: 'ACTION_TAKEN' };
const NOT_ACTED: Progress = { stage: 'COMPLETED', outcome: 'NO_ACTION_POSSIBLE' };

/** The status behind an access code, or null for unknown, malformed, expired and deleted codes alike. */
export async function reportStatus(accessCode: string, now: Date): Promise<ReportStatus | null> {
  const tried = triedStatus(accessCode, now);
  if (tried) return tried;
  const submission = await submissionByAccessCode(accessCode, now);
  if (!submission) return null;
  const cases = await casesOf(submission.reports.map(({ caseId }) => caseId));
  const standings = new Map(submission.reports.map(({ caseId, standing }) => [caseId, standing]));
  return {
    receivedOn: submission.receivedAt,
    ...together(cases.map((row) => progress(row, standings.get(row.id), submission.receivedAt, now))),
    answers: answersOf(submission),
  };
}

function answersOf({ category, foundOn, seenOn, howFound, inDanger, note, contact }: Submission): ReportAnswers {
  return { category, foundOn, seenOn, howFound, inDanger, hasNote: note !== null, hasContact: contact !== null };
}

function casesOf(ids: string[]) {
  return prisma.case.findMany({
    where: { id: { in: ids } },
    select: {
      id: true,
      state: true,
      outcome: true,
      undoUntil: true,
      episodes: { select: { firstReported: true, outcome: true, firstSeenGone: true }, orderBy: { number: 'asc' } },
    },
    relationLoadStrategy: 'join',
  });
}

type Episode = { firstReported: Date; outcome: CaseOutcome | null; firstSeenGone: Date | null };
type Reported = { state: CaseState; outcome: CaseOutcome | null; undoUntil: Date | null; episodes: Episode[] };

// A reporter hears of the episode that they reported: what returned later is another's report, and this one stays completed.
// What waits in quarantine has not been looked at, and what was malicious is done with, whatever became of its case by others.
function progress(
  { state, outcome, undoUntil, episodes }: Reported,
  standing: ReportStanding | undefined,
  receivedAt: Date,
  now: Date,
): Progress {
  if (standing === 'QUARANTINED') return RECEIVED;
  if (standing === 'MALICIOUS') return NOT_ACTED;
  const reported = Math.max(
    0,
    episodes.findLastIndex(({ firstReported }) => firstReported <= receivedAt),
  );
  const ended = reported < episodes.length - 1 ? episodes[reported] : undefined;
  if (ended) return ended.outcome === 'REMOVED' || ended.firstSeenGone ? ACTED : NOT_ACTED;
  // Seen gone and assessed again since, on an appeal: what was done stays done.
  if (state === 'AWAITING_ASSESSMENT') return episodes[reported]?.firstSeenGone ? ACTED : RECEIVED;
  // While an opinion can be undone nothing of it goes out.
  if (undoUntil && undoUntil > now) return RECEIVED;
  if (state === 'REMOVED' || outcome === 'REMOVED') return ACTED;
  return state === 'CLOSED' ? NOT_ACTED : IN_PROGRESS;
}

// A receipt may cover several addresses: it is completed when all are, and action was taken when it was on any.
function together(all: Progress[]): Progress {
  if (all.every((one) => one === RECEIVED)) return RECEIVED;
  if (all.some(({ stage }) => stage !== 'COMPLETED')) return IN_PROGRESS;
  return all.includes(ACTED) ? ACTED : NOT_ACTED;
}
