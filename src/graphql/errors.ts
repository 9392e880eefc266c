import * as errors from '../domain/errors.ts';
import { builder } from './builder.ts';
import { CaseEvent, CaseState } from './enums.ts';

/** The interface that every expected failure shares. */
const ErrorInterface = builder.interfaceRef<errors.DomainError>('Error').implement({
  description: 'An expected failure. `code` is stable and meant for programs, `message` for people.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'A stable code, such as STALE_CASE.' }),
    message: t.exposeString('message', { description: 'What went wrong and what to do about it, in English.' }),
  }),
});

/** One fault of an input: also of one line of a batch. */
export const InputIssue = builder.objectRef<errors.InputIssue>('InputIssue').implement({
  description: 'One fault of an input.',
  fields: (t) => ({
    path: t.exposeStringList('path', { description: 'Where the fault is, from the argument inwards.' }),
    code: t.exposeString('code', { description: 'A stable code, such as TOO_LONG.' }),
    message: t.exposeString('message', { description: 'What to change. Never repeats what was typed.' }),
  }),
});

const shared = { interfaces: [ErrorInterface] };

builder.objectType(errors.InvalidInputError, {
  name: 'InvalidInputError',
  description: 'The input has faults; all of them are listed at once, and nothing was kept.',
  ...shared,
  fields: (t) => ({
    issues: t.field({ type: [InputIssue], description: 'Every fault.', resolve: ({ issues }) => issues }),
  }),
});

builder.objectType(errors.NotFoundError, {
  name: 'NotFoundError',
  description: 'There is nothing of this number, code or id.',
  ...shared,
});

builder.objectType(errors.IdempotencyConflictError, {
  name: 'IdempotencyConflictError',
  description: 'The idempotency key was used before, with another input.',
  ...shared,
});

builder.objectType(errors.PortalClosedError, {
  name: 'PortalClosedError',
  description: 'The portal is suspended, or a national hotline has taken over.',
  ...shared,
  fields: (t) => ({
    transferredTo: t.exposeString('transferredTo', {
      nullable: true,
      description: 'The address of the page that took over, where there is one.',
    }),
  }),
});

builder.objectType(errors.ChallengeRequiredError, {
  name: 'ChallengeRequiredError',
  description: 'Many reports come from this source now: answer the small proof of work and send the report again.',
  ...shared,
  fields: (t) => ({
    challenge: t.exposeString('challenge', {
      description: 'The challenge, as JSON in the form of ALTCHA; send the solved payload as `challenge`.',
    }),
    ticket: t.exposeString('ticket', {
      description:
        'For those without script: send it as `challenge` in place of a solution, once `waitSeconds` have passed. It is good once.',
    }),
    waitSeconds: t.exposeInt('waitSeconds', {
      description: 'Seconds until the ticket counts. Too early costs nothing: the same ticket comes back.',
    }),
  }),
});

builder.objectType(errors.TooManyReportsError, {
  name: 'TooManyReportsError',
  description: 'Too many reports come from this source now. Nothing was kept: send it again later.',
  ...shared,
  fields: (t) => ({
    retryAfterSeconds: t.exposeInt('retryAfterSeconds', { description: 'Seconds to wait before the next try.' }),
  }),
});

builder.objectType(errors.StaleCaseError, {
  name: 'StaleCaseError',
  description: 'The case was changed after the version that you read.',
  ...shared,
  fields: (t) => ({
    currentVersion: t.exposeInt('currentVersion', { description: 'The version that the case has now.' }),
  }),
});

builder.objectType(errors.InvalidTransitionError, {
  name: 'InvalidTransitionError',
  description: 'The life of a case has no such step from where it is.',
  ...shared,
  fields: (t) => ({
    state: t.field({
      type: CaseState,
      description: 'The state that the case is in.',
      resolve: ({ state }) => state,
    }),
    allowedEvents: t.field({
      type: [CaseEvent],
      description: 'What can happen to it now.',
      resolve: ({ allowedEvents }) => allowedEvents,
    }),
  }),
});

builder.objectType(errors.AppealDecidedError, {
  name: 'AppealDecidedError',
  description: 'The appeal waits no more: somebody has dismissed it or let it have its review.',
  ...shared,
});

builder.objectType(errors.UndoWindowOverError, {
  name: 'UndoWindowOverError',
  description: 'A bulk assessment can be undone for a while only, and that is over.',
  ...shared,
});

builder.objectType(errors.NotClaimedError, {
  name: 'NotClaimedError',
  description: 'The step needs a claim on the case, and you hold none.',
  ...shared,
});

builder.objectType(errors.AlreadyClaimedError, {
  name: 'AlreadyClaimedError',
  description: 'A colleague holds the case, or it is kept for one: one person at a time looks at it.',
  ...shared,
});

builder.objectType(errors.QueueEmptyError, {
  name: 'QueueEmptyError',
  description: 'No case waits for you.',
  ...shared,
});

builder.objectType(errors.BreakDueError, {
  name: 'BreakDueError',
  description:
    'You claim nothing for now: a break is due or under way, the day’s work with material is done, or it is not your time. The hotline cares for its people.',
  ...shared,
  fields: (t) => ({
    until: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When you can claim again; null during a break, which you end yourself.',
      resolve: ({ until }) => until,
    }),
  }),
});

builder.objectType(errors.ClaimLimitError, {
  name: 'ClaimLimitError',
  description: 'You hold as many cases as one person may.',
  ...shared,
  fields: (t) => ({ limit: t.exposeInt('limit', { description: 'How many that is.' }) }),
});

/** The failures of every write on a case. */
export const caseWriteErrors = [
  errors.InvalidInputError,
  errors.NotFoundError,
  errors.StaleCaseError,
  errors.InvalidTransitionError,
  errors.NotClaimedError,
  errors.IdempotencyConflictError,
];
