import { prisma } from '../db.ts';
import { InvalidInputError, NotFoundError } from '../domain/errors.ts';
import type { ApiKey } from '../generated/prisma/client.ts';
import { builder, refOf } from '../graphql/builder.ts';
import { Colleague } from '../graphql/colleague.ts';
import { signedIn } from '../graphql/context.ts';
import { AccountRole, PartnerKind } from '../graphql/enums.ts';
import { createApiKey, revokeApiKey } from './api-key.ts';
import { colleagues } from './colleagues.ts';
import { disableAccount, saveAccount } from './save-account.ts';
import { savePartner } from './save-partner.ts';
import type { Viewer as ViewerShape } from './viewer.ts';

const Viewer = builder.objectRef<ViewerShape>('Viewer').implement({
  description: 'You, as the platform knows you.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Your account’s id.' }),
    name: t.exposeString('name', { description: 'Your name.' }),
    role: t.expose('role', { type: AccountRole, description: 'What you may do.' }),
    inTraining: t.exposeBoolean('inTraining', { description: 'Whether all your opinions get a second one.' }),
    partnerKind: t.field({
      type: PartnerKind,
      nullable: true,
      description: 'Your organisation’s kind, for partners.',
      resolve: ({ partner }) => partner?.kind ?? null,
    }),
    countries: t.field({
      type: ['CountryCode'],
      description: 'The countries whose figures your agreement covers, for partners.',
      resolve: ({ partner }) => partner?.countries ?? [],
    }),
    mayReadUrlList: t.boolean({
      description: 'Whether you may read the URL list.',
      resolve: ({ partner }) => partner?.urlListAccess ?? false,
    }),
  }),
});

builder.prismaObject('Partner', {
  description: 'An organisation that runs portals with the hotline, funds them, or uses the URL list.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    kind: t.expose('kind', { type: PartnerKind, description: 'What kind of organisation it is.' }),
    countries: t.expose('countries', {
      type: ['CountryCode'],
      description: 'The countries whose figures it may read.',
    }),
    urlListAccess: t.exposeBoolean('urlListAccess', { description: 'Whether it may read the URL list.' }),
    agreementFrom: t.expose('agreementFrom', { type: 'Date', description: 'When the agreement begins.' }),
    agreementUntil: t.expose('agreementUntil', {
      type: 'Date',
      nullable: true,
      description: 'When it ends: after that, only what was published before can be read.',
    }),
  }),
});

builder.prismaObject('Account', {
  description: 'A person or machine that signs in, as administrators see it.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    subject: t.exposeString('subject', { description: 'The subject that the identity provider says of it.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    role: t.expose('role', { type: AccountRole, description: 'What it may do.' }),
    inTraining: t.exposeBoolean('inTraining', { description: 'Whether all its opinions get a second one.' }),
    partner: t.relation('partner', { nullable: true, description: 'Its organisation, for partners.' }),
    disabledAt: t.expose('disabledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when it cannot sign in.',
    }),
    apiKeys: t.relation('apiKeys', {
      description: 'Its keys, newest first.',
      query: { orderBy: { createdAt: 'desc' } },
    }),
  }),
});

builder.prismaObject('ApiKey', {
  description: 'A key by which a machine signs in as an account. The key itself is shown once, when it is made.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    label: t.exposeString('label', { description: 'What it is for.' }),
    prefix: t.exposeString('prefix', { description: 'How it begins, to recognise it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresOn: t.expose('expiresOn', { type: 'Date', nullable: true, description: 'The last day on which it works.' }),
    lastUsedOn: t.expose('lastUsedOn', {
      type: 'Date',
      nullable: true,
      description: 'The last day on which it was used.',
    }),
    revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true, description: 'When it was revoked.' }),
  }),
});

const CreatedApiKey = builder.objectRef<{ secret: string; key: ApiKey }>('CreatedApiKey').implement({
  description: 'A new key. Keep the secret: it cannot be shown again.',
  fields: (t) => ({
    secret: t.exposeString('secret', { description: 'Send it as `Authorization: Bearer …`.' }),
    key: t.field({ type: refOf('ApiKey'), description: 'The key as it is listed.', resolve: ({ key }) => key }),
  }),
});

