import { describe, expect, it } from 'vitest';
import { afterWallMinutes, dayOf, isTimeZone, wallTime } from '../../src/care/wall-clock.ts';

const HOUR = 60;

describe('the clock on the wall', () => {
  it('shows the day of the week and the minute where somebody is', () => {
    const at = new Date('2026-10-31T22:30:00Z'); // a Saturday
    expect(wallTime(at, 'UTC')).toEqual({ weekday: 6, minute: 22 * HOUR + 30 });
    expect(wallTime(at, 'Africa/Nairobi')).toEqual({ weekday: 7, minute: HOUR + 30 });
    expect(wallTime(at, 'Asia/Kathmandu')).toEqual({ weekday: 7, minute: 4 * HOUR + 15 });
  });

  it.each([
    ['forward', '2026-03-28T17:00:00Z', 15 * HOUR, '2026-03-29T07:00:00Z'],
    ['back', '2026-10-24T16:00:00Z', 15 * HOUR, '2026-10-25T08:00:00Z'],
    ['neither', '2026-06-01T16:00:20Z', 15 * HOUR, '2026-06-02T07:00:00Z'],
  ])('goes on to the time that it will show, also where it is put %s overnight', (_how, at, minutes, expected) => {
    expect(afterWallMinutes(new Date(at), minutes, 'Europe/Berlin')).toEqual(new Date(expected));
  });

  it.each([
    ['Europe/Berlin', '2026-03-29T12:00:00Z', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
    ['Europe/Berlin', '2026-10-25T12:00:00Z', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
    ['Africa/Kampala', '2026-10-25T21:30:00Z', '2026-10-25T21:00:00Z', '2026-10-26T21:00:00Z'],
    ['UTC', '2026-10-25T00:00:00Z', '2026-10-25T00:00:00Z', '2026-10-26T00:00:00Z'],
  ])('knows the day of %s, of 23 to 25 hours, around %s', (zone, at, start, end) => {
    expect(dayOf(new Date(at), zone)).toEqual({ start: new Date(start), end: new Date(end) });
  });

  it('tells a time zone from anything else', () => {
    for (const name of ['Africa/Nairobi', 'UTC', 'Asia/Ulaanbaatar']) expect(isTimeZone(name)).toBe(true);
    for (const name of ['', 'Nairobi', '+03:00', 'Africa/Nowhere', '../etc']) expect(isTimeZone(name)).toBe(false);
  });
});
