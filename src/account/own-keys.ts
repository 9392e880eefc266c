import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { recorded } from '../audit/recorded.ts';
import { prisma } from '../db.ts';
import { type InputIssue, InvalidInputError, NotFoundError } from '../domain/errors.ts';
import type { ApiKey } from '../generated/prisma/client.ts';
import { readInput, text } from '../read-input.ts';
import { keyedHash } from '../secrets.ts';
import { drawKey, isPast } from './api-key.ts';
import type { BySignedIn } from './viewer.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const LONGEST_DAYS = 400;
const MOST_KEYS = 10;

const newKey = z.object({ label: text(100), expiresOn: z.date() });

/**
 * Makes a key by which somebody's own program signs in as them, for 400 days at most. The secret is given here once: only its
 * keyed hash is kept. Throws an `InvalidInputError`, also where ten keys of theirs work already.
 */
export async function createOwnKey(
  by: BySignedIn,
  given: z.input<typeof newKey>,
  now: Date,
): Promise<{ secret: string; key: ApiKey }> {
  const { label, expiresOn } = readInput(newKey, given, dayIssues(given.expiresOn, now));
  const accountId = by.viewer.id;
  const { prefix, secret } = drawKey();
  const key = await recorded(by, async ({ tx, note }) => {
    // One at a time, so that two never make the eleventh.
    await tx.$queryRaw`SELECT id FROM accounts WHERE id = ${accountId}::uuid FOR UPDATE`;
    const today = new Date(now.toISOString().slice(0, 10));
    const works = { revokedAt: null, OR: [{ expiresOn: null }, { expiresOn: { gte: today } }] };
    if ((await tx.apiKey.count({ where: { accountId, ...works } })) >= MOST_KEYS) throw tooMany();
    note({ stream: `account:${accountId}`, action: 'CREATE_OWN_KEY', detail: { prefix } });
    return tx.apiKey.create({
      data: { id: uuidv7(), accountId, label, prefix, hash: keyedHash('api-key', secret), createdAt: now, expiresOn },
    });
  });
  return { secret, key };
}

/** Revokes a key of one's own: the next request with it is refused. Throws a `NotFoundError`, also for another's key. */
export function revokeOwnKey(by: BySignedIn, id: string, now: Date): Promise<ApiKey> {
  const accountId = by.viewer.id;
  return recorded(by, async ({ tx, note }) => {
    const key = z.uuid().safeParse(id).success ? await tx.apiKey.findFirst({ where: { id, accountId } }) : null;
    if (!key) throw new NotFoundError('key');
    note({ stream: `account:${accountId}`, action: 'REVOKE_OWN_KEY', detail: { prefix: key.prefix } });
    return key.revokedAt ? key : tx.apiKey.update({ where: { id }, data: { revokedAt: now } });
  });
}

/** The keys that sign in as somebody, newest first: the last hundred, whoever made them. */
export function ownKeys({ viewer }: BySignedIn): Promise<ApiKey[]> {
  return prisma.apiKey.findMany({ where: { accountId: viewer.id }, orderBy: { createdAt: 'desc' }, take: 100 });
}

function dayIssues(expiresOn: Date, now: Date): InputIssue[] {
  const path = ['input', 'expiresOn'];
  if (isPast({ expiresOn }, now)) return [{ path, code: 'IN_THE_PAST', message: 'Give a later day.' }];
  if (expiresOn.getTime() <= now.getTime() + LONGEST_DAYS * DAY_MS) return [];
  return [{ path, code: 'TOO_LATE', message: `Give a day within ${LONGEST_DAYS} days.` }];
}

function tooMany(): InvalidInputError {
  const message = `${MOST_KEYS} keys of yours work already. Revoke one that you no longer need.`;
  return new InvalidInputError([{ path: ['input'], code: 'TOO_MANY', message }]);
}
