import { ask, prisma, sql } from '../db.ts';
import { useApiKey } from './api-key.ts';
import { accountColumns, accountOf, type FoundAccount, type SigningIn } from './found-account.ts';
import type { VerifiedToken } from './verify-token.ts';
import type { Viewer } from './viewer.ts';

/** Credentials came with the request, but they let nobody in: expired, revoked, unknown or malformed. */
export class BadCredentialsError extends Error {
  constructor() {
    super('Your token or key is not valid, has expired, or belongs to no active account. Sign in again.');
  }
}

const BEARER = /^Bearer ([\w.~+/=-]{16,8192})$/i;

/**
 * Who sends a request, by its Authorization header: null for a stranger (no header). The account is read anew each time, so
 * that a changed role or a disabled account counts at once. Throws a `BadCredentialsError`, or what `verify` throws in an outage.
 */
export async function authenticate(
  authorization: string | null,
  verify: (token: string) => Promise<VerifiedToken | null>,
  now: Date,
): Promise<Viewer | null> {
  if (authorization === null) return null;
  const token = BEARER.exec(authorization)?.[1];
  if (!token) throw new BadCredentialsError();
  const byKey = token.startsWith('rp_');
  const account = byKey ? await useApiKey(token, now) : await accountOfToken(token, verify);
  if (!account || account.disabledAt) throw new BadCredentialsError();
  return viewerOf(account, byKey);
}

/** The viewer that an account is now, or null where it was disabled: what a running subscription asks before each event. */
export async function currentViewer(accountId: string): Promise<Viewer | null> {
  const account = await prisma.account.findUnique({
    where: { id: accountId },
    include: { partner: true },
    relationLoadStrategy: 'join',
  });
  return account && !account.disabledAt ? viewerOf(account) : null;
}

async function accountOfToken(token: string, verify: (token: string) => Promise<VerifiedToken | null>) {
  const verified = await verify(token);
  return verified && findAccount(verified.subject);
}

async function findAccount(subject: string): Promise<SigningIn | null> {
  const [found] = await ask<FoundAccount>(
    'account-of-subject',
    sql`SELECT ${accountColumns} FROM accounts a LEFT JOIN partners p ON p.id = a.partner_id WHERE a.subject = ${subject}`,
  );
  return found ? accountOf(found) : null;
}

// Written out, here and in whatever runs for every request: objects that Node 20 makes by `...` outlive its small collections.
function viewerOf({ id, name, role, inTraining, partner, figuresVersion = null }: SigningIn, byKey = false): Viewer {
  return { id, name, role, inTraining, partner, figuresVersion, byKey };
}
