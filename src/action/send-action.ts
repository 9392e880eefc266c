import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { BySignedIn } from '../account/viewer.ts';
import { type CaseInput, type CaseStep, changeCase } from '../case/change-case.ts';
import { scheduleCheck } from '../case/schedule-check.ts';
import { type InputIssue, InvalidInputError } from '../domain/errors.ts';
import { type ContactKind, firstStep, type NoticeKind } from '../domain/notice.ts';
import type { Contact } from '../generated/prisma/client.ts';
import { queueLine } from '../notice/queue-line.ts';
import { freeTextIssues, optional, readInput, text } from '../read-input.ts';

export type NotifyHostInput = CaseInput & {
  contact?: string | number | null | undefined;
  urgent?: boolean | null | undefined;
  recipient?: string | null | undefined;
  recipientCountry?: string | null | undefined;
};
export type ReferCaseInput = NotifyHostInput & { to: 'POLICE' | 'HOTLINE' };

const told = { HOST_NOTICE: 'hostTold', POLICE_REFERRAL: 'policeTold', HOTLINE_REFERRAL: 'hotlineTold' } as const;

/** Which contacts each kind of message may go to. */
const takers: Record<NoticeKind, readonly ContactKind[]> = {
  HOST_NOTICE: ['HOST', 'UPSTREAM', 'REGISTRAR'],
  POLICE_REFERRAL: ['POLICE'],
  HOTLINE_REFERRAL: ['HOTLINE'],
};

const shape = z.object({
  contact: optional(z.uuid('Send the id of a contact.')),
  urgent: optional(z.boolean()),
  recipient: optional(text(254)),
  recipientCountry: optional(z.string()),
});

/**
 * Has the host asked to remove the content: by a message of ours to a contact, in the next one that goes to it; or keeps that the analyst
 * asked by themselves. Possible only once no second opinion is owed. Gives the case's id. Throws `InvalidInputError` and what `changeCase` throws.
 */
export function notifyHost(by: BySignedIn, input: NotifyHostInput, now: Date): Promise<string> {
  return sendAction(by, input, 'HOST_NOTICE', now);
}

/** Refers the case to the police or to a hotline, in the same two ways. Gives the case's id. Throws as `notifyHost` does. */
export function referCase(by: BySignedIn, input: ReferCaseInput, now: Date): Promise<string> {
  return sendAction(by, input, input.to === 'POLICE' ? 'POLICE_REFERRAL' : 'HOTLINE_REFERRAL', now);
}

function sendAction(by: BySignedIn, input: NotifyHostInput, kind: NoticeKind, now: Date): Promise<string> {
  const { contact, urgent, ...byHand } = readInput(shape, input, [
    ...oneRecipientIssues(input),
    ...freeTextIssues(['input', 'recipient'], input.recipient),
  ]);
  return changeCase(by, input, now, { action: kind, claimed: true }, async (step) => {
    await step.happen({ event: 'SEND_ACTION' });
    if (contact) return queueFor(by, step, kind, contact, urgent ?? false, now);
    await keepAsSent(by, step, kind, { ...byHand, recipient: byHand.recipient ?? '' }, now);
    return { recipientCountry: byHand.recipientCountry };
  });
}

async function queueFor(by: BySignedIn, step: CaseStep, kind: NoticeKind, id: string, urgent: boolean, now: Date) {
  const { tx, case: opened } = step;
  const contact = await tx.contact.findUnique({ where: { id } });
  refuse(contactIssue(contact, kind));
  if (!contact) return undefined;
  const noticeStep = firstStep(contact.kind);
  const earlier = await tx.action.count({
    where: {
      episodeId: opened.episode.id,
      withdrawnAt: null,
      notice: { contactId: id, kind, step: noticeStep, state: { not: 'FAILED' } },
    },
  });
  refuse(
    earlier > 0 &&
      issueOf('ALREADY_NOTIFIED', 'This contact has been written to about it. Reminders go by themselves.'),
  );
  const notice = await queueLine(
    step,
    {
      contact,
      kind,
      step: noticeStep,
      urgent: urgent || opened.inDanger,
      caseId: opened.id,
      episodeId: opened.episode.id,
      undoUntil: opened.undoUntil,
      sentById: by.viewer.id,
    },
    now,
  );
  return { recipientCountry: contact.country, notice };
}

type ByHand = { recipient: string; recipientCountry: string | null };

async function keepAsSent(by: BySignedIn, { tx, case: opened }: CaseStep, kind: NoticeKind, sent: ByHand, now: Date) {
  await tx.action.create({
    data: {
      id: uuidv7(),
      caseId: opened.id,
      episodeId: opened.episode.id,
      kind,
      ...sent,
      sentById: by.viewer.id,
      queuedAt: now,
      sentAt: now,
    },
  });
  const clock = told[kind];
  if (!opened.episode[clock]) await tx.episode.update({ where: { id: opened.episode.id }, data: { [clock]: now } });
  await scheduleCheck(tx, opened.id);
}

function oneRecipientIssues({ contact, recipient }: NotifyHostInput): InputIssue[] {
  if (Boolean(contact) !== (typeof recipient === 'string')) return [];
  return [
    issueOf('ONE_OF', 'Name a contact to be written to, or the recipient whom you told yourself: one of the two.'),
  ];
}

function contactIssue(contact: Contact | null, kind: NoticeKind): InputIssue | false {
  if (!contact || contact.retiredAt) return issueOf('NOT_FOUND', 'There is no such contact in use. Look it up again.');
  if (!takers[kind].includes(contact.kind))
    return issueOf('WRONG_KIND', `Choose a contact of the kind ${takers[kind].join(', ')}.`);
  return contact.approvedAt === null && issueOf('NOT_APPROVED', 'Have a supervisor approve this contact first.');
}

const issueOf = (code: string, message: string): InputIssue => ({ path: ['input', 'contact'], code, message });

function refuse(issue: InputIssue | false): void {
  if (issue) throw new InvalidInputError([issue]);
}
