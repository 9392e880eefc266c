import type { CaseEvent, CaseState } from './case-lifecycle.ts';
import type { ClaimRefusalReason } from './exposure.ts';

/** One fault of an input: where it is, a stable code, and a sentence that names the remedy. Never echoes what was typed. */
export type InputIssue = { path: string[]; code: string; message: string };

/** A failure that a caller must expect: it travels as a member of the result union, with a stable code. */
export abstract class DomainError extends Error {
  abstract readonly code: string;
}

export class InvalidInputError extends DomainError {
  readonly code = 'INVALID_INPUT';
  readonly issues: InputIssue[];
  constructor(issues: InputIssue[]) {
    super(`The input has ${issues.length === 1 ? 'a fault' : `${issues.length} faults`}; each is listed in issues.`);
    this.issues = issues;
  }
}

export class NotFoundError extends DomainError {
  readonly code = 'NOT_FOUND';
  constructor(what: string) {
    super(`There is no such ${what}. Check its number, code or id.`);
  }
}

export class IdempotencyConflictError extends DomainError {
  readonly code = 'IDEMPOTENCY_CONFLICT';
  constructor() {
    super('This idempotency key was used for another request. Send a new key with a new request.');
  }
}

// ---- intake --------------------------------------------------------------------------------------------

export class PortalClosedError extends DomainError {
  readonly code = 'PORTAL_CLOSED';
  /** The public address of the page that took over, where there is one. */
  readonly transferredTo: string | null;
  constructor(transferredTo: string | null) {
    super(
      transferredTo
        ? 'A national hotline has taken over this portal. Please report there.'
        : 'This portal takes no reports now. Please report to the police of your country, or through another portal.',
    );
    this.transferredTo = transferredTo;
  }
}

export class ChallengeRequiredError extends DomainError {
  readonly code = 'CHALLENGE_REQUIRED';
  /** The challenge as JSON text, in the form of ALTCHA. */
  readonly challenge: string;
  /** For those without script: counts as the solved challenge once `waitSeconds` have passed. */
  readonly ticket: string;
  readonly waitSeconds: number;
  constructor(challenge: string, ticket: string, waitSeconds: number) {
    super(
      `Many reports come from where you are. Let your device solve the small challenge, or wait ${waitSeconds} seconds, then send the report again.`,
    );
    this.challenge = challenge;
    this.ticket = ticket;
    this.waitSeconds = waitSeconds;
  }
}

export class TooManyReportsError extends DomainError {
  readonly code = 'TOO_MANY_REPORTS';
  readonly retryAfterSeconds: number;
  constructor(retryAfterSeconds: number) {
    super(`Too many reports come from where you are. Please send yours again in ${retryAfterSeconds} seconds.`);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

// ---- cases ---------------------------------------------------------------------------------------------

export class StaleCaseError extends DomainError {
  readonly code = 'STALE_CASE';
  readonly currentVersion: number;
  constructor(currentVersion: number) {
    super('Somebody has changed this case since you read it. Read it again, then repeat your step if it still fits.');
    this.currentVersion = currentVersion;
  }
}

export class InvalidTransitionError extends DomainError {
  readonly code = 'INVALID_TRANSITION';
  readonly state: CaseState;
  readonly allowedEvents: CaseEvent[];
  constructor(
    state: CaseState,
    allowedEvents: CaseEvent[],
    reason = `This step is not possible while the case is ${state}.`,
  ) {
    super(reason);
    this.state = state;
    this.allowedEvents = allowedEvents;
  }
}

export class AppealDecidedError extends DomainError {
  readonly code = 'APPEAL_DECIDED';
  constructor(state: string) {
    super(`This appeal is ${state} by now. Read the list of appeals again.`);
  }
}

export class UndoWindowOverError extends DomainError {
  readonly code = 'UNDO_WINDOW_OVER';
  constructor() {
    super(
      'The time in which this could be undone is over: notices may be out. Open the cases again one by one instead.',
    );
  }
}

export class NotClaimedError extends DomainError {
  readonly code = 'NOT_CLAIMED';
  constructor() {
    super('You do not hold this case, or your lease has run out. Claim it first.');
  }
}

export class AlreadyClaimedError extends DomainError {
  readonly code = 'ALREADY_CLAIMED';
  constructor(keptFor: 'its holder' | 'whom it was handed to' = 'its holder') {
    super(
      keptFor === 'its holder'
        ? 'A colleague holds this case now. It returns to the queue when they release it or their lease runs out.'
        : 'This case is kept for a colleague: it was handed over. It returns to the queue if they do not take it in time.',
    );
  }
}

export class QueueEmptyError extends DomainError {
  readonly code = 'QUEUE_EMPTY';
  constructor() {
    super('No case waits for you now.');
  }
}

const claimRefusals: Record<ClaimRefusalReason, string> = {
  ON_BREAK: 'You are on a break: enjoy it. End it when you want to go on.',
  OUTSIDE_HOURS: 'These are not your working hours. The queue is in good hands until you are back.',
  DAILY_LIMIT: 'You have done what one day should hold. Thank you; the queue is in good hands until tomorrow.',
  BREAK_DUE: 'You have worked with cases for a while: time for a break. You can go on a little later.',
};

export class BreakDueError extends DomainError {
  readonly code: ClaimRefusalReason;
  /** When the next claim is possible again; null during a break, which ends when you say so. */
  readonly until: Date | null;
  constructor(reason: ClaimRefusalReason, until: Date | null) {
    super(claimRefusals[reason]);
    this.code = reason;
    this.until = until;
  }
}

export class ClaimLimitError extends DomainError {
  readonly code = 'CLAIM_LIMIT';
  readonly limit: number;
  constructor(limit: number) {
    super(`You hold ${limit} cases already. Finish or release one before you claim another.`);
    this.limit = limit;
  }
}
