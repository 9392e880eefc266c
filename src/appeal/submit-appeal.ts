import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { By } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import { prisma } from '../db.ts';
import { IdempotencyConflictError } from '../domain/errors.ts';
import { referenceFrom } from '../domain/receipt.ts';
import type { Appeal } from '../generated/prisma/client.ts';
import { admit, countTry } from '../report/intake-limit.ts';
import { keyedHashes, seal, unseal } from '../secrets.ts';
import { type AppealInput, readAppeal, type SubmitAppealInput } from './appeal-input.ts';
import { countAppeal } from './appeal-limit.ts';

/** What whoever appeals keeps: a reference to quote. It says nothing of whether there is anything to appeal against. */
export type AppealReceipt = { reference: string; receivedOn: Date };

/**
 * Files an appeal against one address, by anybody, and answers alike whether or not the address is known. A retry under the same
 * idempotency key gets the same receipt. `source` is the hash of where it comes from (null: not limited). Throws
 * `InvalidInputError`, `ChallengeRequiredError`, `TooManyReportsError`, `IdempotencyConflictError`.
 */
export async function submitAppeal(
  by: By,
  given: SubmitAppealInput,
  now: Date,
  source: string | null,
): Promise<AppealReceipt> {
  const limited = by.viewer ? null : source;
  countTry(limited, now);
  const input = readAppeal(given);
  const references = referencesOf(input);
  const earlier = await findEarlier(references);
  if (earlier) return receiptOf(earlier, input);

  await admit(limited, 1, given.challenge, now);
  countAppeal(limited, now);
  const [reference = ''] = references;
  await recorded(by, async ({ tx, note }) => {
    // One statement, which takes its time whether or not there is such a case. Of two retries at once the first one is kept.
    await tx.$executeRaw`
      INSERT INTO appeals (id, reference, received_at, address, case_id, reason, contact)
      SELECT ${uuidv7()}::uuid, ${reference}, ${now}, ${input.address}, (SELECT id FROM cases WHERE address_digest = ${input.digest}),
             ${seal(input.reason)}, ${input.contactEmail ? seal(input.contactEmail) : null}::bytea
      ON CONFLICT (reference) DO NOTHING`;
    note({ stream: `appeal:${reference}`, action: 'SUBMIT_APPEAL' });
  });
  const filed = await findEarlier([reference]);
  if (!filed) throw new Error('An appeal that was filed is not there.');
  return receiptOf(filed, input);
}

// The reference is made of the key, so that a retry finds it; by the newest secret, or an older one that it may have been made with.
function referencesOf({ idempotencyKey }: AppealInput): string[] {
  const seeds = idempotencyKey ? keyedHashes('idempotency', `appeal\n${idempotencyKey}`) : [randomBytes(8)];
  return seeds.map((seed) => referenceFrom(seed.subarray(0, 8)).replace(/^R/, 'A'));
}

function findEarlier(references: string[]): Promise<Appeal | null> {
  return prisma.appeal.findFirst({ where: { reference: { in: references } } });
}

function receiptOf({ reference, receivedAt, address, reason, contact }: Appeal, input: AppealInput): AppealReceipt {
  const same =
    address === input.address &&
    reason !== null &&
    unseal(reason) === input.reason &&
    contactOf(contact) === input.contactEmail;
  if (!same) throw new IdempotencyConflictError();
  return { reference, receivedOn: new Date(receivedAt.toISOString().slice(0, 10)) };
}

const contactOf = (sealed: Uint8Array | null) => (sealed ? unseal(sealed) : null);
