/** Minutes with a claimed case that one analyst may have in a day. */
export const DAILY_EXPOSURE_MINUTES = 240;

/** Minutes with a claimed case after which a break is due. */
export const EXPOSURE_BEFORE_BREAK_MINUTES = 50;

/** Minutes without a claimed case that make a break; a shorter pause is none. */
export const BREAK_MINUTES = 10;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** A stretch of time, `to` not included, in which an analyst held a case. */
export type ClaimedInterval = { readonly from: Date; readonly to: Date };

/** Why the next claim must wait, and until when; `until` is absent where only the caller knows when the day ends. */
export type ClaimRefusal = { reason: 'BREAK_DUE'; until: Date } | { reason: 'DAILY_LIMIT'; until?: Date };

/** Milliseconds since 1970. */
type Span = { from: number; to: number };

/**
 * Why an analyst may not claim another case now, or null where they may. One analyst's claims come in any order and may
 * overlap; a claim still open ends at `now`. The day is the UTC day unless `dayStart` says otherwise, and give the claims of
 * the hours before it too: a break is due across midnight. The daily limit is named first, since a break does not lift it.
 */
export function claimRefusal(input: {
  readonly claimedIntervals: readonly ClaimedInterval[];
  readonly now: Date;
  readonly dayStart?: Date;
}): ClaimRefusal | null {
  const now = input.now.getTime();
  const utcDay = now - (((now % DAY_MS) + DAY_MS) % DAY_MS);
  const dayStart = input.dayStart ?? new Date(utcDay);

  if (exposureMinutes(input.claimedIntervals, dayStart, input.now) >= DAILY_EXPOSURE_MINUTES) {
    return input.dayStart ? { reason: 'DAILY_LIMIT' } : { reason: 'DAILY_LIMIT', until: new Date(utcDay + DAY_MS) };
  }

  const sinceBreak = spansSinceBreak(mergedSpans(input.claimedIntervals, Number.NEGATIVE_INFINITY, now), now);
  const last = sinceBreak.at(-1);
  if (last === undefined || minutesIn(sinceBreak) < EXPOSURE_BEFORE_BREAK_MINUTES) return null;
  return { reason: 'BREAK_DUE', until: new Date(last.to + BREAK_MINUTES * MINUTE_MS) };
}

/** Minutes, with fractions, between `from` and `to` in which at least one case was claimed; overlaps count once. */
export function exposureMinutes(intervals: readonly ClaimedInterval[], from: Date, to: Date): number {
  return minutesIn(mergedSpans(intervals, from.getTime(), to.getTime()));
}

/** Those parts of the intervals that lie between the bounds, in order, overlapping and touching ones made one. */
function mergedSpans(intervals: readonly ClaimedInterval[], from: number, to: number): Span[] {
  const inside = intervals
    .map((interval) => ({ from: Math.max(interval.from.getTime(), from), to: Math.min(interval.to.getTime(), to) }))
    .filter((span) => span.from < span.to)
    .sort((a, b) => a.from - b.from);

  const merged: Span[] = [];
  for (const span of inside) {
    const last = merged.at(-1);
    if (last !== undefined && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else merged.push(span);
  }
  return merged;
}

/** The latest of ordered spans, back to the last pause that was long enough to be a break. */
function spansSinceBreak(spans: readonly Span[], now: number): Span[] {
  let nextStart = now;
  let first = spans.length;
  for (const span of spans.toReversed()) {
    if (nextStart - span.to >= BREAK_MINUTES * MINUTE_MS) break;
    nextStart = span.from;
    first -= 1;
  }
  return spans.slice(first);
}

function minutesIn(spans: readonly Span[]): number {
  return spans.reduce((total, span) => total + (span.to - span.from), 0) / MINUTE_MS;
}
