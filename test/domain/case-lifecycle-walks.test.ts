import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Verdict, verdicts } from '../../src/domain/assessment.ts';
import {
  type CaseFacts,
  caseOutcomes,
  caseStates,
  type Happening,
  nextState,
  rateJumped,
} from '../../src/domain/case-lifecycle.ts';

const verdict = fc.constantFrom(...verdicts);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ event: fc.constant('ASSESS' as const), verdict, reviewRequired: fc.boolean() }),
  fc.record({ event: fc.constant('REVIEW' as const), verdict, agrees: fc.boolean() }),
  fc.record({ event: fc.constant('RULE' as const), verdict }),
  fc.record({ event: fc.constant('SEE_MOVED' as const), countryChanged: fc.boolean() }),
  fc.record({
    event: fc.constant('REPORT_AGAIN' as const),
    daysSinceLastLook: fc.nat(400),
    rateJumped: fc.boolean(),
  }),
  fc.record({ event: fc.constant('CLOSE' as const), outcome: fc.constantFrom(...caseOutcomes) }),
  fc.record({
    event: fc.constantFrom('HOLD', 'RELEASE_HOLD', 'SEND_ACTION', 'SEE_GONE', 'SEE_UP', 'CONFIRM_REMOVAL', 'REOPEN'),
  }),
  fc.record({ event: fc.constantFrom('UNDO_ASSESSMENT', 'APPEAL') }),
);
// Long, and not leaning to the short or the small: most happenings do not fit the state that they meet.
const happenings = fc.noBias(fc.array(happening, { minLength: 100, maxLength: 200, size: 'max' }));

const reported: CaseFacts = { state: 'AWAITING_ASSESSMENT', outcome: null, heldFrom: null, firstVerdict: null };
const send: Happening = { event: 'SEND_ACTION' };

type Step = { before: CaseFacts; happening: Happening; after: CaseFacts; newEpisode: boolean };

/** The steps of a case to which all this happens; what the table has no path for is refused and leaves it as it was. */
function walk(happened: readonly Happening[]): Step[] {
  const steps: Step[] = [];
  let before = reported;
  for (const each of happened) {
    const transition = nextState(before, each);
    if (transition === null) continue;
    const { newEpisode, ...standing } = transition;
    const after = { ...standing, firstVerdict: each.event === 'ASSESS' ? each.verdict : before.firstVerdict };
    steps.push({ before, happening: each, after, newEpisode });
    before = after;
  }
  return steps;
}

/** Whether all opinions so far let a notice out, told from the happenings alone. */
function cleared(so: { far: boolean; first: Verdict | null }, step: Step): { far: boolean; first: Verdict | null } {
  const { happening: now } = step;
  const yes = 'verdict' in now && now.verdict === 'ACTIONABLE';
  if (now.event === 'ASSESS') return { far: yes && !now.reviewRequired, first: now.verdict };
  if (now.event === 'REVIEW') return { far: yes && now.agrees && so.first === 'ACTIONABLE', first: so.first };
  if (now.event === 'RULE') return { far: yes, first: so.first };
  if (now.event === 'UNDO_ASSESSMENT' || now.event === 'APPEAL') return { far: false, first: null };
  const startsAnew = step.newEpisode || now.event === 'REOPEN' || now.event === 'REPORT_AGAIN';
  return startsAnew && step.before.state === 'CLOSED' ? { far: false, first: null } : so;
}

describe('a walk through the life of a case', () => {
  it('never lets a notice out before a required second opinion agreed or a ruling came', () => {
    let sendsPossible = 0;
    fc.assert(
      fc.property(happenings, (happened) => {
        let so: Parameters<typeof cleared>[0] = { far: false, first: null };
        for (const step of walk(happened)) {
          so = cleared(so, step);
          if (nextState(step.after, send) === null) continue;
          sendsPossible += 1;
          expect(so.far).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
    expect(sendsPossible).toBeGreaterThan(0);
  });

  it('begins the opinions anew after an undo or an appeal, in the same episode', () => {
    let anew = 0;
    fc.assert(
      fc.property(happenings, (happened) => {
        for (const { happening, after, newEpisode } of walk(happened)) {
          if (happening.event !== 'UNDO_ASSESSMENT' && happening.event !== 'APPEAL') continue;
          anew += 1;
          expect([after.state, after.outcome, newEpisode]).toEqual(['AWAITING_ASSESSMENT', null, false]);
        }
      }),
      { numRuns: 200 },
    );
    expect(anew).toBeGreaterThan(0);
  });

  it('always returns from a hold to where it was, however many reports come meanwhile', () => {
    let releases = 0;
    fc.assert(
      fc.property(happenings, (happened) => {
        let held: CaseFacts | null = null;
        for (const step of walk(happened)) {
          if (step.happening.event === 'HOLD') held = step.before;
          if (step.happening.event !== 'RELEASE_HOLD') continue;
          releases += 1;
          expect(step.after).toEqual(held);
        }
      }),
      { numRuns: 500 },
    );
    expect(releases).toBeGreaterThan(0);
  });

  it('keeps an outcome exactly while the case is closed', () => {
    fc.assert(
      fc.property(happenings, (happened) =>
        walk(happened).every(({ after }) => (after.outcome !== null) === (after.state === 'CLOSED')),
      ),
      { numRuns: 200 },
    );
  });

  it('never fails, and never leaves the eight states, even from facts that contradict each other', () => {
    const anyFacts: fc.Arbitrary<CaseFacts> = fc.record({
      state: fc.constantFrom(...caseStates),
      outcome: fc.constantFrom(null, ...caseOutcomes),
      heldFrom: fc.constantFrom(null, ...caseStates),
      firstVerdict: fc.constantFrom(null, ...verdicts),
    });
    fc.assert(
      fc.property(anyFacts, happening, (facts, each) => {
        const transition = nextState(facts, each);
        return transition === null || caseStates.includes(transition.state);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a jump of the rate of reports', () => {
  it.each([
    [9, 0, false],
    [10, 0, true],
    [10, 2, true],
    [10, 2.1, false],
    [500, 100, true],
    [499, 100, false],
  ])('of %d in the last day after %d a day before is %s', (lastDay, before, jumped) => {
    expect(rateJumped(lastDay, before)).toBe(jumped);
  });

  it('is never undone by one more report', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(1000), (lastDay, before) => {
        return !rateJumped(lastDay, before) || rateJumped(lastDay + 1, before);
      }),
    );
  });
});
