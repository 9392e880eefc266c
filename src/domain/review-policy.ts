import type { AgeBand, ImageForm } from './assessment.ts';

/** Why a second opinion is needed, from domain.md §5. */
export const reviewTriggerKinds = [
  'AGE_16_17',
  'UNDETERMINED_AGE',
  'AI_OR_NON_PHOTOGRAPHIC',
  'URL_LIST',
  'APPEAL',
  'REQUESTED',
  'RANDOM_SHARE',
  'ANALYST_IN_TRAINING',
] as const;
export type ReviewTrigger = (typeof reviewTriggerKinds)[number];

export type ReviewFacts = {
  readonly youngestAge: AgeBand | null;
  readonly form: ImageForm | null;
  /** The opinion would put the address on the URL list or take it off. */
  readonly urlListChange: boolean;
  /** The opinion answers an appeal. */
  readonly appeal: boolean;
  /** The analyst asks for a second opinion. */
  readonly requested: boolean;
  readonly analystInTraining: boolean;
  /** A draw sends this opinion, among the random share of all, to a second analyst. */
  readonly drawn: boolean;
};

/** Lists every reason for which an opinion needs a second one, in the order of `reviewTriggerKinds`; none means that it stands alone. */
export function reviewTriggers(facts: ReviewFacts): ReviewTrigger[] {
  return reviewTriggerKinds.filter((trigger) => pulls[trigger](facts));
}

const pulls: Record<ReviewTrigger, (facts: ReviewFacts) => boolean> = {
  AGE_16_17: (facts) => facts.youngestAge === 'AGE_16_17',
  UNDETERMINED_AGE: (facts) => facts.youngestAge === 'UNDETERMINED',
  AI_OR_NON_PHOTOGRAPHIC: (facts) => facts.form === 'AI_GENERATED' || facts.form === 'NON_PHOTOGRAPHIC',
  URL_LIST: (facts) => facts.urlListChange,
  APPEAL: (facts) => facts.appeal,
  REQUESTED: (facts) => facts.requested,
  RANDOM_SHARE: (facts) => facts.drawn,
  ANALYST_IN_TRAINING: (facts) => facts.analystInTraining,
};
