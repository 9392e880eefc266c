import type { Tx } from '../db.ts';

/**
 * Counts the reports of these cases anew, in three statements, however many cases: those that are set aside or malicious weigh
 * nothing. The caller has locked the cases. A case without any leaves the queue; the first times of one that enters it are
 * those of its earliest report that counts, which alone is not repeated: so the new ones add up to the cases, and a flood that
 * waits or was malicious makes no honest report a repetition.
 */
export async function recountCases(tx: Tx, caseIds: string[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE cases c SET
      report_count = f.reports,
      portal_ids = f.portals,
      first_reported_at = coalesce(f.first, c.first_reported_at),
      last_reported_at = coalesce(f.last, c.last_reported_at),
      priority = CASE WHEN f.reports = 0 THEN 0 ELSE c.priority END
    FROM (
      SELECT given.id, count(r.id)::int AS reports, coalesce(array_agg(DISTINCT r.portal_id) FILTER (WHERE r.id IS NOT NULL), '{}') AS portals,
             min(r.received_at) AS first, max(r.received_at) AS last
      FROM unnest(${caseIds}::uuid[]) AS given(id) LEFT JOIN reports r ON r.case_id = given.id AND r.standing = 'COUNTED'
      GROUP BY given.id
    ) f
    WHERE c.id = f.id`;
  // The clock of the first stretch starts with the case's first report; those of later ones start when the content returned.
  await tx.$executeRaw`
    UPDATE episodes e SET first_reported = c.first_reported_at FROM cases c
    WHERE c.id = ANY (${caseIds}::uuid[]) AND e.case_id = c.id AND e.number = 1 AND c.episode_number = 1
      AND e.first_reported <> c.first_reported_at`;
  await tx.$executeRaw`
    UPDATE reports r SET repeated = NOT r.repeated
    FROM unnest(${caseIds}::uuid[]) AS given(id)
    CROSS JOIN LATERAL (SELECT id FROM reports WHERE case_id = given.id AND standing = 'COUNTED' ORDER BY received_at, id LIMIT 1) first
    WHERE r.case_id = given.id AND r.standing = 'COUNTED' AND r.repeated = (r.id = first.id)`;
}
