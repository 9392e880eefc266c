import { createHmac } from 'node:crypto';
import { prisma } from '../db.ts';
import { accessCodeFrom, readAccessCode } from '../domain/receipt.ts';
import type { Submission } from '../generated/prisma/client.ts';
import { derivedKey, keyedHash, keyedHashes } from '../secrets.ts';

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

/** The submission that an access code opens, or null: malformed, unknown and deleted codes are answered alike. */
export function submissionByAccessCode(
  typed: string,
): Promise<(Submission & { reports: { caseId: string }[] }) | null> {
  // A malformed code is looked up too, as a code that cannot exist, so that it takes the same time.
  const hashes = keyedHashes('access-code-hash', readAccessCode(typed) ?? 'malformed');
  return prisma.submission.findFirst({
    where: { accessCodeHash: { in: hashes } },
    include: { reports: { select: { caseId: true } } },
    relationLoadStrategy: 'join',
  });
}
