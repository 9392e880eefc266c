import { createHmac } from 'node:crypto';
import { prisma } from '../db.ts';
import { accessCodeFrom, readAccessCode } from '../domain/receipt.ts';
import type { ReportStanding, Submission } from '../generated/prisma/client.ts';
import { derivedKey, keyedHash, keyedHashes } from '../secrets.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/**
 * For how many days an access code opens its report. By then the case has closed and its statistics are out; a code that
 * opened something for ever would be a paper that may be found for ever, and the store of codes to guess would only grow.
 */
export const ACCESS_CODE_DAYS = 730;

/**
 * The access code that belongs to a seed. It is derived, not drawn, so that a retry with the same idempotency key gets
 * the same receipt although the code is stored nowhere.
 */
export function accessCodeOf(seed: Uint8Array): string {
  return accessCodeFrom(createHmac('sha256', derivedKey('access-code')).update(seed).digest());
}

/** What is stored of an access code: 32 bytes of a keyed hash. */
export function accessCodeHash(code: string): Uint8Array<ArrayBuffer> {
  return keyedHash('access-code-hash', code);
}

/** The submission that an access code opens, or null: malformed, unknown, expired and deleted codes are answered alike. */
export function submissionByAccessCode(
  typed: string,
  now: Date,
): Promise<(Submission & { reports: { caseId: string; standing: ReportStanding }[] }) | null> {
  // A malformed code is looked up too, as a code that cannot exist, and the age is asked in the same query: so all that
  // open nothing take the same time.
  const hashes = keyedHashes('access-code-hash', readAccessCode(typed) ?? 'malformed');
  return prisma.submission.findFirst({
    where: {
      accessCodeHash: { in: hashes },
      receivedAt: { gt: new Date(now.getTime() - ACCESS_CODE_DAYS * DAY_MS) },
    },
    include: { reports: { select: { caseId: true, standing: true } } },
    relationLoadStrategy: 'join',
  });
}
