import { v7 as uuidv7 } from 'uuid';
import type { BySignedIn } from '../account/viewer.ts';
import { isUnderAppeal } from '../appeal/settle-appeals.ts';
import { type Recorder, recorded } from '../audit/recorded.ts';
import { sql, type Tx } from '../db.ts';
import { type InputIssue, InvalidInputError, InvalidTransitionError } from '../domain/errors.ts';
import { addressShape } from '../domain/near-identical.ts';
import { type AssessCaseInput, refuseSecondSay } from './assess-case.ts';
import { type CaseStep, type Move, takeStep } from './change-case.ts';
import { readOpinion, secondOpinionReasons } from './opinion.ts';
import { settle, sign } from './sign-opinion.ts';
import { mayBeJoined } from './similar-cases.ts';

export type AssessSimilarCasesInput = AssessCaseInput & { others: { case: string; version: number }[] };

/** How many cases may be assessed together with the first. */
export const MOST_OTHERS = 100;
const UNDO_MS = 15 * 60 * 1_000;

type Other = { id: string; number: string; version: number; address: string; episodeId: string; free: boolean };

/**
 * Signs one first opinion on a claimed case and on others of its host that are written alike, each of its own, all or none; for
 * 15 minutes it can be undone, and nothing goes out before. All of them need a second opinion or none does: `drawn` says whether
 * they are of the random share. Gives the id of the bulk assessment. Throws `InvalidInputError`, which names every other
 * case that may not be joined (any more), `InvalidTransitionError` and what `changeCase` throws.
 */
export function assessSimilarCases(
  by: BySignedIn,
  input: AssessSimilarCasesInput,
  now: Date,
  drawn: boolean,
): Promise<string> {
  const opinion = readOpinion(input.assessment);
  refuseBadList(input);
  return recorded(by, async (recorder) => {
    const { tx } = recorder;
    await lockAll(tx, input);
    const id = await takeStep(recorder, by, input, now, { action: 'ASSESS', claimed: true }, async (step) => {
      await refuseSecondSay(step, by);
      if (await isUnderAppeal(tx, step.case.id)) {
        throw new InvalidTransitionError(
          step.case.state,
          ['ASSESS'],
          'An appeal is looked at by itself: assess this case alone.',
        );
      }
      const others = await readOthers(step, by, input.others);
      const undoUntil = new Date(now.getTime() + UNDO_MS);
      const bulk = await tx.bulkAssessment.create({ data: { id: uuidv7(), byId: by.viewer.id, at: now, undoUntil } });
      const reviewReasons = secondOpinionReasons(by, opinion, { drawn, appeal: false, listed: step.case.listed });
      const move = await step.happen(
        { event: 'ASSESS', verdict: opinion.answers.verdict, reviewRequired: reviewReasons.length > 0 },
        { reviewReasons, bulkId: bulk.id, undoUntil },
      );
      const all = [{ id: step.case.id, episodeId: step.case.episode.id }, ...others];
      await sign(tx, all, by, opinion, { round: 'FIRST', reviewReasons }, now);
      const bulkFields = { reviewReasons, bulkId: bulk.id, undoUntil };
      await moveOthers(recorder, others, move, bulkFields, now);
      if (reviewReasons.length > 0) return { bulk: bulk.id };
      await settleOthers(tx, others, now);
      return { bulk: bulk.id, ...(await settle(step, by, opinion.answers.verdict, now)) };
    });
    const { bulkId } = await tx.case.findUniqueOrThrow({ where: { id }, select: { bulkId: true } });
    if (!bulkId) throw new Error('A case that was assessed in bulk has lost its bulk.');
    return bulkId;
  });
}

