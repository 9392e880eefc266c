import { prisma } from '../db.ts';
import { casePriority, type ReportSource } from '../domain/priority.ts';

type FactsRow = {
  id: string;
  priority: number;
  inDanger: boolean;
  reports: number;
  portals: number;
  oldestReportHours: number;
  actionableCasesOnHost: number;
  sources: ReportSource[];
};

const HOUR_MS = 3_600_000;

/**
 * Computes the priority of these cases anew from their facts of the present episode, in two statements. A priority is derived
 * from what is recorded elsewhere (of reports, those that count), so it leaves no audit entry and does not change a case's version. Of other
 * cases on the host only confirmed ones count: an opinion that awaits its review must not show, not even in a neighbour's place.
 */
export async function prioritiseCases(ids: string[], now: Date): Promise<void> {
  const rows = await prisma.$queryRaw<FactsRow[]>`
    WITH confirmed AS (
      SELECT id, host FROM cases
      WHERE host IN (SELECT host FROM cases WHERE id = ANY (${ids}::uuid[]))
        AND (state IN ('AWAITING_ACTION', 'ON_HOLD', 'AWAITING_REMOVAL', 'REMOVED') OR outcome IN ('REMOVED', 'NO_ACTION_POSSIBLE'))
    ), hosts AS (
      -- Once for each host: a flood has all of its cases on one.
      SELECT host, count(*)::int AS cases FROM confirmed GROUP BY host
    )
    SELECT c.id, c.priority, f.*, cardinality(c.portal_ids) AS portals,
           coalesce(h.cases, 0) - (c.id IN (SELECT id FROM confirmed))::int AS "actionableCasesOnHost"
    FROM cases c JOIN episodes e ON e.case_id = c.id AND e.number = c.episode_number
    LEFT JOIN hosts h ON h.host = c.host
    JOIN LATERAL (
      SELECT count(*)::int AS reports, coalesce(bool_or(s.in_danger), false) AS "inDanger",
             coalesce(array_agg(DISTINCT r.source::text), '{}') AS sources,
             coalesce(extract(epoch FROM ${now}::timestamptz - min(r.received_at)) / 3600, 0)::float8 AS "oldestReportHours"
      FROM reports r JOIN submissions s ON s.id = r.submission_id
      WHERE r.case_id = c.id AND r.received_at >= e.first_reported AND r.standing = 'COUNTED'
    ) f ON true
    WHERE c.id = ANY (${ids}::uuid[]) AND c.report_count > 0`;

  const changed = rows
    .map((row) => ({
      id: row.id,
      before: row.priority,
      priority: casePriority({ ...row, sources: new Set(row.sources) }),
    }))
    .filter(({ before, priority }) => before !== priority);
  if (changed.length === 0) return;
  // Rows are locked in the order in which submissions lock them, so that nobody waits in a circle.
  await prisma.$executeRaw`
    WITH computed AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(changed)}::jsonb) AS n(id uuid, priority int)
    ), locked AS (
      SELECT c.id FROM cases c WHERE c.id IN (SELECT id FROM computed) ORDER BY c.address_digest FOR UPDATE
    )
    UPDATE cases c SET priority = n.priority
    FROM computed n JOIN locked l ON l.id = n.id WHERE c.id = n.id AND c.report_count > 0`;
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
