import { z } from 'zod';
import type { By } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import { scheduleCheck } from '../case/schedule-check.ts';
import { prisma } from '../db.ts';
import { defang } from '../domain/address.ts';
import { InvalidInputError, NotFoundError } from '../domain/errors.ts';
import type { HostAnswer, NoticeState } from '../generated/prisma/enums.ts';
import { LINK_DAYS, noticeReference } from './compose-notice.ts';
import { entryOf, type LockedNotice, lockNotice, noteSent } from './note-outcome.ts';
import { noticeOfLink } from './notice-token.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const MOST_ANSWERS = 100;
/** Whoever has the link has the message, also where we do not know yet that it arrived. */
const OPEN: readonly NoticeState[] = ['SENDING', 'SENT', 'UNCERTAIN', 'FAILED'];

/** What whoever has the link of a message may see of it. */
export type HostNotice = {
  reference: string;
  language: string;
  kind: 'HOST_NOTICE' | 'POLICE_REFERRAL' | 'HOTLINE_REFERRAL';
  sentOn: Date;
  validUntil: Date;
  lines: { line: string; defangedAddress: string; answer: HostAnswer | null }[];
};

export type AnswerHostNoticeInput = { token: string; answers: { line: string | number; answer: HostAnswer }[] };

/** The message behind a link's token; null for unknown, altered and expired ones alike, 90 days after it was sent. */
export async function hostNotice(token: string, now: Date): Promise<HostNotice | null> {
  const found = await prisma.notice.findFirst({
    // A token that opens nothing is looked up too, as one that cannot exist: so all that open nothing take the same time.
    where: {
      id: noticeOfLink(token) ?? '00000000-0000-0000-0000-000000000000',
      state: { in: [...OPEN] },
      attemptedAt: { gt: new Date(now.getTime() - LINK_DAYS * DAY_MS) },
    },
    include: {
      contact: { select: { language: true } },
      actions: {
        where: { withdrawnAt: null },
        orderBy: [{ queuedAt: 'asc' }, { id: 'asc' }],
        select: { id: true, answer: true, case: { select: { address: true } } },
      },
    },
    relationLoadStrategy: 'join',
  });
  if (!found?.attemptedAt) return null;
  const sentOn = found.sentAt ?? found.attemptedAt;
  return {
    reference: noticeReference(found.id),
    language: found.contact.language,
    kind: found.kind,
    sentOn,
    validUntil: new Date(sentOn.getTime() + LINK_DAYS * DAY_MS),
    lines: found.actions.map(({ id, answer, case: { address } }) => ({
      line: id,
      defangedAddress: defang(address),
      answer,
    })),
  };
}

/**
 * Keeps what a contact says by its link, line by line; a later answer takes the place of an earlier one. "Removed" makes the case due for a look,
 * "not ours" makes the next step due. Throws `NotFoundError` for a token that opens nothing, and `InvalidInputError`.
 */
export async function answerHostNotice(by: By, { token, answers }: AnswerHostNoticeInput, now: Date): Promise<void> {
  const id = noticeOfLink(token);
  if (!id || !(await hostNotice(token, now))) throw new NotFoundError('link');
  refuseFaults(answers);
  await recorded(by, async (recorder) => {
    const notice = await lockNotice(recorder.tx, id, OPEN);
    if (!notice) throw new NotFoundError('link');
    const given = answersOf(notice, answers);
    // It arrived, so it was sent.
    if (notice.state === 'SENDING' || notice.state === 'UNCERTAIN')
      await noteSent(recorder, notice, notice.attemptedAt ?? now);
    for (const { line, answer } of given) {
      // What is said once more counts from when it was first said: "removed", again and again, must not put the next step off.
      if (line.answer !== answer)
        await recorder.tx.action.update({ where: { id: line.id }, data: { answer, answeredAt: now } });
      await scheduleCheck(recorder.tx, line.caseId);
      recorder.note(entryOf(notice, line.number, 'HOST_ANSWER', { answer }));
    }
    await recorder.tx.notice.update({
      where: { id },
      data: {
        acknowledgedAt: notice.acknowledgedAt ?? now,
        // The schedule looks at each line, and finds out what is due.
        ...(given.some(({ answer }) => answer === 'NOT_OURS') ? { escalateAt: now } : {}),
      },
    });
  });
}

function refuseFaults(answers: AnswerHostNoticeInput['answers']): void {
  const lines = answers.map(({ line }) => String(line));
  const fits = z.array(z.string()).min(1).max(MOST_ANSWERS).safeParse(lines).success;
  if (fits && new Set(lines).size === lines.length) return;
  const message = `Give 1 to ${MOST_ANSWERS} answers, one for each line.`;
  throw new InvalidInputError([{ path: ['input', 'answers'], code: 'INVALID', message }]);
}

function answersOf(notice: LockedNotice, answers: AnswerHostNoticeInput['answers']) {
  const known = answers.map(({ line, answer }) => ({ line: notice.lines.find(({ id }) => id === line), answer }));
  const issues = known.flatMap(({ line }, index) =>
    line
      ? []
      : [
          {
            path: ['input', 'answers', String(index), 'line'],
            code: 'NOT_FOUND',
            message: 'Send a line of this message.',
          },
        ],
  );
  if (issues.length > 0) throw new InvalidInputError(issues);
  return known.flatMap(({ line, answer }) => (line ? [{ line, answer }] : []));
}
