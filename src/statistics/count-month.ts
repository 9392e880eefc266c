import type { Tx } from '../db.ts';
import type { SpeedMeasure } from './definitions.ts';

/** One non-empty cell; `by` is a dimension, or REPORTS, ASSESSED, ACTIONABLE for a total. */
export type CellRow = { country: string; by: string; key: string; count: number };
export type SpeedRow = { country: string; measure: SpeedMeasure; base: number; median: number; ninetieth: number };
type ExactCounts = { cells: CellRow[]; speeds: SpeedRow[] };

/**
 * The exact counts of one month's reports (`month` is its first day) for every country: they never leave the platform. A
 * report belongs to the month in its portal's time zone. An opinion counts once no second one is owed: the first opinion,
 * or the ruling where there was one, of the latest episode that was assessed. A report in quarantine is received and not assessed;
 * one that was marked as malicious is assessed as that. Speeds are in hours.
 */
export async function countMonth(tx: Tx, month: Date): Promise<ExactCounts> {
  const [row] = await tx.$queryRaw<ExactCounts[]>`
    WITH cohort AS (
      SELECT r.country, r.source::text AS source, r.repeated, s.contact IS NOT NULL OR s.contact_removed_at IS NOT NULL AS contact,
             CASE r.standing WHEN 'MALICIOUS' THEN false ELSE a.verdict = 'ACTIONABLE' END AS actionable,
             CASE r.standing WHEN 'MALICIOUS' THEN 'MALICIOUS_REPORT' ELSE a.reason::text END AS reason, a.severity::text AS severity, a.youngest_age::text AS age,
             a.sex::text AS sex, CASE WHEN a.form = 'AI_GENERATED' THEN 'AI_GENERATED' ELSE 'OTHER' END AS form, coalesce(a.site_type::text, 'NOT_SAID') AS site_type,
             CASE WHEN t.placement IS NULL OR t.placement = 'UNKNOWN' THEN 'UNKNOWN' WHEN t.placement <> 'COUNTRY' THEN 'NO_COUNTRY'
                  WHEN t.country = r.country THEN 'OWN_COUNTRY' ELSE 'OTHER_COUNTRY' END AS hosting,
             e.first_reported, e.assessed, least(e.host_told, e.police_told, e.hotline_told) AS notified, e.first_seen_gone AS removed,
             (e.first_seen_gone AT TIME ZONE 'UTC')::date - (e.first_reported AT TIME ZONE 'UTC')::date AS days_up
      FROM reports r
      JOIN portals p ON p.id = r.portal_id
      JOIN submissions s ON s.id = r.submission_id
      LEFT JOIN LATERAL (SELECT * FROM episodes WHERE case_id = r.case_id AND assessed IS NOT NULL AND r.standing = 'COUNTED' ORDER BY number DESC LIMIT 1) e ON true
      LEFT JOIN LATERAL (SELECT * FROM assessments WHERE episode_id = e.id AND round IN ('FIRST', 'RULING') ORDER BY at DESC LIMIT 1) a ON true
      LEFT JOIN LATERAL (
        -- As domain/where-hosted.ts decides, of the latest word of each method.
        SELECT * FROM (
          SELECT DISTINCT ON (method) * FROM host_traces
          WHERE case_id = r.case_id AND episode_id = e.id AND at >= coalesce(
            (SELECT max(o.at) FROM observations o WHERE o.case_id = r.case_id AND o.episode_id = e.id AND o.seen = 'MOVED'), '-infinity')
          ORDER BY method, at DESC
        ) latest
        WHERE placement <> 'UNKNOWN'
        ORDER BY method = 'PERSON' DESC, placement <> 'COUNTRY' DESC, method = 'ROUTING' DESC, method = 'REGISTRATION' DESC
        LIMIT 1
      ) t ON true
      WHERE r.country IS NOT NULL
        AND r.received_at >= ${month}::date - interval '1 day' AND r.received_at < ${month}::date + interval '1 month 1 day'
        AND date_trunc('month', r.received_at AT TIME ZONE p.time_zone) = ${month}::date
    ), cells AS (
      SELECT country, d.by, d.key, count(*)::int AS count
      FROM cohort c, LATERAL (VALUES
        ('REPORTS', '', true), ('ASSESSED', '', c.actionable IS NOT NULL), ('ACTIONABLE', '', c.actionable),
        ('SOURCE', c.source, true),
        ('REPEATED', CASE WHEN c.repeated THEN 'REPEATED' ELSE 'NEW' END, true),
        ('CONTACT', CASE WHEN c.contact THEN 'WITH_CONTACT' ELSE 'ANONYMOUS' END, true),
        ('REASON', c.reason, NOT c.actionable),
        ('SEVERITY', c.severity, c.actionable), ('AGE', c.age, c.actionable), ('SEX', c.sex, c.actionable),
        ('FORM', c.form, c.actionable), ('SITE_TYPE', c.site_type, c.actionable), ('HOSTING', c.hosting, c.actionable),
        ('REMOVAL', CASE WHEN c.removed IS NULL THEN 'STILL_UP' WHEN c.days_up <= 0 THEN 'SAME_DAY' WHEN c.days_up <= 3 THEN 'DAYS_1_3'
                         WHEN c.days_up <= 6 THEN 'DAYS_4_6' ELSE 'DAYS_7_PLUS' END, c.actionable)
      ) AS d(by, key, applies)
      WHERE d.applies GROUP BY country, d.by, d.key
    ), speeds AS (
      SELECT country, m.measure, count(*)::int AS base,
             round(extract(epoch FROM percentile_disc(0.5) WITHIN GROUP (ORDER BY m.at - c.first_reported)) / 3600)::int AS median,
             round(extract(epoch FROM percentile_disc(0.9) WITHIN GROUP (ORDER BY m.at - c.first_reported)) / 3600)::int AS ninetieth
      FROM cohort c, LATERAL (VALUES ('ASSESSED', c.assessed), ('NOTIFIED', c.notified), ('REMOVED', c.removed)) AS m(measure, at)
      WHERE c.actionable AND m.at >= c.first_reported GROUP BY country, m.measure
    )
    SELECT (SELECT coalesce(jsonb_agg(cells), '[]') FROM cells) AS cells,
           (SELECT coalesce(jsonb_agg(speeds), '[]') FROM speeds) AS speeds`;
  return row ?? { cells: [], speeds: [] };
}
