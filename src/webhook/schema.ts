import { InvalidInputError, NotFoundError } from '../domain/errors.ts';
import type { WebhookDelivery as Delivery } from '../generated/prisma/client.ts';
import { builder } from '../graphql/builder.ts';
import { signedIn } from '../graphql/context.ts';
import {
  deleteWebhook,
  type OwnWebhook,
  ownWebhooks,
  replayWebhook,
  saveWebhook,
  testWebhook,
} from './own-webhooks.ts';

const WebhookMessageKind = builder.enumType('WebhookMessageKind', {
  description: 'What a message to a webhook is about.',
  values: {
    MONTH_PUBLISHED: { description: 'A month of your countries was published, or corrected.' },
    TEST: { description: 'Nothing: you asked for a test.' },
  },
});

const WebhookMessageState = builder.enumType('WebhookMessageState', {
  description: 'What became of a message to a webhook.',
  values: {
    WAITING: { description: 'It was not sent yet, or is tried again: for three days, each time after waiting longer.' },
    DELIVERED: { description: 'Your server took it.' },
    FAILED: { description: 'Your server did not take it in all that time.' },
  },
});

const WebhookDelivery = builder.objectRef<Delivery>('WebhookDelivery').implement({
  description: 'A message to a webhook. Its id is what your server gets as `webhook-id`, the same at every try.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    kind: t.field({
      type: WebhookMessageKind,
      description: 'What it is about.',
      resolve: ({ kind }) => (kind === 'TEST' ? 'TEST' : 'MONTH_PUBLISHED'),
    }),
    month: t.expose('month', { type: 'YearMonth', nullable: true, description: 'Which month; null for a test.' }),
    madeOn: t.expose('createdAt', { type: 'Date', description: 'The day it was made.' }),
    state: t.field({
      type: WebhookMessageState,
      description: 'What became of it.',
      resolve: ({ deliveredAt, failedAt }) => (deliveredAt ? 'DELIVERED' : failedAt ? 'FAILED' : 'WAITING'),
    }),
    attempts: t.exposeInt('attempts', { description: 'How often it was tried.' }),
    status: t.exposeInt('status', {
      nullable: true,
      description: 'The HTTP status of your server’s last answer; null where none came.',
    }),
  }),
});

const Webhook = builder.objectRef<OwnWebhook>('Webhook').implement({
  description:
    'A server of yours that is told when a month is published: by a POST of JSON, signed as Standard Webhooks says. No figure travels: read them here.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    url: t.exposeString('url', { description: 'Where it is told.' }),
    createdOn: t.expose('createdAt', { type: 'Date', description: 'The day it was made.' }),
    disabledOn: t.expose('disabledAt', {
      type: 'Date',
      nullable: true,
      description:
        'Since when nothing is sent: your server said that it is gone (410), or ten messages in a row failed. A test that arrives switches it on again.',
    }),
    deliveries: t.field({
      type: [WebhookDelivery],
      description: 'Its latest 20 messages, newest first.',
      resolve: ({ deliveries }) => deliveries,
    }),
  }),
});

const CreatedWebhook = builder.objectRef<{ webhook: OwnWebhook; secret: string }>('CreatedWebhook').implement({
  description: 'A new webhook. Keep the secret: it cannot be shown again.',
  fields: (t) => ({
    webhook: t.field({ type: Webhook, description: 'The webhook.', resolve: ({ webhook }) => webhook }),
    secret: t.exposeString('secret', {
      description: 'What signs the messages (`whsec_…`): libraries of Standard Webhooks take it as it is.',
    }),
  }),
});

const SaveWebhookInput = builder.inputType('SaveWebhookInput', {
  description: 'A webhook.',
  fields: (t) => ({
    url: t.string({
      required: true,
      description: 'An https address of the public internet. Redirects are not followed.',
    }),
  }),
});

builder.queryFields((t) => ({
  webhooks: t.field({
    type: [Webhook],
    description: 'The webhooks of your organisation, oldest first. For partners that read figures.',
    resolve: (_root, _args, { viewer }) => (viewer?.partner ? ownWebhooks(viewer.partner.id) : []),
  }),
}));

builder.mutationFields((t) => ({
  saveWebhook: t.field({
    type: CreatedWebhook,
    description: 'Makes a webhook, at most five an organisation; its secret is shown in this answer only.',
    errors: { types: [InvalidInputError] },
    args: { input: t.arg({ type: SaveWebhookInput, required: true, description: 'The webhook.' }) },
    resolve: (_root, { input }, context) => saveWebhook(signedIn(context), input, context.now),
  }),
  deleteWebhook: t.field({
    type: Webhook,
    description: 'Deletes a webhook; nothing more is sent there.',
    errors: { types: [NotFoundError] },
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_root, { id }, context) => deleteWebhook(signedIn(context), id),
  }),
  testWebhook: t.field({
    type: WebhookDelivery,
    description: 'Sends a test, once and soon; read `webhooks` for what came of it.',
    errors: { types: [InvalidInputError, NotFoundError] },
    args: { id: t.arg.id({ required: true, description: 'The webhook’s id.' }) },
    resolve: (_root, { id }, context) => testWebhook(signedIn(context), id, context.now),
  }),
  replayWebhook: t.field({
    type: WebhookDelivery,
    description: 'Sends a message again that arrived or failed, under the same `webhook-id`.',
    errors: { types: [InvalidInputError, NotFoundError] },
    args: { delivery: t.arg.id({ required: true, description: 'The message’s id.' }) },
    resolve: (_root, { delivery }, context) => replayWebhook(signedIn(context), delivery, context.now),
  }),
}));
