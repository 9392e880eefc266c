import { ask, prisma, sql } from '../db.ts';
import { useApiKey } from './api-key.ts';
import type { VerifiedToken } from './verify-token.ts';
import type { PartnerScope, Viewer } from './viewer.ts';

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
  return { ...viewerOf(account), byKey };
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

type SigningIn = Omit<Viewer, 'byKey'> & { disabledAt: Date | null };
type StoredPartner = Omit<PartnerScope, 'agreementFrom' | 'agreementUntil'> & {
  agreementFrom: string;
  agreementUntil: string | null;
};

// Before every request of whoever signs in, so by a statement of our own.
async function findAccount(subject: string): Promise<SigningIn | null> {
  const [found] = await ask<Omit<SigningIn, 'partner'> & { partner: StoredPartner | null }>(
    'account-of-subject',
    sql`SELECT a.id, a.name, a.role::text AS role, a.in_training AS "inTraining", a.disabled_at AS "disabledAt",
               CASE WHEN p.id IS NOT NULL THEN json_build_object(
                 'id', p.id, 'kind', p.kind, 'countries', p.countries, 'urlListAccess', p.url_list_access,
                 'agreementFrom', p.agreement_from, 'agreementUntil', p.agreement_until) END AS partner
        FROM accounts a LEFT JOIN partners p ON p.id = a.partner_id WHERE a.subject = ${subject}`,
  );
  if (!found) return null;
  const { partner } = found;
  return { ...found, partner: partner && scopeOf(partner) };
}

function scopeOf({ agreementFrom, agreementUntil, ...partner }: StoredPartner): PartnerScope {
  return {
    ...partner,
    agreementFrom: new Date(agreementFrom),
    agreementUntil: agreementUntil === null ? null : new Date(agreementUntil),
  };
}

function viewerOf({ id, name, role, inTraining, partner }: SigningIn): Viewer {
  return { id, name, role, inTraining, partner };
}
