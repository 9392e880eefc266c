import type { CaseOutcome, CaseState } from './case-lifecycle.ts';

export type NoticeKind = 'HOST_NOTICE' | 'POLICE_REFERRAL' | 'HOTLINE_REFERRAL';
export type NoticeStep = 'FIRST' | 'REMINDER' | 'UPSTREAM' | 'REGISTRAR';
export type ContactKind = 'HOST' | 'UPSTREAM' | 'REGISTRAR' | 'POLICE' | 'HOTLINE';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Minutes before the next try after a delay, by the number of tries made; the last one holds for all that follow. */
const BACKOFF_MINUTES = [1, 5, 15, 60] as const;

/** How often a message is handed to the mail server before it counts as failed: some nine hours. */
export const MOST_TRIES = 12;

/** What the rules know of one address of a message, at the time at which the message is to go. */
export type LineFacts = {
  readonly state: CaseState;
  readonly outcome: CaseOutcome | null;
  readonly heldUntil: Date | null;
  readonly undoUntil: Date | null;
  /** Whether the line belongs to the episode that the case is in. */
  readonly present: boolean;
};

/** What becomes of a line when its message is to go: it goes, it waits until a time, or there is nothing to ask for any more. */
export type Fate = { readonly is: 'GO' } | { readonly is: 'WAIT'; readonly until: Date } | { readonly is: 'WITHDRAW' };

const GO: Fate = { is: 'GO' };
const WITHDRAW: Fate = { is: 'WITHDRAW' };

/**
 * Whether a line may go. A hold of the police keeps notices and referrals to hotlines, never what goes to the police. What is gone, moved to
 * another country, undone or under appeal is asked of no host; the police hear of what was confirmed also when it is gone.
 */
export function fateOf(kind: NoticeKind, line: LineFacts, now: Date): Fate {
  if (line.undoUntil && line.undoUntil > now) return { is: 'WAIT', until: line.undoUntil };
  if (!line.present) return WITHDRAW;
  if (kind === 'POLICE_REFERRAL') return isConfirmed(line) ? GO : WITHDRAW;
  // A hold whose time is over holds nothing, also before the clock has moved the case.
  if (line.state === 'ON_HOLD')
    return line.heldUntil && line.heldUntil > now ? { is: 'WAIT', until: line.heldUntil } : GO;
  return line.state === 'AWAITING_REMOVAL' ? GO : WITHDRAW;
}

function isConfirmed({ state, outcome }: LineFacts): boolean {
  if (state === 'CLOSED') return outcome !== 'NOT_ACTIONABLE';
  return state === 'AWAITING_ACTION' || state === 'AWAITING_REMOVAL' || state === 'ON_HOLD' || state === 'REMOVED';
}

/** When to try again after `tries` tries that were put off; null where it was tried often enough. */
export function nextTry(tries: number, now: Date): Date | null {
  if (tries >= MOST_TRIES) return null;
  const minutes = BACKOFF_MINUTES[Math.min(tries, BACKOFF_MINUTES.length) - 1] ?? BACKOFF_MINUTES[0];
  return new Date(now.getTime() + minutes * MINUTE_MS);
}

/** The step that a message to a contact of a kind is. */
export function firstStep(kind: ContactKind): NoticeStep {
  return kind === 'UPSTREAM' || kind === 'REGISTRAR' ? kind : 'FIRST';
}

/**
 * What follows a message that had no effect (domain.md §8): a reminder, then the upstream network, then the registrar; of a
 * referral a reminder only. Who said that it is not theirs is not reminded. Null where nothing is left to try.
 */
export function stepAfter(kind: NoticeKind, step: NoticeStep, answer: LineAnswer | null): NoticeStep | null {
  if (kind !== 'HOST_NOTICE') return step === 'FIRST' ? 'REMINDER' : null;
  if (step === 'FIRST') return answer === 'NOT_OURS' ? 'UPSTREAM' : 'REMINDER';
  if (step === 'REMINDER') return 'UPSTREAM';
  return step === 'UPSTREAM' ? 'REGISTRAR' : null;
}

export type LineAnswer = 'RECEIVED' | 'REMOVED' | 'NOT_OURS';

/** What tells when a line that went out is taken further. */
export type Waiting = {
  readonly sentAt: Date;
  readonly waitHours: number;
  readonly answer: LineAnswer | null;
  readonly answeredAt: Date | null;
  /** When it was last seen up. */
  readonly lastSeenUp: Date | null;
};

/**
 * When the next step of a line is due. Who said "received" has twice the time; after "not ours" it is due at once; after
 * "removed" not before somebody sees it up again, and null until then.
 */
export function dueAt({ sentAt, waitHours, answer, answeredAt, lastSeenUp }: Waiting): Date | null {
  if (answer === 'NOT_OURS') return answeredAt ?? sentAt;
  if (answer === 'REMOVED') return answeredAt && lastSeenUp && lastSeenUp > answeredAt ? lastSeenUp : null;
  return new Date(sentAt.getTime() + waitHours * HOUR_MS * (answer === 'RECEIVED' ? 2 : 1));
}
