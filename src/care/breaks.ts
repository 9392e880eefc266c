import { v7 as uuidv7 } from 'uuid';
import type { BySignedIn } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import { giveBackAll } from '../case/lease.ts';
import { queueChanged } from '../case/queue-summary.ts';
import type { Tx } from '../db.ts';
import { InvalidInputError, NotFoundError } from '../domain/errors.ts';
import type { BreakReason } from '../generated/prisma/enums.ts';

/** How long what somebody holds when their break begins is kept for them. */
const KEPT_MINUTES = 60;
const MINUTE_MS = 60_000;

/**
 * Begins a break: no case is claimed until it ends. What the person holds is kept for them for an hour, and nobody's time with it
 * counts. The reason is told to nobody, not even to the audit trail. Throws an `InvalidInputError` where they are on one already.
 */
export function startBreak(by: BySignedIn, reason: BreakReason, now: Date): Promise<void> {
  return recorded(by, async ({ tx, note }) => {
    await lockAccount(tx, by);
    if (await tx.break.findFirst({ where: { accountId: by.viewer.id, endedAt: null } })) throw alreadyOnOne();
    await tx.break.create({ data: { id: uuidv7(), accountId: by.viewer.id, reason, startedAt: now } });
    const until = new Date(now.getTime() + KEPT_MINUTES * MINUTE_MS);
    const kept = await giveBackAll(tx, by.viewer.id, until);
    for (const number of kept) note({ stream: `case:${number}`, action: 'RELEASE' });
    if (kept.length > 0) await queueChanged(tx);
    note({ stream: `account:${by.viewer.id}`, action: 'START_BREAK' });
  });
}

/** Ends one's break. Throws a `NotFoundError` where there is none. */
export function endBreak(by: BySignedIn, now: Date): Promise<void> {
  return recorded(by, async ({ tx, note }) => {
    await lockAccount(tx, by);
    const open = await tx.break.findFirst({ where: { accountId: by.viewer.id, endedAt: null } });
    if (!open) throw new NotFoundError('break');
    const endedAt = new Date(Math.max(now.getTime(), open.startedAt.getTime()));
    await tx.break.update({ where: { id: open.id }, data: { endedAt } });
    note({ stream: `account:${by.viewer.id}`, action: 'END_BREAK' });
  });
}

// As a claim does, so that none slips in while a break begins.
async function lockAccount(tx: Tx, by: BySignedIn): Promise<void> {
  await tx.$queryRaw`SELECT FROM accounts WHERE id = ${by.viewer.id}::uuid FOR NO KEY UPDATE`;
}

function alreadyOnOne(): InvalidInputError {
  const message = 'You are on a break already. End it before you begin another.';
  return new InvalidInputError([{ path: ['reason'], code: 'ON_BREAK', message }]);
}
