import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { caseOutcomes, caseStates } from '../../src/domain/case-lifecycle.ts';
import { isConfirmedGone, isFollowed, type LookFacts, nextCheck } from '../../src/domain/recheck.ts';

const HOUR_MS = 3_600_000;
const start = new Date('2026-03-01T08:00:00Z');
const hours = (later: number) => new Date(start.getTime() + later * HOUR_MS);
const days = (later: number) => hours(later * 24);
const hoursAfter = (time: Date | null) => (time === null ? null : (time.getTime() - start.getTime()) / HOUR_MS);

const waiting: LookFacts = {
  state: 'AWAITING_REMOVAL',
  outcome: null,
  listed: false,
  expectedSince: start,
  lastLook: null,
  gone: null,
  saidRemoved: null,
};
const removed = (first: number, last = first, more: Partial<LookFacts> = {}): LookFacts => ({
  ...waiting,
  state: 'REMOVED',
  lastLook: hours(last),
  gone: { first: hours(first), last: hours(last) },
  ...more,
});
const closedAs = (outcome: LookFacts['outcome'], more: Partial<LookFacts> = {}): LookFacts => ({
  ...waiting,
  state: 'CLOSED',
  outcome,
  ...more,
});

/** When it is looked at, in hours after the first action, if each look is made just when it is due. */
function looks(facts: LookFacts, howMany: number): number[] {
  const made: number[] = [];
  let lastLook = facts.lastLook;
  for (let n = 0; n < howMany; n += 1) {
    const next = nextCheck({ ...facts, lastLook });
    if (!next) break;
    made.push(hoursAfter(next)!);
    lastLook = next;
  }
  return made;
}

describe('when to look again', () => {
  it('is often on the first day after an action, then daily for a week, every three days for a month, then weekly', () => {
    const inDays = looks(waiting, 21).map((at) => at / 24);
    expect(looks(waiting, 4)).toEqual([1, 4, 12, 24]);
    expect(inDays.slice(4)).toEqual([2, 3, 4, 5, 6, 7, 10, 13, 16, 19, 22, 25, 28, 35, 42, 49, 56]);
  });

  it('is when it should have been looked at first, however late anybody comes', () => {
    expect(nextCheck(waiting)).toEqual(hours(1));
  });

  it('is when the host said that it is removed, until somebody has looked since', () => {
    const said = { ...waiting, lastLook: hours(1), saidRemoved: hours(2) };
    expect(nextCheck(said)).toEqual(hours(2));
    expect(nextCheck({ ...said, lastLook: hours(2) })).toEqual(hours(4));
  });

  it('is a day after it was seen gone, and stays so until a second look is far enough from the first', () => {
    expect(nextCheck(removed(5))).toEqual(hours(5 + 24));
    expect(nextCheck(removed(5, 24.99))).toEqual(hours(5 + 24));
    expect(nextCheck(removed(5, 25))).toEqual(hours(5 + 13 * 24));
  });

  it('is once more before the case closes by itself, and then not until it has', () => {
    expect(nextCheck(removed(0, 13 * 24))).toBeNull();
  });

  it('is 30 and 90 days after it was seen gone once the case is closed, and then no more', () => {
    const closed = (last: number) => nextCheck(removed(0, last, { state: 'CLOSED', outcome: 'REMOVED' }));
    expect(closed(13 * 24)).toEqual(days(30));
    expect(closed(31 * 24)).toEqual(days(90));
    expect(closed(90 * 24)).toBeNull();
  });

  it('goes on where nothing can be done but blocking, and is never where the address is not listed either', () => {
    expect(nextCheck(closedAs('NO_ACTION_POSSIBLE', { listed: true, lastLook: days(40) }))).toEqual(days(42));
    expect(nextCheck(closedAs('NO_ACTION_POSSIBLE'))).toBeNull();
    expect(nextCheck({ ...waiting, state: 'AWAITING_ACTION', listed: true })).toEqual(hours(1));
    expect(nextCheck({ ...waiting, state: 'AWAITING_ACTION' })).toBeNull();
  });
});

describe('a removal', () => {
  it('is confirmed by two looks at least 20 hours apart', () => {
    expect(isConfirmedGone({ first: start, last: hours(19.999) })).toBe(false);
    expect(isConfirmedGone({ first: start, last: hours(20) })).toBe(true);
  });
});

describe('the schedule of looks, whatever happened', () => {
  const time = fc.double({ min: 0, max: 24 * 400, noNaN: true }).map(hours);
  const maybe = fc.option(time);
  const facts: fc.Arbitrary<LookFacts> = fc
    .record({
      state: fc.constantFrom(...caseStates),
      outcome: fc.constantFrom(null, ...caseOutcomes),
      listed: fc.boolean(),
      expectedSince: time,
      lastLook: maybe,
      gone: fc.option(fc.tuple(time, time)),
      saidRemoved: maybe,
    })
    .map(({ gone, ...rest }) => {
      const [first, last] = gone?.toSorted((a, b) => a.getTime() - b.getTime()) ?? [];
      const outcome = rest.state === 'CLOSED' ? rest.outcome : null;
      return { ...rest, outcome, gone: first && last ? { first, last } : null };
    });

  it('has no look for a case that is not followed, and one for each that waits for its removal', () => {
    fc.assert(
      fc.property(facts, (known) => {
        const next = nextCheck(known);
        if (!isFollowed(known.state)) expect(next).toBeNull();
        if (known.state === 'AWAITING_REMOVAL') expect(next).not.toBeNull();
      }),
    );
  });

  it('moves on with every look at content that is up, by a week at most', () => {
    fc.assert(
      fc.property(time, fc.double({ min: 0, max: 24 * 400, noNaN: true }), (expectedSince, later) => {
        const look = new Date(expectedSince.getTime() + later * HOUR_MS);
        const next = nextCheck({ ...waiting, expectedSince, lastLook: look })!;
        expect(next > look).toBe(true);
        expect(next.getTime() - look.getTime()).toBeLessThanOrEqual(7 * 24 * HOUR_MS);
      }),
    );
  });

  it('never lets unconfirmed removals out of sight', () => {
    fc.assert(
      fc.property(facts, (known) => {
        if (known.state !== 'REMOVED' || !known.gone || isConfirmedGone(known.gone)) return;
        expect(nextCheck(known)).toEqual(new Date(known.gone.first.getTime() + 24 * HOUR_MS));
      }),
    );
  });
});
