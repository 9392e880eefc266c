import { z } from 'zod';
import type { BySignedIn } from '../account/viewer.ts';
import type { InvalidInputError } from '../domain/errors.ts';
import { sendHeldLines } from '../notice/send-held-lines.ts';
import { freeTextIssues, readInput, text } from '../read-input.ts';
import { addNote } from './add-case-note.ts';
import { type CaseInput, type CaseStep, changeCase } from './change-case.ts';
import { scheduleCheck } from './schedule-check.ts';

/** The longest that a hold may be asked for at once; it can be asked for again. */
const LONGEST_HOLD_DAYS = 90;
const DAY_MS = 24 * 60 * 60 * 1000;

export type HoldCaseInput = CaseInput & { until: Date; requestedBy: string };

/**
 * Puts a case on hold because the police ask that nothing be sent yet; who asked is kept as a note. A hold always has an end, at most 90 days away.
 * Gives the case's id. Throws `InvalidInputError` and what `changeCase` throws.
 */
export function holdCase(by: BySignedIn, input: HoldCaseInput, now: Date): Promise<string> {
  const { requestedBy } = readInput(z.object({ requestedBy: text(200) }), input, [
    ...untilIssues(input.until, now),
    ...freeTextIssues(['input', 'requestedBy'], input.requestedBy),
  ]);
  return changeCase(by, input, now, { action: 'HOLD', claimed: true }, async (step) => {
    await step.happen({ event: 'HOLD' }, { heldUntil: input.until });
    await addNote(step, by, `On hold for: ${requestedBy}`, now);
    return { until: input.until.toISOString() };
  });
}

/**
 * Ends a hold early, as the police agree: the case goes back to where it was, and what waits for contacts goes as if it had been queued now.
 * Gives the case's id. Throws what `changeCase` throws.
 */
export function releaseHold(by: BySignedIn, input: CaseInput, now: Date): Promise<string> {
  return changeCase(by, input, now, { action: 'RELEASE_HOLD', claimed: false }, async (step) => {
    await endHold(step, now);
    return undefined;
  });
}

export type OverrideHoldInput = CaseInput & { reason: string };

/**
 * Ends a hold although the police asked for it, such as for a child in danger: why is kept as a note, and what waits for contacts goes at
 * once. For supervisors. Gives the case's id. Throws `InvalidInputError` and what `changeCase` throws.
 */
export function overrideHold(by: BySignedIn, input: OverrideHoldInput, now: Date): Promise<string> {
  const { reason } = readInput(
    z.object({ reason: text(500) }),
    input,
    freeTextIssues(['input', 'reason'], input.reason),
  );
  return changeCase(by, input, now, { action: 'OVERRIDE_HOLD', claimed: false }, async (step) => {
    await endHold(step, now, { urgent: true });
    await addNote(step, by, `The hold was overridden: ${reason}`, now);
    return undefined;
  });
}

async function endHold(step: CaseStep, now: Date, options: { urgent?: boolean } = {}): Promise<void> {
  await step.happen({ event: 'RELEASE_HOLD' });
  await sendHeldLines(step, step.case.id, now, options);
  await scheduleCheck(step.tx, step.case.id);
}

function untilIssues(until: Date, now: Date): InvalidInputError['issues'] {
  if (until > now && until.getTime() <= now.getTime() + LONGEST_HOLD_DAYS * DAY_MS) return [];
  return [
    {
      path: ['input', 'until'],
      code: 'OUT_OF_RANGE',
      message: `A hold ends after now and at most ${LONGEST_HOLD_DAYS} days from now. Give such a time.`,
    },
  ];
}
