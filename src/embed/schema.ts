import { GraphQLError } from 'graphql';
import { config } from '../config.ts';
import { InvalidInputError, NotFoundError } from '../domain/errors.ts';
import type { Embed as EmbedRow } from '../generated/prisma/client.ts';
import { builder } from '../graphql/builder.ts';
import { signedIn } from '../graphql/context.ts';
import { Definition } from '../graphql/figures.ts';
import { linkTokenOf } from '../link-token.ts';
import { DEFINITIONS_VERSION, definitionsOf } from '../statistics/definition-texts.ts';
import { coversCountry } from '../statistics/scope.ts';
import { createEmbed } from './create-embed.ts';
import {
  type EmbeddedMonth as EmbeddedMonthShape,
  type EmbeddedStatistics as EmbeddedStatisticsShape,
  embeddedStatistics,
} from './embedded-statistics.ts';
import { ownEmbeds, revokeEmbed } from './own-embeds.ts';

/** What an embed shows, and why a figure of it is hidden. */
const SHOWN_TERMS = ['reports', 'assessed', 'actionable', 'hidden'];
const countryNames = new Intl.DisplayNames(['en'], { type: 'region' });

const Embed = builder.objectRef<EmbedRow>('Embed').implement({
  description: 'A country’s newest published month on a site of the partner’s own.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    country: t.expose('country', { type: 'CountryCode', description: 'Whose figures it shows.' }),
    origin: t.exposeString('origin', { description: 'The only site that may show it.' }),
    createdOn: t.expose('createdAt', { type: 'Date', description: 'When it was made.' }),
    expiresOn: t.expose('expiresOn', { type: 'Date', description: 'The last day on which it shows anything.' }),
    revokedOn: t.expose('revokedAt', { type: 'Date', nullable: true, description: 'When it was revoked.' }),
    url: t.string({ description: 'What to put into the frame.', resolve: ({ id }) => urlOf(id) }),
    html: t.string({
      description: 'A frame, ready to be put into a page of that site. It needs no script.',
      resolve: ({ id, country }) =>
        `<iframe src="${urlOf(id)}" title="Reports from ${plainText(countryNames.of(country) ?? country)}" width="100%" height="420" loading="lazy" referrerpolicy="no-referrer" sandbox></iframe>`,
    }),
  }),
});

const EmbeddedMonth = builder.objectRef<EmbeddedMonthShape>('EmbeddedMonth').implement({
  description: 'One published month, as an embed shows it.',
  fields: (t) => ({
    month: t.expose('month', { type: 'YearMonth', description: 'Which month.' }),
    edition: t.exposeInt('edition', { description: 'Its edition: above 1, it was corrected.' }),
    publishedOn: t.expose('publishedOn', { type: 'Date', description: 'When this edition was published.' }),
    definitionsVersion: t.exposeInt('definitionsVersion', {
      description: 'The version of the definitions by which it was counted.',
    }),
    correction: t.exposeString('correction', {
      nullable: true,
      description: 'Why this edition corrects the one before; null for the first.',
    }),
    reports: t.int({
      nullable: true,
      description: 'Addresses reported; null where hidden.',
      resolve: ({ reports }) => reports.value,
    }),
    assessed: t.int({
      nullable: true,
      description: 'Of these, assessed; null where hidden.',
      resolve: ({ assessed }) => assessed.value,
    }),
    actionable: t.int({
      nullable: true,
      description: 'Of these, confirmed as criminal; null where hidden.',
      resolve: ({ actionable }) => actionable.value,
    }),
  }),
});

const EmbeddedStatistics = builder.objectRef<EmbeddedStatisticsShape>('EmbeddedStatistics').implement({
  description: 'What an embed shows: the newest published month of a country.',
  fields: (t) => ({
    country: t.expose('country', { type: 'CountryCode', description: 'Which country.' }),
    origin: t.exposeString('origin', { description: 'The only site that may show it.' }),
    definitions: t.field({
      type: [Definition],
      description: 'What the figures mean.',
      resolve: ({ month }) =>
        definitionsOf(month?.definitionsVersion ?? DEFINITIONS_VERSION).filter(({ term }) =>
          SHOWN_TERMS.includes(term),
        ),
    }),
    month: t.expose('month', {
      type: EmbeddedMonth,
      nullable: true,
      description: 'The month; null where none is published.',
    }),
    before: t.expose('before', {
      type: EmbeddedMonth,
      nullable: true,
      description: 'The month before, where it is published.',
    }),
  }),
});

const CreateEmbedInput = builder.inputType('CreateEmbedInput', {
  description: 'Which figures a site of yours shows.',
  fields: (t) => ({
    country: t.field({ type: 'CountryCode', required: true, description: 'A country of your agreement.' }),
    origin: t.string({ required: true, description: 'The site that may show it, such as https://ministry.example.' }),
    expiresOn: t.field({
      type: 'Date',
      required: true,
      description: 'The last day on which it shows anything, at most 400 days ahead. It ends with your agreement, too.',
    }),
  }),
});

builder.queryFields((t) => ({
  embeds: t.field({
    type: [Embed],
    description: 'The embeds of your organisation, newest first: the last hundred.',
    resolve: (_root, _args, context) => ownEmbeds(signedIn(context)),
  }),
  embeddedStatistics: t.field({
    type: EmbeddedStatistics,
    nullable: true,
    description: 'What an embed shows. Null for every token that opens nothing: unknown, expired or revoked.',
    args: { token: t.arg.string({ required: true, description: 'The end of the embed’s address.' }) },
    resolve: (_root, { token }, { now }) => embeddedStatistics(token, now),
  }),
}));

builder.mutationFields((t) => ({
  createEmbed: t.field({
    type: Embed,
    description:
      'Lets one site show a country’s newest published month. For partners who read figures, signed in themselves and not by a key.',
    errors: { types: [InvalidInputError] },
    args: { input: t.arg({ type: CreateEmbedInput, required: true, description: 'The embed.' }) },
    resolve: (_root, { input }, context) => {
      const by = signedIn(context);
      if (!coversCountry(by.viewer, input.country, context.now)) {
        throw new GraphQLError('Your agreement does not cover this country.', { extensions: { code: 'FORBIDDEN' } });
      }
      return createEmbed(by, input, context.now);
    },
  }),
  revokeEmbed: t.field({
    type: Embed,
    description: 'Ends an embed of your organisation: from now on it shows nothing.',
    errors: { types: [NotFoundError] },
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_root, { id }, context) => revokeEmbed(signedIn(context), id, context.now),
  }),
}));

function urlOf(id: string): string {
  return `${config().publicUrl}/embed/${linkTokenOf('embed', id)}`;
}

function plainText(words: string): string {
  return words.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
