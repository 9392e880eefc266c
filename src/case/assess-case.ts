import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { BySignedIn } from '../account/viewer.ts';
import { type AssessmentAnswers, assessmentFaults, sameOpinion, taxonomy } from '../domain/assessment.ts';
import { allowedEvents } from '../domain/case-lifecycle.ts';
import { InvalidTransitionError } from '../domain/errors.ts';
import { type ReviewTrigger, reviewTriggers } from '../domain/review-policy.ts';
import type { AssessmentRound } from '../generated/prisma/enums.ts';
import { freeTextIssues, optional, readInput } from '../read-input.ts';
import { seal } from '../secrets.ts';
import { type CaseInput, type CaseStep, changeCase, factsOf } from './change-case.ts';
import { presentRound } from './present-round.ts';

/** The answers as they are given: what is left out is not answered. */
type GivenAnswers = { [question in keyof AssessmentAnswers]?: AssessmentAnswers[question] | undefined } & {
  verdict: AssessmentAnswers['verdict'];
  requestReview?: boolean | null | undefined;
  note?: string | null | undefined;
};
export type AssessCaseInput = CaseInput & { assessment: GivenAnswers };

type Opinion = { answers: AssessmentAnswers; requestReview: boolean; note: string | null };

/**
 * Signs the first opinion on a claimed case. `drawn` says whether it is of the random share that needs a second one. Gives the case's id. Throws `InvalidInputError`, `InvalidTransitionError` and what `changeCase` throws.
 */
export function assessCase(by: BySignedIn, input: AssessCaseInput, now: Date, drawn: boolean): Promise<string> {
  const opinion = readOpinion(input.assessment);
  return changeCase(by, input, now, { action: 'ASSESS', claimed: true }, async (step) => {
    const reasons = secondOpinionReasons(by, opinion, drawn);
    await step.happen(
      { event: 'ASSESS', verdict: opinion.answers.verdict, reviewRequired: reasons.length > 0 },
      { reviewReasons: reasons },
    );
    await sign(step, by, 'FIRST', opinion, now);
    if (reasons.length === 0) await settle(step, now);
    return undefined;
  });
}

/**
 * Signs the second opinion, blind to the first and never by the same person. Gives the case's id. Throws
 * `InvalidInputError`, `InvalidTransitionError` and what `changeCase` throws.
 */
export function reviewCase(by: BySignedIn, input: AssessCaseInput, now: Date): Promise<string> {
  const opinion = readOpinion(input.assessment);
  return changeCase(by, input, now, { action: 'REVIEW', claimed: true }, async (step) => {
    const first = step.case.firstOpinion;
    await refuseSecondSay(step, by);
    const agrees = first !== null && sameOpinion(first, opinion.answers);
    const { state } = await step.happen({ event: 'REVIEW', verdict: opinion.answers.verdict, agrees });
    await sign(step, by, 'SECOND', opinion, now);
    if (state !== 'DISPUTED') await settle(step, now);
    return undefined;
  });
}

/**
 * A supervisor's ruling where two opinions differ; neither of them may be the supervisor's own. Gives the case's id. Throws
 * `InvalidInputError`, `InvalidTransitionError` and what `changeCase` throws.
 */
export function ruleOnCase(by: BySignedIn, input: AssessCaseInput, now: Date): Promise<string> {
  const opinion = readOpinion(input.assessment);
  return changeCase(by, input, now, { action: 'RULE', claimed: true }, async (step) => {
    await refuseSecondSay(step, by);
    await step.happen({ event: 'RULE', verdict: opinion.answers.verdict });
    await sign(step, by, 'RULING', opinion, now);
    await settle(step, now);
    return undefined;
  });
}

const opinionInWords = z.object({
  assessment: z.object({ note: optional(z.string().trim().max(4_000, 'Shorten the note to 4000 characters.')) }),
});

function readOpinion(given: GivenAnswers): Opinion {
  const { requestReview, note, ...answers } = given;
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
  const issues = [...faults, ...freeTextIssues([...at, 'note'], note)];
  const words = readInput(opinionInWords, { assessment: { note } }, issues);
  return { answers: complete, requestReview: requestReview ?? false, note: words.assessment.note };
}

function secondOpinionReasons(by: BySignedIn, { answers, requestReview }: Opinion, drawn: boolean): ReviewTrigger[] {
  return reviewTriggers({
    youngestAge: answers.youngestAge,
    form: answers.form,
    urlListChange: false,
    appeal: false,
    requested: requestReview,
    analystInTraining: by.viewer.inTraining,
    drawn,
  });
}

async function refuseSecondSay({ tx, case: opened }: CaseStep, by: BySignedIn): Promise<void> {
  const own = await tx.assessment.count({ where: { ...presentRound(opened), assessorId: by.viewer.id } });
  if (own === 0) return;
  throw new InvalidTransitionError(
    opened.state,
    allowedEvents(factsOf(opened, opened.firstOpinion)),
    `${by.viewer.name}, you gave an opinion on this case; this one is for a colleague.`,
  );
}

async function sign(
  { tx, case: opened }: CaseStep,
  by: BySignedIn,
  round: AssessmentRound,
  { answers, note }: Opinion,
  now: Date,
): Promise<void> {
  await tx.assessment.create({
    data: {
      id: uuidv7(),
      caseId: opened.id,
      episodeId: opened.episode.id,
      round,
      assessorId: by.viewer.id,
      at: now,
      taxonomyName: taxonomy.name,
      taxonomyVersion: taxonomy.version,
      ...answers,
      selfGenerated: answers.selfGenerated ?? false,
      coerced: answers.coerced ?? false,
      commercial: answers.commercial ?? 'NONE',
      disguised: answers.disguised ?? false,
      note: note ? seal(note) : null,
    },
  });
}

// The clock of the episode: assessed is when no further opinion is owed.
async function settle({ tx, case: opened }: CaseStep, now: Date): Promise<void> {
  await tx.episode.update({ where: { id: opened.episode.id }, data: { assessed: now } });
}
