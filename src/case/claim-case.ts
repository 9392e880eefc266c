import type { BySignedIn } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import { careOf } from '../care/care-of.ts';
import { sql, type Tx } from '../db.ts';
import { allowedEvents } from '../domain/case-lifecycle.ts';
import {
  AlreadyClaimedError,
  BreakDueError,
  ClaimLimitError,
  InvalidTransitionError,
  NotClaimedError,
  NotFoundError,
  QueueEmptyError,
} from '../domain/errors.ts';
import { factsOf, type OpenCase, openCase } from './change-case.ts';
import { holdsClaim, releaseClaim, takeClaim } from './lease.ts';
import { claimableStates, hasSpoken, isFreeFor, isHanded, statesOf } from './waiting-for.ts';

/** How many cases one person may hold at once: enough to look something up, too few to hoard. */
const CLAIM_LIMIT = 3;
/** How many waiting cases are looked at to find one that nobody else is about to take. */
const CANDIDATES = 64;

/**
 * Hands out the case that was handed over to this person, else the one of highest priority that waits for them, to nobody else
 * at the same time. Gives its id. Throws `QueueEmptyError`, `BreakDueError`, `ClaimLimitError`.
 */
export function claimNextCase(by: BySignedIn, now: Date): Promise<string> {
  return recorded(by, async ({ tx, note }) => {
    await lockPerson(tx, by);
    await refuseTooMuch(tx, by, now);
    const taken = await takeNext(tx, by);
    note({ stream: `case:${taken.number}`, action: 'CLAIM' });
    return taken.id;
  });
}

type NextCase = { id: string; number: string; handed: boolean; locked: boolean };

async function takeNext(tx: Tx, by: BySignedIn): Promise<NextCase> {
  for (;;) {
    const next = await nextFree(tx, by);
    if (!next) throw new QueueEmptyError();
    // Only cases that somebody is writing on are left (a claim, or a report that comes in): wait for one, then look again.
    if (!next.locked) await tx.$queryRaw`SELECT FROM cases WHERE id = ${next.id}::uuid FOR UPDATE`;
    // A colleague's claim that was committed while we were looking is seen only when we try to take the case: look again.
    else if (await takeClaim(tx, next.id, by.viewer.id)) {
      if (next.handed) await endHandOver(tx, next.id);
      return next;
    }
  }
}

/**
 * Claims a case by its number, or renews one's own claim. Gives its id. Throws `NotFoundError`, `AlreadyClaimedError`,
 * `InvalidTransitionError` (nobody works on it in this state, or it waits for another person), `BreakDueError`, `ClaimLimitError`.
 */
export function claimCase(by: BySignedIn, number: string, now: Date): Promise<string> {
  return recorded(by, async (recorder) => {
    const { tx, note } = recorder;
    await lockPerson(tx, by);
    const opened = await openCase(tx, number);
    if (!(await holdsClaim(tx, opened.id, by.viewer.id))) await refuseTooMuch(tx, by, now);
    const allowed = allowedEvents(factsOf(opened, opened.firstOpinion));
    if (!claimableStates(by.viewer).includes(opened.state)) throw new InvalidTransitionError(opened.state, allowed);
    if (opened.reportCount === 0) {
      throw new InvalidTransitionError(
        opened.state,
        [],
        'No report of this case counts: they wait in quarantine or were malicious. Decide the quarantine first.',
      );
    }
    if (await mayNotSpeak(tx, opened.id, by.viewer.id)) {
      throw new InvalidTransitionError(
        opened.state,
        allowed,
        'You gave an opinion on this case; the next one is for a colleague.',
      );
    }
    if (isKeptFromOthers(opened, by, now)) throw new AlreadyClaimedError('whom it was handed to');
    if (!(await takeClaim(tx, opened.id, by.viewer.id))) throw new AlreadyClaimedError();
    if (opened.handedToId) await endHandOver(tx, opened.id);
    note({ stream: `case:${opened.number}`, action: 'CLAIM' });
    return opened.id;
  });
}

