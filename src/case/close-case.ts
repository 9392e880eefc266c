import { z } from 'zod';
import type { BySignedIn } from '../account/viewer.ts';
import type { CaseOutcome } from '../domain/case-lifecycle.ts';
import { freeTextIssues, readInput, text } from '../read-input.ts';
import { addNote } from './add-case-note.ts';
import { type CaseInput, changeCase } from './change-case.ts';
import { scheduleCheck } from './schedule-check.ts';

export type CloseCaseInput = CaseInput & { outcome: CaseOutcome; reason: string };
export type ReopenCaseInput = CaseInput & { reason: string };

const reasoned = z.object({ reason: text(1_000) });

/**
 * Closes a case by hand, with its outcome; the reason is kept as a note. What nothing could be done about stays on the URL list,
 * if it is there, and is followed until it is seen gone: blocking is all that is left. Gives the case's id. Throws
 * `InvalidInputError` and what `changeCase` throws.
 */
export function closeCase(by: BySignedIn, input: CloseCaseInput, now: Date): Promise<string> {
  const { reason } = readInput(reasoned, input, freeTextIssues(['input', 'reason'], input.reason));
  return changeCase(by, input, now, { action: 'CLOSE', claimed: false }, async (step) => {
    await step.happen({ event: 'CLOSE', outcome: input.outcome });
    await addNote(step, by, reason, now);
    await scheduleCheck(step.tx, step.case.id);
    return { outcome: input.outcome };
  });
}

/** Opens a closed case again for a new look; the reason is kept as a note. Gives the case's id. Throws `InvalidInputError` and what `changeCase` throws. */
export function reopenCase(by: BySignedIn, input: ReopenCaseInput, now: Date): Promise<string> {
  const { reason } = readInput(reasoned, input, freeTextIssues(['input', 'reason'], input.reason));
  return changeCase(by, input, now, { action: 'REOPEN', claimed: false }, async (step) => {
    const { newEpisode } = await step.happen({ event: 'REOPEN' }, { reviewReasons: [] });
    if (!newEpisode) {
      // The same episode goes on: its clock runs again.
      await step.tx.episode.update({
        where: { id: step.case.episode.id },
        data: { closed: null, outcome: null, assessed: null },
      });
    }
    await addNote(step, by, reason, now);
    return undefined;
  });
}
