import { GraphQLError } from 'graphql';
import { builder } from '../graphql/builder.ts';
import { signedIn } from '../graphql/context.ts';
import { Definition } from '../graphql/figures.ts';
import { refuseOddSpan } from '../graphql/refuse-odd-span.ts';
import { SumBreakdown, SumFigure } from '../graphql/sums.ts';
import { type GroupFigures, groupStatistics } from './group-statistics.ts';
import { coversGroup } from './scope.ts';
import type { GroupEdition } from './summed-figures.ts';

const GroupMonth = builder.objectRef<GroupEdition>('GroupMonth').implement({
  description: 'One published month of a funder’s countries together: sums of their published figures.',
  fields: (t) => ({
    month: t.expose('month', { type: 'YearMonth', description: 'Which month.' }),
    edition: t.exposeInt('edition', { description: 'Its edition.' }),
    publishedOn: t.expose('publishedOn', { type: 'Date', description: 'When this edition was published.' }),
    definitionsVersion: t.exposeInt('definitionsVersion', {
      description: 'The newest version of the definitions by which its countries were counted.',
    }),
    correction: t.exposeString('correction', {
      nullable: true,
      description: 'Why this edition corrects the one before; null for the first.',
    }),
    countries: t.expose('countries', {
      type: ['CountryCode'],
      description: 'The countries in it: those of the agreement when it was published.',
    }),
    reports: t.field({ type: SumFigure, description: 'Addresses reported.', resolve: (m) => m.figures.reports }),
    assessed: t.field({ type: SumFigure, description: 'Of these, assessed.', resolve: (m) => m.figures.assessed }),
    actionable: t.field({
      type: SumFigure,
      description: 'Of these, confirmed as criminal.',
      resolve: (m) => m.figures.actionable,
    }),
    breakdowns: t.field({
      type: [SumBreakdown],
      description: 'The fixed tables of the month, cell by cell.',
      resolve: (m) => m.figures.breakdowns,
    }),
  }),
});

const GroupStatistics = builder.objectRef<GroupFigures>('GroupStatistics').implement({
  description: 'What is published of the countries of a funder together.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The funder’s name.' }),
    countries: t.expose('countries', { type: ['CountryCode'], description: 'Its countries, by the agreement now.' }),
    asOf: t.expose('asOf', {
      type: 'Date',
      description: 'The day of the newest publication in it; today where there is none.',
    }),
    definitions: t.expose('definitions', { type: [Definition], description: 'What the figures mean.' }),
    months: t.expose('months', {
      type: [GroupMonth],
      description:
        'The published months, oldest first, each in its newest edition. One with a country that the agreement covers no more is left out.',
    }),
  }),
});

builder.queryField('groupStatistics', (t) =>
  t.field({
    type: GroupStatistics,
    nullable: true,
    description:
      'The published figures of a funder’s countries together; null where there is no such funder. For the funder itself, supervisors and administrators.',
    args: {
      from: t.arg({ type: 'YearMonth', required: true, description: 'The first month.' }),
      to: t.arg({ type: 'YearMonth', required: true, description: 'The last month, at most ten years later.' }),
      partner: t.arg.id({ description: 'Whose group, by the partner’s id; left out, your own.' }),
    },
    resolve: (_root, { from, to, partner }, context) => {
      const { viewer } = signedIn(context);
      const own = viewer.partner;
      if (own && !coversGroup(own, partner ?? null, context.now)) {
        throw new GraphQLError('Your agreement does not cover this group of countries.', {
          extensions: { code: 'FORBIDDEN' },
        });
      }
      const group = own?.id ?? partner;
      refuseOddSpan(from, to);
      // Whoever has no group names one.
      if (!group) return null;
      return groupStatistics(group, { from, to, until: own?.agreementUntil ?? null }, context.now);
    },
  }),
);
