/** The month of a time, in UTC, as in 2026-10. */
export function monthOf(time: Date): string {
  return time.toISOString().slice(0, 7);
}

/** The month that is so many before another. */
export function monthsBefore(month: string, count: number): string {
  const time = new Date(`${month}-01T00:00:00Z`);
  return monthOf(new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth() - count)));
}

/** What an address may name as a month. */
export function isMonth(text: string | undefined): text is string {
  return text !== undefined && /^\d{4}-(0[1-9]|1[0-2])$/.test(text);
}
