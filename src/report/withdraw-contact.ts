import type { By } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import { NotFoundError } from '../domain/errors.ts';
import { submissionByAccessCode } from './access-code.ts';
import { triedStatus } from './sandbox.ts';

/** Deletes the reporter's contact at once. Throws a `NotFoundError` for unknown, expired and deleted codes alike. */
export async function withdrawContact(by: By, accessCode: string, now: Date): Promise<void> {
  if (triedStatus(accessCode, now)) return;
  const submission = await submissionByAccessCode(accessCode, now);
  if (!submission) throw new NotFoundError('access code');
  await recorded(by, async ({ tx, note }) => {
    await tx.submission.update({ where: { id: submission.id }, data: { contact: null, contactRemovedAt: now } });
    note({ stream: `submission:${submission.id}`, action: 'WITHDRAW_CONTACT' });
  });
}
