import { recorded } from '../audit/recorded.ts';
import { prisma, transaction } from '../db.ts';
import { type CaseEvent, REMOVAL_CONFIRMATION_DAYS } from '../domain/case-lifecycle.ts';
import { CONFIRMING_HOURS_APART } from '../domain/recheck.ts';
import { eachByItself } from '../each-by-itself.ts';
import { moveCase, openCase } from './change-case.ts';
import { endClaim } from './lease.ts';
import { queueChanged } from './queue-summary.ts';
import { scheduleCheck } from './schedule-check.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const AT_A_TIME = 200;

/** Ends the claims whose lease has run out, each at the time at which it did. */
export async function endExpiredClaims(): Promise<void> {
  const expired = await prisma.$queryRaw<{ id: string; number: string }[]>`
    SELECT c.id, c.number FROM claims k JOIN cases c ON c.id = k.case_id
    WHERE k.ended_at IS NULL AND k.lease_until <= now() LIMIT ${AT_A_TIME}`;
  await eachByItself('end-expired-claims', expired, ({ id, number }) =>
    recorded({ system: true, operation: 'endExpiredClaims' }, async ({ tx, note }) => {
      await tx.$queryRaw`SELECT FROM cases WHERE id = ${id}::uuid FOR UPDATE`;
      await endClaim(tx, id, { expiredOnly: true });
      note({ stream: `case:${number}`, action: 'LEASE_EXPIRED' });
    }),
  );
}

/** Ends the holds whose time is over: each case goes back to where it was. */
export async function endHolds(now: Date): Promise<void> {
  const over = await prisma.case.findMany({
    where: { state: 'ON_HOLD', heldUntil: { lte: now } },
    select: { number: true },
    take: AT_A_TIME,
  });
  await eachByItself('end-holds', over, ({ number }) =>
    moveBySystem(number, 'RELEASE_HOLD', now, ({ heldUntil }) => heldUntil !== null && heldUntil <= now),
  );
}

/**
 * Closes the cases whose content has stayed gone for 14 days and was seen gone twice, at least 20 hours apart and not up in
 * between. The others stay due for a look.
 */
export async function confirmRemovals(now: Date): Promise<void> {
  const since = new Date(now.getTime() - REMOVAL_CONFIRMATION_DAYS * DAY_MS);
  const gone = await prisma.$queryRaw<{ number: string }[]>`
    SELECT c.number FROM cases c JOIN episodes e ON e.case_id = c.id AND e.number = c.episode_number
    WHERE c.state = 'REMOVED' AND c.state_since <= ${since} AND (
      SELECT max(o.at) - min(o.at) FROM observations o WHERE o.episode_id = e.id AND o.seen = 'GONE' AND o.at > coalesce(
        (SELECT max(u.at) FROM observations u WHERE u.episode_id = e.id AND u.seen <> 'GONE'), '-infinity')
    ) >= ${CONFIRMING_HOURS_APART} * interval '1 hour'
    ORDER BY c.state_since LIMIT ${AT_A_TIME}`;
  await eachByItself('confirm-removals', gone, ({ number }) =>
    moveBySystem(number, 'CONFIRM_REMOVAL', now, ({ state, stateSince }) => state === 'REMOVED' && stateSince <= since),
  );
}

/** Sets when to look next where nothing is set: cases from before there was a schedule, and those put back where they were. */
export async function scheduleMissingChecks(): Promise<void> {
  const missing = await prisma.case.findMany({
    where: { nextCheckAt: null, state: { in: ['AWAITING_REMOVAL', 'REMOVED'] } },
    select: { id: true },
    take: AT_A_TIME,
  });
  await eachByItself('schedule-missing-checks', missing, ({ id }) => transaction((tx) => scheduleCheck(tx, id)));
}

// A case may have moved on between being found and being locked: then there is nothing to do.
async function moveBySystem(
  number: string,
  event: Extract<CaseEvent, 'RELEASE_HOLD' | 'CONFIRM_REMOVAL'>,
  now: Date,
  stillDue: (opened: Awaited<ReturnType<typeof openCase>>) => boolean,
): Promise<void> {
  await recorded({ system: true, operation: event }, async ({ tx, note }) => {
    const opened = await openCase(tx, number);
    const to = stillDue(opened)
      ? (await moveCase(tx, opened, { event }, now, { version: { increment: 1 } })).state
      : opened.state;
    await scheduleCheck(tx, opened.id);
    await queueChanged(tx);
    note({ stream: `case:${number}`, action: event, detail: { from: opened.state, to } });
  });
}
