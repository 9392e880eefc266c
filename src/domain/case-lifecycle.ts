import type { Verdict } from './assessment.ts';

export const caseStates = [
  'AWAITING_ASSESSMENT',
  'AWAITING_REVIEW',
  'DISPUTED',
  'AWAITING_ACTION',
  'ON_HOLD',
  'AWAITING_REMOVAL',
  'REMOVED',
  'CLOSED',
] as const;
export type CaseState = (typeof caseStates)[number];

export const caseOutcomes = ['NOT_ACTIONABLE', 'REMOVED', 'NO_ACTION_POSSIBLE'] as const;
export type CaseOutcome = (typeof caseOutcomes)[number];

export const caseEvents = [
  'ASSESS',
  'REVIEW',
  'RULE',
  'HOLD',
  'RELEASE_HOLD',
  'SEND_ACTION',
  'SEE_GONE',
  'SEE_MOVED',
  'SEE_UP',
  'CONFIRM_REMOVAL',
  'REPORT_AGAIN',
  'CLOSE',
  'REOPEN',
  'UNDO_ASSESSMENT',
  'APPEAL',
] as const;
export type CaseEvent = (typeof caseEvents)[number];

/** Days that content must stay gone before the system closes the case by CONFIRM_REMOVAL. */
export const REMOVAL_CONFIRMATION_DAYS = 14;

/** Days after which the last look at a closed case is too old to answer a new report. */
const REASSESS_AFTER_DAYS = 90;

const RATE_JUMP_MIN_REPORTS = 10;
const RATE_JUMP_FACTOR = 5;

/** What the rules know of a case: `outcome` only when CLOSED, `heldFrom` only when ON_HOLD, `firstVerdict` the first opinion of this round. */
export type CaseFacts = {
  readonly state: CaseState;
  readonly outcome: CaseOutcome | null;
  readonly heldFrom: CaseState | null;
  readonly firstVerdict: Verdict | null;
};

export type Happening =
  | { readonly event: 'ASSESS'; readonly verdict: Verdict; readonly reviewRequired: boolean }
  | { readonly event: 'REVIEW'; readonly verdict: Verdict; readonly agrees: boolean }
  | { readonly event: 'RULE'; readonly verdict: Verdict }
  | { readonly event: 'SEE_MOVED'; readonly countryChanged: boolean }
  | { readonly event: 'REPORT_AGAIN'; readonly daysSinceLastLook: number; readonly rateJumped: boolean }
  | { readonly event: 'CLOSE'; readonly outcome: CaseOutcome }
  | { readonly event: Exclude<CaseEvent, 'ASSESS' | 'REVIEW' | 'RULE' | 'SEE_MOVED' | 'REPORT_AGAIN' | 'CLOSE'> };

export type Transition = {
  readonly state: CaseState;
  readonly outcome: CaseOutcome | null;
  readonly heldFrom: CaseState | null;
  readonly newEpisode: boolean;
};

type Condition = {
  readonly says: string;
  readonly holds: (happening: Happening, facts: CaseFacts) => boolean;
};

const saysVerdict = (happening: Happening, verdict: Verdict) => 'verdict' in happening && happening.verdict === verdict;

// A reviewer who "agrees" with another verdict than the first does not agree: nothing may go out on such a contradiction.
const agreesOn = (happening: Happening, facts: CaseFacts, verdict: Verdict) =>
  happening.event === 'REVIEW' && happening.agrees && happening.verdict === verdict && facts.firstVerdict === verdict;

/** The conditions that the table names, each with its sentence for the docs. */
export const caseConditions = {
  REVIEW_REQUIRED: {
    says: 'a second opinion is required',
    holds: (happening) => happening.event === 'ASSESS' && happening.reviewRequired,
  },
  ACTIONABLE: { says: 'actionable', holds: (happening) => saysVerdict(happening, 'ACTIONABLE') },
  NOT_ACTIONABLE: { says: 'not actionable', holds: (happening) => saysVerdict(happening, 'NOT_ACTIONABLE') },
  AGREES_ACTIONABLE: {
    says: 'agrees that it is actionable',
    holds: (happening, facts) => agreesOn(happening, facts, 'ACTIONABLE'),
  },
  AGREES_NOT_ACTIONABLE: {
    says: 'agrees that it is not actionable',
    holds: (happening, facts) => agreesOn(happening, facts, 'NOT_ACTIONABLE'),
  },
  DIFFERS: { says: 'differs from the first opinion', holds: (_, facts) => facts.firstVerdict !== null },
  HELD_BEFORE_ACTION: { says: 'held before any action', holds: (_, facts) => facts.heldFrom === 'AWAITING_ACTION' },
  HELD_BEFORE_REMOVAL: { says: 'held after an action', holds: (_, facts) => facts.heldFrom === 'AWAITING_REMOVAL' },
  COUNTRY_CHANGED: {
    says: 'now in another country',
    holds: (happening) => happening.event === 'SEE_MOVED' && happening.countryChanged,
  },
  LOOK_AGAIN: {
    says: `the last look is older than ${REASSESS_AFTER_DAYS} days, or the rate jumps`,
    holds: (happening) =>
      happening.event === 'REPORT_AGAIN' && (happening.rateJumped || happening.daysSinceLastLook > REASSESS_AFTER_DAYS),
  },
  AS_NO_ACTION_POSSIBLE: {
    says: 'with the outcome that no action is possible',
    holds: (happening) => happening.event === 'CLOSE' && happening.outcome === 'NO_ACTION_POSSIBLE',
  },
  AS_REMOVED: {
    says: 'with the outcome that it is removed',
    holds: (happening) => happening.event === 'CLOSE' && happening.outcome === 'REMOVED',
  },
} as const satisfies Record<string, Condition>;

