import type { Tx } from '../db.ts';
import type { SpeedMeasure } from './definitions.ts';

/** One non-empty cell; `by` is a dimension, or REPORTS, ASSESSED, ACTIONABLE for a total. */
export type CellRow = { country: string; by: string; key: string; count: number };
export type SpeedRow = { country: string; measure: SpeedMeasure; base: number; median: number; ninetieth: number };
type ExactCounts = { cells: CellRow[]; speeds: SpeedRow[] };

/**
 * The exact counts of one month's reports (`month` is its first day) for every country, as the last roll-up knew them: they never
 * leave the platform. What is counted, `factRows` tells. Speeds are in hours, over actionable reports, of each as often as it was
 * reported.
 */
export async function countMonth(tx: Tx, month: Date): Promise<ExactCounts> {
  const [row] = await tx.$queryRaw<ExactCounts[]>`
    WITH cells AS (
      SELECT country, by, key, count FROM monthly_cells WHERE month = ${month}::date AND country <> 'ZZ' AND count > 0
    ), took AS (
      SELECT f.country, m.measure, m.at - f.first_reported AS time, f.reports
      FROM (SELECT DISTINCT country FROM cells) c
      JOIN report_facts f ON f.country = c.country AND f.month = ${month}::date AND f.verdict = 'ACTIONABLE',
      LATERAL (VALUES ('ASSESSED', f.assessed), ('NOTIFIED', f.notified), ('REMOVED', f.removed)) AS m(measure, at)
      WHERE m.at >= f.first_reported
    ), ranked AS (
      SELECT country, measure, time, sum(reports) OVER of AS base, sum(reports) OVER (of ORDER BY time) AS rank
      FROM took WINDOW of AS (PARTITION BY country, measure)
    ), speeds AS (
      SELECT country, measure, max(base)::int AS base,
             round(extract(epoch FROM min(time) FILTER (WHERE rank >= 0.5 * base)) / 3600)::int AS median,
             round(extract(epoch FROM min(time) FILTER (WHERE rank >= 0.9 * base)) / 3600)::int AS ninetieth
      FROM ranked GROUP BY country, measure
    )
    SELECT (SELECT coalesce(jsonb_agg(cells), '[]') FROM cells) AS cells,
           (SELECT coalesce(jsonb_agg(speeds), '[]') FROM speeds) AS speeds`;
  return row ?? { cells: [], speeds: [] };
}
