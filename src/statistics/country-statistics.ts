import { prisma, sql } from '../db.ts';
import { protectCount } from '../domain/disclosure.ts';
import { hasReplicas, read } from '../replicas.ts';
import { DEFINITIONS_VERSION, definitionsOf } from './definition-texts.ts';
import { keepEdition, keptEditions } from './kept-editions.ts';
import { keepFigures, keptFigures } from './kept-figures.ts';
import {
  type CountryFigures,
  type EditionNote,
  type MonthEdition,
  type PublishedMonth,
  readMonth,
  type StoredMonth,
} from './published-figures.ts';

/** Months by their first days, both included; what was published after the day `until` is left out (null: nothing is). */
export type Span = { from: Date; to: Date; until: Date | null };

type StoredNote = Omit<EditionNote, 'publishedOn'> & { publishedOn: string };
type StoredEdition = Omit<MonthEdition, 'publishedOn' | 'figures' | 'earlier'> & {
  publishedOn: string;
  /** Null where this process has kept them. */
  figures: StoredMonth | null;
  earlier: StoredNote[];
};

/**
 * What is published of a country between two months, the newest edition of each with the notes of those before it, and the
 * rounded total of the running month to the end of yesterday, so that nobody learns the minute of a report: in one statement, or in
 * none where nothing has changed since (`version`: how far the figures are, as the primary has just said it; with replicas, whoever
 * reads is told what is there). Once the day `until` is over there is no running month.
 */
export async function countryStatistics(
  country: string,
  { from, to, until }: Span,
  now: Date,
  version: string | null = null,
): Promise<CountryFigures> {
  const [first, last, end] = [from, to, until].map((day) => day && dayOf(day));
  const question = [country, first, last, end].join();
  const unchanged = hasReplicas() ? null : keptFigures(question, version, now);
  if (unchanged) return unchanged;
  const known = keptEditions(country);
  const [row] = await read<{ editions: StoredEdition[]; running: number; version: string | null }>(
    'country_statistics',
    sql`
    WITH readable AS (
      SELECT month, edition, published_at, definitions_version, reason, figures FROM statistics_editions
      WHERE country = ${country} AND month BETWEEN ${first}::date AND ${last}::date
        AND (${end}::date IS NULL OR published_at < ${until && dayAfter(until)}::timestamptz)
    ), newest AS (
      SELECT DISTINCT ON (month) * FROM readable ORDER BY month, edition DESC
    )
    SELECT (SELECT coalesce(json_agg(json_build_object(
                     'month', to_char(n.month, 'YYYY-MM'), 'edition', n.edition, 'publishedOn', n.published_at, 'correction', n.reason,
                     'definitionsVersion', n.definitions_version, 'earlier',
                     (SELECT coalesce(json_agg(json_build_object('edition', r.edition, 'publishedOn', r.published_at, 'correction', r.reason) ORDER BY r.edition), '[]')
                      FROM readable r WHERE r.month = n.month AND r.edition < n.edition),
                     'figures', CASE WHEN to_char(n.month, 'YYYY-MM') || '/' || n.edition <> ALL (${[...known.keys()]}::text[]) THEN n.figures END
                   ) ORDER BY n.month), '[]') FROM newest n) AS editions,
           (SELECT coalesce(sum(d.count), 0)::int FROM daily_intake d JOIN portals p ON p.id = d.portal_id
            WHERE d.country = ${country} AND d.day >= ${now}::timestamptz::date - 32
              AND d.day >= date_trunc('month', ${now}::timestamptz AT TIME ZONE p.time_zone)::date
              AND d.day < (${now}::timestamptz AT TIME ZONE p.time_zone)::date
           ) AS running,
           figures_version() AS version`,
  );
  const same = keptFigures(question, row?.version ?? null, now);
  if (same) return same;
  const months = (row?.editions ?? []).map(({ figures, ...edition }) => {
    const name = `${edition.month}/${edition.edition}`;
    const month = known.get(name) ?? (figures && keepEdition(country, name, readMonth(figures)));
    if (!month) throw new Error('An edition was neither kept nor read.');
    return readEdition(edition, month);
  });
  const ended = until !== null && dayAfter(until) <= now;
  const newest = Math.max(...months.map(({ publishedOn }) => publishedOn.getTime()));
  return keepFigures(question, row?.version ?? null, now, {
    country,
    asOf: months.length > 0 ? new Date(newest) : now,
    edition: Math.max(0, ...months.map(({ edition }) => edition)),
    definitions: definitionsOf(newestVersion(months)),
    months,
    provisional: ended ? { value: null, hidden: true } : protectCount(row?.running ?? 0),
  });
}

/** One edition of a country's month, and the notes of those before it; null where there is none that was published by the day `until`. */
export async function publishedEdition(
  country: string,
  month: Date,
  edition: number,
  until: Date | null,
): Promise<MonthEdition | null> {
  const rows = await prisma.statisticsEdition.findMany({
    where: { country, month, edition: { lte: edition }, ...(until && { publishedAt: { lt: dayAfter(until) } }) },
    // What it keeps back is not asked for.
    select: { edition: true, publishedAt: true, reason: true, definitionsVersion: true, figures: true },
    orderBy: { edition: 'asc' },
  });
  const row = rows.at(-1);
  if (row?.edition !== edition) return null;
  const noteOf = (row: { edition: number; publishedAt: Date; reason: string | null }) => {
    return { edition: row.edition, publishedOn: row.publishedAt, correction: row.reason };
  };
  return {
    month: month.toISOString().slice(0, 7),
    ...noteOf(row),
    definitionsVersion: row.definitionsVersion,
    figures: readMonth(row.figures as StoredMonth),
    earlier: rows.slice(0, -1).map(noteOf),
  };
}

/** The version of the definitions that explains some editions: the newest among them, or today's where there is none. */
export function newestVersion(editions: readonly { definitionsVersion: number }[]): number {
  if (editions.length === 0) return DEFINITIONS_VERSION;
  return Math.max(...editions.map(({ definitionsVersion }) => definitionsVersion));
}

/** A day as Postgres reads it, whatever zone the process is in. */
export function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** The moment at which a day, given by its midnight in UTC, is over. */
export function dayAfter(day: Date): Date {
  return new Date(day.getTime() + 24 * 60 * 60 * 1000);
}

function readEdition(
  { publishedOn, earlier, ...edition }: Omit<StoredEdition, 'figures'>,
  figures: PublishedMonth,
): MonthEdition {
  return {
    ...edition,
    publishedOn: new Date(publishedOn),
    figures,
    earlier: earlier.map((note) => ({ ...note, publishedOn: new Date(note.publishedOn) })),
  };
}
