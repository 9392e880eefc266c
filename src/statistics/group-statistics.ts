import { sql } from '../db.ts';
import { read } from '../replicas.ts';
import { dayAfter, dayOf, newestVersion, type Span } from './country-statistics.ts';
import { type Definition, definitionsOf } from './definition-texts.ts';
import type { GroupEdition } from './summed-figures.ts';

export type GroupFigures = {
  name: string;
  countries: string[];
  asOf: Date;
  definitions: Definition[];
  months: GroupEdition[];
};

type Row = {
  name: string;
  countries: string[];
  months: (Omit<GroupEdition, 'publishedOn'> & { publishedOn: string })[];
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * What is published of a funder's countries together between two months, the newest edition of each, in one statement; null where
 * there is no such funder. A month with a country that its agreement covers no more is left out.
 */
export async function groupStatistics(
  partner: string,
  { from, to, until }: Span,
  now: Date,
): Promise<GroupFigures | null> {
  if (!UUID.test(partner)) return null;
  const [first, last, end] = [from, to, until].map((day) => day && dayOf(day));
  const [row] = await read<Row>(
    'group_statistics',
    sql`
    SELECT p.name, p.countries, (
      SELECT coalesce(jsonb_agg(newest."told" ORDER BY newest.month), '[]') FROM (
        SELECT DISTINCT ON (g.month) g.month, jsonb_build_object(
          'month', to_char(g.month, 'YYYY-MM'), 'edition', g.edition, 'publishedOn', g.published_at, 'correction', g.reason,
          'definitionsVersion', g.definitions_version, 'countries', g.countries, 'figures', g.figures) AS told
        FROM statistics_group_editions g
        WHERE g.partner_id = p.id AND g.month BETWEEN ${first}::date AND ${last}::date AND g.countries <@ p.countries
          AND (${end}::date IS NULL OR g.published_at < ${until && dayAfter(until)}::timestamptz)
        ORDER BY g.month, g.edition DESC
      ) newest
    ) AS months
    FROM partners p WHERE p.id = ${partner}::uuid AND p.kind = 'FUNDER'`,
  );
  if (!row) return null;
  const months = row.months.map((month) => ({ ...month, publishedOn: new Date(month.publishedOn) }));
  const newest = Math.max(...months.map(({ publishedOn }) => publishedOn.getTime()));
  return {
    name: row.name,
    countries: row.countries.toSorted(),
    asOf: months.length > 0 ? new Date(newest) : now,
    definitions: definitionsOf(newestVersion(months)),
    months,
  };
}
