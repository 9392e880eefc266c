import { queryFromInfo } from '@pothos/plugin-prisma';
import type { YogaInitialContext } from 'graphql-yoga';
import { InvalidInputError, NotFoundError } from '../domain/errors.ts';
import { wantedOfCases } from '../graphql/asked.ts';
import { builder, refOf } from '../graphql/builder.ts';
import { CaseFilter, CaseFilterValues } from '../graphql/case-filter.ts';
import { caseInputFields, caseMutation } from '../graphql/case-mutation.ts';
import { Colleague } from '../graphql/colleague.ts';
import { connectionOf, fromCursor, pageOf, pageSize, UUID } from '../graphql/connection.ts';
import { byOf, signedIn } from '../graphql/context.ts';
import * as enums from '../graphql/enums.ts';
import { handOverCase } from './hand-over-case.ts';
import { countCases, listCases } from './list-cases.ts';
import { followQueue, queueSummary, type QueueSummary as Summary } from './queue-summary.ts';
import { lookAtCase } from './read-cases.ts';
import { deleteFilter, type SavedFilter as SavedFilterShape, savedFilters, saveFilter } from './saved-filters.ts';

/** A case's priority is 0 to 1000. */
const PRIORITY = /^\d{1,4}$/;

const CaseConnection = connectionOf('Case', refOf('Case'), 'cases');

const CaseCount = builder.objectRef<{ count: number; orMore: boolean }>('CaseCount').implement({
  description: 'How many cases there are.',
  fields: (t) => ({
    count: t.exposeInt('count', { description: 'How many, 0 to 10,000.' }),
    orMore: t.exposeBoolean('orMore', { description: 'Whether there are more: nobody counts on after 10,000.' }),
  }),
});

const SavedFilter = builder.objectRef<SavedFilterShape>('SavedFilter').implement({
  description: 'A filter of the queue that you keep for yourself.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    name: t.exposeString('name', { description: 'What you call it.' }),
    filter: t.expose('filter', { type: CaseFilterValues, description: 'What it asks for.' }),
  }),
});

const SaveFilterInput = builder.inputType('SaveFilterInput', {
  description: 'A filter to keep. One of this name that you keep already is replaced.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'What you call it, in at most 80 characters.' }),
    filter: t.field({ type: CaseFilter, required: true, description: 'What it asks for.' }),
  }),
});

const HandOverCaseInput = builder.inputType('HandOverCaseInput', {
  description: 'To whom a case goes, and what they should know.',
  fields: (t) => ({
    ...caseInputFields(t),
    to: t.id({ required: true, description: 'The account of an analyst or a supervisor who may take it.' }),
    note: t.string({
      required: true,
      description:
        'What they should know. Kept as a note on the case: while a second opinion is owed, nobody else reads it.',
    }),
  }),
});

builder.prismaObjectFields('Case', (t) => ({
  inDanger: t.exposeBoolean('inDanger', { description: 'Whether a reporter says that a child is in danger now.' }),
  categories: t.expose('categories', {
    type: [enums.ReportCategory],
    description: 'What reporters believe to have seen; some seconds after a report at the latest.',
  }),
  siteTypes: t.expose('siteTypes', { type: [enums.SiteType], description: 'On what kinds of site, as they say.' }),
  reportingCountries: t.expose('reportingCountries', {
    type: ['CountryCode'],
    description: 'The countries that it was reported from.',
  }),
  hostingCountry: t.expose('hostingCountry', {
    type: 'CountryCode',
    nullable: true,
    description: 'Where it is hosted, by the latest trace that says so.',
  }),
  handedTo: t.field({
    type: Colleague,
    nullable: true,
    description: 'The colleague whom it was handed over to, while it is kept for them.',
    select: (_args, _context, nested) => ({ handedUntil: true, handedTo: nested() }),
    resolve: ({ handedTo, handedUntil }, _args, { now }) => (handedUntil && handedUntil > now ? handedTo : null),
  }),
  handedUntil: t.field({
    type: 'DateTime',
    nullable: true,
    description: 'Until when it is kept for them.',
    select: { handedUntil: true },
    resolve: ({ handedUntil }, _args, { now }) => (handedUntil && handedUntil > now ? handedUntil : null),
  }),
}));

caseMutation(
  'handOverCase',
  'Hands a case that you hold to a colleague: for 8 hours it is theirs to claim, and comes first when they ask for the next one.',
  HandOverCaseInput,
  handOverCase,
);