export type TransitionRow = {
  readonly event: CaseEvent;
  readonly from: readonly CaseState[];
  /** Of a closed case, the outcomes that the row is for; all where absent. */
  readonly closedAs?: readonly CaseOutcome[];
  readonly when?: keyof typeof caseConditions;
  /** SAME: the event is noted and nothing else changes. */
  readonly to: CaseState | 'SAME';
  readonly outcome?: CaseOutcome;
  readonly newEpisode?: true;
};

/** The state machine of domain.md §5; of the rows that start at a case the first whose condition holds is taken. */
export const caseTransitions: readonly TransitionRow[] = [
  { event: 'ASSESS', from: ['AWAITING_ASSESSMENT'], when: 'REVIEW_REQUIRED', to: 'AWAITING_REVIEW' },
  { event: 'ASSESS', from: ['AWAITING_ASSESSMENT'], when: 'ACTIONABLE', to: 'AWAITING_ACTION' },
  { event: 'ASSESS', from: ['AWAITING_ASSESSMENT'], when: 'NOT_ACTIONABLE', to: 'CLOSED', outcome: 'NOT_ACTIONABLE' },

  { event: 'REVIEW', from: ['AWAITING_REVIEW'], when: 'AGREES_ACTIONABLE', to: 'AWAITING_ACTION' },
  {
    event: 'REVIEW',
    from: ['AWAITING_REVIEW'],
    when: 'AGREES_NOT_ACTIONABLE',
    to: 'CLOSED',
    outcome: 'NOT_ACTIONABLE',
  },
  { event: 'REVIEW', from: ['AWAITING_REVIEW'], when: 'DIFFERS', to: 'DISPUTED' },

  { event: 'RULE', from: ['DISPUTED'], when: 'ACTIONABLE', to: 'AWAITING_ACTION' },
  { event: 'RULE', from: ['DISPUTED'], when: 'NOT_ACTIONABLE', to: 'CLOSED', outcome: 'NOT_ACTIONABLE' },

  { event: 'HOLD', from: ['AWAITING_ACTION', 'AWAITING_REMOVAL'], to: 'ON_HOLD' },
  { event: 'RELEASE_HOLD', from: ['ON_HOLD'], when: 'HELD_BEFORE_ACTION', to: 'AWAITING_ACTION' },
  { event: 'RELEASE_HOLD', from: ['ON_HOLD'], when: 'HELD_BEFORE_REMOVAL', to: 'AWAITING_REMOVAL' },

  { event: 'SEND_ACTION', from: ['AWAITING_ACTION'], to: 'AWAITING_REMOVAL' },
  { event: 'SEND_ACTION', from: ['AWAITING_REMOVAL'], to: 'SAME' },

  { event: 'SEE_GONE', from: ['AWAITING_ACTION', 'AWAITING_REMOVAL'], to: 'REMOVED' },
  { event: 'SEE_GONE', from: ['REMOVED', 'CLOSED'], closedAs: ['REMOVED'], to: 'SAME' },
  // Nothing could be done, and yet it went: it is followed as all that went.
  { event: 'SEE_GONE', from: ['CLOSED'], closedAs: ['NO_ACTION_POSSIBLE'], to: 'REMOVED' },
  { event: 'SEE_MOVED', from: ['AWAITING_REMOVAL'], when: 'COUNTRY_CHANGED', to: 'AWAITING_ACTION' },
  { event: 'SEE_MOVED', from: ['AWAITING_REMOVAL'], to: 'SAME' },
  { event: 'SEE_UP', from: ['AWAITING_ACTION', 'AWAITING_REMOVAL'], to: 'SAME' },
  { event: 'SEE_UP', from: ['CLOSED'], closedAs: ['NO_ACTION_POSSIBLE'], to: 'SAME' },
  { event: 'SEE_UP', from: ['REMOVED', 'CLOSED'], closedAs: ['REMOVED'], to: 'AWAITING_ASSESSMENT', newEpisode: true },

  { event: 'CONFIRM_REMOVAL', from: ['REMOVED'], to: 'CLOSED', outcome: 'REMOVED' },

  {
    event: 'REPORT_AGAIN',
    from: ['REMOVED', 'CLOSED'],
    closedAs: ['REMOVED'],
    to: 'AWAITING_ASSESSMENT',
    newEpisode: true,
  },
  { event: 'REPORT_AGAIN', from: ['CLOSED'], when: 'LOOK_AGAIN', to: 'AWAITING_ASSESSMENT', newEpisode: true },
  { event: 'REPORT_AGAIN', from: caseStates, to: 'SAME' },

  {
    event: 'CLOSE',
    from: ['AWAITING_ACTION', 'AWAITING_REMOVAL'],
    when: 'AS_NO_ACTION_POSSIBLE',
    to: 'CLOSED',
    outcome: 'NO_ACTION_POSSIBLE',
  },
  { event: 'CLOSE', from: ['REMOVED'], when: 'AS_REMOVED', to: 'CLOSED', outcome: 'REMOVED' },

  { event: 'REOPEN', from: ['CLOSED'], closedAs: ['REMOVED'], to: 'AWAITING_ASSESSMENT', newEpisode: true },
  { event: 'REOPEN', from: ['CLOSED'], to: 'AWAITING_ASSESSMENT' },

  {
    event: 'UNDO_ASSESSMENT',
    from: ['AWAITING_REVIEW', 'AWAITING_ACTION', 'AWAITING_REMOVAL', 'CLOSED'],
    closedAs: ['NOT_ACTIONABLE'],
    to: 'AWAITING_ASSESSMENT',
  },
  {
    event: 'APPEAL',
    from: ['AWAITING_ACTION', 'AWAITING_REMOVAL', 'REMOVED', 'CLOSED'],
    closedAs: ['REMOVED', 'NO_ACTION_POSSIBLE'],
    to: 'AWAITING_ASSESSMENT',
  },
];

