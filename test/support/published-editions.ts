import { randomUUID } from 'node:crypto';
import type pg from 'pg';

/** Writes an edition as a publication leaves it, of which only the figure of reports is looked at here (hidden where null). */
export async function insertEdition(
  client: pg.Client,
  {
    country,
    month,
    edition = 1,
    reports,
  }: { country: string; month: string; edition?: number; reports: number | null },
): Promise<void> {
  const figure = (value: number | null) => ({ value, hidden: value === null });
  const figures = {
    reports: figure(reports),
    assessed: figure(null),
    actionable: figure(null),
    breakdowns: [],
    speeds: [],
  };
  await client.query(
    `INSERT INTO statistics_editions (id, country, month, edition, published_at, published_by, definitions_version, figures, reason)
     VALUES ($1, $2, $3, $4, now(), 'system', 2, $5, $6)`,
    [randomUUID(), country, `${month}-01`, edition, figures, edition > 1 ? 'A late assessment.' : null],
  );
}
