import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BREAK_MINUTES,
  type ClaimedInterval,
  claimRefusal,
  DAILY_EXPOSURE_MINUTES,
  EXPOSURE_BEFORE_BREAK_MINUTES,
  exposureMinutes,
  minutesSinceBreak,
} from '../../src/domain/exposure.ts';

const at = (minutes: number) => new Date(Date.UTC(2026, 9, 14) + minutes * 60_000);
const claim = (from: number, to: number): ClaimedInterval => ({ from: at(from), to: at(to) });
const hour = 60;

const interval = fc.tuple(fc.integer({ min: -600, max: 1440 }), fc.integer({ min: -5, max: 180 }));
const intervals = fc
  .array(interval, { maxLength: 12 })
  .map((list) => list.map(([from, length]) => claim(from, from + length)));

/** Minute by minute, the slow and sure way: the intervals above are of whole minutes. */
function claimedMinutes(list: readonly ClaimedInterval[]): Set<number> {
  const minuteOf = (time: Date) => (time.getTime() - at(0).getTime()) / 60_000;
  return new Set(list.flatMap(({ from, to }) => minutes(minuteOf(from), minuteOf(to))));
}
const minutes = (from: number, to: number) => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

describe('minutes of exposure', () => {
  it('count what lies between the bounds, with fractions', () => {
    expect(exposureMinutes([claim(0, 10), claim(20, 30)], at(5), at(25))).toBe(10);
    expect(exposureMinutes([claim(0, 0.5)], at(0), at(10))).toBe(0.5);
  });

  it('count an overlap once', () => {
    expect(exposureMinutes([claim(20, 40), claim(0, 30), claim(5, 10)], at(0), at(60))).toBe(40);
  });

  it('are none without claims, or in a claim that ends before it starts', () => {
    expect(exposureMinutes([], at(0), at(60))).toBe(0);
    expect(exposureMinutes([claim(30, 20)], at(0), at(60))).toBe(0);
    expect(exposureMinutes([claim(0, 60)], at(60), at(0))).toBe(0);
  });

  it('equal a count minute by minute', () => {
    fc.assert(
      fc.property(intervals, fc.integer({ min: -600, max: 1440 }), fc.nat(1500), (list, from, length) => {
        const claimed = claimedMinutes(list);
        const counted = minutes(from, from + length).filter((minute) => claimed.has(minute)).length;
        expect(exposureMinutes(list, at(from), at(from + length))).toBe(counted);
      }),
    );
  });
});

