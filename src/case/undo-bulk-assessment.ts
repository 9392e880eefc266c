import { z } from 'zod';
import type { BySignedIn } from '../account/viewer.ts';
import { type Recorder, recorded } from '../audit/recorded.ts';
import type { Tx } from '../db.ts';
import { nextState } from '../domain/case-lifecycle.ts';
import { NotFoundError, UndoWindowOverError } from '../domain/errors.ts';
import type { BulkAssessment } from '../generated/prisma/client.ts';
import type { CaseOutcome, CaseState } from '../generated/prisma/enums.ts';
import { queueChanged } from './queue-summary.ts';
import { withdrawWaiting } from './withdraw-waiting.ts';

/** The ids of the cases that wait for a first opinion again, and of those that had moved on and were left as they are. */
export type UndoneBulk = { undone: string[]; left: string[] };

type BulkCase = {
  id: string;
  number: string;
  state: CaseState;
  outcome: CaseOutcome | null;
  heldFrom: CaseState | null;
  episodeId: string;
  untouched: boolean;
};

/**
 * Takes a bulk assessment back within its time: its opinions stay on record and count no more, and what was to go out is withdrawn.
 * Cases that have moved on since (a colleague holds them, another opinion, anything sent or about to be) stay as they are. For its author and
 * for supervisors. Repeating it changes nothing. Throws `NotFoundError`, `UndoWindowOverError`.
 */
export function undoBulkAssessment(by: BySignedIn, id: string, now: Date): Promise<UndoneBulk> {
  if (!z.uuid().safeParse(id).success) throw new NotFoundError('bulk assessment');
  return recorded(by, async (recorder) => {
    const { tx, note } = recorder;
    const bulk = await lockBulk(tx, by, id);
    if (bulk.undoneAt) {
      note({ stream: `account:${by.viewer.id}`, action: 'UNDO_BULK', detail: { bulk: id, repeated: true } });
      return whatBecameOf(tx, id, bulk.undoneAt);
    }
    if (now > bulk.undoUntil) throw new UndoWindowOverError();

    // Later than the opinions that it takes back, so that none of them is of the round that begins.
    const undoneAt = new Date(Math.max(now.getTime(), bulk.at.getTime() + 1));
    const cases = await casesOf(tx, bulk);
    const undone = cases.filter((row) => row.untouched && canBeUndone(row));
    await takeBack(recorder, undone, id, undoneAt);
    await tx.bulkAssessment.update({ where: { id }, data: { undoneAt } });
    note({
      stream: `account:${by.viewer.id}`,
      action: 'UNDO_BULK',
      subjects: cases.map(({ number }) => number),
      detail: { bulk: id, undone: undone.length, left: cases.length - undone.length },
    });
    return {
      undone: undone.map((row) => row.id),
      left: cases.filter((row) => !undone.includes(row)).map((row) => row.id),
    };
  });
}

async function lockBulk(tx: Tx, { viewer }: BySignedIn, id: string): Promise<BulkAssessment> {
  await tx.$queryRaw`SELECT FROM bulk_assessments WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  const bulk = await tx.bulkAssessment.findUnique({ where: { id } });
  if (!bulk || (bulk.byId !== viewer.id && viewer.role !== 'SUPERVISOR')) throw new NotFoundError('bulk assessment');
  return bulk;
}

// Locked in the order in which submissions lock cases, so that nobody waits in a circle.
async function casesOf(tx: Tx, { id, byId, at }: BulkAssessment): Promise<BulkCase[]> {
  await tx.$queryRaw`SELECT FROM cases WHERE bulk_id = ${id}::uuid ORDER BY address_digest FOR UPDATE`;
  return tx.$queryRaw<BulkCase[]>`
    SELECT c.id, c.number, c.state, c.outcome, c.held_from AS "heldFrom", e.id AS "episodeId",
           (c.round_since IS NULL OR c.round_since <= ${at})
           AND NOT EXISTS (SELECT FROM claims k WHERE k.case_id = c.id AND k.account_id <> ${byId}::uuid AND k.ended_at IS NULL AND k.lease_until > now())
           AND NOT EXISTS (SELECT FROM assessments a WHERE a.case_id = c.id AND a.at > ${at})
           AND NOT EXISTS (
             SELECT FROM actions x LEFT JOIN notices n ON n.id = x.notice_id
             WHERE x.case_id = c.id AND (x.sent_at >= ${at} OR (n.attempted_at >= ${at} AND x.withdrawn_at IS NULL))) AS untouched
    FROM cases c JOIN episodes e ON e.case_id = c.id AND e.number = c.episode_number
    WHERE c.bulk_id = ${id}::uuid ORDER BY c.number`;
}

function canBeUndone({ state, outcome, heldFrom }: BulkCase): boolean {
  return nextState({ state, outcome, heldFrom, firstVerdict: null }, { event: 'UNDO_ASSESSMENT' }) !== null;
}

async function takeBack({ tx, note }: Recorder, cases: BulkCase[], bulk: string, undoneAt: Date): Promise<void> {
  if (cases.length === 0) return;
  const ids = cases.map(({ id }) => id);
  const state = 'AWAITING_ASSESSMENT';
  await tx.case.updateMany({
    where: { id: { in: ids } },
    data: {
      state,
      outcome: null,
      stateSince: undoneAt,
      roundSince: undoneAt,
      reviewReasons: [],
      undoUntil: null,
      nextCheckAt: null,
      version: { increment: 1 },
    },
  });
  await tx.episode.updateMany({
    where: { id: { in: cases.map(({ episodeId }) => episodeId) } },
    data: { assessed: null, closed: null, outcome: null },
  });
  await withdrawWaiting(tx, ids, undoneAt);
  for (const { number, state: from } of cases) {
    note({ stream: `case:${number}`, action: 'UNDO_ASSESSMENT', detail: { from, to: state, bulk } });
  }
  await queueChanged(tx);
}

async function whatBecameOf(tx: Tx, id: string, undoneAt: Date): Promise<UndoneBulk> {
  const cases = await tx.case.findMany({ where: { bulkId: id }, select: { id: true, roundSince: true } });
  const isUndone = ({ roundSince }: { roundSince: Date | null }) => roundSince?.getTime() === undoneAt.getTime();
  return {
    undone: cases.filter(isUndone).map((row) => row.id),
    left: cases.filter((row) => !isUndone(row)).map((row) => row.id),
  };
}
