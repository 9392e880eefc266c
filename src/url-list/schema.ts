import { gunzipSync } from 'node:zlib';
import { prisma } from '../db.ts';
import { builder } from '../graphql/builder.ts';
import { CaseInput, caseInputFields, caseMutation } from '../graphql/case-mutation.ts';
import { Colleague } from '../graphql/colleague.ts';
import { fromCursor, pageSize, toCursor, WHOLE_NUMBER } from '../graphql/connection.ts';
import { UrlListChangeKind, UrlListScope } from '../graphql/enums.ts';
import { listDomain, unlistDomain } from './list-domain.ts';
import { keepListed, listAddress, unlistAddress, urlListSince } from './url-list.ts';

type UrlListPageShape = Awaited<ReturnType<typeof urlListSince>>;

const UrlListChange = builder.prismaObject('UrlListChange', {
  description: 'That an address or a domain came onto the list or went off it.',
  fields: (t) => ({
    change: t.expose('change', { type: UrlListChangeKind, description: 'On or off.' }),
    scope: t.expose('scope', { type: UrlListScope, description: 'Whether the entry is an address or a whole domain.' }),
    address: t.exposeString('address', {
      description: 'The canonical address or, where the scope says so, the domain.',
    }),
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

builder.prismaObject('UrlListEdition', {
  description: 'The whole URL list as it was at a time.',
  fields: (t) => ({
    number: t.int({
      description: 'Its number; each is one higher than the one before.',
      resolve: ({ id }) => Number(id),
    }),
    madeOn: t.expose('madeAt', { type: 'Date', description: 'The day it was made.' }),
    entries: t.exposeInt('entries', { description: 'How many addresses and domains it holds.' }),
    sha256: t.string({
      description: 'The SHA-256 of the text, in hexadecimal.',
      resolve: ({ sha256 }) => Buffer.from(sha256).toString('hex'),
    }),
    signature: t.exposeString('signature', {
      description:
        'A detached JWS (RFC 7515, appendix F; EdDSA) of the text, to be checked by the keys at /.well-known/jwks.json.',
    }),
    text: t.string({
      description: 'Comment lines that begin with #, then a line an entry: ADDRESS or DOMAIN, a tab, the entry.',
      resolve: ({ content }) => gunzipSync(content).toString('utf8'),
    }),
  }),
});

builder.prismaObjectField('Case', 'delistingProposedBy', (t) =>
  t.relation('delistingProposedBy', {
    type: Colleague,
    nullable: true,
    description: 'Who proposes to take its address off the URL list; a colleague confirms it or keeps it listed.',
  }),
);

const RuleOnDomainInput = builder.inputType('RuleOnDomainInput', {
  description: 'A ruling on the registrable domain of a case.',
  fields: (t) => ({ ...caseInputFields(t), reason: t.string({ required: true, description: 'Why; kept as a note.' }) }),
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
  urlListEdition: t.prismaField({
    type: 'UrlListEdition',
    nullable: true,
    description:
      'The whole list as it was kept at an edition, twice a day, signed; null where there is none of this number. The same as a plain file is at /url-list.txt.',
    args: { number: t.arg.int({ description: 'Which edition; the latest where left out.' }) },
    resolve: (query, _root, { number }) =>
      prisma.urlListEdition.findFirst({
        ...query,
        where: typeof number === 'number' ? { id: number } : {},
        orderBy: { id: 'desc' },
      }),
  }),
}));

caseMutation('listAddress', 'Puts the address on the URL list, after a second opinion.', CaseInput, listAddress);
caseMutation(
  'unlistAddress',
  'Takes an address that is still up off the URL list: the first call proposes it, that of a colleague confirms it.',
  CaseInput,
  unlistAddress,
);
caseMutation('keepListed', 'Withdraws the proposal to take the address off the URL list.', CaseInput, keepListed);
caseMutation(
  'listDomain',
  'Rules that all of the registrable domain goes on the URL list. For supervisors.',
  RuleOnDomainInput,
  listDomain,
);
caseMutation(
  'unlistDomain',
  'Rules that the registrable domain goes off the URL list. For supervisors.',
  RuleOnDomainInput,
  unlistDomain,
);
