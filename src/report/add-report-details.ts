import type { By } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import { NotFoundError } from '../domain/errors.ts';
import { seal, unseal } from '../secrets.ts';
import { submissionByAccessCode } from './access-code.ts';
import { readAddition } from './submission-input.ts';

/**
 * Adds what a reporter remembers later. What was said before stays where nothing new is said, and a further note follows
 * the first. Throws `InvalidInputError`; a `NotFoundError` for unknown, expired and deleted codes alike.
 */
export async function addReportDetails(by: By, given: unknown, now: Date): Promise<void> {
  const { accessCode, details, contactEmail } = readAddition(given, now);
  const submission = await submissionByAccessCode(accessCode);
  if (!submission) throw new NotFoundError('access code');

  const note = [submission.note ? unseal(submission.note) : null, details.note].filter(Boolean).join('\n\n');
  await recorded(by, async ({ tx, note: record, later }) => {
    await tx.submission.update({
      where: { id: submission.id },
      data: {
        category: details.category ?? submission.category,
        foundOn: details.foundOn ?? submission.foundOn,
        seenOn: details.seenOn ?? submission.seenOn,
        howFound: details.howFound ?? submission.howFound,
        inDanger: details.inDanger ?? submission.inDanger,
        note: note ? seal(note) : null,
        ...(contactEmail ? { contact: seal(contactEmail), contactRemovedAt: null } : {}),
      },
    });
    record({ stream: `submission:${submission.id}`, action: 'ADD_REPORT_DETAILS' });
    for (const { caseId } of submission.reports) {
      later({ task: 'prioritise-case', payload: { caseId }, key: `prioritise:${caseId}` });
    }
  });
}
