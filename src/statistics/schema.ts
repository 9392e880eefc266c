import { GraphQLError } from 'graphql';
import { InvalidInputError } from '../domain/errors.ts';
import { builder } from '../graphql/builder.ts';
import { type Context, signedIn } from '../graphql/context.ts';
import { Definition, Figure, MonthFigures } from '../graphql/figures.ts';
import { answersAreKept } from '../graphql/kept-answers.ts';
import { refuseOddSpan } from '../graphql/refuse-odd-span.ts';
import { countryStatistics, publishedEdition } from './country-statistics.ts';
import { publishStatistics } from './publish-statistics.ts';
import type { CountryFigures } from './published-figures.ts';
import { coversCountry } from './scope.ts';

const CountryStatistics = builder.objectRef<CountryFigures>('CountryStatistics').implement({
  description: 'What is published of a country.',
  fields: (t) => ({
    country: t.expose('country', { type: 'CountryCode', description: 'Which country.' }),
    asOf: t.expose('asOf', {
      type: 'Date',
      description: 'The day of the newest publication in it; today where there is none.',
    }),
    edition: t.exposeInt('edition', {
      description: 'The highest edition among its months; 0 where none is published.',
    }),
    definitions: t.expose('definitions', {
      type: [Definition],
      description: 'What the figures mean, by the newest version of the definitions among the months.',
    }),
    months: t.expose('months', { type: [MonthFigures], description: 'The published months, oldest first.' }),
    provisional: t.expose('provisional', {
      type: Figure,
      description: 'Reports of the running month up to the end of yesterday: provisional.',
    }),
  }),
});

const PublishedEdition = builder.objectRef<{ country: string; edition: number }>('PublishedEdition').implement({
  description: 'One country’s edition of a month.',
  fields: (t) => ({
    country: t.expose('country', { type: 'CountryCode', description: 'Which country.' }),
    edition: t.exposeInt('edition', { description: 'Which edition.' }),
  }),
});

const PublishedMonth = builder
  .objectRef<{ month: Date; editions: { country: string; edition: number }[] }>('PublishedMonth')
  .implement({
    description: 'A month that is published.',
    fields: (t) => ({
      month: t.expose('month', { type: 'YearMonth', description: 'Which month.' }),
      editions: t.expose('editions', {
        type: [PublishedEdition],
        description: 'The edition that stands, for each country.',
      }),
    }),
  });

const country = 'Which country.';

builder.queryFields((t) => ({
  countryStatistics: t.field({
    type: CountryStatistics,
    description:
      'The published figures of a country, each month in its newest edition. For its partners, supervisors and administrators.',
    args: {
      country: t.arg({ type: 'CountryCode', required: true, description: country }),
      from: t.arg({ type: 'YearMonth', required: true, description: 'The first month.' }),
      to: t.arg({ type: 'YearMonth', required: true, description: 'The last month, at most ten years later.' }),
    },
    extensions: answersAreKept,
    resolve: (_root, { country, from, to }, context) => {
      const until = lastDayFor(country, context);
      refuseOddSpan(from, to);
      return countryStatistics(country, { from, to, until }, context.now, context.viewer?.figuresVersion);
    },
  }),
  publishedEdition: t.field({
    type: MonthFigures,
    nullable: true,
    description:
      'One edition of a country’s month, also one that was corrected since; null where there is none. For its partners, supervisors and administrators.',
    args: {
      country: t.arg({ type: 'CountryCode', required: true, description: country }),
      month: t.arg({ type: 'YearMonth', required: true, description: 'Which month.' }),
      edition: t.arg.int({ required: true, description: 'The number of the edition, from 1.' }),
    },
    resolve: (_root, { country, month, edition }, context) =>
      publishedEdition(country, month, edition, lastDayFor(country, context)),
  }),
}));

builder.mutationFields((t) => ({
  publishStatistics: t.field({
    type: PublishedMonth,
    description:
      'Publishes a month for every country and every funder’s group. Where a figure has changed since, a new edition, which needs a reason. For supervisors and administrators.',
    errors: { types: [InvalidInputError] },
    args: {
      month: t.arg({ type: 'YearMonth', required: true, description: 'A month that is over.' }),
      reason: t.arg.string({
        description:
          'Why published figures are corrected, for everybody to read: up to 500 characters. Needed where one has changed.',
      }),
    },
    resolve: async (_root, { month, reason }, context) => ({
      month: month as Date,
      editions: await publishStatistics(signedIn(context), month as Date, { reason: reason ?? null }, context.now),
    }),
  }),
}));

// The last day whose publications this viewer may read of the country, or null where all; anybody whose agreement does not cover it is
// refused here, before a table is touched.
function lastDayFor(country: string, context: Context): Date | null {
  const { viewer } = signedIn(context);
  if (!coversCountry(viewer, country, context.now)) {
    throw new GraphQLError('Your agreement does not cover this country.', { extensions: { code: 'FORBIDDEN' } });
  }
  return viewer.partner?.agreementUntil ?? null;
}
