import { queryFromInfo } from '@pothos/plugin-prisma';
import { recordRead } from '../audit/recorded.ts';
import { prisma } from '../db.ts';
import { InvalidInputError, NotFoundError } from '../domain/errors.ts';
import { builder, refOf } from '../graphql/builder.ts';
import { connectionOf, fromCursor, pageOf, pageSize, UUID, WHOLE_NUMBER } from '../graphql/connection.ts';
import { byOf, signedIn } from '../graphql/context.ts';
import { ActionKind, NoticeState, NoticeStep } from '../graphql/enums.ts';
import { unseal } from '../secrets.ts';
import { noticeReference } from './compose-notice.ts';
import { acknowledgeNotice, resolveNotice, retryNotice } from './decide-notice.ts';
import { casesOfNotices, listNotices } from './list-notices.ts';

builder.prismaObject('Notice', {
  description: 'One message to one contact, for all its addresses that waited.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    reference: t.string({ description: 'What its subject calls it.', resolve: ({ id }) => noticeReference(id) }),
    contact: t.relation('contact', { description: 'To whom it goes.' }),
    kind: t.expose('kind', { type: ActionKind, description: 'What it asks for.' }),
    step: t.expose('step', { type: NoticeStep, description: 'The first message, a reminder, or a further step.' }),
    urgent: t.exposeBoolean('urgent', { description: 'Whether it waits for nothing.' }),
    state: t.expose('state', { type: NoticeState, description: 'Where it is.' }),
    queuedAt: t.expose('queuedAt', { type: 'DateTime', description: 'When it was begun.' }),
    sendAfter: t.expose('sendAfter', { type: 'DateTime', description: 'Before this time it is not sent.' }),
    attempts: t.exposeInt('attempts', { description: 'How often it was handed to the mail server.' }),
    attemptedAt: t.expose('attemptedAt', { type: 'DateTime', nullable: true, description: 'When it last was.' }),
    sentAt: t.expose('sentAt', { type: 'DateTime', nullable: true, description: 'When it went out.' }),
    failedAt: t.expose('failedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was refused, given up, or came back.',
    }),
    failure: t.exposeString('failure', {
      nullable: true,
      description: 'Why it failed or was delayed, such as "bounced 5.1.1" (RFC 3463).',
    }),
    acknowledgedAt: t.expose('acknowledgedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the contact confirmed it.',
    }),
    repliedAt: t.expose('repliedAt', { type: 'DateTime', nullable: true, description: 'When a mail came back to it.' }),
    reply: t.string({
      nullable: true,
      description:
        'The first 4,000 characters of the last answer by mail. It comes from outside: no link in it is to be trusted.',
      resolve: ({ reply }) => (reply ? unseal(reply) : null),
    }),
    escalateAt: t.expose('escalateAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the next reminder or step is due.',
    }),
    actions: t.relation('actions', {
      description: 'Its lines, one for each address.',
      query: { orderBy: [{ queuedAt: 'asc' }, { id: 'asc' }] },
    }),
  }),
});

const NoticeConnection = connectionOf('Notice', refOf('Notice'), 'messages to contacts');

const NoticeFilter = builder.inputType('NoticeFilter', {
  description: 'Which messages; what is left out does not matter.',
  fields: (t) => ({
    states: t.field({ type: [NoticeState], description: 'In one of these states.' }),
    kind: t.field({ type: ActionKind, description: 'Of this kind.' }),
    contact: t.id({ description: 'To the contact of this id.' }),
  }),
});

builder.queryField('notices', (t) =>
  t.field({
    type: NoticeConnection,
    description: 'The messages to contacts, newest first: what waits, went out, failed. Looking at them is recorded.',
    args: {
      filter: t.arg({ type: NoticeFilter, description: 'Which messages; all where left out.' }),
      first: t.arg.int({ defaultValue: 25, description: 'How many, 1 to 100.' }),
      after: t.arg.string({ description: 'The cursor to go on after.' }),
    },
    resolve: async (_root, { filter, first, after }, context, info) => {
      const size = pageSize(first, 25);
      const [at, id] = fromCursor(after, [WHOLE_NUMBER, UUID]) ?? [];
      const from = at && id ? { queuedAt: new Date(Number(at)), id } : null;
      const contact = filter?.contact ? String(filter.contact) : null;
      if (contact && !UUID.test(contact)) return pageOf([], size, () => []);
      const query = queryFromInfo({ context, info, typeName: 'Notice', path: ['edges', 'node'] });
      const rows = await listNotices({ ...filter, contact }, size + 1, from, query);
      const page = pageOf(rows, size, (row) => [String(row.queuedAt.getTime()), row.id]);
      await recordRead(byOf(context), {
        stream: `account:${signedIn(context).viewer.id}`,
        action: 'LIST_NOTICES',
        subjects: await casesOfNotices(page.edges.map(({ node }) => node.id)),
      });
      return page;
    },
  }),
);

const noticeArg = { required: true, description: 'The message’s id.' } as const;

builder.mutationFields((t) => ({
  retryNotice: t.prismaField({
    type: 'Notice',
    description: 'Sends a message that failed once more, such as after its contact’s address was mended.',
    errors: { types: [InvalidInputError, NotFoundError] },
    args: { id: t.arg.id(noticeArg) },
    resolve: async (query, _root, { id }, context) =>
      noticeById(query, await retryNotice(signedIn(context), String(id), context.now)),
  }),
  resolveNotice: t.prismaField({
    type: 'Notice',
    description: 'Says of an UNCERTAIN message whether it went out; if not, it is sent.',
    errors: { types: [InvalidInputError, NotFoundError] },
    args: {
      id: t.arg.id(noticeArg),
      sent: t.arg.boolean({ required: true, description: 'True: it went out, as the mail server’s log says.' }),
    },
    resolve: async (query, _root, { id, sent }, context) =>
      noticeById(query, await resolveNotice(signedIn(context), String(id), sent, context.now)),
  }),
  acknowledgeNotice: t.prismaField({
    type: 'Notice',
    description:
      'Keeps that the contact confirmed a notice or a referral otherwise than by its link, such as by telephone.',
    errors: { types: [InvalidInputError, NotFoundError] },
    args: { id: t.arg.id(noticeArg) },
    resolve: async (query, _root, { id }, context) =>
      noticeById(query, await acknowledgeNotice(signedIn(context), String(id), context.now)),
  }),
}));

function noticeById(query: object, id: string) {
  return prisma.notice.findUniqueOrThrow({ ...query, where: { id }, relationLoadStrategy: 'join' });
}
