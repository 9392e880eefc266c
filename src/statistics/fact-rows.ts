import { type Sql, sql } from '../db.ts';
import { countryCodes } from '../domain/regions.ts';
import { countedLanguages } from './definitions.ts';

/** The columns of `report_facts`, in the order in which `factRows` gives them. */
export const factColumns = sql`
  case_id, episode, portal_id, country, day, month, source, language, repeated, contact, standing, reports, verdict, reason, severity,
  age, sex, form, site_type, hosting, referral, listed, first_reported, assessed, notified, removed`;

/**
 * A statement that computes rows of `report_facts` from what was recorded, of the cases that `whose` (a condition on the column
 * `case_id`) leaves. A report belongs to the episode in which it was received: the latest that had begun, else the first. An
 * opinion counts once no second one is owed: the latest first opinion or ruling of an episode that is assessed. What waits in
 * quarantine is not assessed; what was marked as malicious is assessed as that.
 */
export function factRows(whose: Sql): Sql {
  return sql`
    WITH spans AS (
      SELECT id, case_id, number, first_reported, assessed, least(host_told, police_told, hotline_told) AS notified,
             coalesce(police_told, hotline_told) IS NOT NULL AS referred, first_seen_gone AS removed,
             CASE WHEN row_number() OVER following = 1 THEN '-infinity' ELSE first_reported END AS since,
             coalesce(min(first_reported) OVER (following ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING), 'infinity') AS until
      FROM episodes WHERE ${whose} WINDOW following AS (PARTITION BY case_id ORDER BY number)
    ), outcomes AS (
      SELECT s.case_id, s.number, a.*, t.hosting, f.referral, f.listed
      FROM spans s
      CROSS JOIN LATERAL (
        SELECT verdict, reason, severity, youngest_age AS age, sex, form, site_type FROM assessments
        WHERE s.assessed IS NOT NULL AND case_id = s.case_id AND episode_id = s.id AND round <> 'SECOND'
        ORDER BY at DESC, round DESC, id DESC LIMIT 1
      ) a
      LEFT JOIN LATERAL (
        -- As domain/where-hosted.ts decides, of the latest word of each method.
        SELECT CASE WHEN placement <> 'COUNTRY' THEN placement::text WHEN country = ANY (${countryCodes}::text[]) THEN country ELSE 'UNKNOWN' END AS hosting
        FROM (
          SELECT DISTINCT ON (method) * FROM host_traces
          WHERE a.verdict = 'ACTIONABLE' AND case_id = s.case_id AND episode_id = s.id AND at >= coalesce(
            (SELECT max(o.at) FROM observations o WHERE o.case_id = s.case_id AND o.episode_id = s.id AND o.seen = 'MOVED'), '-infinity')
          ORDER BY method, at DESC, id DESC
        ) latest
        WHERE placement <> 'UNKNOWN'
        ORDER BY method = 'PERSON' DESC, placement <> 'COUNTRY' DESC, method = 'ROUTING' DESC, method = 'REGISTRATION' DESC
        LIMIT 1
      ) t ON true
      LEFT JOIN LATERAL (
        SELECT CASE WHEN NOT s.referred THEN 'NOT_REFERRED'
                    WHEN EXISTS (
                      SELECT FROM actions c LEFT JOIN notices n ON n.id = c.notice_id
                      WHERE c.case_id = s.case_id AND c.episode_id = s.id AND c.kind <> 'HOST_NOTICE' AND c.sent_at IS NOT NULL
                        AND (c.answer IS NOT NULL OR n.acknowledged_at IS NOT NULL OR n.replied_at IS NOT NULL)) THEN 'ACKNOWLEDGED'
                    ELSE 'REFERRED' END AS referral,
               EXISTS (SELECT FROM url_list_changes u WHERE u.case_id = s.case_id AND u.change = 'ADDED' AND u.at >= s.since AND u.at < s.until) AS listed
        WHERE a.verdict = 'ACTIONABLE'
      ) f ON true
    ), received AS (
      SELECT r.case_id, s.number, r.portal_id, coalesce(r.country, 'ZZ') AS country, (r.received_at AT TIME ZONE p.time_zone)::date AS day,
             r.source, r.repeated, m.contact IS NOT NULL OR m.contact_removed_at IS NOT NULL AS contact, r.standing,
             CASE WHEN m.language IS NULL THEN 'NOT_SAID'
                  WHEN lower(split_part(m.language, '-', 1)) = ANY (${countedLanguages}::text[]) THEN lower(split_part(m.language, '-', 1))
                  ELSE 'OTHER' END AS language,
             s.first_reported, s.assessed, s.notified, s.removed, count(*)::int AS reports
      FROM (SELECT * FROM reports WHERE ${whose}) r
      -- By itself, since it is looked up once for each portal and not for each report.
      CROSS JOIN LATERAL (SELECT time_zone FROM portals WHERE id = r.portal_id OFFSET 0) p
      JOIN submissions m ON m.id = r.submission_id
      JOIN spans s ON s.case_id = r.case_id AND r.received_at >= s.since AND r.received_at < s.until
      GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14
    )
    SELECT r.case_id, r.number AS episode, r.portal_id, r.country, r.day, date_trunc('month', r.day::timestamp)::date AS month,
           r.source, r.language, r.repeated, r.contact, r.standing, r.reports,
           CASE r.standing WHEN 'MALICIOUS' THEN 'NOT_ACTIONABLE' ELSE o.verdict END AS verdict,
           CASE r.standing WHEN 'MALICIOUS' THEN 'MALICIOUS_REPORT' ELSE o.reason END AS reason,
           o.severity, o.age, o.sex, o.form, o.site_type,
           CASE WHEN o.verdict = 'ACTIONABLE' THEN coalesce(o.hosting, 'UNKNOWN') END AS hosting, o.referral, o.listed,
           r.first_reported, CASE r.standing WHEN 'COUNTED' THEN r.assessed END AS assessed,
           CASE r.standing WHEN 'COUNTED' THEN r.notified END AS notified, CASE r.standing WHEN 'COUNTED' THEN r.removed END AS removed
    FROM received r LEFT JOIN outcomes o ON o.case_id = r.case_id AND o.number = r.number AND r.standing = 'COUNTED'`;
}
