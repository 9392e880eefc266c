import { v7 as uuidv7 } from 'uuid';
import { type Sql, sql, type Tx } from '../db.ts';

/** A claim is a lease of 30 minutes, renewed by use. All its times are the database's, so that processes agree on them. */
const LEASE = '30 minutes';

/** Whether an account holds a case on a lease that has not run out. */
export async function holdsClaim(tx: Tx, caseId: string, accountId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT FROM claims WHERE case_id = ${caseId}::uuid AND account_id = ${accountId}::uuid AND ended_at IS NULL AND lease_until > now()`;
  return rows.length > 0;
}

/**
 * Gives a case to an account: a new claim, or its own renewed. False where a colleague holds it. A lease of another that
 * has run out is ended on the way.
 */
export async function takeClaim(tx: Tx, caseId: string, accountId: string): Promise<boolean> {
  const taken = await tx.$queryRaw<unknown[]>`
    WITH free AS (SELECT ${caseId}::uuid AS id), ${taking(accountId)} SELECT FROM taken`;
  return taken.length > 0;
}

/** The same for the case of `free`, as parts of a statement: `taken` then has a row, or none. */
export function taking(accountId: string): Sql {
  return sql`expired AS (
    UPDATE claims k SET ended_at = greatest(k.claimed_at, k.lease_until) FROM free
    WHERE k.case_id = free.id AND k.ended_at IS NULL AND k.lease_until <= now() RETURNING 1
  ), taken AS (
    INSERT INTO claims AS k (id, case_id, account_id, claimed_at, lease_until)
    -- Counted, so that they have ended by then.
    SELECT ${uuidv7()}::uuid, free.id, ${accountId}::uuid, now(), now() + ${LEASE}::interval
    FROM free, (SELECT count(*) FROM expired) ended
    ON CONFLICT (case_id) WHERE ended_at IS NULL DO UPDATE SET lease_until = excluded.lease_until
      WHERE k.account_id = excluded.account_id
    RETURNING k.case_id
  )`;
}

/** Renews an account's lease on a case by its use. */
export async function renewLease(tx: Tx, caseId: string, accountId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE claims SET lease_until = now() + ${LEASE}::interval
    WHERE case_id = ${caseId}::uuid AND account_id = ${accountId}::uuid AND ended_at IS NULL AND lease_until > now()`;
}

/** Ends an account's claim on a case. False where it holds none. */
export async function releaseClaim(tx: Tx, caseId: string, accountId: string): Promise<boolean> {
  const ended = await tx.$executeRaw`
    UPDATE claims SET ended_at = greatest(claimed_at, now())
    WHERE case_id = ${caseId}::uuid AND account_id = ${accountId}::uuid AND ended_at IS NULL AND lease_until > now()`;
  return ended > 0;
}

/** Ends the claim that is open on a case, or only one whose lease has run out: that one ended when it did. */
export async function endClaim(tx: Tx, caseId: string, { expiredOnly = false } = {}): Promise<void> {
  await tx.$executeRaw`
    UPDATE claims SET ended_at = greatest(claimed_at, least(now(), lease_until))
    WHERE case_id = ${caseId}::uuid AND ended_at IS NULL AND (NOT ${expiredOnly} OR lease_until <= now())`;
}

/**
 * Ends all claims of an account; with `keptUntil` the cases stay theirs until then, else they go back to the queue, together with
 * what was handed over to it. Gives the numbers of the cases that it held.
 */
export async function giveBackAll(tx: Tx, accountId: string, keptUntil: Date | null = null): Promise<string[]> {
  const held = await tx.$queryRaw<{ id: string; number: string }[]>`
    SELECT c.id, c.number FROM cases c JOIN claims k ON k.case_id = c.id
    WHERE k.account_id = ${accountId}::uuid AND k.ended_at IS NULL AND k.lease_until > now() ORDER BY c.address_digest FOR UPDATE OF c`;
  const ids = held.map(({ id }) => id);
  await tx.$executeRaw`
    UPDATE claims SET ended_at = greatest(claimed_at, now())
    WHERE case_id = ANY (${ids}::uuid[]) AND account_id = ${accountId}::uuid AND ended_at IS NULL AND lease_until > now()`;
  const data = keptUntil ? { handedToId: accountId, handedUntil: keptUntil } : { handedToId: null, handedUntil: null };
  await tx.case.updateMany({ where: keptUntil ? { id: { in: ids } } : { handedToId: accountId }, data });
  return held.map(({ number }) => number);
}