/** What nobody chooses on a case itself: time and reports bring it about, or a decision on a bulk assessment or on an appeal. */
const BROUGHT_ABOUT: readonly CaseEvent[] = ['CONFIRM_REMOVAL', 'REPORT_AGAIN', 'UNDO_ASSESSMENT', 'APPEAL'];

/** Where a happening takes a case, or null where the table has no such path; never throws. */
export function nextState(facts: CaseFacts, happening: Happening): Transition | null {
  const row = caseTransitions.find(
    (candidate) =>
      candidate.event === happening.event && startsAt(candidate, facts) && holds(candidate.when, happening, facts),
  );
  if (row === undefined) return null;
  if (row.to === 'SAME') {
    return { state: facts.state, outcome: facts.outcome, heldFrom: facts.heldFrom, newEpisode: false };
  }
  return {
    state: row.to,
    outcome: row.outcome ?? null,
    heldFrom: row.to === 'ON_HOLD' ? facts.state : null,
    newEpisode: row.newEpisode ?? false,
  };
}

/** The events that a person may bring about on a case now, in the order of `caseEvents`; some only with fitting arguments. */
export function allowedEvents(facts: CaseFacts): CaseEvent[] {
  return caseEvents.filter(
    (event) =>
      !BROUGHT_ABOUT.includes(event) && caseTransitions.some((row) => row.event === event && startsAt(row, facts)),
  );
}

/**
 * Whether reports of a closed case come so fast that it deserves another look: at least 10 in the last 24 hours, and at
 * least 5 times the mean of the days before. The floor keeps a person who insists from re-opening a case again and again.
 */
export function rateJumped(reportsLastDay: number, reportsPerDayBefore: number): boolean {
  return reportsLastDay >= RATE_JUMP_MIN_REPORTS && reportsLastDay >= RATE_JUMP_FACTOR * reportsPerDayBefore;
}

function startsAt(row: TransitionRow, facts: CaseFacts): boolean {
  if (!row.from.includes(facts.state)) return false;
  if (facts.state !== 'CLOSED' || row.closedAs === undefined) return true;
  return facts.outcome !== null && row.closedAs.includes(facts.outcome);
}

function holds(when: TransitionRow['when'], happening: Happening, facts: CaseFacts): boolean {
  return when === undefined || caseConditions[when].holds(happening, facts);
}
