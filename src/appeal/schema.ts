import { queryFromInfo } from '@pothos/plugin-prisma';
import { recordRead } from '../audit/recorded.ts';
import { prisma } from '../db.ts';
import {
  AppealDecidedError,
  ChallengeRequiredError,
  IdempotencyConflictError,
  InvalidInputError,
  NotFoundError,
  TooManyReportsError,
} from '../domain/errors.ts';
import { builder } from '../graphql/builder.ts';
import { caseInputFields } from '../graphql/case-mutation.ts';
import { Colleague } from '../graphql/colleague.ts';
import { connectionOf, fromCursor, pageOf, pageSize, UUID } from '../graphql/connection.ts';
import { byOf, signedIn } from '../graphql/context.ts';
import { AppealState } from '../graphql/enums.ts';
import { caseWriteErrors } from '../graphql/errors.ts';
import { unseal } from '../secrets.ts';
import { casesAppealed, listAppeals } from './list-appeals.ts';
import { dismissAppeal, reviewAppeal } from './review-appeal.ts';
import { type AppealReceipt as Receipt, submitAppeal } from './submit-appeal.ts';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const AppealReceipt = builder.objectRef<Receipt>('AppealReceipt').implement({
  description: 'What whoever appeals keeps. It is the same whether or not the address is known to us.',
  fields: (t) => ({
    reference: t.exposeString('reference', { description: 'What to quote, such as A-7F3K-9QXM-2ABC.' }),
    receivedOn: t.expose('receivedOn', { type: 'Date', description: 'The day on which it was received.' }),
  }),
});

const Appeal = builder.prismaObject('Appeal', {
  description: 'That somebody, such as the owner of a site, says that an address was listed or notified wrongly.',
  fields: (t) => ({
    reference: t.exposeString('reference', { description: 'What to call it, such as A-7F3K-9QXM-2ABC.' }),
    receivedAt: t.expose('receivedAt', { type: 'DateTime', description: 'When it was received.' }),
    address: t.exposeString('address', { description: 'The address as it was typed. Never a link.' }),
    case: t.relation('case', {
      nullable: true,
      description: 'The case of this address; null where there was none when it was received.',
    }),
    reason: t.string({
      nullable: true,
      description: 'What they say, in their words; null once retention has deleted it.',
      resolve: ({ reason }) => (reason ? unseal(reason) : null),
    }),
    contactEmail: t.string({
      nullable: true,
      description: 'Where to answer, if they said.',
      resolve: ({ contact }) => (contact ? unseal(contact) : null),
    }),
    state: t.expose('state', { type: AppealState, description: 'How far it has come.' }),
    dismissal: t.string({
      nullable: true,
      description: 'Why it was dismissed, where it was.',
      resolve: ({ dismissal }) => (dismissal ? unseal(dismissal) : null),
    }),
    decidedAt: t.expose('decidedAt', { type: 'DateTime', nullable: true, description: 'When it was decided.' }),
    decidedBy: t.relation('decidedBy', {
      type: Colleague,
      nullable: true,
      description: 'Who decided it: of a review, whose opinion was the last.',
    }),
  }),
});

const AppealConnection = connectionOf('Appeal', Appeal, 'appeals');

builder.prismaObjectField('Case', 'appeals', (t) =>
  t.relation('appeals', {
    description: 'The appeals against it, oldest first.',
    query: { orderBy: [{ receivedAt: 'asc' }, { id: 'asc' }] },
  }),
);

const SubmitAppealInput = builder.inputType('SubmitAppealInput', {
  description: 'An appeal against one address.',
  fields: (t) => ({
    address: t.string({ required: true, description: 'The address, and no other.' }),
    reason: t.string({
      required: true,
      description: 'Why it should not be listed or removed: at most 4,000 characters. It is sealed.',
    }),
    contactEmail: t.string({ description: 'An email address for our answer. It is sealed.' }),
    challenge: t.string({
      description:
        'The solved proof of work, or the ticket after its wait, where a ChallengeRequiredError asked for one.',
    }),
    idempotencyKey: t.string({
      description: 'A new UUID for each appeal: a retry with the same key and input gets the same receipt.',
    }),
  }),
});

const ReviewAppealInput = builder.inputType('ReviewAppealInput', {
  description: 'The appeal, and its case as it was read.',
  fields: (t) => ({
    ...caseInputFields(t),
    appeal: t.string({ required: true, description: 'The appeal’s reference.' }),
  }),
});

const DismissAppealInput = builder.inputType('DismissAppealInput', {
  description: 'An appeal that nothing can come of.',
  fields: (t) => ({
    appeal: t.string({ required: true, description: 'The appeal’s reference.' }),
    reason: t.string({ required: true, description: 'Why, for colleagues: at most 1,000 characters. It is sealed.' }),
  }),
});

builder.queryFields((t) => ({
  appeals: t.field({
    type: AppealConnection,
    description: 'The appeals, oldest first. Looking at them is recorded.',
    args: {
      state: t.arg({ type: AppealState, description: 'In this state; all where left out.' }),
      first: t.arg.int({ defaultValue: 25, description: 'How many, 1 to 100.' }),
      after: t.arg.string({ description: 'The cursor to go on after.' }),
    },
    resolve: async (_root, { state, first, after }, context, info) => {
      const size = pageSize(first, 25);
      const [receivedAt, id] = fromCursor(after, [TIME, UUID]) ?? [];
      const from = receivedAt && id ? { receivedAt: new Date(receivedAt), id } : null;
      const query = queryFromInfo({ context, info, typeName: 'Appeal', path: ['edges', 'node'] });
      const rows = await listAppeals(state, size + 1, from, query);
      const page = pageOf(rows, size, (row) => [row.receivedAt.toISOString(), row.id]);
      await recordRead(byOf(context), {
        stream: `account:${context.viewer?.id}`,
        action: 'LIST_APPEALS',
        subjects: await casesAppealed(page.edges.map(({ node }) => node)),
        detail: { appeals: page.edges.map(({ node }) => node.reference) },
      });
      return page;
    },
  }),
}));

builder.mutationFields((t) => ({
  submitAppeal: t.field({
    type: AppealReceipt,
    description: 'Appeals against an address that was listed or notified. For anyone; the answer tells nothing of it.',
    errors: { types: [InvalidInputError, ChallengeRequiredError, TooManyReportsError, IdempotencyConflictError] },
    args: { input: t.arg({ type: SubmitAppealInput, required: true, description: 'The appeal.' }) },
    resolve: (_root, { input }, context) => submitAppeal(byOf(context), input, context.now, context.source()),
  }),
  reviewAppeal: t.prismaField({
    type: 'Case',
    description:
      'Lets an appeal have a new look: its case waits for opinions of people who had no part in what it is against.',
    errors: { types: [...caseWriteErrors, AppealDecidedError] },
    args: { input: t.arg({ type: ReviewAppealInput, required: true, description: 'The appeal and its case.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await reviewAppeal(signedIn(context), input, context.now);
      return prisma.case.findUniqueOrThrow({ ...query, where: { id }, relationLoadStrategy: 'join' });
    },
  }),
  dismissAppeal: t.prismaField({
    type: 'Appeal',
    description: 'Ends an appeal that nothing can come of. No case is changed.',
    errors: { types: [InvalidInputError, NotFoundError, AppealDecidedError] },
    args: { input: t.arg({ type: DismissAppealInput, required: true, description: 'The appeal, and why.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await dismissAppeal(signedIn(context), input, context.now);
      return prisma.appeal.findUniqueOrThrow({ ...query, where: { id }, relationLoadStrategy: 'join' });
    },
  }),
}));
