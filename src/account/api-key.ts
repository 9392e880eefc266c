import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { recorded } from '../audit/recorded.ts';
import { ask, prisma, sql } from '../db.ts';
import { InvalidInputError, NotFoundError } from '../domain/errors.ts';
import type { ApiKey } from '../generated/prisma/client.ts';
import { optional, readInput, text } from '../read-input.ts';
import { keyedHash, keyedHashes } from '../secrets.ts';
import { accountColumns, accountOf, type FoundAccount, type SigningIn } from './found-account.ts';
import type { BySignedIn } from './viewer.ts';

/** `rp_`, eight characters that are shown in lists, and 256 random bits. */
const KEY = /^rp_[a-z0-9]{8}_[A-Za-z0-9_-]{43}$/;

const newKey = z.object({
  account: z.uuid('Give the id of an account.'),
  label: text(100),
  expiresOn: optional(z.date()),
});

/**
 * Makes a key by which a machine signs in as an account. The secret is given here once and never again: only its keyed hash
 * is kept. Throws `InvalidInputError`, `NotFoundError`.
 */
export async function createApiKey(
  by: BySignedIn,
  given: z.input<typeof newKey>,
  now: Date,
): Promise<{ id: string; secret: string }> {
  const { account, label, expiresOn } = readInput(newKey, given);
  if (expiresOn && isPast({ expiresOn }, now)) {
    throw new InvalidInputError([
      { path: ['input', 'expiresOn'], code: 'IN_THE_PAST', message: 'Give a later day, or leave it out.' },
    ]);
  }
  const { prefix, secret } = drawKey();
  const id = uuidv7();
  await recorded(by, async ({ tx, note }) => {
    const found = await tx.account.findUnique({ where: { id: account }, select: { id: true } });
    if (!found) throw new NotFoundError('account');
    await tx.apiKey.create({
      data: { id, accountId: found.id, label, prefix, hash: keyedHash('api-key', secret), expiresOn },
    });
    note({ stream: `account:${found.id}`, action: 'CREATE_API_KEY', detail: { prefix } });
  });
  return { id, secret };
}

/** A key that nobody has yet: 256 random bits behind the prefix by which people know it. */
export function drawKey(): { prefix: string; secret: string } {
  const prefix = `rp_${randomBytes(5).toString('hex').slice(0, 8)}`;
  return { prefix, secret: `${prefix}_${randomBytes(32).toString('base64url')}` };
}

/** Revokes a key: the next request with it is refused. Gives its id. Throws a `NotFoundError`. */
export async function revokeApiKey(by: BySignedIn, id: string, now: Date): Promise<string> {
  await recorded(by, async ({ tx, note }) => {
    const key = z.uuid().safeParse(id).success ? await tx.apiKey.findUnique({ where: { id } }) : null;
    if (!key) throw new NotFoundError('key');
    if (!key.revokedAt) await tx.apiKey.update({ where: { id }, data: { revokedAt: now } });
    note({ stream: `account:${key.accountId}`, action: 'REVOKE_API_KEY', detail: { prefix: key.prefix } });
  });
  return id;
}

/** The account that a key signs in as, or null where the key is unknown, revoked or expired; notes the day of its use. */
export async function useApiKey(secret: string, now: Date): Promise<SigningIn | null> {
  if (!KEY.test(secret)) return null;
  const [found] = await ask<FoundAccount & { keyId: string; expiresOn: string | null; lastUsedOn: string | null }>(
    'account-of-key',
    sql`SELECT ${accountColumns}, k.id AS "keyId", k.expires_on::text AS "expiresOn", k.last_used_on::text AS "lastUsedOn"
        FROM api_keys k JOIN accounts a ON a.id = k.account_id LEFT JOIN partners p ON p.id = a.partner_id
        WHERE k.hash = ANY (${keyedHashes('api-key', secret)}::bytea[]) AND k.revoked_at IS NULL`,
  );
  if (!found || isPast({ expiresOn: found.expiresOn === null ? null : new Date(found.expiresOn) }, now)) return null;
  const today = now.toISOString().slice(0, 10);
  if (found.lastUsedOn !== today) {
    await prisma.apiKey.update({ where: { id: found.keyId }, data: { lastUsedOn: new Date(today) } });
  }
  return accountOf(found);
}

/** Whether a key has expired: the day itself is the last on which it works. */
export function isPast({ expiresOn }: Pick<ApiKey, 'expiresOn'>, now: Date): boolean {
  return expiresOn !== null && expiresOn.toISOString().slice(0, 10) < now.toISOString().slice(0, 10);
}
