const DAY_MINUTES = 24 * 60;

/** When somebody works, by the clock of their time zone. `until` before `from` is over midnight, and belongs to the day it begins on. */
export type WorkingHours = {
  /** IANA, such as Africa/Nairobi. */
  readonly timeZone: string;
  /** 1 is Monday, 7 Sunday. */
  readonly days: readonly number[];
  /** HH:MM */
  readonly from: string;
  readonly until: string;
};

/** A moment by the clock on the wall: the day of the week (1 is Monday) and the minute of the day, 0 to 1439. */
export type WallTime = { readonly weekday: number; readonly minute: number };

/** Minutes by the clock on the wall until somebody's next hours begin; 0 within them. Throws where there is no day of work. */
export function minutesUntilWork(hours: WorkingHours, { weekday, minute }: WallTime): number {
  const from = minuteOf(hours.from);
  const until = minuteOf(hours.until);
  const length = until > from ? until - from : until + DAY_MINUTES - from;
  const works = (day: number) => hours.days.includes(((((weekday - 1 + day) % 7) + 7) % 7) + 1);
  // Yesterday's hours may reach into today.
  for (let day = -1; day <= 7; day += 1) {
    const wait = day * DAY_MINUTES + from - minute;
    if (!works(day) || wait + length <= 0) continue;
    return Math.max(0, wait);
  }
  throw new Error('Working hours need a day.');
}

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}
