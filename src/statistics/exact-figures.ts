import type { BySignedIn } from '../account/viewer.ts';
import { recordRead } from '../audit/recorded.ts';
import { type AgreementRates, agreementRates } from '../case/agreement-rates.ts';
import { allOf, sql } from '../db.ts';
import { read } from '../replicas.ts';
import { dayOf } from './country-statistics.ts';
import type { SpeedMeasure } from './definitions.ts';
import { type BacklogPart, backlog } from './exact-backlog.ts';
import { conditionsOf, type ExactFiguresFilter, filterWords } from './exact-filter.ts';
import { monthsBetween, type SummedCells, tablesOf } from './exact-tables.ts';
import { cellSums } from './fact-sums.ts';

/** How many hosts are named. */
const MOST_HOSTS = 25;

/** Hours from the first report, over `base` actionable reports; null where there are none. */
export type ExactSpeed = { measure: SpeedMeasure; base: number; median: number | null; ninetieth: number | null };
export type ExactPart = { key: string; reports: number; assessed: number; actionable: number };
export type ExactHost = { domain: string; reports: number; cases: number; actionable: number };
/** Exact counts of one month, `2026-10`, or of all of them, where `month` is null. */
export type ExactPeriod = SummedCells & { month: string | null; speeds: ExactSpeed[] };

export type ExactFigures = {
  from: Date;
  to: Date;
  total: ExactPeriod;
  months: ExactPeriod[];
  byCountry: ExactPart[];
  byPortal: ExactPart[];
  hosts: ExactHost[];
  backlog: BacklogPart[];
  agreement: AgreementRates;
};

type CellRow = { month: string; by: string; key: string; count: number };
type SpeedRow = ExactSpeed & { month: string | null };
type Answer = {
  cells: CellRow[];
  speeds: SpeedRow[];
  parts: (ExactPart & { by: 'COUNTRY' | 'PORTAL' })[];
  hosts: ExactHost[];
};

/**
 * The exact figures of the months from `from` to `to` (first days, both included), of the reports that a filter leaves, by the
 * definitions of the published ones, as the last roll-up knew them (a minute ago); with what waits now, and how opinions of the whole
 * hotline agreed in these months. They never leave the hotline, and who looked is on record. Four statements, whatever the filter.
 */
export async function exactFigures(
  by: BySignedIn,
  { from, to, filter }: { from: Date; to: Date; filter: ExactFiguresFilter },
  now: Date,
): Promise<ExactFigures> {
  const span = [from, to].map((month) => month.toISOString().slice(0, 7));
  await recordRead(by, {
    stream: 'statistics',
    action: 'READ_EXACT_FIGURES',
    detail: { months: span, filter: filterWords(filter) },
  });
  const [answer, waiting, agreement] = [
    await count(from, to, filter),
    await backlog(filter, now),
    await agreementRates(from, new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0))),
  ];
  const period = (month: string | null): ExactPeriod => ({
    month,
    ...tablesOf(answer.cells.filter((cell) => month === null || cell.month === month)),
    speeds: answer.speeds.filter((speed) => speed.month === month),
  });
  return {
    from,
    to,
    total: period(null),
    months: monthsBetween(from, to).map(period),
    byCountry: answer.parts.filter(({ by }) => by === 'COUNTRY'),
    byPortal: answer.parts.filter(({ by }) => by === 'PORTAL'),
    hosts: answer.hosts,
    backlog: waiting,
    agreement,
  };
}

async function count(from: Date, to: Date, filter: ExactFiguresFilter): Promise<Answer> {
  const where = allOf([sql`f.month BETWEEN ${dayOf(from)}::date AND ${dayOf(to)}::date`, ...conditionsOf(filter)]);
  const [answer] = await read<Answer>(
    null,
    sql`
    WITH facts AS MATERIALIZED (SELECT f.* FROM report_facts f WHERE ${where}), cells AS (
      SELECT to_char(month, 'YYYY-MM') AS month, by, key, sum(count)::int AS count FROM (${cellSums(sql`facts`)}) s GROUP BY 1, 2, 3
    ), took AS (
      SELECT p.month, m.measure, m.at - f.first_reported AS time, f.reports
      FROM facts f,
           LATERAL (VALUES (to_char(f.month, 'YYYY-MM')), (NULL)) AS p(month),
           LATERAL (VALUES ('ASSESSED', f.assessed), ('NOTIFIED', f.notified), ('REMOVED', f.removed)) AS m(measure, at)
      WHERE f.verdict = 'ACTIONABLE' AND m.at >= f.first_reported
    ), ranked AS (
      SELECT *, sum(reports) OVER of AS base, sum(reports) OVER (of ORDER BY time) AS rank
      FROM took WINDOW of AS (PARTITION BY month, measure)
    ), speeds AS (
      SELECT month, measure, max(base)::int AS base,
             round(extract(epoch FROM min(time) FILTER (WHERE rank >= 0.5 * base)) / 3600)::int AS median,
             round(extract(epoch FROM min(time) FILTER (WHERE rank >= 0.9 * base)) / 3600)::int AS ninetieth
      FROM ranked GROUP BY month, measure ORDER BY month, measure
    ), parts AS (
      SELECT d.by, d.key, sum(f.reports)::int AS reports, coalesce(sum(f.reports) FILTER (WHERE f.verdict IS NOT NULL), 0)::int AS assessed,
             coalesce(sum(f.reports) FILTER (WHERE f.verdict = 'ACTIONABLE'), 0)::int AS actionable
      FROM facts f JOIN portals p ON p.id = f.portal_id, LATERAL (VALUES ('COUNTRY', f.country::text), ('PORTAL', p.code)) AS d(by, key)
      GROUP BY d.by, d.key ORDER BY reports DESC, d.key
    ), hosts AS (
      SELECT c.registrable_domain AS domain, sum(f.reports)::int AS reports, count(DISTINCT f.case_id)::int AS cases,
             coalesce(sum(f.reports) FILTER (WHERE f.verdict = 'ACTIONABLE'), 0)::int AS actionable
      FROM facts f JOIN cases c ON c.id = f.case_id
      WHERE c.registrable_domain IS NOT NULL GROUP BY 1 ORDER BY reports DESC, domain LIMIT ${MOST_HOSTS}
    )
    SELECT (SELECT coalesce(jsonb_agg(cells), '[]') FROM cells) AS cells, (SELECT coalesce(jsonb_agg(speeds), '[]') FROM speeds) AS speeds,
           (SELECT coalesce(jsonb_agg(parts), '[]') FROM parts) AS parts, (SELECT coalesce(jsonb_agg(hosts), '[]') FROM hosts) AS hosts`,
  );
  return answer ?? { cells: [], speeds: [], parts: [], hosts: [] };
}
