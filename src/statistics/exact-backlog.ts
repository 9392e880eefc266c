import { allOf, sql } from '../db.ts';
import type { CaseState } from '../domain/case-lifecycle.ts';
import { read } from '../replicas.ts';
import { conditionsOf, type ExactFiguresFilter } from './exact-filter.ts';

/** For how long a case has been in its state: whole days of 24 hours. */
export const backlogAges = ['UNDER_1_DAY', 'DAYS_1_3', 'DAYS_4_6', 'DAYS_7_29', 'DAYS_30_PLUS'] as const;
export type BacklogAge = (typeof backlogAges)[number];
export type BacklogPart = { state: CaseState; age: BacklogAge; cases: number; reports: number };

/** The cases that wait for something now, by state and by how long they have: those with a report that the filter leaves, whenever it came. One statement. */
export function backlog(filter: ExactFiguresFilter, now: Date): Promise<BacklogPart[]> {
  const conditions = conditionsOf(filter);
  const ofThem =
    conditions.length > 0
      ? sql`EXISTS (SELECT FROM report_facts f WHERE f.case_id = c.id AND ${allOf(conditions)})`
      : sql`true`;
  return read<BacklogPart>(
    null,
    sql`
    SELECT c.state::text AS state, a.age, count(*)::int AS cases, sum(c.report_count)::int AS reports
    FROM cases c,
         LATERAL (SELECT extract(epoch FROM ${now}::timestamptz - c.state_since) / 86400 AS days) d,
         LATERAL (SELECT CASE WHEN d.days < 1 THEN 'UNDER_1_DAY' WHEN d.days < 4 THEN 'DAYS_1_3' WHEN d.days < 7 THEN 'DAYS_4_6'
                              WHEN d.days < 30 THEN 'DAYS_7_29' ELSE 'DAYS_30_PLUS' END AS age) a
    WHERE c.state <> 'CLOSED' AND c.report_count > 0 AND ${ofThem}
    GROUP BY c.state, a.age ORDER BY c.state, min(d.days)`,
  );
}
