const DAY_MS = 24 * 60 * 60 * 1000;
const MOST_DAYS = 5_000;

const twoDigits = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'));
const days = new Map<number, string>();

/** What `toISOString` gives, in a tenth of its time: a page of the queue holds 400 times, of few days. Throws a RangeError for no time. */
export function isoTime(time: Date): string {
  const ms = time.getTime();
  const day = Math.floor(ms / DAY_MS);
  const ofDay = ms - day * DAY_MS;
  const second = Math.floor(ofDay / 1000);
  const hours = twoDigits[Math.floor(second / 3600)];
  const minutes = twoDigits[Math.floor(second / 60) % 60];
  const thousandths = String(ofDay % 1000).padStart(3, '0');
  return `${days.get(day) ?? startOf(day)}${hours}:${minutes}:${twoDigits[second % 60]}.${thousandths}Z`;
}

function startOf(day: number): string {
  const text = new Date(day * DAY_MS).toISOString();
  const start = text.slice(0, text.indexOf('T') + 1);
  if (days.size >= MOST_DAYS) days.clear();
  days.set(day, start);
  return start;
}
