const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** The raw times of one episode, from which all figures of speed derive (domain.md §8); null for what has not happened. */
export type EpisodeTimes = {
  readonly firstReported: Date | null;
  readonly assessed: Date | null;
  readonly traced: Date | null;
  readonly policeTold: Date | null;
  readonly hostTold: Date | null;
  readonly hotlineTold: Date | null;
  readonly firstSeenGone: Date | null;
};

/** Whole minutes, rounded down; null where a time is missing, or where the second came before the first. */
export type EpisodeClock = {
  /** From first reported to assessed. */
  readonly minutesToAssess: number | null;
  /** From first reported until the first of host, police and hotline was told. */
  readonly minutesToNotify: number | null;
  /** From first reported to first seen gone. */
  readonly minutesToRemove: number | null;
  /** From the first of host, police and hotline told to first seen gone. */
  readonly minutesFromNoticeToRemoval: number | null;
};

/** The periods of removal that are published, in days from first reported to first seen gone (domain.md §8). */
export const removalBuckets = ['SAME_DAY', 'DAYS_1_3', 'DAYS_4_6', 'DAYS_7_PLUS'] as const;
export type RemovalBucket = (typeof removalBuckets)[number];

/** The durations of one episode, in whole minutes. */
export function episodeClock(times: EpisodeTimes): EpisodeClock {
  const told = earliest([times.hostTold, times.policeTold, times.hotlineTold]);
  return {
    minutesToAssess: minutesBetween(times.firstReported, times.assessed),
    minutesToNotify: minutesBetween(times.firstReported, told),
    minutesToRemove: minutesBetween(times.firstReported, times.firstSeenGone),
    minutesFromNoticeToRemoval: minutesBetween(told, times.firstSeenGone),
  };
}

/**
 * The published period in which content went, by calendar days in UTC: from 23:59 to 00:01 is one day. Null where a time is
 * missing, or where it was gone before the day it was reported.
 */
export function removalBucket(firstReported: Date | null, gone: Date | null): RemovalBucket | null {
  if (firstReported === null || gone === null) return null;
  const days = utcDay(gone) - utcDay(firstReported);
  if (days < 0) return null;
  if (days === 0) return 'SAME_DAY';
  if (days <= 3) return 'DAYS_1_3';
  return days <= 6 ? 'DAYS_4_6' : 'DAYS_7_PLUS';
}

// A negative duration would pull down a median that partners read; content that went before anyone was told has none.
function minutesBetween(from: Date | null, to: Date | null): number | null {
  if (from === null || to === null || to < from) return null;
  return Math.floor((to.getTime() - from.getTime()) / MINUTE_MS);
}

function earliest(times: readonly (Date | null)[]): Date | null {
  return times.reduce((first, time) => (first === null || (time !== null && time < first) ? time : first), null);
}

function utcDay(time: Date): number {
  return Math.floor(time.getTime() / DAY_MS);
}
