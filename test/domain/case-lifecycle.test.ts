import { describe, expect, it } from 'vitest';
import {
  allowedEvents,
  type CaseFacts,
  caseConditions,
  caseEvents,
  caseStates,
  caseTransitions,
  type Happening,
  nextState,
  type Transition,
} from '../../src/domain/case-lifecycle.ts';

/** Every happening that the rules tell apart, under a name for the table. */
const happenings = {
  'assess yes': { event: 'ASSESS', verdict: 'ACTIONABLE', reviewRequired: false },
  'assess yes, to review': { event: 'ASSESS', verdict: 'ACTIONABLE', reviewRequired: true },
  'assess no': { event: 'ASSESS', verdict: 'NOT_ACTIONABLE', reviewRequired: false },
  'assess no, to review': { event: 'ASSESS', verdict: 'NOT_ACTIONABLE', reviewRequired: true },
  'review yes, agrees': { event: 'REVIEW', verdict: 'ACTIONABLE', agrees: true },
  'review yes, differs': { event: 'REVIEW', verdict: 'ACTIONABLE', agrees: false },
  'review no, agrees': { event: 'REVIEW', verdict: 'NOT_ACTIONABLE', agrees: true },
  'review no, differs': { event: 'REVIEW', verdict: 'NOT_ACTIONABLE', agrees: false },
  'rule yes': { event: 'RULE', verdict: 'ACTIONABLE' },
  'rule no': { event: 'RULE', verdict: 'NOT_ACTIONABLE' },
  hold: { event: 'HOLD' },
  release: { event: 'RELEASE_HOLD' },
  send: { event: 'SEND_ACTION' },
  gone: { event: 'SEE_GONE' },
  'moved abroad': { event: 'SEE_MOVED', countryChanged: true },
  'moved within': { event: 'SEE_MOVED', countryChanged: false },
  up: { event: 'SEE_UP' },
  'confirm removal': { event: 'CONFIRM_REMOVAL' },
  'again, looked at lately': { event: 'REPORT_AGAIN', daysSinceLastLook: 90, rateJumped: false },
  'again, looked at long ago': { event: 'REPORT_AGAIN', daysSinceLastLook: 91, rateJumped: false },
  'again, rate jumped': { event: 'REPORT_AGAIN', daysSinceLastLook: 0, rateJumped: true },
  'close as removed': { event: 'CLOSE', outcome: 'REMOVED' },
  'close as no action possible': { event: 'CLOSE', outcome: 'NO_ACTION_POSSIBLE' },
  'close as not actionable': { event: 'CLOSE', outcome: 'NOT_ACTIONABLE' },
  reopen: { event: 'REOPEN' },
  undo: { event: 'UNDO_ASSESSMENT' },
  appeal: { event: 'APPEAL' },
} as const satisfies Record<string, Happening>;
type HappeningName = keyof typeof happenings;
const happeningNames = Object.keys(happenings) as HappeningName[];

/** Every standing of a case that the rules tell apart, under a name for the table. */
const standing = (state: CaseFacts['state'], more: Partial<CaseFacts> = {}): CaseFacts => ({
  state,
  outcome: null,
  heldFrom: null,
  firstVerdict: null,
  ...more,
});
const standings = {
  AWAITING_ASSESSMENT: standing('AWAITING_ASSESSMENT'),
  'AWAITING_REVIEW of yes': standing('AWAITING_REVIEW', { firstVerdict: 'ACTIONABLE' }),
  'AWAITING_REVIEW of no': standing('AWAITING_REVIEW', { firstVerdict: 'NOT_ACTIONABLE' }),
  DISPUTED: standing('DISPUTED', { firstVerdict: 'ACTIONABLE' }),
  AWAITING_ACTION: standing('AWAITING_ACTION', { firstVerdict: 'ACTIONABLE' }),
  'ON_HOLD from AWAITING_ACTION': standing('ON_HOLD', { heldFrom: 'AWAITING_ACTION', firstVerdict: 'ACTIONABLE' }),
  'ON_HOLD from AWAITING_REMOVAL': standing('ON_HOLD', { heldFrom: 'AWAITING_REMOVAL', firstVerdict: 'ACTIONABLE' }),
  AWAITING_REMOVAL: standing('AWAITING_REMOVAL', { firstVerdict: 'ACTIONABLE' }),
  REMOVED: standing('REMOVED', { firstVerdict: 'ACTIONABLE' }),
  'CLOSED as NOT_ACTIONABLE': standing('CLOSED', { outcome: 'NOT_ACTIONABLE', firstVerdict: 'NOT_ACTIONABLE' }),
  'CLOSED as REMOVED': standing('CLOSED', { outcome: 'REMOVED', firstVerdict: 'ACTIONABLE' }),
  'CLOSED as NO_ACTION_POSSIBLE': standing('CLOSED', { outcome: 'NO_ACTION_POSSIBLE', firstVerdict: 'ACTIONABLE' }),
} as const satisfies Record<string, CaseFacts>;
type StandingName = keyof typeof standings;
const standingNames = Object.keys(standings) as StandingName[];