describe('the refusal of a claim', () => {
  it('does not come to a rested analyst', () => {
    expect(claimRefusal({ claimedIntervals: [], now: at(0) })).toBeNull();
    expect(claimRefusal({ claimedIntervals: [claim(0, 49)], now: at(49) })).toBeNull();
  });

  it('asks for a break at 50 minutes, until 10 minutes after the last claim', () => {
    const claimedIntervals = [claim(0, 50)];
    expect(claimRefusal({ claimedIntervals, now: at(50) })).toEqual({ reason: 'BREAK_DUE', until: at(60) });
    expect(claimRefusal({ claimedIntervals, now: at(59.9) })).toEqual({ reason: 'BREAK_DUE', until: at(60) });
    expect(claimRefusal({ claimedIntervals, now: at(60) })).toBeNull();
  });

  it('does not take a pause of under 10 minutes for a break, nor for exposure', () => {
    const withPauses = [claim(0, 20), claim(29, 49), claim(58, 67)];
    expect(claimRefusal({ claimedIntervals: withPauses, now: at(67) })).toBeNull();
    const oneMore = [...withPauses, claim(67, 68)];
    expect(claimRefusal({ claimedIntervals: oneMore, now: at(68) })).toEqual({ reason: 'BREAK_DUE', until: at(78) });
  });

  it('counts afresh after a pause of 10 minutes', () => {
    expect(claimRefusal({ claimedIntervals: [claim(0, 49), claim(59, 100)], now: at(100) })).toBeNull();
  });

  it('counts an overlap once, and claims in any order', () => {
    expect(claimRefusal({ claimedIntervals: [claim(10, 45), claim(0, 40)], now: at(45) })).toBeNull();
    const longer = [claim(30, 50), claim(0, 40)];
    expect(claimRefusal({ claimedIntervals: longer, now: at(50) })).toEqual({ reason: 'BREAK_DUE', until: at(60) });
  });

  it('does not count what is yet to come of an open claim', () => {
    expect(claimRefusal({ claimedIntervals: [claim(0, 60)], now: at(30) })).toBeNull();
    expect(claimRefusal({ claimedIntervals: [claim(0, 60)], now: at(55) })).toEqual({
      reason: 'BREAK_DUE',
      until: at(65),
    });
  });

  it('asks for a break across midnight', () => {
    const acrossMidnight = [claim(-40, 10)];
    expect(claimRefusal({ claimedIntervals: acrossMidnight, now: at(12) })).toEqual({
      reason: 'BREAK_DUE',
      until: at(20),
    });
  });

  const sixTimesForty = [0, 1, 2, 3, 4, 5].map((n) => claim(n * hour, n * hour + 40));

  it('comes at 240 minutes in a day, until the next UTC day, even to the rested', () => {
    const next = at(24 * hour);
    expect(claimRefusal({ claimedIntervals: sixTimesForty, now: at(5 * hour + 39) })).toBeNull();
    expect(claimRefusal({ claimedIntervals: sixTimesForty, now: at(20 * hour) })).toEqual({
      reason: 'DAILY_LIMIT',
      until: next,
    });
    expect(claimRefusal({ claimedIntervals: sixTimesForty, now: next })).toBeNull();
  });

  it('takes the day from its caller, who then knows when it ends', () => {
    const now = at(20 * hour);
    expect(claimRefusal({ claimedIntervals: sixTimesForty, now, dayStart: at(0) })).toEqual({ reason: 'DAILY_LIMIT' });
    expect(claimRefusal({ claimedIntervals: sixTimesForty, now, dayStart: at(1) })).toBeNull();
  });

  it('names the daily limit before the break', () => {
    expect(claimRefusal({ claimedIntervals: [claim(0, 240)], now: at(240) })).toMatchObject({ reason: 'DAILY_LIMIT' });
  });

  it('finds the day of a time before 1970', () => {
    const now = new Date('1969-12-31T12:00:00Z');
    const claimedIntervals = [{ from: new Date('1969-12-31T00:00:00Z'), to: now }];
    expect(claimRefusal({ claimedIntervals, now })).toEqual({ reason: 'DAILY_LIMIT', until: new Date(0) });
  });

  it('does not depend on the order of the claims', () => {
    const shuffled = intervals.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, fc.nat(1439), ([list, other], now) => {
        expect(claimRefusal({ claimedIntervals: other, now: at(now) })).toEqual(
          claimRefusal({ claimedIntervals: list, now: at(now) }),
        );
      }),
    );
  });

  it('comes exactly when a count minute by minute says so', () => {
    let refusals = 0;
    fc.assert(
      fc.property(intervals, fc.nat(1439), (list, now) => {
        const claimed = claimedMinutes(list);
        const today = minutes(0, now).filter((minute) => claimed.has(minute)).length;
        let sinceBreak = 0;
        let pause = 0;
        for (const minute of minutes(-600, now)) {
          if (claimed.has(minute)) {
            sinceBreak += 1;
            pause = 0;
          } else {
            pause += 1;
          }
          if (pause >= BREAK_MINUTES) sinceBreak = 0;
        }
        const tired = sinceBreak >= EXPOSURE_BEFORE_BREAK_MINUTES ? 'BREAK_DUE' : null;
        const reason = today >= DAILY_EXPOSURE_MINUTES ? 'DAILY_LIMIT' : tired;
        if (reason) refusals += 1;
        expect(claimRefusal({ claimedIntervals: list, now: at(now) })?.reason ?? null).toBe(reason);
      }),
      { numRuns: 500 },
    );
    expect(refusals).toBeGreaterThan(0);
  });

  it('ends at the time it names, if no case is claimed meanwhile', () => {
    fc.assert(
      fc.property(intervals, fc.nat(1439), (list, now) => {
        const past = list.filter(({ to }) => to <= at(now));
        const refusal = claimRefusal({ claimedIntervals: past, now: at(now) });
        if (refusal?.reason !== 'BREAK_DUE' || !refusal.until) return;
        expect(refusal.until > at(now)).toBe(true);
        const then = claimRefusal({ claimedIntervals: past, now: refusal.until });
        expect(then?.reason).not.toBe('BREAK_DUE');
      }),
    );
  });

  it('comes at the minutes that an analyst agreed on, and never later than the hotline’s budget', () => {
    const claimedIntervals = [claim(0, 45), claim(60, 105)];
    const now = at(180);
    expect(claimRefusal({ claimedIntervals, now, dailyMinutes: 90 })).toMatchObject({ reason: 'DAILY_LIMIT' });
    expect(claimRefusal({ claimedIntervals, now, dailyMinutes: 91 })).toBeNull();
    const long = Array.from({ length: 6 }, (_, n) => claim(n * 60, n * 60 + 40));
    expect(claimRefusal({ claimedIntervals: long, now: at(400), dailyMinutes: 1000 })).toMatchObject({
      reason: 'DAILY_LIMIT',
    });
  });

  it('names a break first, then the hours of work, and says until when', () => {
    const claimedIntervals = [claim(0, 300)];
    const [now, worksAgainAt, dayEnd] = [at(300), at(900), at(1200)];
    const facts = { claimedIntervals, now, dayStart: at(0), dayEnd };
    expect(claimRefusal({ ...facts, worksAgainAt, onBreak: true })).toEqual({ reason: 'ON_BREAK' });
    expect(claimRefusal({ ...facts, worksAgainAt })).toEqual({ reason: 'OUTSIDE_HOURS', until: worksAgainAt });
    expect(claimRefusal({ ...facts, worksAgainAt: null, onBreak: false })).toEqual({
      reason: 'DAILY_LIMIT',
      until: dayEnd,
    });
  });

  it('comes of a break exactly when the minutes since the last one are fifty', () => {
    fc.assert(
      fc.property(intervals, fc.nat(1500), (list, minute) => {
        const refusal = claimRefusal({ claimedIntervals: list, now: at(minute), dayStart: at(minute) });
        expect(refusal?.reason === 'BREAK_DUE').toBe(
          minutesSinceBreak(list, at(minute)) >= EXPOSURE_BEFORE_BREAK_MINUTES,
        );
      }),
    );
  });
});