const QueueSummary = builder.objectRef<Summary>('QueueSummary').implement({
  description: 'How much waits, by what it waits for.',
  fields: (t) => ({
    awaitingAssessment: t.exposeInt('awaitingAssessment', { description: 'Reported, no opinion yet.' }),
    awaitingReview: t.exposeInt('awaitingReview', { description: 'A second opinion is owed.' }),
    disputed: t.exposeInt('disputed', { description: 'Two opinions differ; a supervisor rules.' }),
    awaitingAction: t.exposeInt('awaitingAction', { description: 'Confirmed; to be traced, notified, referred.' }),
    onHold: t.exposeInt('onHold', { description: 'The police ask to wait.' }),
    awaitingRemoval: t.exposeInt('awaitingRemoval', { description: 'An action is out; the content is up.' }),
    quarantinedReports: t.exposeInt('quarantinedReports', {
      description: 'Reports that wait in quarantine for one look in bulk; none of them is in the counts above.',
    }),
    quarantinedInDanger: t.exposeInt('quarantinedInDanger', {
      description: 'Those of them that say that a child is in danger now: look at these first.',
    }),
    asOf: t.expose('asOf', { type: 'DateTime', description: 'When it was counted.' }),
  }),
});

builder.queryFields((t) => ({
  cases: t.field({
    type: CaseConnection,
    description: 'The cases by priority, highest first. Looking at them is recorded.',
    args: {
      filter: t.arg({ type: CaseFilter, description: 'Which cases; all where left out.' }),
      first: t.arg.int({ defaultValue: 25, description: 'How many, 1 to 100.' }),
      after: t.arg.string({ description: 'The cursor to go on after.' }),
    },
    resolve: async (_root, { filter, first, after }, context, info) => {
      const size = pageSize(first, 25);
      const [priority, id] = fromCursor(after, [PRIORITY, UUID]) ?? [];
      const from = priority && id ? { priority: Number(priority), id } : null;
      const query = queryFromInfo({ context, info, typeName: 'Case', path: ['edges', 'node'] });
      const page = { filter: filter ?? {}, first: size, after: from };
      const rows = await listCases(signedIn(context), page, context.now, wantedOfCases(query, info));
      return pageOf(rows, size, (row) => [String(row.priority), row.id]);
    },
  }),
  caseCount: t.field({
    type: CaseCount,
    description: 'How many cases a filter finds, without looking at any.',
    args: { filter: t.arg({ type: CaseFilter, description: 'Which cases; all where left out.' }) },
    resolve: (_root, { filter }, context) => countCases(filter ?? {}, signedIn(context).viewer, context.now),
  }),
  savedFilters: t.field({
    type: [SavedFilter],
    description: 'The filters that you keep, by name.',
    resolve: (_root, _args, context) => savedFilters(signedIn(context).viewer.id),
  }),
  case: t.prismaField({
    type: 'Case',
    nullable: true,
    description: 'The case of a number; null where there is none. Looking at it is recorded.',
    args: { number: t.arg.string({ required: true, description: 'Such as C-000042.' }) },
    resolve: (query, _root, { number }, context, info) => lookAtCase(byOf(context), wantedOfCases(query, info), number),
  }),
  queueSummary: t.field({
    type: QueueSummary,
    description: 'How much waits now: where queueChanged begins.',
    resolve: (_root, _args, { now }) => queueSummary(now),
  }),
}));

builder.mutationFields((t) => ({
  saveFilter: t.field({
    type: SavedFilter,
    description: 'Keeps a filter for yourself, at most 50.',
    errors: { types: [InvalidInputError] },
    args: { input: t.arg({ type: SaveFilterInput, required: true, description: 'The filter.' }) },
    resolve: (_root, { input }, context) => saveFilter(signedIn(context), input),
  }),
  deleteFilter: t.field({
    type: SavedFilter,
    description: 'Forgets a filter of yours; its answer is the filter as it was.',
    errors: { types: [NotFoundError] },
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_root, { id }, context) => deleteFilter(signedIn(context), id),
  }),
}));

builder.subscriptionFields((t) => ({
  queueChanged: t.field({
    type: QueueSummary,
    description: 'The queue’s counts, once now and again whenever they change, at most once a second.',
    // Yoga adds the request to the context; its signal is aborted when the client goes away.
    subscribe: (_root, _args, context) => followQueue((context as typeof context & YogaInitialContext).request.signal),
    resolve: (summary: Summary) => summary,
  }),
}));
