import { z } from 'zod';
import { type Address, readAddresses } from '../domain/address.ts';
import { type InputIssue, InvalidInputError } from '../domain/errors.ts';
import { HowFound, ReportCategory, SiteType } from '../generated/prisma/enums.ts';
import { freeTextIssues, optional, readInput } from '../read-input.ts';
import type { IntakePortal } from './intake-portal.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Before there were web pages to see anything on. */
const EARLIEST_SEEN = new Date('1990-01-01');
const MAX_NOTE_LENGTH = 4_000;
/** What may be added to one report in all: five full notes. */
const MAX_NOTES_LENGTH = 5 * MAX_NOTE_LENGTH;

/** The most UTF-16 units that an email address can have (RFC 5321, §4.5.3.1.3 without its angle brackets). */
const MAX_EMAIL_LENGTH = 254;

// Postgres stores no U+0000 and UTF-8 no half of a surrogate pair; JSON carries both and nobody types them. So they are
// taken out here, once, before anything else reads the text: what is stored is then exactly what everything worked on.
export const storable = (text: string) => text.replaceAll('\0', '').replace(/\p{Cs}/gu, '\uFFFD');

const details = z.object({
  category: optional(z.enum(ReportCategory)),
  foundOn: optional(z.enum(SiteType)),
  seenOn: optional(z.date()),
  howFound: optional(z.enum(HowFound)),
  note: optional(z.string().trim().max(MAX_NOTE_LENGTH, `Shorten the note to ${MAX_NOTE_LENGTH} characters.`)),
  inDanger: optional(z.boolean()),
});

/** An email address as people type it. */
export const contactEmail = z
  .string()
  // What cannot be seen comes along when people paste.
  .transform((typed) => typed.replace(/\p{Cf}/gu, '').trim())
  .pipe(z.string().max(MAX_EMAIL_LENGTH, `An email address has at most ${MAX_EMAIL_LENGTH} characters.`))
  .pipe(z.email('Write the email address like name@example.org, or leave it out.'));

/** The idempotency key of somebody who has not signed in: it must be nobody else's. */
export const strangersKey = z
  .string()
  .min(16, 'Use at least 16 characters that nobody can guess, such as a UUID.')
  .max(200, 'Use at most 200 characters.');

const submission = z.object({
  portal: z.string().trim().toLowerCase(),
  address: z.string(),
  details: optional(details),
  contactEmail: optional(contactEmail),
  country: optional(z.string()),
  language: optional(z.string()),
  idempotencyKey: optional(strangersKey),
});
export type SubmissionInput = z.output<typeof submission>;

const addition = z.object({ accessCode: z.string(), details, contactEmail: optional(contactEmail) });

type Given = {
  address: string;
  details?: unknown;
  country?: string | null | undefined;
  language?: string | null | undefined;
};

/**
 * What `submitReport` takes through a portal (null: there is none of this code) from a page of another site's `origin` (null: from
 * anywhere else). Throws an `InvalidInputError` with every fault at once.
 */
export function readSubmission(
  given: Given,
  portal: IntakePortal | null,
  now: Date,
  origin: string | null = null,
): { input: SubmissionInput; addresses: Address[] } {
  const address = storable(given.address);
  const { addresses, faults } = readAddresses(address);
  const input = readInput(submission, { ...given, address }, [
    ...faults.map(({ code, message }) => ({ path: ['input', 'address'], code, message })),
    ...(portal ? [...portalIssues(portal, given), ...originIssues(portal, origin)] : [unknownPortal]),
    ...detailIssues(given.details, now),
  ]);
  return { input, addresses };
}

/** What `addReportDetails` takes. Throws an `InvalidInputError` with every fault at once. */
export function readAddition(input: unknown, now: Date): z.output<typeof addition> {
  return readInput(addition, input, detailIssues((input as { details?: unknown }).details, now));
}

/** The note of a report with a further one after it; the same one sent again is not said twice. Throws an `InvalidInputError` past 20,000 characters. */
export function noteWith(said: string | null, further: string | null): string | null {
  if (!said || !further) return said || further || null;
  if (said === further || said.endsWith(`\n\n${further}`)) return said;
  const note = `${said}\n\n${further}`;
  if (note.length <= MAX_NOTES_LENGTH) return note;
  throw new InvalidInputError([
    {
      path: ['input', 'details', 'note'],
      code: 'TOO_LONG',
      message: `All notes of one report may have ${MAX_NOTES_LENGTH} characters. Make another report for more.`,
    },
  ]);
}

const unknownPortal: InputIssue = {
  path: ['input', 'portal'],
  code: 'UNKNOWN_PORTAL',
  message: 'No portal has this code. The query portals lists them.',
};

function portalIssues(portal: IntakePortal, { country, language }: Given): InputIssue[] {
  const issues: InputIssue[] = [];
  if (language && !portal.languages.includes(language)) {
    issues.push({
      path: ['input', 'language'],
      code: 'UNKNOWN_LANGUAGE',
      message: `This portal speaks ${portal.languages.join(', ')}.`,
    });
  }
  if (country && portal.country && country !== portal.country) {
    issues.push({
      path: ['input', 'country'],
      code: 'ANOTHER_COUNTRY',
      message: 'This portal serves one country. Leave country out.',
    });
  }
  return issues;
}

// The page of one portal sends nothing through another's; in the sandbox every registered page may try.
function originIssues({ origins, sandbox }: IntakePortal, origin: string | null): InputIssue[] {
  if (origin === null || sandbox || origins.includes(origin)) return [];
  const message = 'The page that sends this belongs to another portal. Register its origin with this one first.';
  return [{ path: ['input', 'portal'], code: 'ORIGIN_NOT_REGISTERED', message }];
}

function detailIssues(given: unknown, now: Date): InputIssue[] {
  const { note, seenOn } = (given ?? {}) as { note?: string | null; seenOn?: Date | null };
  const issues = freeTextIssues(['input', 'details', 'note'], note);
  if (seenOn && seenOn < EARLIEST_SEEN) {
    issues.push({
      path: ['input', 'details', 'seenOn'],
      code: 'TOO_EARLY',
      message: 'Give the day on which it was seen: 1990 or later.',
    });
  }
  // A day ahead is still today somewhere east of us.
  if (seenOn && seenOn.getTime() > now.getTime() + DAY_MS) {
    issues.push({
      path: ['input', 'details', 'seenOn'],
      code: 'IN_THE_FUTURE',
      message: 'Give the day on which it was seen, not a later one.',
    });
  }
  return issues;
}
