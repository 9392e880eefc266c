import { InvalidInputError, NotFoundError } from '../domain/errors.ts';
import type { ApiKey } from '../generated/prisma/client.ts';
import { builder } from '../graphql/builder.ts';
import { signedIn } from '../graphql/context.ts';
import { createOwnKey, ownKeys, revokeOwnKey } from './own-keys.ts';

const OwnKey = builder.objectRef<ApiKey>('OwnKey').implement({
  description: 'A key by which a program of yours signs in as you, to read your figures.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    label: t.exposeString('label', { description: 'What it is for.' }),
    prefix: t.exposeString('prefix', { description: 'How it begins, to recognise it.' }),
    createdOn: t.expose('createdAt', { type: 'Date', description: 'When it was made.' }),
    expiresOn: t.expose('expiresOn', { type: 'Date', nullable: true, description: 'The last day on which it works.' }),
    lastUsedOn: t.expose('lastUsedOn', {
      type: 'Date',
      nullable: true,
      description: 'The last day on which it was used.',
    }),
    revokedOn: t.expose('revokedAt', { type: 'Date', nullable: true, description: 'When it was revoked.' }),
  }),
});

const CreatedOwnKey = builder.objectRef<{ secret: string; key: ApiKey }>('CreatedOwnKey').implement({
  description: 'A new key. Keep the secret: it cannot be shown again.',
  fields: (t) => ({
    secret: t.exposeString('secret', { description: 'Send it as `Authorization: Bearer …`.' }),
    key: t.expose('key', { type: OwnKey, description: 'The key as it is listed.' }),
  }),
});

const CreateOwnKeyInput = builder.inputType('CreateOwnKeyInput', {
  description: 'A key for a program of your own.',
  fields: (t) => ({
    label: t.string({ required: true, description: 'What it is for.' }),
    expiresOn: t.field({
      type: 'Date',
      required: true,
      description: 'The last day on which it works, at most 400 days ahead.',
    }),
  }),
});

builder.queryFields((t) => ({
  ownKeys: t.field({
    type: [OwnKey],
    description: 'The keys that sign in as you, newest first: the last hundred.',
    resolve: (_root, _args, context) => ownKeys(signedIn(context)),
  }),
}));

builder.mutationFields((t) => ({
  createOwnKey: t.field({
    type: CreatedOwnKey,
    description:
      'Makes a key by which your own tool reads your figures; its secret is shown in this answer only. For partners who read figures, signed in themselves and not by a key.',
    errors: { types: [InvalidInputError] },
    args: { input: t.arg({ type: CreateOwnKeyInput, required: true, description: 'The key.' }) },
    resolve: (_root, { input }, context) => createOwnKey(signedIn(context), input, context.now),
  }),
  revokeOwnKey: t.field({
    type: OwnKey,
    description: 'Revokes a key of yours from its next request on.',
    errors: { types: [NotFoundError] },
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_root, { id }, context) => revokeOwnKey(signedIn(context), id, context.now),
  }),
}));
