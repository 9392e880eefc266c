import { queryFromInfo } from '@pothos/plugin-prisma';
import type { YogaInitialContext } from 'graphql-yoga';
import { recordRead } from '../audit/recorded.ts';
import { prisma } from '../db.ts';
import { builder, refOf } from '../graphql/builder.ts';
import { connectionOf, fromCursor, pageOf, pageSize, UUID } from '../graphql/connection.ts';
import { byOf } from '../graphql/context.ts';
import * as enums from '../graphql/enums.ts';
import { listCases } from './list-cases.ts';
import { followQueue, queueSummary, type QueueSummary as Summary } from './queue-summary.ts';

/** A case's priority is 0 to 1000. */
const PRIORITY = /^\d{1,4}$/;

const CaseConnection = connectionOf('Case', refOf('Case'), 'cases');

const CaseFilter = builder.inputType('CaseFilter', {
  description: 'Which cases; what is left out does not matter.',
  fields: (t) => ({
    states: t.field({ type: [enums.CaseState], description: 'In one of these states.' }),
    portal: t.string({ description: 'Reported through the portal of this code.' }),
    host: t.string({ description: 'On this host.' }),
    mine: t.boolean({ description: 'True: those that you hold.' }),
  }),
});

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
      const rows = await listCases(filter ?? {}, size + 1, from, context.viewer, context.now, query);
      const page = pageOf(rows, size, (row) => [String(row.priority), row.id]);
      await recordRead(byOf(context), {
        stream: `account:${context.viewer?.id}`,
        action: 'LIST_CASES',
        subjects: page.edges.map(({ node }) => node.number),
      });
      return page;
    },
  }),
  case: t.prismaField({
    type: 'Case',
    nullable: true,
    description: 'The case of a number; null where there is none. Looking at it is recorded.',
    args: { number: t.arg.string({ required: true, description: 'Such as C-000042.' }) },
    resolve: async (query, _root, { number }, context) => {
      const found = await prisma.case.findUnique({ ...query, where: { number }, relationLoadStrategy: 'join' });
      if (found) await recordRead(byOf(context), { stream: `case:${number}`, action: 'READ' });
      return found;
    },
  }),
  queueSummary: t.field({
    type: QueueSummary,
    description: 'How much waits now: where queueChanged begins.',
    resolve: (_root, _args, { now }) => queueSummary(now),
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
