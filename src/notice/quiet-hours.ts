const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
/** The clock may change on the way: then the end of the quiet hours is looked for once more. */
const MOST_MOVES = 3;

/** From when until when of its day a contact wants no ordinary message, in whole hours of its time zone; none where null. */
export type QuietHours = { quietFrom: number | null; quietUntil: number | null; timeZone: string };

/** The time itself, or the end of the contact's quiet hours where it falls into them; a change of its clocks is minded. */
export function afterQuietHours(at: Date, { quietFrom, quietUntil, timeZone }: QuietHours): Date {
  if (quietFrom === null || quietUntil === null) return at;
  const length = (quietUntil - quietFrom + 24) % 24;
  let moved = at;
  for (let move = 0; move < MOST_MOVES; move += 1) {
    const minutes = minutesOfDay(moved, timeZone);
    const into = (minutes - quietFrom * 60 + DAY_MINUTES) % DAY_MINUTES;
    if (into >= length * 60) return moved;
    const wholeMinute = Math.floor(moved.getTime() / MINUTE_MS) * MINUTE_MS;
    moved = new Date(wholeMinute + (length * 60 - into) * MINUTE_MS);
  }
  return moved;
}

function minutesOfDay(at: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const [hour = '0', minute = '0'] = parts.format(at).split(':');
  return Number(hour) * 60 + Number(minute);
}
