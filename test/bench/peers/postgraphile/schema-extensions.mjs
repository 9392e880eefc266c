import { lambda } from 'postgraphile/grafast';
import { extendSchema } from 'postgraphile/utils';
import { baseOf, dayOf, defang, protectCount } from '../words.mjs';

/** What PostGraphile cannot know of the tables: the shape of published figures, which are JSON, and how an address is shown. */
export const schemaExtensions = extendSchema(({ input: { pgRegistry }, dataplanPg: { TYPES } }) => ({
  typeDefs: /* GraphQL */ `
    extend type Case {
      defangedAddress: String!
    }
    extend type Query {
      countryStatistics(country: String!, from: String!, to: String!): CountryStatistics!
    }
    type CountryStatistics {
      country: String!
      asOf: String!
      edition: Int!
      provisional: PublishedFigure!
      months: [PublishedMonth!]!
    }
    type PublishedMonth {
      month: String!
      edition: Int!
      publishedOn: String!
      definitionsVersion: Int!
      correction: String
      reports: PublishedFigure!
      assessed: PublishedFigure!
      actionable: PublishedFigure!
      breakdowns: [PublishedTable!]!
      speeds: [PublishedSpeed!]!
    }
    type PublishedFigure {
      value: Int
      hidden: Boolean!
    }
    type PublishedTable {
      by: String!
      of: String!
      hidden: Boolean!
      cells: [PublishedCell!]!
    }
    type PublishedCell {
      key: String!
      figure: PublishedFigure!
    }
    type PublishedSpeed {
      until: String!
      medianHours: Int
      ninetiethHours: Int
    }
  `,
  objects: {
    Case: {
      plans: { defangedAddress: ($case) => lambda($case.get('address'), defang, true) },
    },
    Query: {
      plans: {
        countryStatistics(_$root, { $country, $from, $to }) {
          const $figures = pgRegistry.pgResources.peer_postgraphile_published_figures.execute([
            { step: $country, pgCodec: TYPES.text },
            { step: lambda($from, firstDay, true), pgCodec: TYPES.date },
            { step: lambda($to, firstDay, true), pgCodec: TYPES.date },
          ]);
          return lambda([$country, $figures], countryStatistics, true);
        },
      },
    },
  },
}));

function firstDay(month) {
  return `${month}-01`;
}

function countryStatistics([country, { months: stored, running }]) {
  const months = stored.map(monthOf);
  const days = months.map(({ publishedOn }) => publishedOn).sort();
  return {
    country,
    asOf: days.at(-1) ?? dayOf(new Date()),
    edition: Math.max(0, ...months.map(({ edition }) => edition)),
    provisional: protectCount(running),
    months,
  };
}

function monthOf({ figures: { reports, assessed, actionable, breakdowns, speeds }, publishedOn, ...month }) {
  return {
    ...month,
    publishedOn: dayOf(publishedOn),
    reports,
    assessed,
    actionable,
    breakdowns: breakdowns.map((table) => ({ ...table, of: baseOf(table.by) })),
    speeds: speeds.map(({ measure, median, ninetieth }) => ({
      until: measure,
      medianHours: median,
      ninetiethHours: ninetieth,
    })),
  };
}
