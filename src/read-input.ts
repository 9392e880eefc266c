import { z } from 'zod';
import { readAddresses } from './domain/address.ts';
import { type InputIssue, InvalidInputError } from './domain/errors.ts';

/** GraphQL gives null for "not said" and undefined for "left out"; to us they are the same null. */
export const optional = <T extends z.ZodType>(type: T) => type.nullish().transform((value) => value ?? null);

/** Some words in one piece, of at most `longest` UTF-16 units, that Postgres can store. */
export const text = (longest: number) =>
  z
    .string()
    .trim()
    .min(1, 'Write something here.')
    .max(longest, `Shorten this to ${longest} characters.`)
    .regex(/^[^\0\p{Cs}]*$/u, 'Take the characters out that are no text.');

/** Reads `input`, or throws one `InvalidInputError` that lists every issue of the shape, and `more` with them. */
export function readInput<T extends z.ZodType>(shape: T, input: unknown, more: InputIssue[] = []): z.output<T> {
  const read = shape.safeParse(input);
  if (read.success && more.length === 0) return read.data;
  throw new InvalidInputError([...(read.success ? [] : read.error.issues.map(toIssue)), ...more]);
}

/** The issue of a free text that carries a file or an encoded blob, or none: nothing of the kind is kept, wherever it was typed. */
export function freeTextIssues(path: string[], words: string | null | undefined): InputIssue[] {
  const faults = words ? readAddresses(words).faults : [];
  if (!faults.some(({ code }) => code === 'DATA_ADDRESS' || code === 'ENCODED_BLOB')) return [];
  return [{ path, code: 'ENCODED_BLOB', message: 'Take the file or encoded data out: only words can be sent here.' }];
}

const issueCodes: Record<string, string> = {
  too_big: 'TOO_LONG',
  too_small: 'TOO_SHORT',
  invalid_format: 'INVALID_FORMAT',
};

function toIssue(issue: z.core.$ZodIssue): InputIssue {
  return {
    path: ['input', ...issue.path.map(String)],
    code: issueCodes[issue.code] ?? 'INVALID',
    message: issue.message,
  };
}
