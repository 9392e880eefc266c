import { InvalidInputError } from '../domain/errors.ts';
import { builder } from '../graphql/builder.ts';
import { signedIn } from '../graphql/context.ts';
import { Definition } from '../graphql/figures.ts';
import { SumBreakdown, SumFigure } from '../graphql/sums.ts';
import { definitionsOf } from './definition-texts.ts';
import { openData, publishOpenData } from './publish-open-data.ts';
import type { YearEdition } from './summed-figures.ts';

const OpenDataYear = builder.objectRef<YearEdition>('OpenDataYear').implement({
  description: 'A year of the whole network, for everybody: sums of the published figures of all countries and months.',
  fields: (t) => ({
    year: t.exposeInt('year', { description: 'Which year.' }),
    edition: t.exposeInt('edition', { description: 'Its edition: above 1, it was corrected.' }),
    publishedOn: t.expose('publishedOn', { type: 'Date', description: 'When this edition was published.' }),
    definitionsVersion: t.exposeInt('definitionsVersion', {
      description: 'The newest version of the definitions by which its months were counted.',
    }),
    definitions: t.field({
      type: [Definition],
      description: 'What the figures mean.',
      resolve: ({ definitionsVersion }) => definitionsOf(definitionsVersion),
    }),
    correction: t.exposeString('correction', {
      nullable: true,
      description: 'Why this edition corrects the one before; null for the first.',
    }),
    countries: t.field({
      type: ['CountryCode'],
      description: 'The countries in it.',
      resolve: ({ figures }) => figures.countries,
    }),
    monthsShown: t.int({
      description: 'Of the months of these countries, how many show the number of their reports.',
      resolve: ({ figures }) => figures.monthsShown,
    }),
    reports: t.field({ type: SumFigure, description: 'Addresses reported.', resolve: (y) => y.figures.reports }),
    assessed: t.field({ type: SumFigure, description: 'Of these, assessed.', resolve: (y) => y.figures.assessed }),
    actionable: t.field({
      type: SumFigure,
      description: 'Of these, confirmed as criminal.',
      resolve: (y) => y.figures.actionable,
    }),
    breakdowns: t.field({
      type: [SumBreakdown],
      description: 'The fixed tables of the year, cell by cell.',
      resolve: (y) => y.figures.breakdowns,
    }),
  }),
});

builder.queryField('openData', (t) =>
  t.field({
    type: [OpenDataYear],
    description: 'The figures of the whole network by year, each in its newest edition, oldest first. For everybody.',
    resolve: () => openData(),
  }),
);

builder.mutationField('publishOpenData', (t) =>
  t.field({
    type: OpenDataYear,
    description:
      'Publishes a year of the whole network for everybody, once it is over and each of its months is published. Where a figure has changed since, a new edition, which needs a reason. For administrators.',
    errors: { types: [InvalidInputError] },
    args: {
      year: t.arg.int({ required: true, description: 'A year that is over.' }),
      reason: t.arg.string({
        description:
          'Why published figures are corrected, for everybody to read: up to 500 characters. Needed where one has changed.',
      }),
    },
    resolve: (_root, { year, reason }, context) =>
      publishOpenData(signedIn(context), year, { reason: reason ?? null }, context.now),
  }),
);
