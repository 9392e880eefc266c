// The published figures of a country, typed by the schema. Make a key of your own by createOwnKey, and hand it over unseen:
// Usage: npx tsx statistics.ts [URL OF THE PLATFORM] [COUNTRY] [FIRST MONTH] [LAST MONTH] < FILE WITH THE KEY
import { readFileSync } from 'node:fs';
import { initGraphQLTada, type ResultOf } from 'gql.tada';
import { print } from 'graphql';
// Written by `npx gql.tada generate output` from a copy of /schema.graphql.
import type { introspection } from '../../../generated/graphql-env.d.ts';

const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: { Date: string; DateTime: string; CountryCode: string; LanguageTag: string; YearMonth: string };
}>();

const Figures = graphql(`
  query Figures($country: CountryCode!, $from: YearMonth!, $to: YearMonth!) {
    countryStatistics(country: $country, from: $from, to: $to) {
      asOf
      months {
        month edition
        reports { value } actionable { value }
        breakdowns { by hidden cells { key figure { value } } }
      }
    }
  }
`);

const [url = 'http://localhost:4000', country = 'KE', from = '2026-01', to = '2026-12'] = process.argv.slice(2);
const key = readFileSync(0, 'utf8').trim();

const response = await fetch(`${url}/graphql`, {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
  body: JSON.stringify({ query: print(Figures), variables: { country, from, to } }),
});
const { data, errors } = (await response.json()) as { data: ResultOf<typeof Figures>; errors?: { message: string }[] };
if (errors) throw new Error(errors[0]?.message);

// A figure of null is hidden: never take it for 0.
const shown = (figure: { value: number | null }) => figure.value ?? 'hidden';
for (const { month, edition, reports, actionable, breakdowns } of data.countryStatistics.months) {
  process.stdout.write(`${month} edition ${edition}: reports ${shown(reports)}, actionable ${shown(actionable)}\n`);
  const sources = breakdowns.find(({ by }) => by === 'SOURCE')?.cells ?? [];
  for (const cell of sources) process.stdout.write(`  ${cell.key} ${shown(cell.figure)}\n`);
}
