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

/** Why the next claim must wait, in the order in which they are named: the first is the one that lasts. */
export const claimRefusalReasons = ['ON_BREAK', 'OUTSIDE_HOURS', 'DAILY_LIMIT', 'BREAK_DUE'] as const;
export type ClaimRefusalReason = (typeof claimRefusalReasons)[number];

/** Why the next claim must wait, and until when; `until` is absent where only the analyst or the caller knows. */
export type ClaimRefusal = { reason: ClaimRefusalReason; until?: Date };

/** Milliseconds since 1970. */
type Span = { from: number; to: number };

/** What a refusal hangs on. One analyst's claims come in any order and may overlap; one still open ends at `now`. */
export type ExposureFacts = {
  readonly claimedIntervals: readonly ClaimedInterval[];
  readonly now: Date;
  /** The day of the budget: the UTC day where left out. Give the claims of the hours before it too: a break is due across midnight. */
  readonly dayStart?: Date;
  readonly dayEnd?: Date;
  /** What the analyst agreed on for a day; never more than the hotline's budget. */
  readonly dailyMinutes?: number | null;
  /** The analyst said that they have a break. */
  readonly onBreak?: boolean;
  /** The next start of the analyst's working hours, where `now` is outside of them. */
  readonly worksAgainAt?: Date | null;
};

/** Why an analyst may not claim another case now, or null where they may. The daily limit goes before a break, which does not lift it. */
export function claimRefusal(facts: ExposureFacts): ClaimRefusal | null {
  if (facts.onBreak) return { reason: 'ON_BREAK' };
  if (facts.worksAgainAt) return { reason: 'OUTSIDE_HOURS', until: facts.worksAgainAt };

  const now = facts.now.getTime();
  const utcDay = now - (((now % DAY_MS) + DAY_MS) % DAY_MS);
  const dayStart = facts.dayStart ?? new Date(utcDay);
  const dayEnd = facts.dayEnd ?? (facts.dayStart ? undefined : new Date(utcDay + DAY_MS));
  if (exposureMinutes(facts.claimedIntervals, dayStart, facts.now) >= budgetOf(facts.dailyMinutes)) {
    return dayEnd ? { reason: 'DAILY_LIMIT', until: dayEnd } : { reason: 'DAILY_LIMIT' };
  }

  const sinceBreak = spansSinceBreak(mergedSpans(facts.claimedIntervals, Number.NEGATIVE_INFINITY, now), now);
  const last = sinceBreak.at(-1);
  if (last === undefined || minutesIn(sinceBreak) < EXPOSURE_BEFORE_BREAK_MINUTES) return null;
  return { reason: 'BREAK_DUE', until: new Date(last.to + BREAK_MINUTES * MINUTE_MS) };
}

/** Minutes that an analyst may have in a day: what they agreed on, where that is less than the hotline's budget. */
export function budgetOf(dailyMinutes: number | null | undefined): number {
  return Math.min(dailyMinutes ?? DAILY_EXPOSURE_MINUTES, DAILY_EXPOSURE_MINUTES);
}

/** Minutes, with fractions, with a claimed case since the last break: none after a pause that was long enough. */
export function minutesSinceBreak(intervals: readonly ClaimedInterval[], now: Date): number {
  return minutesIn(spansSinceBreak(mergedSpans(intervals, Number.NEGATIVE_INFINITY, now.getTime()), now.getTime()));
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
