import { GraphQLError } from 'graphql';
import { displayFigure, type Figure as FigureShape } from '../domain/disclosure.ts';
import { InvalidInputError } from '../domain/errors.ts';
import { builder } from '../graphql/builder.ts';
import { signedIn } from '../graphql/context.ts';
import { Dimension, SpeedMeasure } from '../graphql/enums.ts';
import { type CountryFigures, countryStatistics } from './country-statistics.ts';
import { type Dimension as DimensionName, definitions, labelOf, type SpeedMeasure as Measure } from './definitions.ts';
import { publishStatistics } from './publish-statistics.ts';
import { coversCountry } from './scope.ts';

const MOST_MONTHS = 120;

const Figure = builder.objectRef<FigureShape>('Figure').implement({
  description: 'A published figure, after disclosure control.',
  fields: (t) => ({
    value: t.exposeInt('value', { nullable: true, description: 'Rounded to the nearest 5; null where hidden.' }),
    hidden: t.exposeBoolean('hidden', {
      description: 'Whether it is hidden, because it is small or would give a small one away.',
    }),
    display: t.string({ description: 'The figure in words.', resolve: displayFigure }),
  }),
});

const Definition = builder.objectRef<(typeof definitions)[number]>('Definition').implement({
  description: 'What a figure means.',
  fields: (t) => ({
    term: t.exposeString('term', { description: 'Which figure.' }),
    text: t.exposeString('text', { description: 'What it counts.' }),
  }),
});

const BreakdownCell = builder.objectRef<{ by: string; key: string; figure: FigureShape }>('BreakdownCell').implement({
  description: 'One cell of a breakdown.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'A stable key, such as AGE_7_10.' }),
    label: t.string({ description: 'The key in plain English.', resolve: ({ key }) => labelOf(key) }),
    figure: t.field({ type: Figure, description: 'Its figure.', resolve: ({ figure }) => figure }),
  }),
});

type Month = CountryFigures['months'][number];

const Breakdown = builder.objectRef<Month['figures']['breakdowns'][number]>('Breakdown').implement({
  description: 'A month’s figure, broken down. Its total is the sum of its rounded cells.',
  fields: (t) => ({
    by: t.field({ type: Dimension, description: 'By what.', resolve: ({ by }) => by as DimensionName }),
    cells: t.field({
      type: [BreakdownCell],
      description: 'Every cell, hidden ones too.',
      resolve: ({ by, cells }) => cells.map((cell) => ({ by, ...cell })),
    }),
  }),
});

const Speed = builder.objectRef<Month['figures']['speeds'][number]>('Speed').implement({
  description:
    'How long something took, in hours from the first report. Null where fewer than 50 reports are its base.',
  fields: (t) => ({
    until: t.field({ type: SpeedMeasure, description: 'Until what.', resolve: ({ measure }) => measure as Measure }),
    medianHours: t.int({ nullable: true, description: 'Half took no longer.', resolve: ({ median }) => median }),
    ninetiethHours: t.int({
      nullable: true,
      description: 'Nine in ten took no longer.',
      resolve: ({ ninetieth }) => ninetieth,
    }),
  }),
});

const MonthFigures = builder.objectRef<Month>('MonthFigures').implement({
  description: 'One published month of a country.',
  fields: (t) => ({
    month: t.field({ type: 'YearMonth', description: 'Which month.', resolve: ({ month }) => month }),
    edition: t.exposeInt('edition', { description: 'Its edition: above 1, it was corrected.' }),
    reports: t.field({ type: Figure, description: 'Addresses reported.', resolve: ({ figures }) => figures.reports }),
    assessed: t.field({ type: Figure, description: 'Of these, assessed.', resolve: ({ figures }) => figures.assessed }),
    actionable: t.field({
      type: Figure,
      description: 'Of these, confirmed as criminal.',
      resolve: ({ figures }) => figures.actionable,
    }),
    breakdowns: t.field({
      type: [Breakdown],
      description: 'The fixed tables of the month.',
      resolve: ({ figures }) => figures.breakdowns,
    }),
    speeds: t.field({ type: [Speed], description: 'How long things took.', resolve: ({ figures }) => figures.speeds }),
  }),
});

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
    definitions: t.field({
      type: [Definition],
      description: 'What the figures mean.',
      resolve: () => [...definitions],
    }),
    months: t.field({
      type: [MonthFigures],
      description: 'The published months, oldest first.',
      resolve: ({ months }) => months,
    }),
    provisional: t.field({
      type: Figure,
      description: 'Reports of the running month up to the end of yesterday: provisional.',
      resolve: ({ provisional }) => provisional,
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
      editions: t.field({
        type: [PublishedEdition],
        description: 'The edition that stands, for each country.',
        resolve: ({ editions }) => editions,
      }),
    }),
  });

builder.queryFields((t) => ({
  countryStatistics: t.field({
    type: CountryStatistics,
    description: 'The published figures of a country. For its partners, supervisors and administrators.',
    args: {
      country: t.arg({ type: 'CountryCode', required: true, description: 'Which country.' }),
      from: t.arg({ type: 'YearMonth', required: true, description: 'The first month.' }),
      to: t.arg({ type: 'YearMonth', required: true, description: 'The last month, at most ten years later.' }),
    },
    resolve: (_root, { country, from, to }, context) => {
      const { viewer } = signedIn(context);
      if (!coversCountry(viewer, country, context.now)) {
        throw new GraphQLError('Your agreement does not cover this country.', { extensions: { code: 'FORBIDDEN' } });
      }
      refuseOddSpan(from, to);
      return countryStatistics(country, from, to, viewer.partner?.agreementUntil ?? null, context.now);
    },
  }),
}));

builder.mutationFields((t) => ({
  publishStatistics: t.field({
    type: PublishedMonth,
    description:
      'Publishes a month for every country. Where a figure has changed since, a new edition. For supervisors and administrators.',
    errors: { types: [InvalidInputError] },
    args: { month: t.arg({ type: 'YearMonth', required: true, description: 'A month that is over.' }) },
    resolve: async (_root, { month }, context) => ({
      month,
      editions: await publishStatistics(signedIn(context), month as Date, context.now),
    }),
  }),
}));

function refuseOddSpan(from: Date, to: Date): void {
  const months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth() + 1;
  if (months >= 1 && months <= MOST_MONTHS) return;
  throw new GraphQLError(`Ask for 1 to ${MOST_MONTHS} months: "to" is not before "from".`, {
    extensions: { code: 'BAD_USER_INPUT' },
  });
}
