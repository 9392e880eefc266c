import { z } from 'zod';
import type { BySignedIn } from '../account/viewer.ts';
import { type AssessmentAnswers, assessmentFaults } from '../domain/assessment.ts';
import type { InputIssue } from '../domain/errors.ts';
import { type ReviewTrigger, reviewTriggers } from '../domain/review-policy.ts';
import { freeTextIssues, optional, readInput } from '../read-input.ts';

/** The answers as they are given: what is left out is not answered. */
export type GivenAnswers = { [question in keyof AssessmentAnswers]?: AssessmentAnswers[question] | undefined } & {
  verdict: AssessmentAnswers['verdict'];
  requestReview?: boolean | null | undefined;
  requestListing?: boolean | null | undefined;
  note?: string | null | undefined;
};

/** One analyst's opinion, complete: what they answered, what they ask for, and their words. */
export type Opinion = {
  answers: AssessmentAnswers;
  requestReview: boolean;
  requestListing: boolean;
  note: string | null;
};

/** What calls for a second opinion besides the opinion itself. */
type Circumstances = {
  /** It is of the random share. */
  drawn: boolean;
  /** It answers an appeal. */
  appeal: boolean;
  /** The address is on the URL list. */
  listed: boolean;
};

/** The words of an opinion, also of one that is not signed yet. */
export const noteInWords = optional(z.string().trim().max(4_000, 'Shorten the note to 4000 characters.'));

const opinionInWords = z.object({ assessment: z.object({ note: noteInWords }) });

/** Reads an opinion that is to be signed. Throws an `InvalidInputError` with every fault at once. */
export function readOpinion(given: GivenAnswers): Opinion {
  const { requestReview, requestListing, note, ...answers } = given;
  const complete: AssessmentAnswers = {
    verdict: answers.verdict,
    reason: answers.reason ?? null,
    severity: answers.severity ?? null,
    youngestAge: answers.youngestAge ?? null,
    sex: answers.sex ?? null,
    form: answers.form ?? null,
    selfGenerated: answers.selfGenerated ?? null,
    coerced: answers.coerced ?? null,
    commercial: answers.commercial ?? null,
    disguised: answers.disguised ?? null,
    siteType: answers.siteType ?? null,
    jurisdiction: answers.jurisdiction ?? null,
  };
  const at = ['input', 'assessment'];
  const faults = assessmentFaults(complete).map((fault) => ({ ...fault, path: [...at, ...fault.path] }));
  const issues = [...faults, ...listingIssues(given), ...freeTextIssues([...at, 'note'], note)];
  const words = readInput(opinionInWords, { assessment: { note } }, issues);
  return {
    answers: complete,
    requestReview: requestReview ?? false,
    requestListing: requestListing ?? false,
    note: words.assessment.note,
  };
}

/** Lists every reason for which an opinion needs a second one; none means that it stands alone. */
export function secondOpinionReasons(
  by: BySignedIn,
  { answers, requestReview, requestListing }: Opinion,
  { drawn, appeal, listed }: Circumstances,
): ReviewTrigger[] {
  return reviewTriggers({
    youngestAge: answers.youngestAge,
    form: answers.form,
    urlListChange: requestListing || (listed && answers.verdict === 'NOT_ACTIONABLE'),
    appeal,
    requested: requestReview,
    analystInTraining: by.viewer.inTraining,
    drawn,
  });
}

function listingIssues({ verdict, requestListing }: GivenAnswers): InputIssue[] {
  if (!requestListing || verdict === 'ACTIONABLE') return [];
  const message =
    'Only what is actionable goes on the URL list: leave requestListing out, or set verdict to ACTIONABLE';
  return [{ path: ['input', 'assessment', 'requestListing'], code: 'NOT_ALLOWED', message }];
}
