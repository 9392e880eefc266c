import { ask, prisma, sql, write } from '../db.ts';
import { casePriority, type ReportSource } from '../domain/priority.ts';
import type { ReportCategory, SiteType } from '../generated/prisma/enums.ts';

type FactsRow = {
  id: string;
  priority: number;
  /** Whether what the case keeps of its reports is no longer what they say. */
  outdated: boolean;
  categories: ReportCategory[];
  siteTypes: SiteType[];
  countries: string[];
  inDanger: boolean;
  reports: number;
  portals: number;
  oldestReportHours: number;
  actionableCasesOnHost: number;
  sources: ReportSource[];
};

const HOUR_MS = 3_600_000;

/**
 * Computes the priority of these cases anew from their facts of the present episode, in two statements, and keeps with it what
 * their reports of all episodes say: categories, site types, countries. All this is derived from what is recorded elsewhere (of
 * reports, those that count), so it leaves no audit entry and does not change a case's version. Of other cases on the host only
 * confirmed ones count: an opinion that awaits its review must not show, not even in a neighbour's place.
 */
export async function prioritiseCases(ids: string[], now: Date): Promise<void> {
  const rows = await ask<FactsRow>(
    'priority-facts',
    sql`WITH confirmed AS (
      SELECT id, host FROM cases
      WHERE host IN (SELECT host FROM cases WHERE id = ANY (${ids}::uuid[]))
        AND (state IN ('AWAITING_ACTION', 'ON_HOLD', 'AWAITING_REMOVAL', 'REMOVED') OR outcome IN ('REMOVED', 'NO_ACTION_POSSIBLE'))
    ), hosts AS (
      -- Once for each host: a flood has all of its cases on one.
      SELECT host, count(*)::int AS cases FROM confirmed GROUP BY host
    )
    SELECT c.id, c.priority, f.*,
           (c.in_danger, c.categories::text[], c.site_types::text[], c.reporting_countries)
             IS DISTINCT FROM (f."inDanger", f.categories, f."siteTypes", f.countries) AS outdated,
           cardinality(c.portal_ids) AS portals,
           coalesce(h.cases, 0) - (c.id IN (SELECT id FROM confirmed))::int AS "actionableCasesOnHost"
    FROM cases c JOIN episodes e ON e.case_id = c.id AND e.number = c.episode_number
    LEFT JOIN hosts h ON h.host = c.host
    JOIN LATERAL (
      SELECT count(*) FILTER (WHERE r.present)::int AS reports,
             coalesce(bool_or(s.in_danger) FILTER (WHERE r.present), false) AS "inDanger",
             coalesce(array_agg(DISTINCT r.source::text) FILTER (WHERE r.present), '{}') AS sources,
             coalesce(extract(epoch FROM ${now}::timestamptz - min(r.received_at) FILTER (WHERE r.present)) / 3600, 0)::float8 AS "oldestReportHours",
             coalesce(array_agg(DISTINCT s.category::text) FILTER (WHERE s.category IS NOT NULL), '{}') AS categories,
             coalesce(array_agg(DISTINCT s.found_on::text) FILTER (WHERE s.found_on IS NOT NULL), '{}') AS "siteTypes",
             coalesce(array_agg(DISTINCT r.country::text) FILTER (WHERE r.country IS NOT NULL), '{}') AS countries
      FROM (SELECT *, received_at >= e.first_reported AS present FROM reports WHERE case_id = c.id AND standing = 'COUNTED') r
      JOIN submissions s ON s.id = r.submission_id
    ) f ON true
    WHERE c.id = ANY (${ids}::uuid[]) AND c.report_count > 0`,
  );

  const changed = rows
    .map((row) => ({ ...row, before: row.priority, priority: casePriority({ ...row, sources: new Set(row.sources) }) }))
    .filter(({ before, priority, outdated }) => outdated || before !== priority);
  if (changed.length === 0) return;
  // Rows are locked in the order in which submissions lock them, so that nobody waits in a circle.
  await write(
    'keep-priorities',
    sql`WITH computed AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(changed)}::jsonb)
        AS n(id uuid, priority int, "inDanger" boolean, categories "ReportCategory"[], "siteTypes" "SiteType"[], countries text[])
    ), locked AS (
      SELECT c.id FROM cases c WHERE c.id IN (SELECT id FROM computed) ORDER BY c.address_digest FOR UPDATE
    )
    UPDATE cases c SET priority = n.priority, in_danger = n."inDanger", categories = n.categories, site_types = n."siteTypes",
      reporting_countries = n.countries
    FROM computed n JOIN locked l ON l.id = n.id WHERE c.id = n.id AND c.report_count > 0`,
  );
}

/** Computes the priority of all waiting cases anew, a page at a time: it grows with age although nothing happens. */
export async function prioritiseWaitingCases(now: Date, pageSize = 500): Promise<void> {
  for (let after = ''; ; ) {
    const page = await prisma.case.findMany({
      where: {
        state: { in: ['AWAITING_ASSESSMENT', 'AWAITING_REVIEW', 'DISPUTED', 'AWAITING_ACTION'] },
        reportCount: { gt: 0 },
        lastReportedAt: { lt: new Date(now.getTime() - HOUR_MS) },
        ...(after ? { id: { gt: after } } : {}),
      },
      orderBy: { id: 'asc' },
      take: pageSize,
      select: { id: true },
    });
    const last = page.at(-1);
    if (!last) return;
    await prioritiseCases(
      page.map(({ id }) => id),
      now,
    );
    after = last.id;
  }
}
