import { z } from 'zod';
import type { BySignedIn } from '../account/viewer.ts';
import { type InputIssue, InvalidInputError } from '../domain/errors.ts';
import { freeTextIssues, readInput, text } from '../read-input.ts';
import { addNote } from './add-case-note.ts';
import { type CaseInput, type CaseStep, changeCase } from './change-case.ts';
import { mayNotSpeak } from './claim-case.ts';
import { releaseClaim } from './lease.ts';
import { claimableStates } from './waiting-for.ts';

/** How long a case is kept for whom it was handed to: a shift. */
const KEPT_HOURS = 8;
const HOUR_MS = 3_600_000;

export type HandOverCaseInput = CaseInput & { to: string; note: string };

/**
 * Hands a case that one holds to a colleague who may take it, with a note: the claim ends, and for 8 hours the case is theirs to
 * claim, and first when they ask for the next one. Gives the case's id. Throws `InvalidInputError` and what `changeCase` throws.
 */
export function handOverCase(by: BySignedIn, input: HandOverCaseInput, now: Date): Promise<string> {
  const { note } = readInput(z.object({ note: text(4_000) }), input, freeTextIssues(['input', 'note'], input.note));
  return changeCase(by, input, now, { action: 'HAND_OVER', claimed: true }, async (step) => {
    const issue = await issueOf(step, by, input.to);
    if (issue) throw new InvalidInputError([issue]);
    await addNote(step, by, note, now);
    await releaseClaim(step.tx, step.case.id, by.viewer.id);
    await step.set({ handedToId: input.to, handedUntil: new Date(now.getTime() + KEPT_HOURS * HOUR_MS) });
    return { colleague: input.to };
  });
}

async function issueOf({ tx, case: opened }: CaseStep, by: BySignedIn, to: string): Promise<InputIssue | null> {
  const issue = (code: string, message: string) => ({ path: ['input', 'to'], code, message });
  if (to === by.viewer.id) return issue('YOURSELF', 'You hold it already. Name a colleague.');
  const colleague = z.uuid().safeParse(to).success
    ? await tx.account.findUnique({ where: { id: to, disabledAt: null } })
    : null;
  if (!colleague || (colleague.role !== 'ANALYST' && colleague.role !== 'SUPERVISOR'))
    return issue('NOT_A_COLLEAGUE', 'Name an analyst or a supervisor whose account is enabled.');
  const viewer = { ...colleague, partner: null };
  if (!claimableStates(viewer).includes(opened.state) || (await mayNotSpeak(tx, opened.id, to)))
    return issue('MAY_NOT_TAKE_IT', 'This colleague may not take the case as it is. Name another one.');
  return null;
}
