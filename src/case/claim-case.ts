import type { BySignedIn } from '../account/viewer.ts';
import { appending, recorded } from '../audit/recorded.ts';
import { type Care, careOf } from '../care/care-of.ts';
import { sql, type Tx, write } from '../db.ts';
import { allowedEvents } from '../domain/case-lifecycle.ts';
import {
  AlreadyClaimedError,
  BreakDueError,
  ClaimLimitError,
  InvalidTransitionError,
  NotClaimedError,
  NotFoundError,
} from '../domain/errors.ts';
import { factsOf, type OpenCase, openCase } from './change-case.ts';
import { holdsClaim, takeClaim } from './lease.ts';
import { claimableStates, hasSpoken } from './waiting-for.ts';

/** How many cases one person may hold at once: enough to look something up, too few to hoard. */
const CLAIM_LIMIT = 3;

/**
 * Claims a case by its number, or renews one's own claim. Gives its id. Throws `NotFoundError`, `AlreadyClaimedError`,
 * `InvalidTransitionError` (nobody works on it in this state, or it waits for another person), `BreakDueError`, `ClaimLimitError`.
 */
export function claimCase(by: BySignedIn, number: string, now: Date): Promise<string> {
  return recorded(by, async (recorder) => {
    const { tx, note } = recorder;
    await lockPerson(tx, by);
    const opened = await openCase(tx, number);
    if (!(await holdsClaim(tx, opened.id, by.viewer.id))) refuseTooMuch(await careOf(by.viewer.id, now, tx));
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

/** Gives a claimed case back to the queue, in one statement. Gives its id. Throws `NotFoundError`, `NotClaimedError`. */
export async function releaseCase(by: BySignedIn, number: string): Promise<string> {
  const [found] = await write<{ id: string; released: boolean }>(
    'release_case',
    sql`WITH found AS (SELECT id, number FROM cases WHERE number = ${number}), released AS (
      UPDATE claims k SET ended_at = greatest(k.claimed_at, now()) FROM found
      WHERE k.case_id = found.id AND k.account_id = ${by.viewer.id}::uuid AND k.ended_at IS NULL AND k.lease_until > now()
      RETURNING found.number
    )
    SELECT id, (SELECT ${appending(by, sql`'case:' || number`, 'RELEASE')} FROM released) IS NOT NULL AS released FROM found`,
  );
  if (!found) throw new NotFoundError('case');
  if (!found.released) throw new NotClaimedError();
  return found.id;
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

/** Throws `ClaimLimitError`, `BreakDueError` where somebody may not claim another case now. */
export function refuseTooMuch({ holding, refusal }: Care): void {
  if (holding >= CLAIM_LIMIT) throw new ClaimLimitError(CLAIM_LIMIT);
  if (refusal) throw new BreakDueError(refusal.reason, refusal.until ?? null);
}
