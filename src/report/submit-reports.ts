import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { BySignedIn } from '../account/viewer.ts';
import { prisma } from '../db.ts';
import {
  ChallengeRequiredError,
  IdempotencyConflictError,
  InvalidInputError,
  PortalClosedError,
  TooManyReportsError,
} from '../domain/errors.ts';
import { PORTAL_CODE } from '../portal/portal-input.ts';
import { readInput } from '../read-input.ts';
import { type Receipt, submitReport } from './submit-report.ts';

/** How many reports of a batch are filed at a time: most of the pool stays free for everybody else. */
const AT_A_TIME = 3;

const batch = z.object({
  portal: z.string().trim().toLowerCase(),
  reports: z
    .array(z.unknown())
    .min(1, 'Send at least one report.')
    .max(100, 'Send at most 100 reports at once, the rest in another batch.'),
  idempotencyKey: z
    .string()
    .min(16, 'Use at least 16 characters that nobody can guess, such as a UUID.')
    .max(200, 'Use at most 200 characters.'),
});

type Given = {
  portal: string;
  reports: Omit<Parameters<typeof submitReport>[1], 'portal' | 'idempotencyKey' | 'contactEmail' | 'challenge'>[];
  idempotencyKey: string;
};

const refusals = [
  InvalidInputError,
  PortalClosedError,
  IdempotencyConflictError,
  ChallengeRequiredError,
  TooManyReportsError,
] as const;
type Refusal = InstanceType<(typeof refusals)[number]>;

/** What came of each report of a batch, in its order: a receipt, or the error that `submitReport` would have thrown. */
export type ReportBatch = { results: (Receipt | Refusal)[] };

/**
 * Files each report of a batch by itself, with a receipt of its own, so that one that is refused stops no other. A retry under
 * the same key, also of a batch that was cut half way, gets the same receipts. Throws an `InvalidInputError` for faults of the batch.
 */
export async function submitReports(by: BySignedIn, given: Given, now: Date): Promise<ReportBatch> {
  const { portal, idempotencyKey } = readInput(batch, given);
  if (!(await isKnown(portal))) throw new InvalidInputError([unknownPortal]);

  const results: ReportBatch['results'] = [];
  const waiting = given.reports.entries();
  const file = async () => {
    // One iterator for all: each takes the next report that nobody has taken.
    for (const [place, report] of waiting) {
      const key = createHash('sha256').update(`${by.viewer.id}\n${idempotencyKey}\n${place}`).digest('hex');
      const one = { ...report, portal, idempotencyKey: key };
      results[place] = await submitReport(by, one, now).catch((error: unknown) => refusal(error, place));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, file));
  return { results };
}

async function isKnown(code: string): Promise<boolean> {
  if (!PORTAL_CODE.test(code)) return false;
  return (await prisma.portal.count({ where: { code, stage: { not: 'PLANNED' } } })) > 0;
}

const unknownPortal = {
  path: ['input', 'portal'],
  code: 'UNKNOWN_PORTAL',
  message: 'No portal has this code. The query portals lists them.',
};

// The fault of a report is told where it stands in the batch.
function refusal(error: unknown, place: number): Refusal {
  if (!isRefusal(error)) throw error;
  if (!(error instanceof InvalidInputError)) return error;
  return new InvalidInputError(
    error.issues.map((issue) => ({ ...issue, path: ['input', 'reports', String(place), ...issue.path.slice(1)] })),
  );
}

function isRefusal(error: unknown): error is Refusal {
  return refusals.some((kind) => error instanceof kind);
}