const countedOnly = {
  'again, looked at lately': 'SAME',
  'again, looked at long ago': 'SAME',
  'again, rate jumped': 'SAME',
} as const;
const backInANewEpisode = {
  'again, looked at lately': 'AWAITING_ASSESSMENT, new episode',
  'again, looked at long ago': 'AWAITING_ASSESSMENT, new episode',
  'again, rate jumped': 'AWAITING_ASSESSMENT, new episode',
  up: 'AWAITING_ASSESSMENT, new episode',
} as const;
const closedUnlessWorthALook = {
  'again, looked at lately': 'SAME',
  'again, looked at long ago': 'AWAITING_ASSESSMENT, new episode',
  'again, rate jumped': 'AWAITING_ASSESSMENT, new episode',
  reopen: 'AWAITING_ASSESSMENT',
} as const;

/** domain.md §5 by hand: what is not written here must not happen. */
const table: Record<StandingName, Partial<Record<HappeningName, string>>> = {
  AWAITING_ASSESSMENT: {
    'assess yes': 'AWAITING_ACTION',
    'assess yes, to review': 'AWAITING_REVIEW',
    'assess no': 'CLOSED as NOT_ACTIONABLE',
    'assess no, to review': 'AWAITING_REVIEW',
    ...countedOnly,
  },
  'AWAITING_REVIEW of yes': {
    'review yes, agrees': 'AWAITING_ACTION',
    'review yes, differs': 'DISPUTED',
    'review no, agrees': 'DISPUTED',
    'review no, differs': 'DISPUTED',
    undo: 'AWAITING_ASSESSMENT',
    ...countedOnly,
  },
  'AWAITING_REVIEW of no': {
    'review yes, agrees': 'DISPUTED',
    'review yes, differs': 'DISPUTED',
    'review no, agrees': 'CLOSED as NOT_ACTIONABLE',
    'review no, differs': 'DISPUTED',
    undo: 'AWAITING_ASSESSMENT',
    ...countedOnly,
  },
  DISPUTED: { 'rule yes': 'AWAITING_ACTION', 'rule no': 'CLOSED as NOT_ACTIONABLE', ...countedOnly },
  AWAITING_ACTION: {
    hold: 'ON_HOLD from AWAITING_ACTION',
    send: 'AWAITING_REMOVAL',
    gone: 'REMOVED',
    up: 'SAME',
    'close as no action possible': 'CLOSED as NO_ACTION_POSSIBLE',
    undo: 'AWAITING_ASSESSMENT',
    appeal: 'AWAITING_ASSESSMENT',
    ...countedOnly,
  },
  'ON_HOLD from AWAITING_ACTION': { release: 'AWAITING_ACTION', ...countedOnly },
  'ON_HOLD from AWAITING_REMOVAL': { release: 'AWAITING_REMOVAL', ...countedOnly },
  AWAITING_REMOVAL: {
    hold: 'ON_HOLD from AWAITING_REMOVAL',
    send: 'SAME',
    gone: 'REMOVED',
    'moved abroad': 'AWAITING_ACTION',
    'moved within': 'SAME',
    up: 'SAME',
    'close as no action possible': 'CLOSED as NO_ACTION_POSSIBLE',
    undo: 'AWAITING_ASSESSMENT',
    appeal: 'AWAITING_ASSESSMENT',
    ...countedOnly,
  },
  REMOVED: {
    gone: 'SAME',
    'confirm removal': 'CLOSED as REMOVED',
    'close as removed': 'CLOSED as REMOVED',
    appeal: 'AWAITING_ASSESSMENT',
    ...backInANewEpisode,
  },
  'CLOSED as NOT_ACTIONABLE': { ...closedUnlessWorthALook, undo: 'AWAITING_ASSESSMENT' },
  'CLOSED as REMOVED': {
    ...backInANewEpisode,
    gone: 'SAME',
    reopen: 'AWAITING_ASSESSMENT, new episode',
    appeal: 'AWAITING_ASSESSMENT',
  },
  'CLOSED as NO_ACTION_POSSIBLE': {
    ...closedUnlessWorthALook,
    up: 'SAME',
    gone: 'REMOVED',
    appeal: 'AWAITING_ASSESSMENT',
  },
};

const told = ({ state, outcome, heldFrom, newEpisode }: Transition): string =>
  [state, outcome && ` as ${outcome}`, heldFrom && ` from ${heldFrom}`, newEpisode && ', new episode']
    .filter((part) => part)
    .join('');

/** What a use case does with a transition: it stores the new standing, and the verdict of a first opinion. */
const after = (facts: CaseFacts, happening: Happening, { state, outcome, heldFrom }: Transition): CaseFacts => ({
  state,
  outcome,
  heldFrom,
  firstVerdict: happening.event === 'ASSESS' ? happening.verdict : facts.firstVerdict,
});

/** The steps that can be taken from a standing. */
const steps = (facts: CaseFacts) =>
  Object.values(happenings).flatMap((happening) => {
    const transition = nextState(facts, happening);
    return transition ? [{ happening, transition, facts: after(facts, happening, transition) }] : [];
  });

