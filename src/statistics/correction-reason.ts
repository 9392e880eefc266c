import { readAddresses } from '../domain/address.ts';
import { type InputIssue, InvalidInputError } from '../domain/errors.ts';
import { freeTextIssues, text } from '../read-input.ts';

const LONGEST = 500;
const path = ['reason'];

/** What a correction's reason is, trimmed, or null where none is given. Throws an `InvalidInputError` on one that nobody should read. */
export function correctionReason(reason: string | null): string | null {
  if (reason === null || reason.trim() === '') return null;
  const read = text(LONGEST).safeParse(reason);
  const issues: InputIssue[] = [
    ...(read.error?.issues ?? []).map(({ code, message }) => {
      return { path, code: code === 'too_big' ? 'TOO_LONG' : 'INVALID_FORMAT', message };
    }),
    ...freeTextIssues(path, reason),
  ];
  if (issues.length === 0 && readAddresses(reason).addresses.length > 0) {
    const message = 'Take the address out: everybody can read this.';
    issues.push({ path, code: 'ADDRESS', message });
  }
  if (!read.success || issues.length > 0) throw new InvalidInputError(issues);
  return read.data;
}

/** The fault of a correction without a reason. */
export function reasonNeeded(): InvalidInputError {
  const message =
    'Published figures have changed. Say why, in words that everybody may read; nothing is published yet.';
  return new InvalidInputError([{ path, code: 'REASON_NEEDED', message }]);
}
