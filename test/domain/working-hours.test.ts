import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minutesUntilWork, type WorkingHours } from '../../src/domain/working-hours.ts';

const HOUR = 60;
const DAY = 24 * HOUR;
const office: WorkingHours = { timeZone: 'UTC', days: [1, 2, 3, 4, 5], from: '09:00', until: '17:00' };
const nights: WorkingHours = { timeZone: 'UTC', days: [5, 7], from: '22:00', until: '06:00' };

const clock = (minute: number) =>
  `${String(Math.floor(minute / HOUR)).padStart(2, '0')}:${String(minute % HOUR).padStart(2, '0')}`;
const anyHours = fc
  .record({
    days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    from: fc.nat(DAY - 1),
    length: fc.integer({ min: 1, max: DAY - 1 }),
  })
  .map(({ days, from, length }) => ({
    hours: { timeZone: 'UTC', days, from: clock(from), until: clock((from + length) % DAY) },
    // The slow and sure way: every minute of the week that is worked.
    worked: new Set(days.flatMap((day) => Array.from({ length }, (_, n) => ((day - 1) * DAY + from + n) % (7 * DAY)))),
  }));

describe('the minutes until somebody works', () => {
  it('are none within their hours, and count to the next start', () => {
    expect(minutesUntilWork(office, { weekday: 1, minute: 9 * HOUR })).toBe(0);
    expect(minutesUntilWork(office, { weekday: 3, minute: 17 * HOUR - 1 })).toBe(0);
    expect(minutesUntilWork(office, { weekday: 3, minute: 17 * HOUR })).toBe(16 * HOUR);
    expect(minutesUntilWork(office, { weekday: 1, minute: 8 * HOUR + 59 })).toBe(1);
    expect(minutesUntilWork(office, { weekday: 5, minute: 18 * HOUR })).toBe(2 * DAY + 15 * HOUR);
  });

  it('know hours over midnight, which belong to the day that they begin on', () => {
    expect(minutesUntilWork(nights, { weekday: 6, minute: 5 * HOUR })).toBe(0);
    expect(minutesUntilWork(nights, { weekday: 1, minute: 5 * HOUR + 59 })).toBe(0);
    expect(minutesUntilWork(nights, { weekday: 6, minute: 6 * HOUR })).toBe(DAY + 16 * HOUR);
    expect(minutesUntilWork(nights, { weekday: 5, minute: 5 * HOUR })).toBe(17 * HOUR);
  });

  it('equal a count minute by minute', () => {
    fc.assert(
      fc.property(anyHours, fc.integer({ min: 1, max: 7 }), fc.nat(DAY - 1), ({ hours, worked }, weekday, minute) => {
        const now = (weekday - 1) * DAY + minute;
        let wait = 0;
        while (!worked.has((now + wait) % (7 * DAY))) wait += 1;
        expect(minutesUntilWork(hours, { weekday, minute })).toBe(wait);
      }),
    );
  });
});
