import type { BySignedIn } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import type { Tx } from '../db.ts';
import { allowedEvents, type CaseState } from '../domain/case-lifecycle.ts';
import {
  AlreadyClaimedError,
  BreakDueError,
  ClaimLimitError,
  InvalidTransitionError,
  NotClaimedError,
  NotFoundError,
  QueueEmptyError,
} from '../domain/errors.ts';
import { claimRefusal } from '../domain/exposure.ts';
import { factsOf, type OpenCase, openCase } from './change-case.ts';
import { holdsClaim, releaseClaim, takeClaim } from './lease.ts';
import { presentRound } from './present-round.ts';

/** How many cases one person may hold at once: enough to look something up, too few to hoard. */
const CLAIM_LIMIT = 3;
/** How many waiting cases are looked at to find one that nobody else is about to take. */
const CANDIDATES = 64;
/** How far back claims are read for a break: a stretch without one is at most so long, plus the lease. */
const LOOK_BACK_HOURS = 24;

const CLAIMABLE: readonly CaseState[] = [
  'AWAITING_ASSESSMENT',
  'AWAITING_REVIEW',
  'AWAITING_ACTION',
  'AWAITING_REMOVAL',
];

/**
 * Hands out the case of highest priority that waits for this person, to nobody else at the same time. Gives its id.
 * Throws `QueueEmptyError`, `BreakDueError`, `ClaimLimitError`.
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

type NextCase = { id: string; number: string; locked: boolean };

async function takeNext(tx: Tx, by: BySignedIn): Promise<NextCase> {
  for (;;) {
    const next = await nextFree(tx, by);
    if (!next) throw new QueueEmptyError();
    // Only cases that somebody is writing on are left (a claim, or a report that comes in): wait for one, then look again.
    if (!next.locked) await tx.$queryRaw`SELECT FROM cases WHERE id = ${next.id}::uuid FOR UPDATE`;
    // A colleague's claim that was committed while we were looking is seen only when we try to take the case: look again.
    else if (await takeClaim(tx, next.id, by.viewer.id)) return next;
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
    const claimable = opened.state === 'DISPUTED' ? by.viewer.role === 'SUPERVISOR' : CLAIMABLE.includes(opened.state);
    const allowed = allowedEvents(factsOf(opened, opened.firstOpinion));
    if (!claimable) throw new InvalidTransitionError(opened.state, allowed);
    if (opened.reportCount === 0) {
      throw new InvalidTransitionError(
        opened.state,
        [],
        'No report of this case counts: they wait in quarantine or were malicious. Decide the quarantine first.',
      );
    }
    if (await hasSpoken(tx, opened, by)) {
      throw new InvalidTransitionError(
        opened.state,
        allowed,
        'You gave an opinion on this case; the next one is for a colleague.',
      );
    }
    if (!(await takeClaim(tx, opened.id, by.viewer.id))) throw new AlreadyClaimedError();
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
async function nextFree(tx: Tx, by: BySignedIn): Promise<NextCase | undefined> {
  const rules = by.viewer.role === 'SUPERVISOR';
  const [next] = await tx.$queryRaw<NextCase[]>`
    WITH waiting AS MATERIALIZED (
      SELECT c.id, c.number, c.version FROM cases c
      WHERE (c.state IN ('AWAITING_ASSESSMENT', 'AWAITING_ACTION')
             OR ((c.state = 'AWAITING_REVIEW' OR (c.state = 'DISPUTED' AND ${rules}))
                 AND NOT EXISTS (
                   SELECT FROM assessments a WHERE a.case_id = c.id AND a.assessor_id = ${by.viewer.id}::uuid
                     AND a.at >= (SELECT max(f.at) FROM assessments f WHERE f.case_id = c.id AND f.round = 'FIRST'))))
        AND c.report_count > 0
        AND NOT EXISTS (SELECT FROM claims k WHERE k.case_id = c.id AND k.ended_at IS NULL AND k.lease_until > now())
      ORDER BY c.priority DESC, c.id
      LIMIT ${CANDIDATES}
    ), free AS (
      SELECT c.id, c.number FROM cases c JOIN waiting w ON w.id = c.id AND w.version = c.version
      ORDER BY c.priority DESC, c.id
      LIMIT 1
      FOR UPDATE OF c SKIP LOCKED
    )
    SELECT id, number, true AS locked FROM free
    UNION ALL (SELECT id, number, false FROM waiting WHERE NOT EXISTS (SELECT FROM free) LIMIT 1)`;
  return next;
}

// Who gave an opinion in this round gives no other one.
async function hasSpoken(tx: Tx, opened: OpenCase, by: BySignedIn): Promise<boolean> {
  if (opened.state !== 'AWAITING_REVIEW' && opened.state !== 'DISPUTED') return false;
  const own = await tx.assessment.count({ where: { ...presentRound(opened), assessorId: by.viewer.id } });
  return own > 0;
}

// So that two claims of one person at once cannot both pass the limit; before any case, so that they never wait for each other.
async function lockPerson(tx: Tx, by: BySignedIn): Promise<void> {
  await tx.$queryRaw`SELECT FROM accounts WHERE id = ${by.viewer.id}::uuid FOR NO KEY UPDATE`;
}

async function refuseTooMuch(tx: Tx, by: BySignedIn, now: Date): Promise<void> {
  const claims = await tx.claim.findMany({
    where: { accountId: by.viewer.id, leaseUntil: { gte: new Date(now.getTime() - LOOK_BACK_HOURS * 3_600_000) } },
    select: { claimedAt: true, leaseUntil: true, endedAt: true },
  });
  const open = claims.filter(({ endedAt, leaseUntil }) => endedAt === null && leaseUntil > now);
  if (open.length >= CLAIM_LIMIT) throw new ClaimLimitError(CLAIM_LIMIT);
  const claimedIntervals = claims.map(({ claimedAt, leaseUntil, endedAt }) => ({
    from: claimedAt,
    to: endedAt ?? leaseUntil,
  }));
  const refusal = claimRefusal({ claimedIntervals, now });
  if (refusal) throw new BreakDueError(refusal.reason, refusal.until ?? null);
}
