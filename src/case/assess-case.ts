import type { BySignedIn } from '../account/viewer.ts';
import { isUnderAppeal } from '../appeal/settle-appeals.ts';
import { sameOpinion } from '../domain/assessment.ts';
import { allowedEvents } from '../domain/case-lifecycle.ts';
import { InvalidTransitionError } from '../domain/errors.ts';
import { type CaseInput, type CaseStep, changeCase, factsOf } from './change-case.ts';
import { mayNotSpeak } from './claim-case.ts';
import { type GivenAnswers, readOpinion, secondOpinionReasons } from './opinion.ts';
import { settle, sign } from './sign-opinion.ts';

export type AssessCaseInput = CaseInput & { assessment: GivenAnswers };

/**
 * Signs the first opinion on a claimed case. `drawn` says whether it is of the random share that needs a second one. Gives the
 * case's id. Throws `InvalidInputError`, `InvalidTransitionError` and what `changeCase` throws.
 */
export function assessCase(by: BySignedIn, input: AssessCaseInput, now: Date, drawn: boolean): Promise<string> {
  const opinion = readOpinion(input.assessment);
  return changeCase(by, input, now, { action: 'ASSESS', claimed: true }, async (step) => {
    const { tx, case: opened } = step;
    await refuseSecondSay(step, by);
    const appeal = await isUnderAppeal(tx, opened.id);
    const reviewReasons = secondOpinionReasons(by, opinion, { drawn, appeal, listed: opened.listed });
    await step.happen(
      { event: 'ASSESS', verdict: opinion.answers.verdict, reviewRequired: reviewReasons.length > 0 },
      { reviewReasons, undoUntil: null },
    );
    await sign(tx, [inEpisode(step)], by, opinion, { round: 'FIRST', reviewReasons }, now);
    return reviewReasons.length === 0 ? settle(step, by, opinion.answers.verdict, now) : undefined;
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
    await sign(step.tx, [inEpisode(step)], by, opinion, { round: 'SECOND' }, now);
    return state === 'DISPUTED' ? undefined : settle(step, by, opinion.answers.verdict, now);
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
    await sign(step.tx, [inEpisode(step)], by, opinion, { round: 'RULING' }, now);
    return settle(step, by, opinion.answers.verdict, now);
  });
}

/** Refuses an opinion that is a colleague's to give. Throws an `InvalidTransitionError`. */
export async function refuseSecondSay({ tx, case: opened }: CaseStep, by: BySignedIn): Promise<void> {
  if (!(await mayNotSpeak(tx, opened.id, by.viewer.id))) return;
  throw new InvalidTransitionError(
    opened.state,
    allowedEvents(factsOf(opened, opened.firstOpinion)),
    `${by.viewer.name}, you gave an opinion on this case; this one is for a colleague.`,
  );
}

const inEpisode = ({ case: opened }: CaseStep) => ({ id: opened.id, episodeId: opened.episode.id });
