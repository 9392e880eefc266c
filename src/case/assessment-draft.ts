import { z } from 'zod';
import type { BySignedIn } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import type { AssessmentAnswers } from '../domain/assessment.ts';
import { allowedEvents, type CaseState } from '../domain/case-lifecycle.ts';
import { InvalidTransitionError, NotClaimedError } from '../domain/errors.ts';
import { freeTextIssues, readInput } from '../read-input.ts';
import { seal, unseal } from '../secrets.ts';
import { factsOf, openCase } from './change-case.ts';
import { holdsClaim, renewLease } from './lease.ts';
import { noteInWords } from './opinion.ts';

/** Answers of an opinion that is not signed yet: any of them may be missing, and they need not fit together. */
export type DraftAnswers = { [question in keyof AssessmentAnswers]?: AssessmentAnswers[question] | undefined } & {
  requestReview?: boolean | null | undefined;
  requestListing?: boolean | null | undefined;
  note?: string | null | undefined;
};
export type SaveAssessmentDraftInput = {
  case: string;
  assessment: Omit<DraftAnswers, 'verdict'> & { verdict?: AssessmentAnswers['verdict'] | null | undefined };
};

const OPINION_OWED: readonly CaseState[] = ['AWAITING_ASSESSMENT', 'AWAITING_REVIEW', 'DISPUTED'];

const draft = z.object({ assessment: z.object({ note: noteInWords }) });

/**
 * Keeps the answers that somebody has so far of an opinion on a case that they hold, in place of those kept before; for their eyes
 * only, sealed, until they sign. The case's version stays. Gives the case's id. Throws `InvalidInputError`, `NotFoundError`,
 * `NotClaimedError`, `InvalidTransitionError` (no opinion is owed).
 */
export function saveAssessmentDraft(by: BySignedIn, input: SaveAssessmentDraftInput, now: Date): Promise<string> {
  const { note } = input.assessment;
  const words = readInput(draft, input, freeTextIssues(['input', 'assessment', 'note'], note));
  const answers = seal(JSON.stringify({ ...input.assessment, note: words.assessment.note }));
  return recorded(by, async ({ tx, note }) => {
    const opened = await openCase(tx, input.case);
    if (!(await holdsClaim(tx, opened.id, by.viewer.id))) throw new NotClaimedError();
    if (!OPINION_OWED.includes(opened.state))
      throw new InvalidTransitionError(opened.state, allowedEvents(factsOf(opened, opened.firstOpinion)));
    const place = { caseId: opened.id, accountId: by.viewer.id };
    await tx.assessmentDraft.upsert({
      where: { caseId_accountId: place },
      create: { ...place, answers, savedAt: now },
      update: { answers, savedAt: now },
    });
    await renewLease(tx, opened.id, by.viewer.id);
    note({ stream: `case:${opened.number}`, action: 'SAVE_DRAFT' });
    return opened.id;
  });
}

/** What a draft holds. */
export function draftAnswers(sealed: Uint8Array): DraftAnswers {
  return JSON.parse(unseal(sealed)) as DraftAnswers;
}
