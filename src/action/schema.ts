import { builder } from '../graphql/builder.ts';
import { CaseInput, caseInputFields, caseMutation } from '../graphql/case-mutation.ts';
import { Colleague } from '../graphql/colleague.ts';
import { fromCursor, pageSize, toCursor, WHOLE_NUMBER } from '../graphql/connection.ts';
import { ActionKind, ReferTo, UrlListChangeKind } from '../graphql/enums.ts';
import { notifyHost, referCase } from './send-action.ts';
import { listAddress, unlistAddress, urlListSince } from './url-list.ts';

builder.prismaObject('Action', {
  description: 'A notice to a host, or a referral to the police or another hotline.',
  fields: (t) => ({
    kind: t.expose('kind', { type: ActionKind, description: 'What it is.' }),
    recipient: t.exposeString('recipient', { description: 'To whom it went.' }),
    recipientCountry: t.expose('recipientCountry', {
      type: 'CountryCode',
      nullable: true,
      description: 'In which country they are.',
    }),
    sentBy: t.relation('sentBy', {
      type: Colleague,
      nullable: true,
      description: 'Who sent it; null for the platform itself, by its schedule.',
    }),
    queuedAt: t.expose('queuedAt', { type: 'DateTime', description: 'When it was decided.' }),
    sentAt: t.expose('sentAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it went out; null while it waits.',
    }),
  }),
});

builder.prismaObjectField('Case', 'actions', (t) =>
  t.relation('actions', { description: 'What was sent, oldest first.', query: { orderBy: { queuedAt: 'asc' } } }),
);

const NotifyHostInput = builder.inputType('NotifyHostInput', {
  description: 'A notice that an analyst sent to a host.',
  fields: (t) => ({
    ...caseInputFields(t),
    recipient: t.string({ required: true, description: 'The host’s abuse contact.' }),
    recipientCountry: t.field({ type: 'CountryCode', description: 'In which country they are.' }),
  }),
});

const ReferCaseInput = builder.inputType('ReferCaseInput', {
  description: 'A referral that an analyst made.',
  fields: (t) => ({
    ...caseInputFields(t),
    to: t.field({ type: ReferTo, required: true, description: 'To the police or to a hotline.' }),
    recipient: t.string({ required: true, description: 'Which police or hotline.' }),
    recipientCountry: t.field({ type: 'CountryCode', description: 'In which country they are.' }),
  }),
});

type UrlListPageShape = Awaited<ReturnType<typeof urlListSince>>;

const UrlListChange = builder.prismaObject('UrlListChange', {
  description: 'That an address came onto the list or went off it.',
  fields: (t) => ({
    change: t.expose('change', { type: UrlListChangeKind, description: 'On or off.' }),
    address: t.exposeString('address', { description: 'The canonical address.' }),
    changedOn: t.expose('at', { type: 'Date', description: 'The day of the change.' }),
  }),
});

const UrlListPage = builder.objectRef<UrlListPageShape>('UrlListPage').implement({
  description: 'The changes of the URL list after a cursor.',
  fields: (t) => ({
    changes: t.field({
      type: [UrlListChange],
      description: 'The changes, oldest first; a later one overrules.',
      resolve: ({ changes }) => changes,
    }),
    cursor: t.string({
      description: 'Keep it, and send it as `since` next time.',
      resolve: ({ lastId }) => toCursor([String(lastId)]),
    }),
    more: t.exposeBoolean('more', { description: 'Whether to ask again at once.' }),
  }),
});

builder.queryFields((t) => ({
  urlList: t.field({
    type: UrlListPage,
    description:
      'Confirmed addresses that are still up, for blocking: what changed since a cursor. For industry partners with the right.',
    args: {
      since: t.arg.string({ description: 'The cursor of the last answer; from the beginning where left out.' }),
      first: t.arg.int({ defaultValue: 1000, description: 'How many changes, 1 to 1000.' }),
    },
    resolve: (_root, { since, first }) =>
      urlListSince(BigInt(fromCursor(since, [WHOLE_NUMBER])?.[0] ?? 0), pageSize(first, 1000, 1000)),
  }),
}));

caseMutation(
  'notifyHost',
  'Records a notice to the host. Possible once no second opinion is owed.',
  NotifyHostInput,
  notifyHost,
);
caseMutation('referCase', 'Records a referral to the police or to a hotline.', ReferCaseInput, referCase);
caseMutation('listAddress', 'Puts the address on the URL list, after a second opinion.', CaseInput, listAddress);
caseMutation('unlistAddress', 'Takes the address off the URL list.', CaseInput, unlistAddress);
