import { randomInt } from 'node:crypto';
import { config } from '../config.ts';
import { prisma } from '../db.ts';
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
import { CaseInput, caseInputFields, caseMutation } from '../graphql/case-mutation.ts';
import { signedIn } from '../graphql/context.ts';
import * as enums from '../graphql/enums.ts';
import { addCaseNote } from './add-case-note.ts';
import { assessCase, reviewCase, ruleOnCase } from './assess-case.ts';
import { claimCase, claimNextCase, releaseCase } from './claim-case.ts';
import { closeCase, reopenCase } from './close-case.ts';
import { holdCase, releaseHold } from './hold-case.ts';
import { recordObservation } from './record-observation.ts';

const drawnForReview = () => randomInt(100) < config().randomReviewPercent;

const AssessmentInput = builder.inputType('AssessmentInput', {
  description: 'The answers of one opinion. Severity and youngest age may be of different images.',
  fields: (t) => ({
    verdict: t.field({ type: enums.Verdict, required: true, description: 'Actionable or not.' }),
    reason: t.field({
      type: enums.NotActionableReason,
      description: 'Why not: needed when, and only when, not actionable.',
    }),
    severity: t.field({ type: enums.Severity, description: 'Needed when actionable.' }),
    youngestAge: t.field({ type: enums.AgeBand, description: 'Needed when actionable.' }),
    sex: t.field({ type: enums.SexSeen, description: 'Needed when actionable.' }),
    form: t.field({ type: enums.ImageForm, description: 'Needed when actionable.' }),
    selfGenerated: t.boolean({ description: 'Whether a child made it.' }),
    coerced: t.boolean({ description: 'Whether the child was coerced (sexual extortion); only with selfGenerated.' }),
    commercial: t.field({ type: enums.Commerciality, description: 'Whether money is asked for; NONE where left out.' }),
    disguised: t.boolean({ description: 'Whether the site shows it only to those who come a certain way.' }),
    siteType: t.field({ type: enums.SiteType, description: 'What kind of site it is.' }),
    jurisdiction: t.field({ type: enums.Jurisdiction, description: 'Needed when actionable.' }),
    requestReview: t.boolean({ description: 'True asks for a second opinion.' }),
    note: t.string({ description: 'Anything else, in words: at most 4,000 characters.' }),
  }),
});

const AssessCaseInput = builder.inputType('AssessCaseInput', {
  description: 'An opinion on a case.',
  fields: (t) => ({
    ...caseInputFields(t),
    assessment: t.field({ type: AssessmentInput, required: true, description: 'The answers.' }),
  }),
});

const HoldCaseInput = builder.inputType('HoldCaseInput', {
  description: 'A hold, asked for by the police.',
  fields: (t) => ({
    ...caseInputFields(t),
    until: t.field({ type: 'DateTime', required: true, description: 'When it ends: at most 90 days from now.' }),
    requestedBy: t.string({ required: true, description: 'Which police asked for it.' }),
  }),
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

caseMutation('assessCase', 'Signs the first opinion on a case that you hold.', AssessCaseInput, (by, input, now) =>
  assessCase(by, input, now, drawnForReview()),
);
caseMutation(
  'reviewCase',
  'Signs the second opinion, blind to the first, on a case that you hold.',
  AssessCaseInput,
  reviewCase,
);
caseMutation(
  'ruleOnCase',
  'Rules where two opinions differ. For supervisors who gave neither.',
  AssessCaseInput,
  ruleOnCase,
);
caseMutation('holdCase', 'Puts a case that you hold on hold for the police, until a time.', HoldCaseInput, holdCase);
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
    resolve: async (query, _root, _args, context) => {
      const id = await claimNextCase(signedIn(context), context.now);
      return prisma.case.findUniqueOrThrow({ ...query, where: { id }, relationLoadStrategy: 'join' });
    },
  }),
  claimCase: t.prismaField({
    type: 'Case',
    description: 'Takes a case by its number, or renews your claim.',
    errors: { types: [NotFoundError, AlreadyClaimedError, InvalidTransitionError, BreakDueError, ClaimLimitError] },
    args: { number: t.arg.string({ required: true, description: 'The case’s number.' }) },
    resolve: async (query, _root, { number }, context) => {
      const id = await claimCase(signedIn(context), number, context.now);
      return prisma.case.findUniqueOrThrow({ ...query, where: { id }, relationLoadStrategy: 'join' });
    },
  }),
  releaseCase: t.prismaField({
    type: 'Case',
    description: 'Gives a case back to the queue.',
    errors: { types: [NotFoundError, NotClaimedError] },
    args: { number: t.arg.string({ required: true, description: 'The case’s number.' }) },
    resolve: async (query, _root, { number }, context) => {
      const id = await releaseCase(signedIn(context), number);
      return prisma.case.findUniqueOrThrow({ ...query, where: { id }, relationLoadStrategy: 'join' });
    },
  }),
}));