/** Every standing that can be reached from the start; the rules are finite, so this is all of them. */
function reachable(): CaseFacts[] {
  const seen = new Map<string, CaseFacts>();
  const waiting: CaseFacts[] = [standings.AWAITING_ASSESSMENT];
  for (let facts = waiting.pop(); facts; facts = waiting.pop()) {
    const key = JSON.stringify(facts);
    if (seen.has(key)) continue;
    seen.set(key, facts);
    waiting.push(...steps(facts).map((step) => step.facts));
  }
  return [...seen.values()];
}

describe('the table of a case', () => {
  it.each(standingNames)('takes a case that is %s where the handbook says, and nowhere else', (name) => {
    const facts = standings[name];
    const actual = happeningNames.map((happening) => {
      const transition = nextState(facts, happenings[happening]);
      return [happening, transition && told(transition)];
    });
    const same = told({ ...facts, newEpisode: false });
    const expected = happeningNames.map((happening) => {
      const to = table[name][happening] ?? null;
      return [happening, to === 'SAME' ? same : to];
    });
    expect(actual).toEqual(expected);
  });

  it('is tried above with every event and every state', () => {
    expect(new Set(Object.values(happenings).map((happening) => happening.event))).toEqual(new Set(caseEvents));
    expect(new Set(Object.values(standings).map((facts) => facts.state))).toEqual(new Set(caseStates));
  });

  it('uses every condition that it names', () => {
    const used = new Set(caseTransitions.map((row) => row.when).filter((when) => when !== undefined));
    expect(used).toEqual(new Set(Object.keys(caseConditions)));
  });

  it('gives an outcome to the rows that close a case, and to no other', () => {
    for (const row of caseTransitions) expect(row.outcome !== undefined, JSON.stringify(row)).toBe(row.to === 'CLOSED');
  });

  it('reaches every state from a first report', () => {
    expect(new Set(reachable().map((facts) => facts.state))).toEqual(new Set(caseStates));
  });

  it('leaves no case in a state without a way out', () => {
    for (const facts of reachable()) {
      const leaves = steps(facts).some((step) => step.facts.state !== facts.state);
      expect(leaves, JSON.stringify(facts)).toBe(true);
    }
  });

  it('keeps an outcome exactly while a case is closed, and the state before a hold exactly while it is held', () => {
    for (const facts of reachable()) {
      expect(facts.outcome !== null, JSON.stringify(facts)).toBe(facts.state === 'CLOSED');
      expect(facts.heldFrom !== null, JSON.stringify(facts)).toBe(facts.state === 'ON_HOLD');
    }
  });

  it('opens a new episode only on the way back to assessment', () => {
    for (const { transition } of reachable().flatMap(steps)) {
      if (transition.newEpisode) expect(transition.state).toBe('AWAITING_ASSESSMENT');
    }
  });

  it('always has a path for one more report of the same address', () => {
    for (const facts of reachable()) {
      expect(nextState(facts, happenings['again, looked at lately']), JSON.stringify(facts)).not.toBeNull();
    }
  });

  it('sends nothing while the police hold a case', () => {
    const held = reachable().filter(({ state }) => state === 'ON_HOLD');
    expect(held.length).toBeGreaterThan(0);
    for (const facts of held) expect(nextState(facts, happenings.send)).toBeNull();
  });

  it('answers null and does not throw when stored facts contradict each other', () => {
    expect(nextState(standing('AWAITING_REVIEW'), happenings['review yes, agrees'])).toBeNull();
    expect(nextState(standing('ON_HOLD'), happenings.release)).toBeNull();
    expect(nextState(standing('ON_HOLD', { heldFrom: 'CLOSED' }), happenings.release)).toBeNull();
    expect(nextState(standing('CLOSED'), happenings.up)).toBeNull();
  });
});

describe('the events that a person may choose', () => {
  it('are exactly those with some path, without those that time, reports, a bulk or an appeal bring about', () => {
    for (const facts of reachable()) {
      const possible = new Set<string>(steps(facts).map((step) => step.happening.event));
      for (const event of ['CONFIRM_REMOVAL', 'REPORT_AGAIN', 'UNDO_ASSESSMENT', 'APPEAL']) possible.delete(event);
      expect(allowedEvents(facts), JSON.stringify(facts)).toEqual(caseEvents.filter((event) => possible.has(event)));
    }
  });

  it('are few in each state', () => {
    expect(allowedEvents(standings.AWAITING_ASSESSMENT)).toEqual(['ASSESS']);
    expect(allowedEvents(standings['AWAITING_REVIEW of yes'])).toEqual(['REVIEW']);
    expect(allowedEvents(standings['ON_HOLD from AWAITING_ACTION'])).toEqual(['RELEASE_HOLD']);
    expect(allowedEvents(standings.REMOVED)).toEqual(['SEE_GONE', 'SEE_UP', 'CLOSE']);
    expect(allowedEvents(standings['CLOSED as REMOVED'])).toEqual(['SEE_GONE', 'SEE_UP', 'REOPEN']);
    expect(allowedEvents(standings['CLOSED as NOT_ACTIONABLE'])).toEqual(['REOPEN']);
  });
});
