import { contactsOfCase } from '../contact/contacts-of-cases.ts';
import type { Tx } from '../db.ts';
import type { NoticeStep } from '../domain/notice.ts';
import type { Contact } from '../generated/prisma/client.ts';

/**
 * Whom the next step of a case goes to: for a reminder the same contact, for UPSTREAM the one of the network that the traces name, for REGISTRAR the one
 * that registered the domain. Null where the registry has no approved contact for it, or only one that was written to already.
 */
export async function nextContact(
  tx: Tx,
  step: NoticeStep,
  { caseId, episodeId, contact }: { caseId: string; episodeId: string; contact: Contact },
): Promise<Contact | null> {
  if (step === 'REMINDER' || step === 'FIRST') return contact.retiredAt ? null : contact;
  const row = await tx.case.findUniqueOrThrow({ where: { id: caseId }, select: { id: true, host: true } });
  const fitting = await contactsOfCase(tx, row, step);
  const told = await tx.notice.findMany({
    where: {
      step,
      contactId: { in: fitting.map(({ id }) => id) },
      actions: { some: { caseId, episodeId, withdrawnAt: null } },
    },
    select: { contactId: true },
  });
  return fitting.find(({ id }) => !told.some(({ contactId }) => contactId === id)) ?? null;
}
