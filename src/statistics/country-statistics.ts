import { prisma } from '../db.ts';
import { type Figure, protectCount } from '../domain/disclosure.ts';
import type { PublishedMonth } from './published-figures.ts';

type Edition = { month: string; edition: number; publishedAt: string; figures: PublishedMonth };
export type CountryFigures = { country: string; asOf: Date; edition: number; months: Edition[]; provisional: Figure };

/**
 * What is published of a country between two months (first days, both included), the newest edition of each, and the rounded
 * total of the running month to the end of yesterday, so that nobody learns the minute of a report: in one statement. What was
 * published after the day `until` stays out, and once it is over so does the running month.
 */
export async function countryStatistics(
  country: string,
  from: Date,
  to: Date,
  until: Date | null,
  now: Date,
): Promise<CountryFigures> {
  const [row] = await prisma.$queryRaw<{ editions: Edition[]; running: number }[]>`
    WITH editions AS (
      SELECT DISTINCT ON (s.month) to_char(s.month, 'YYYY-MM') AS month, edition, published_at AS "publishedAt", figures
      FROM statistics_editions s
      WHERE country = ${country} AND s.month BETWEEN ${from}::date AND ${to}::date AND (${until}::date IS NULL OR published_at < ${until && dayAfter(until)}::timestamptz)
      ORDER BY s.month, edition DESC
    )
    SELECT (SELECT coalesce(jsonb_agg(editions ORDER BY month), '[]') FROM editions) AS editions,
           (SELECT count(*)::int FROM reports r JOIN portals p ON p.id = r.portal_id
            WHERE r.country = ${country} AND r.received_at >= ${now}::timestamptz - interval '32 days'
              AND r.received_at AT TIME ZONE p.time_zone >= date_trunc('month', ${now}::timestamptz AT TIME ZONE p.time_zone)
              AND r.received_at AT TIME ZONE p.time_zone < date_trunc('day', ${now}::timestamptz AT TIME ZONE p.time_zone)
           ) AS running`;
  const months = row?.editions ?? [];
  const ended = until !== null && dayAfter(until) <= now;
  const published = months.map(({ publishedAt }) => publishedAt).sort();
  return {
    country,
    asOf: new Date(published.at(-1) ?? now),
    edition: Math.max(0, ...months.map(({ edition }) => edition)),
    months,
    provisional: ended ? { value: null, hidden: true } : protectCount(row?.running ?? 0),
  };
}

function dayAfter(day: Date): Date {
  return new Date(day.getTime() + 24 * 60 * 60 * 1000);
}
