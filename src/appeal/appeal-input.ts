import { createHash } from 'node:crypto';
import { z } from 'zod';
import { readAddresses } from '../domain/address.ts';
import type { InputIssue } from '../domain/errors.ts';
import { freeTextIssues, optional, readInput, text } from '../read-input.ts';
import { contactEmail, storable, strangersKey } from '../report/submission-input.ts';

export type SubmitAppealInput = {
  address: string;
  reason: string;
  contactEmail?: string | null | undefined;
  challenge?: string | null | undefined;
  idempotencyKey?: string | null | undefined;
};

/** An appeal as it was understood: `digest` is that by which a case of this address would be known. */
export type AppealInput = z.output<typeof appeal> & { digest: Uint8Array<ArrayBuffer> };

const appeal = z.object({
  address: z.string(),
  reason: text(4_000),
  contactEmail: optional(contactEmail),
  idempotencyKey: optional(strangersKey),
});

/** Reads an appeal against one address. Throws an `InvalidInputError` with every fault at once. */
export function readAppeal(given: SubmitAppealInput): AppealInput {
  const address = storable(given.address);
  const { addresses, faults } = readAddresses(address);
  const issues: InputIssue[] = faults.map(({ code, message }) => ({ path: ['input', 'address'], code, message }));
  if (addresses.length > 1 && issues.length === 0) {
    const message = 'Appeal against one address at a time: each is looked at by itself.';
    issues.push({ path: ['input', 'address'], code: 'TOO_MANY', message });
  }
  const reason = storable(given.reason);
  const read = readInput(appeal, { ...given, address, reason }, [
    ...issues,
    ...freeTextIssues(['input', 'reason'], reason),
  ]);
  const key = addresses[0]?.key ?? '';
  return { ...read, digest: new Uint8Array(createHash('sha256').update(key).digest()) };
}
