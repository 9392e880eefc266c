import { z } from 'zod';
import type { InputIssue } from '../domain/errors.ts';
import { HowFound, ReportCategory, SiteType } from '../generated/prisma/enums.ts';
import { freeTextIssues, optional, readInput } from '../read-input.ts';

const MAX_NOTE_LENGTH = 4_000;

const details = z.object({
  category: optional(z.enum(ReportCategory)),
  foundOn: optional(z.enum(SiteType)),
  seenOn: optional(z.date()),
  howFound: optional(z.enum(HowFound)),
  note: optional(z.string().trim().max(MAX_NOTE_LENGTH, `Shorten the note to ${MAX_NOTE_LENGTH} characters.`)),
  inDanger: optional(z.boolean()),
});
export type ReportDetails = z.output<typeof details>;

const contactEmail = z.email('Write the email address like name@example.org, or leave it out.').max(254);

const submission = z.object({
  portal: z.string().trim().toLowerCase(),
  address: z.string(),
  details: optional(details),
  contactEmail: optional(contactEmail),
  country: optional(z.string()),
  language: optional(z.string()),
  idempotencyKey: optional(
    z
      .string()
      .min(16, 'Use at least 16 characters that nobody can guess, such as a UUID.')
      .max(200, 'Use at most 200 characters.'),
  ),
});
export type SubmissionInput = z.output<typeof submission>;

const addition = z.object({ accessCode: z.string(), details, contactEmail: optional(contactEmail) });

/** What `submitReport` takes. Throws an `InvalidInputError` with every fault at once, `addressIssues` among them. */
export function readSubmission(input: unknown, now: Date, addressIssues: InputIssue[]): SubmissionInput {
  return readInput(submission, input, [
    ...addressIssues,
    ...detailIssues((input as { details?: unknown }).details, now),
  ]);
}

/** What `addReportDetails` takes. Throws an `InvalidInputError` with every fault at once. */
export function readAddition(input: unknown, now: Date): z.output<typeof addition> {
  return readInput(addition, input, detailIssues((input as { details?: unknown }).details, now));
}

function detailIssues(given: unknown, now: Date): InputIssue[] {
  const { note, seenOn } = (given ?? {}) as { note?: string | null; seenOn?: Date | null };
  const issues = freeTextIssues(['input', 'details', 'note'], note);
  // A day ahead is still today somewhere east of us.
  if (seenOn && seenOn.getTime() > now.getTime() + 24 * 60 * 60 * 1000) {
    issues.push({
      path: ['input', 'details', 'seenOn'],
      code: 'IN_THE_FUTURE',
      message: 'Give the day on which it was seen, not a later one.',
    });
  }
  return issues;
}
