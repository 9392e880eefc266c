import type { CaseOutcome, CaseState } from './case-lifecycle.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** Two looks that saw it gone confirm each other only so many hours apart: a host's outage of an evening is no removal. */
export const CONFIRMING_HOURS_APART = 20;

/** When content that should go is looked at, in hours after the first action: often on the first day, then ever more rarely. */
const UP_CHECK_HOURS: readonly number[] = [
  ...[1, 4, 12, 24],
  ...[2, 3, 4, 5, 6, 7].map((day) => day * 24),
  ...[10, 13, 16, 19, 22, 25, 28].map((day) => day * 24),
];
const WEEK_MS = 7 * DAY_MS;

/** Content that was seen gone is looked at again after a day, and once more on the day before the case closes by itself. */
const SECOND_LOOK_DAYS = 1;
const LAST_LOOK_DAYS = 13;
/** After that, twice: much comes back. */
const SPOT_CHECK_DAYS: readonly number[] = [30, 90];

/** What decides when somebody, or a tool, should look at the content next. */
export type LookFacts = {
  readonly state: CaseState;
  readonly outcome: CaseOutcome | null;
  readonly listed: boolean;
  /** Since when it is expected to go: the first action of the episode, or the listing where nothing was sent. */
  readonly expectedSince: Date;
  readonly lastLook: Date | null;
  /** The first and the last look that saw it gone, since it was last seen up. */
  readonly gone: { readonly first: Date; readonly last: Date } | null;
  /** When a host last said that it is removed. */
  readonly saidRemoved: Date | null;
};

/** When to look next, or null where nobody needs to: before an action unless it is listed, on hold, or after the last spot check. */
export function nextCheck(facts: LookFacts): Date | null {
  const { state, outcome, listed, gone } = facts;
  if (!isFollowed(state)) return null;
  if (state === 'AWAITING_REMOVAL') return nextWhileUp(facts);
  if (listed && (state === 'AWAITING_ACTION' || outcome === 'NO_ACTION_POSSIBLE')) return nextWhileUp(facts);
  if (gone === null) return null;
  if (state === 'REMOVED')
    return isConfirmedGone(gone)
      ? pointAfter(gone.last, gone.first, [LAST_LOOK_DAYS])
      : at(gone.first, SECOND_LOOK_DAYS * DAY_MS);
  if (outcome === 'REMOVED') return pointAfter(gone.last, gone.first, SPOT_CHECK_DAYS);
  return null;
}

/** Whether a case in this state is looked at at all; in every other its next check is none. */
export function isFollowed(state: CaseState): boolean {
  return state === 'AWAITING_ACTION' || state === 'AWAITING_REMOVAL' || state === 'REMOVED' || state === 'CLOSED';
}

/** Whether it was seen gone twice, at least 20 hours apart, and not up in between. */
export function isConfirmedGone(gone: { readonly first: Date; readonly last: Date }): boolean {
  return gone.last.getTime() - gone.first.getTime() >= CONFIRMING_HOURS_APART * HOUR_MS;
}

function nextWhileUp({ expectedSince, lastLook, saidRemoved }: LookFacts): Date {
  if (saidRemoved && (!lastLook || lastLook < saidRemoved)) return saidRemoved;
  const looked = Math.max(lastLook?.getTime() ?? 0, expectedSince.getTime());
  const age = looked - expectedSince.getTime();
  const hours = UP_CHECK_HOURS.find((point) => point * HOUR_MS > age);
  if (hours !== undefined) return at(expectedSince, hours * HOUR_MS);
  return at(expectedSince, (Math.floor(age / WEEK_MS) + 1) * WEEK_MS);
}

function pointAfter(look: Date, from: Date, days: readonly number[]): Date | null {
  const day = days.find((point) => from.getTime() + point * DAY_MS > look.getTime());
  return day === undefined ? null : at(from, day * DAY_MS);
}

function at(from: Date, later: number): Date {
  return new Date(from.getTime() + later);
}