/** Gives a claimed case back to the queue. Gives its id. Throws `NotFoundError`, `NotClaimedError`. */
export function releaseCase(by: BySignedIn, number: string): Promise<string> {
  return recorded(by, async ({ tx, note }) => {
    const found = await tx.case.findUnique({ where: { number }, select: { id: true } });
    if (!found) throw new NotFoundError('case');
    if (!(await releaseClaim(tx, found.id, by.viewer.id))) throw new NotClaimedError();
    note({ stream: `case:${number}`, action: 'RELEASE' });
    return found.id;
  });
}

// The first waiting case that nobody is writing on, locked; or, not locked, one that somebody is writing on if there is no other.
// State by state, so that each is read in the order of its index; what was handed over comes first.
async function nextFree(tx: Tx, { viewer }: BySignedIn): Promise<NextCase | undefined> {
  const free = isFreeFor(viewer);
  const [next] = await tx.$queryRaw<NextCase[]>`
    WITH waiting AS MATERIALIZED (
      SELECT * FROM (
        SELECT c.id, c.number, c.version, c.priority, true AS handed FROM cases c
        WHERE c.handed_to_id = ${viewer.id}::uuid AND ${isHanded} AND c.state = ANY (${claimableStates(viewer)}::"CaseState"[]) AND ${free}
        UNION ALL
        SELECT n.* FROM unnest(${statesOf(viewer)}::"CaseState"[]) s(state), LATERAL (
          SELECT c.id, c.number, c.version, c.priority, false FROM cases c
          WHERE c.state = s.state AND NOT ${isHanded} AND ${free}
          ORDER BY c.priority DESC, c.id LIMIT ${CANDIDATES}
        ) n
      ) found
      ORDER BY handed DESC, priority DESC, id
      LIMIT ${CANDIDATES}
    ), free AS (
      SELECT c.id, c.number, w.handed FROM cases c JOIN waiting w ON w.id = c.id AND w.version = c.version
      ORDER BY w.handed DESC, c.priority DESC, c.id
      LIMIT 1
      FOR UPDATE OF c SKIP LOCKED
    )
    SELECT id, number, handed, true AS locked FROM free
    UNION ALL (SELECT id, number, handed, false FROM waiting WHERE NOT EXISTS (SELECT FROM free) LIMIT 1)`;
  return next;
}

/** Whether the opinion that a case waits for is not this person's to give. */
export async function mayNotSpeak(tx: Tx, caseId: string, accountId: string): Promise<boolean> {
  const spoken = await tx.$queryRaw<unknown[]>(
    sql`SELECT FROM cases c WHERE c.id = ${caseId}::uuid AND ${hasSpoken(accountId)}`,
  );
  return spoken.length > 0;
}

// Kept for a colleague; a supervisor may take it all the same.
function isKeptFromOthers({ handedToId, handedUntil }: OpenCase, { viewer }: BySignedIn, now: Date): boolean {
  if (!handedToId || !handedUntil || handedUntil <= now) return false;
  return handedToId !== viewer.id && viewer.role !== 'SUPERVISOR';
}

async function endHandOver(tx: Tx, caseId: string): Promise<void> {
  await tx.case.update({ where: { id: caseId }, data: { handedToId: null, handedUntil: null } });
}

// So that two claims of one person at once cannot both pass the limit; before any case, so that they never wait for each other.
async function lockPerson(tx: Tx, by: BySignedIn): Promise<void> {
  await tx.$queryRaw`SELECT FROM accounts WHERE id = ${by.viewer.id}::uuid FOR NO KEY UPDATE`;
}

async function refuseTooMuch(tx: Tx, by: BySignedIn, now: Date): Promise<void> {
  const { holding, refusal } = await careOf(by.viewer.id, now, tx);
  if (holding >= CLAIM_LIMIT) throw new ClaimLimitError(CLAIM_LIMIT);
  if (refusal) throw new BreakDueError(refusal.reason, refusal.until ?? null);
}
