import { z } from 'zod';
import type { BySignedIn } from '../account/viewer.ts';
import { freeTextIssues, readInput, text } from '../read-input.ts';
import { addNote } from './add-case-note.ts';
import { type CaseInput, changeCase } from './change-case.ts';

export type LegalHoldInput = CaseInput & { on: boolean; reason: string };

/**
 * Puts a case under a legal hold, so that retention deletes nothing of it, or ends the hold; why is kept as a note. Gives the case's
 * id. Throws `InvalidInputError` and what `changeCase` throws.
 */
export function setLegalHold(by: BySignedIn, input: LegalHoldInput, now: Date): Promise<string> {
  const { reason } = readInput(
    z.object({ reason: text(1_000) }),
    input,
    freeTextIssues(['input', 'reason'], input.reason),
  );
  const action = input.on ? 'LEGAL_HOLD' : 'END_LEGAL_HOLD';
  return changeCase(by, input, now, { action, claimed: false }, async (step) => {
    await step.set({ legalHold: input.on });
    await addNote(step, by, `${input.on ? 'Legal hold' : 'Legal hold ended'}: ${reason}`, now);
    return undefined;
  });
}
