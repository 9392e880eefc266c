import type { ResultOf } from 'gql.tada';
import type { FiguresToTake, OpenData } from './export-documents.ts';
import type { PublishedFigures } from './export-rows.ts';
import type { PartnerMessages } from './messages.ts';
import { definitionText } from './names.ts';

type Definition = PublishedFigures['definitions'][number];

/** The version of the definitions that these pages have in their own words. */
const WORDED_VERSION = 2;

/** The figures of a country as an export takes them. */
export function figuresOfCountry(
  { country, asOf, definitions, months }: ResultOf<typeof FiguresToTake>['countryStatistics'],
  m: PartnerMessages,
): PublishedFigures {
  return {
    area: country,
    areaName: m.country(country),
    asOf,
    definitions: definitions.map((definition) => inWords(m, definition)),
    periods: months.map(({ month, reports, assessed, actionable, ...rest }) => ({
      ...rest,
      period: month,
      totals: { REPORTS: reports, ASSESSED: assessed, ACTIONABLE: actionable },
    })),
  };
}

/** The open data of the network as an export takes them: a period is a year, and definitions are those of all years. */
export function figuresOfNetwork(years: ResultOf<typeof OpenData>['openData'], m: PartnerMessages): PublishedFigures {
  const definitions = new Map(
    years.flatMap((year) =>
      year.definitions.map((definition) => [`${definition.version} ${definition.term}`, definition]),
    ),
  );
  return {
    area: 'NETWORK',
    areaName: m.text('briefing.openData'),
    asOf:
      years
        .map(({ publishedOn }) => publishedOn)
        .sort()
        .at(-1) ?? '',
    definitions: [...definitions.values()].map((definition) => inWords(m, definition)),
    periods: years.map(({ year, countries, monthsShown, breakdowns, reports, assessed, actionable, ...rest }) => ({
      ...rest,
      period: String(year),
      coverage: { countries, monthsShown },
      totals: { REPORTS: reports, ASSESSED: assessed, ACTIONABLE: actionable },
      breakdowns: breakdowns.map((table) => ({ ...table, hidden: false })),
      rates: [],
      speeds: [],
    })),
  };
}

// In English they stand as they were published.
function inWords(m: PartnerMessages, definition: Definition): Definition {
  const isWorded = m.tag !== 'en' && definition.version === WORDED_VERSION;
  return { ...definition, text: (isWorded && definitionText(m, definition.term)) || definition.text };
}
