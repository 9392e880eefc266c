import type { By } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import { NotFoundError } from '../domain/errors.ts';
import { seal, unseal } from '../secrets.ts';
import { submissionByAccessCode } from './access-code.ts';
import { triedStatus } from './sandbox.ts';
import { noteWith, readAddition } from './submission-input.ts';

/**
 * Adds what a reporter remembers later. What was said before stays where nothing new is said, and a further note follows
 * the first. Throws `InvalidInputError`; a `NotFoundError` for unknown, expired and deleted codes alike.
 */
export async function addReportDetails(by: By, given: unknown, now: Date): Promise<void> {
  const { accessCode, details, contactEmail } = readAddition(given, now);
  if (triedStatus(accessCode, now)) return;
  const found = await submissionByAccessCode(accessCode, now);
  if (!found) throw new NotFoundError('access code');

  await recorded(by, async ({ tx, note: record, later }) => {
    // Locked before it is read: of two additions at once neither may swallow the other's note.
    await tx.$queryRaw`SELECT FROM submissions WHERE id = ${found.id}::uuid FOR UPDATE`;
    const submission = await tx.submission.findUniqueOrThrow({ where: { id: found.id } });
    const note = noteWith(submission.note && unseal(submission.note), details.note);
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
    // A report that waits in quarantine moves no case, whatever is said of it.
    for (const { caseId, standing } of found.reports) {
      if (standing === 'COUNTED') later({ task: 'prioritise-case', payload: { caseId }, key: `prioritise:${caseId}` });
    }
  });
}
