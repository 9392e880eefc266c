import { z } from 'zod';
import type { BySignedIn } from '../account/viewer.ts';
import { type Recorder, recorded } from '../audit/recorded.ts';
import { queueChanged } from '../case/queue-summary.ts';
import { recountCases } from '../case/recount-cases.ts';
import { reopenReportedCases } from '../case/reopen-reported-cases.ts';
import { prisma, type Tx } from '../db.ts';
import { NotFoundError } from '../domain/errors.ts';
import type { CaseState, ReportStanding } from '../generated/prisma/enums.ts';
import { freeTextIssues, optional, readInput } from '../read-input.ts';
import { seal } from '../secrets.ts';

export type DecideQuarantineInput = {
  quarantine: string;
  host?: string | null | undefined;
  reason?: string | null | undefined;
};

/** Reports in one transaction: a second or two on a busy machine, of the 15 that it may take. */
const PAGE = 1_000;
/** Of how many others a report takes the time whose case had ended: each such case is opened again by itself. */
const ENDED_WEIGHS = 10;

const decision = z.object({
  quarantine: z.string(),
  host: optional(z.string().trim()),
  reason: optional(z.string().trim().max(200, 'Shorten the reason to 200 characters.')),
});

/**
 * Lets the reports of a quarantine that wait (with `host` those of one pattern) count, as if they had never waited: their cases
 * enter the queue, rise in it, or are opened again by the ordinary rule. They are decided a page at a time: after a failure the
 * rest waits, and repeating it goes on. Gives its id. Throws `InvalidInputError`, `NotFoundError`.
 */
export function releaseQuarantine(
  by: BySignedIn,
  input: DecideQuarantineInput,
  now: Date,
  pageSize = PAGE,
): Promise<string> {
  return decide(by, input, 'COUNTED', now, pageSize, async (recorder, cases) => {
    const { tx, later } = recorder;
    const caseIds = cases.map(({ id }) => id);
    await recountCases(tx, caseIds);
    await reopenReportedCases(
      recorder,
      cases.flatMap(({ reportedAt, ...row }) => (reportedAt ? [{ ...row, reportedAt }] : [])),
      now,
    );
    const key = `prioritise-released-cases:${input.quarantine}:${caseIds[0]}`;
    later({ task: 'prioritise-released-cases', payload: { caseIds }, key });
    await queueChanged(tx);
  });
}

/**
 * Closes the reports of a quarantine that wait (with `host` those of one pattern) as malicious: they never weigh in a case. A
 * page at a time, as `releaseQuarantine`. Gives its id. Throws `InvalidInputError`, `NotFoundError`.
 */
export function markQuarantineMalicious(by: BySignedIn, input: DecideQuarantineInput, now: Date): Promise<string> {
  return decide(by, input, 'MALICIOUS', now, PAGE, async () => undefined);
}

/** `reportedAt` is when the first of the page's reports was received that came after the case had ended, if one did. */
type TouchedCase = { id: string; number: string; state: CaseState; reportedAt: Date | null; reports: number };

