import { z } from 'zod';
import type { BySignedIn } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import { type CaseInput, changeCase } from '../case/change-case.ts';
import { endClaim } from '../case/lease.ts';
import { scheduleCheck } from '../case/schedule-check.ts';
import { withdrawWaiting } from '../case/withdraw-waiting.ts';
import type { Tx } from '../db.ts';
import { AppealDecidedError, InvalidInputError, NotFoundError } from '../domain/errors.ts';
import type { Appeal } from '../generated/prisma/client.ts';
import { freeTextIssues, readInput, text } from '../read-input.ts';
import { seal } from '../secrets.ts';

export type ReviewAppealInput = CaseInput & { appeal: string };
export type DismissAppealInput = { appeal: string; reason: string };

/**
 * Lets an appeal have its new look: its case waits for a first opinion by somebody who gave none on it, then for a second one. What is
 * listed stays listed meanwhile, and what waits to be sent is withdrawn. A further appeal against a case that is under review
 * already joins it. Gives the case's id. Throws `InvalidInputError`, `NotFoundError`, `AppealDecidedError` and what
 * `changeCase` throws.
 */
export function reviewAppeal(by: BySignedIn, input: ReviewAppealInput, now: Date): Promise<string> {
  return changeCase(by, input, now, { action: 'APPEAL', claimed: false }, async (step) => {
    const { tx, case: opened } = step;
    const appeal = await lockWaiting(tx, input.appeal);
    if (appeal.caseId !== opened.id) throw new InvalidInputError([anotherCase]);
    await tx.appeal.update({ where: { id: appeal.id }, data: { state: 'UNDER_REVIEW' } });
    if (await joinsAnother(tx, appeal)) return { appeal: appeal.reference };

    await step.happen({ event: 'APPEAL' }, fresh(now));
    await tx.episode.update({
      where: { id: opened.episode.id },
      data: { closed: null, outcome: null, assessed: null },
    });
    await withdrawWaiting(tx, [opened.id], now);
    // Whoever holds it may be whom the appeal is against.
    await endClaim(tx, opened.id);
    await scheduleCheck(tx, opened.id);
    return { appeal: appeal.reference };
  });
}

/**
 * Ends an appeal that nothing can come of: the address was never acted on, or it says nothing new. No case is changed. Gives the
 * appeal's id. Throws `InvalidInputError`, `NotFoundError`, `AppealDecidedError`.
 */
export function dismissAppeal(by: BySignedIn, input: DismissAppealInput, now: Date): Promise<string> {
  const { reason } = readInput(
    z.object({ reason: text(1_000) }),
    input,
    freeTextIssues(['input', 'reason'], input.reason),
  );
  return recorded(by, async ({ tx, note }) => {
    const { id, reference } = await lockWaiting(tx, input.appeal);
    await tx.appeal.update({
      where: { id },
      data: { state: 'DISMISSED', dismissal: seal(reason), decidedAt: now, decidedById: by.viewer.id },
    });
    note({ stream: `appeal:${reference}`, action: 'DISMISS_APPEAL' });
    return id;
  });
}

const fresh = (now: Date) => ({
  roundSince: now,
  reviewReasons: [],
  undoUntil: null,
  handedToId: null,
  handedUntil: null,
});

async function lockWaiting(tx: Tx, reference: string): Promise<Appeal> {
  await tx.$queryRaw`SELECT FROM appeals WHERE reference = ${reference} FOR UPDATE`;
  const appeal = await tx.appeal.findUnique({ where: { reference } });
  if (!appeal) throw new NotFoundError('appeal');
  if (appeal.state !== 'WAITING') throw new AppealDecidedError(appeal.state);
  return appeal;
}

async function joinsAnother(tx: Tx, { id, caseId }: Appeal): Promise<boolean> {
  return (await tx.appeal.count({ where: { caseId, state: 'UNDER_REVIEW', id: { not: id } } })) > 0;
}

const anotherCase = {
  path: ['input', 'case'],
  code: 'MISMATCH',
  message: 'The appeal is not against the address of this case. Its own case stands in the appeal.',
};