function refuseBadList({ case: first, others }: AssessSimilarCasesInput): void {
  const issues: InputIssue[] = [];
  if (others.length === 0 || others.length > MOST_OTHERS) {
    const code = others.length === 0 ? 'REQUIRED' : 'TOO_MANY';
    issues.push({ path: ['input', 'others'], code, message: `Name 1 to ${MOST_OTHERS} other cases.` });
  }
  const seen = new Set([first]);
  for (const [index, other] of others.slice(0, MOST_OTHERS).entries()) {
    if (seen.has(other.case)) issues.push(issueOf(index, 'DOUBLE', 'Name each case once.'));
    seen.add(other.case);
  }
  if (issues.length > 0) throw new InvalidInputError(issues);
}

// In the order in which submissions lock cases, so that nobody waits in a circle.
async function lockAll(tx: Tx, { case: first, others }: AssessSimilarCasesInput): Promise<void> {
  const numbers = [first, ...others.map((other) => other.case)];
  await tx.$queryRaw`SELECT FROM cases WHERE number = ANY (${numbers}) ORDER BY address_digest FOR UPDATE`;
}

async function readOthers(
  { tx, case: opened }: CaseStep,
  by: BySignedIn,
  given: AssessSimilarCasesInput['others'],
): Promise<Other[]> {
  const rows = await tx.$queryRaw<Other[]>(sql`
    SELECT c.id, c.number, c.version, c.address, e.id AS "episodeId", ${mayBeJoined(by.viewer)} AS free
    FROM cases c JOIN episodes e ON e.case_id = c.id AND e.number = c.episode_number
    WHERE c.number = ANY (${given.map((other) => other.case)})`);
  const found = new Map(rows.map((row) => [row.number, row]));
  const shape = addressShape(opened.address);
  const issues = given.flatMap(({ case: number, version }, index) => {
    const row = found.get(number);
    if (!row) return [issueOf(index, 'NOT_FOUND', 'There is no such case.')];
    if (shape === null || addressShape(row.address) !== shape)
      return [
        issueOf(index, 'NOT_SIMILAR', 'Its address is not written like that of the first case: assess it by itself.'),
      ];
    if (!row.free)
      return [
        issueOf(index, 'NOT_FREE', 'It does not wait for your first opinion, or a colleague has it. Take it out.'),
      ];
    if (row.version !== version)
      return [issueOf(index, 'STALE', 'Somebody has changed it since you read it. Read it again.')];
    return [];
  });
  if (issues.length > 0) throw new InvalidInputError(issues);
  return rows;
}

function issueOf(index: number, code: string, message: string): InputIssue {
  return { path: ['input', 'others', String(index)], code, message };
}

type BulkFields = { reviewReasons: ReturnType<typeof secondOpinionReasons>; bulkId: string; undoUntil: Date };

// They all stood where the first one stood, so they all go where it went.
async function moveOthers(
  { tx, note }: Recorder,
  others: Other[],
  { state, outcome }: Move,
  bulkFields: BulkFields,
  now: Date,
): Promise<void> {
  await tx.case.updateMany({
    where: { id: { in: others.map(({ id }) => id) } },
    data: {
      state,
      outcome,
      stateSince: now,
      version: { increment: 1 },
      ...bulkFields,
      handedToId: null,
      handedUntil: null,
    },
  });
  if (outcome) {
    await tx.episode.updateMany({
      where: { id: { in: others.map(({ episodeId }) => episodeId) } },
      data: { closed: now, outcome },
    });
  }
  for (const { number } of others) {
    const detail = { from: 'AWAITING_ASSESSMENT', to: state, bulk: bulkFields.bulkId };
    note({ stream: `case:${number}`, action: 'ASSESS', detail });
  }
}

// As `settle` does for the first: none of these is listed or under appeal.
async function settleOthers(tx: Tx, others: Other[], now: Date): Promise<void> {
  const ids = others.map(({ episodeId }) => episodeId);
  await tx.episode.updateMany({ where: { id: { in: ids } }, data: { assessed: now } });
  await tx.assessmentDraft.deleteMany({ where: { caseId: { in: others.map(({ id }) => id) } } });
}
