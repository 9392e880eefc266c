import {
  AlreadyClaimedError,
  BreakDueError,
  ClaimLimitError,
  InvalidTransitionError,
  NotClaimedError,
  NotFoundError,
  QueueEmptyError,
} from '../domain/errors.ts';
import { builder } from '../graphql/builder.ts';
import { CaseInput, caseAfter, caseInputFields, caseMutation } from '../graphql/case-mutation.ts';
import { signedIn } from '../graphql/context.ts';
import * as enums from '../graphql/enums.ts';
import { addCaseNote } from './add-case-note.ts';
import { claimCase, releaseCase } from './claim-case.ts';
import { claimNextCase } from './claim-next-case.ts';
import { closeCase, reopenCase } from './close-case.ts';
import { holdCase, overrideHold, releaseHold } from './hold-case.ts';
import { recordObservation } from './record-observation.ts';

const HoldCaseInput = builder.inputType('HoldCaseInput', {
  description: 'A hold, asked for by the police.',
  fields: (t) => ({
    ...caseInputFields(t),
    until: t.field({ type: 'DateTime', required: true, description: 'When it ends: at most 90 days from now.' }),
    requestedBy: t.string({ required: true, description: 'Which police asked for it.' }),
  }),
});

const OverrideHoldInput = builder.inputType('OverrideHoldInput', {
  description: 'The end of a hold that the police did not agree to.',
  fields: (t) => ({ ...caseInputFields(t), reason: t.string({ required: true, description: 'Why; kept as a note.' }) }),
});

const RecordObservationInput = builder.inputType('RecordObservationInput', {
  description: 'What somebody saw at the address.',
  fields: (t) => ({
    ...caseInputFields(t),
    seen: t.field({ type: enums.Seen, required: true, description: 'Up, gone or moved.' }),
    movedTo: t.field({ type: 'CountryCode', description: 'Where it moved to: needed when, and only when, moved.' }),
    at: t.field({ type: 'DateTime', description: 'When it was seen; now where left out.' }),
  }),
});

const CloseCaseInput = builder.inputType('CloseCaseInput', {
  description: 'The end of a case, by hand.',
  fields: (t) => ({
    ...caseInputFields(t),
    outcome: t.field({
      type: enums.CaseOutcome,
      required: true,
      description: 'REMOVED once it was seen gone, else NO_ACTION_POSSIBLE.',
    }),
    reason: t.string({ required: true, description: 'Why; kept as a note.' }),
  }),
});

const ReopenCaseInput = builder.inputType('ReopenCaseInput', {
  description: 'A new look at a closed case.',
  fields: (t) => ({ ...caseInputFields(t), reason: t.string({ required: true, description: 'Why; kept as a note.' }) }),
});

const AddCaseNoteInput = builder.inputType('AddCaseNoteInput', {
  description: 'A note on a case.',
  fields: (t) => ({
    ...caseInputFields(t),
    text: t.string({ required: true, description: 'What to note: at most 4,000 characters.' }),
  }),
});

caseMutation('holdCase', 'Puts a case that you hold on hold for the police, until a time.', HoldCaseInput, holdCase);
caseMutation(
  'overrideHold',
  'Ends a hold against the wish of the police; what waits goes out at once. For supervisors.',
  OverrideHoldInput,
  overrideHold,
);
caseMutation('releaseHold', 'Ends a hold early: the case goes back to where it was.', CaseInput, releaseHold);
caseMutation(
  'recordObservation',
  'Records what somebody saw. Nothing is fetched.',
  RecordObservationInput,
  recordObservation,
);
caseMutation('closeCase', 'Closes a case by hand.', CloseCaseInput, closeCase);
caseMutation('reopenCase', 'Opens a closed case again.', ReopenCaseInput, reopenCase);
caseMutation('addCaseNote', 'Adds a note to a case.', AddCaseNoteInput, addCaseNote);

builder.mutationFields((t) => ({
  claimNextCase: t.prismaField({
    type: 'Case',
    description:
      'Takes the case of highest priority that waits for you. The next case comes by priority, not by choice.',
    errors: { types: [QueueEmptyError, BreakDueError, ClaimLimitError] },
    resolve: async (query, _root, _args, context, info) => {
      const taken = await claimNextCase(signedIn(context), context.now);
      return caseAfter(taken, query, info);
    },
  }),
  claimCase: t.prismaField({
    type: 'Case',
    description: 'Takes a case by its number, or renews your claim.',
    errors: { types: [NotFoundError, AlreadyClaimedError, InvalidTransitionError, BreakDueError, ClaimLimitError] },
    args: { number: t.arg.string({ required: true, description: 'The case’s number.' }) },
    resolve: async (query, _root, { number }, context, info) => {
      const id = await claimCase(signedIn(context), number, context.now);
      return caseAfter({ id, number }, query, info);
    },
  }),
  releaseCase: t.prismaField({
    type: 'Case',
    description: 'Gives a case back to the queue.',
    errors: { types: [NotFoundError, NotClaimedError] },
    args: { number: t.arg.string({ required: true, description: 'The case’s number.' }) },
    resolve: async (query, _root, { number }, context, info) => {
      const id = await releaseCase(signedIn(context), number);
      return caseAfter({ id, number }, query, info);
    },
  }),
}));
