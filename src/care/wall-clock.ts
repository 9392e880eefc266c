import type { WallTime } from '../domain/working-hours.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Whether this is the name of a time zone, such as Africa/Nairobi (IANA). */
export function isTimeZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

// Making one costs a hundred times what using it does.
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const made = formats.get(timeZone);
  if (made) return made;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  formats.set(timeZone, format);
  return format;
}

/** A moment by the clock on the wall of a time zone. */
export function wallTime(at: Date, timeZone: string): WallTime {
  const parts = formatOf(timeZone).formatToParts(at);
  const part = (type: string) => parts.find((found) => found.type === type)?.value ?? '';
  return { weekday: weekdays.indexOf(part('weekday')) + 1, minute: Number(part('hour')) * 60 + Number(part('minute')) };
}

/**
 * The moment at which the clock on the wall has gone on by so many minutes from the whole minute of `at`, also where clocks are
 * put forward or back in between. A negative number goes back.
 */
export function afterWallMinutes(at: Date, minutes: number, timeZone: string): Date {
  const wholeMinute = Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS;
  const guess = new Date(wholeMinute + minutes * MINUTE_MS);
  const expected = wallTime(at, timeZone).minute + minutes;
  const off = mod(expected - wallTime(guess, timeZone).minute + DAY_MINUTES / 2, DAY_MINUTES) - DAY_MINUTES / 2;
  return new Date(guess.getTime() + off * MINUTE_MS);
}

/** The day of a time zone that a moment lies in, from midnight to midnight. */
export function dayOf(at: Date, timeZone: string): { start: Date; end: Date } {
  const { minute } = wallTime(at, timeZone);
  return {
    start: afterWallMinutes(at, -minute, timeZone),
    end: afterWallMinutes(at, DAY_MINUTES - minute, timeZone),
  };
}

const mod = (value: number, by: number): number => ((value % by) + by) % by;