const SavePartnerInput = builder.inputType('SavePartnerInput', {
  description: 'A partner and its agreement.',
  fields: (t) => ({
    id: t.id({ description: 'Of the partner to change; left out, a new one is made.' }),
    name: t.string({ required: true, description: 'Its name.' }),
    kind: t.field({ type: PartnerKind, required: true, description: 'What kind of organisation it is.' }),
    countries: t.field({
      type: ['CountryCode'],
      required: true,
      description: 'The countries whose figures it may read.',
    }),
    urlListAccess: t.boolean({ description: 'Whether it may read the URL list.' }),
    agreementFrom: t.field({ type: 'Date', required: true, description: 'When the agreement begins.' }),
    agreementUntil: t.field({ type: 'Date', description: 'When it ends.' }),
  }),
});

const SaveAccountInput = builder.inputType('SaveAccountInput', {
  description: 'An account. Saving one enables it.',
  fields: (t) => ({
    id: t.id({ description: 'Of the account to change; left out, a new one is made.' }),
    subject: t.string({ required: true, description: 'The subject that the identity provider says of it.' }),
    name: t.string({ required: true, description: 'Its name.' }),
    role: t.field({ type: AccountRole, required: true, description: 'What it may do.' }),
    partner: t.id({ description: 'Its organisation: needed when, and only when, the role is PARTNER.' }),
    inTraining: t.boolean({ description: 'Whether all its opinions get a second one.' }),
  }),
});

const CreateApiKeyInput = builder.inputType('CreateApiKeyInput', {
  description: 'A key for a machine.',
  fields: (t) => ({
    account: t.id({ required: true, description: 'The account that it signs in as.' }),
    label: t.string({ required: true, description: 'What it is for.' }),
    expiresOn: t.field({ type: 'Date', description: 'The last day on which it works; for ever where left out.' }),
  }),
});

builder.queryFields((t) => ({
  viewer: t.field({
    type: Viewer,
    nullable: true,
    description: 'You; null for a stranger.',
    resolve: (_root, _args, { viewer }) => viewer,
  }),
  colleagues: t.prismaField({
    type: [Colleague],
    description: 'The analysts and supervisors who can sign in, by name: to whom a case can be handed over.',
    resolve: (query) => colleagues(query),
  }),
  accounts: t.prismaField({
    type: ['Account'],
    description: 'All accounts by name. For administrators.',
    resolve: (query) => prisma.account.findMany({ ...query, orderBy: { name: 'asc' }, relationLoadStrategy: 'join' }),
  }),
  partners: t.prismaField({
    type: ['Partner'],
    description: 'All partners by name. For administrators.',
    resolve: (query) => prisma.partner.findMany({ ...query, orderBy: { name: 'asc' } }),
  }),
}));

builder.mutationFields((t) => ({
  savePartner: t.prismaField({
    type: 'Partner',
    description: 'Makes or changes a partner. For administrators.',
    errors: { types: [InvalidInputError, NotFoundError] },
    args: { input: t.arg({ type: SavePartnerInput, required: true, description: 'The partner.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await savePartner(signedIn(context), input);
      return prisma.partner.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
  saveAccount: t.prismaField({
    type: 'Account',
    description: 'Makes or changes an account; a changed role counts from its next request. For administrators.',
    errors: { types: [InvalidInputError, NotFoundError] },
    args: { input: t.arg({ type: SaveAccountInput, required: true, description: 'The account.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await saveAccount(signedIn(context), input);
      return prisma.account.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
  disableAccount: t.prismaField({
    type: 'Account',
    description: 'Shuts an account, not your own, out from its next request on. For administrators.',
    errors: { types: [InvalidInputError, NotFoundError] },
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: async (query, _root, { id }, context) => {
      await disableAccount(signedIn(context), id, context.now);
      return prisma.account.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
  createApiKey: t.field({
    type: CreatedApiKey,
    description: 'Makes a key; its secret is shown in this answer only. For administrators.',
    errors: { types: [InvalidInputError, NotFoundError] },
    args: { input: t.arg({ type: CreateApiKeyInput, required: true, description: 'The key.' }) },
    resolve: async (_root, { input }, context) => {
      const { id, secret } = await createApiKey(signedIn(context), input, context.now);
      return { secret, key: await prisma.apiKey.findUniqueOrThrow({ where: { id } }) };
    },
  }),
  revokeApiKey: t.prismaField({
    type: 'ApiKey',
    description: 'Revokes a key from its next request on. For administrators.',
    errors: { types: [NotFoundError] },
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: async (query, _root, { id }, context) => {
      await revokeApiKey(signedIn(context), id, context.now);
      return prisma.apiKey.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
}));
