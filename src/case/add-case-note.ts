import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { BySignedIn } from '../account/viewer.ts';
import { freeTextIssues, readInput, text } from '../read-input.ts';
import { seal } from '../secrets.ts';
import { type CaseInput, type CaseStep, changeCase } from './change-case.ts';

export type AddCaseNoteInput = CaseInput & { text: string };

/** Adds a note of words to a case, whatever its state. Gives the case's id. Throws `InvalidInputError` and what `changeCase` throws. */
export function addCaseNote(by: BySignedIn, input: AddCaseNoteInput, now: Date): Promise<string> {
  const { text: words } = readInput(
    z.object({ text: text(4_000) }),
    input,
    freeTextIssues(['input', 'text'], input.text),
  );
  return changeCase(by, input, now, { action: 'NOTE', claimed: false }, async (step) => {
    await addNote(step, by, words, now);
    return undefined;
  });
}

/** Adds a note within another step on the case. */
export async function addNote({ tx, case: opened }: CaseStep, by: BySignedIn, words: string, now: Date): Promise<void> {
  await tx.caseNote.create({
    data: { id: uuidv7(), caseId: opened.id, authorId: by.viewer.id, at: now, text: seal(words) },
  });
}