async function decide(
  by: BySignedIn,
  input: DecideQuarantineInput,
  standing: Extract<ReportStanding, 'COUNTED' | 'MALICIOUS'>,
  now: Date,
  pageSize: number,
  follow: (recorder: Recorder, cases: TouchedCase[]) => Promise<void>,
): Promise<string> {
  const {
    quarantine: id,
    host,
    reason,
  } = readInput(decision, input, freeTextIssues(['input', 'reason'], input.reason));
  if (!z.uuid().safeParse(id).success) throw new NotFoundError('quarantine');

  const decidePage = async (recorder: Recorder, reports: string[]): Promise<void> => {
    const { tx, note } = recorder;
    // Submissions hold their cases when the foreign key of their reports looks at this row: that must not wait for us.
    const locked = await tx.$queryRaw<unknown[]>`SELECT FROM quarantines WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
    if (locked.length === 0) throw new NotFoundError('quarantine');
    const cases = await setStanding(tx, reports, standing);
    const changed = cases.reduce((sum, one) => sum + one.reports, 0);
    if (changed > 0) {
      if (reason) await keepReason(tx, by, cases, reason, now);
      await follow(recorder, cases);
      await tx.$executeRaw`
        UPDATE quarantines SET decided_at = ${now}, decided_by_id = ${by.viewer.id}::uuid
        WHERE id = ${id}::uuid
          AND NOT EXISTS (SELECT FROM reports WHERE quarantine_id = ${id}::uuid AND standing = 'QUARANTINED')`;
    }
    note({
      stream: `quarantine:${id}`,
      action: standing === 'COUNTED' ? 'RELEASE_QUARANTINE' : 'MARK_QUARANTINE_MALICIOUS',
      subjects: cases.map(({ number }) => number),
      detail: { reports: changed, part: host !== null },
    });
  };
  // What comes in from now on waits for another look.
  const waiting = await findWaiting(id, host);
  for (const page of pagesOf(waiting, pageSize)) await recorded(by, (recorder) => decidePage(recorder, page));
  return id;
}

// As a sealed note on each case, once also where its reports fill several pages: the trail holds no words of people.
async function keepReason(tx: Tx, by: BySignedIn, cases: TouchedCase[], reason: string, now: Date): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO case_notes (id, case_id, author_id, at, text)
    SELECT gen_random_uuid(), id, ${by.viewer.id}::uuid, ${now}, ${seal(reason)}
    FROM unnest(${cases.map(({ id }) => id)}::uuid[]) AS given(id)
    WHERE NOT EXISTS (SELECT FROM case_notes n WHERE n.case_id = given.id AND n.author_id = ${by.viewer.id}::uuid AND n.at = ${now})`;
}

type Waiting = { id: string; ended: boolean };

// Earliest first, so that the page which opens a case again has the first of its reports.
function findWaiting(quarantine: string, host: string | null): Promise<Waiting[]> {
  return prisma.$queryRaw<Waiting[]>`
    SELECT r.id, c.state IN ('REMOVED', 'CLOSED') AS ended FROM reports r JOIN cases c ON c.id = r.case_id
    WHERE r.quarantine_id = ${quarantine}::uuid AND r.standing = 'QUARANTINED'
      AND (${host}::text IS NULL OR coalesce(c.registrable_domain, c.host, c.address_kind::text) = ${host}::text)
    ORDER BY r.received_at, r.id`;
}

// At least one page, if an empty one: a decision leaves its entry in the trail also where nothing waits.
function pagesOf(waiting: Waiting[], pageSize: number): string[][] {
  let page: string[] = [];
  let room = pageSize;
  const pages = [page];
  for (const { id, ended } of waiting) {
    if (room <= 0) {
      page = [];
      room = pageSize;
      pages.push(page);
    }
    page.push(id);
    room -= ended ? ENDED_WEIGHS : 1;
  }
  return pages;
}

// The cases are locked first, in the order in which submissions lock theirs. A report that came after content was gone but before
// the next stretch began is of that stretch; and where a removal was confirmed later, the content was gone before.
async function setStanding(tx: Tx, reports: string[], standing: ReportStanding): Promise<TouchedCase[]> {
  const locked = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM cases WHERE id IN (SELECT case_id FROM reports WHERE id = ANY (${reports}::uuid[]) AND standing = 'QUARANTINED')
    ORDER BY address_digest FOR UPDATE`;
  return tx.$queryRaw<TouchedCase[]>`
    WITH decided AS (
      UPDATE reports SET standing = ${standing}::"ReportStanding"
      WHERE id = ANY (${reports}::uuid[]) AND standing = 'QUARANTINED' AND case_id = ANY (${locked.map(({ id }) => id)}::uuid[])
      RETURNING case_id, received_at
    ), stretch AS (
      SELECT d.case_id, e.id AS episode, count(*)::int AS reports,
             min(d.received_at) FILTER (WHERE d.received_at > coalesce(CASE c.outcome WHEN 'REMOVED' THEN e.first_seen_gone END, c.state_since)) AS again,
             min(d.received_at) FILTER (WHERE d.received_at > p.first_seen_gone AND d.received_at < e.first_reported) AS earlier
      FROM decided d JOIN cases c ON c.id = d.case_id
      JOIN episodes e ON e.case_id = c.id AND e.number = c.episode_number
      LEFT JOIN episodes p ON p.case_id = c.id AND p.number = c.episode_number - 1
      GROUP BY d.case_id, e.id
    ), begun AS (
      UPDATE episodes e SET first_reported = s.earlier FROM stretch s
      WHERE e.id = s.episode AND s.earlier IS NOT NULL AND ${standing} = 'COUNTED'
    )
    SELECT c.id, c.number, c.state, s.again AS "reportedAt", s.reports FROM stretch s JOIN cases c ON c.id = s.case_id`;
}
