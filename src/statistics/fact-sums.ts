import { type Sql, sql } from '../db.ts';

/**
 * A statement that sums rows of the shape of `report_facts`, from a relation of this name, into rows of `monthly_cells`: one for each
 * cell of every dimension (definitions.ts), and of the totals REPORTS, ASSESSED and ACTIONABLE under the key ''. A report without a
 * verdict is not assessed. Buckets are of days by the calendar, in UTC. `weight` is what a row `f` counts.
 */
export function cellSums(facts: Sql, weight = sql`f.reports`): Sql {
  // What a dimension does not count has no key in it. Each is one of the sets that are grouped by, in one pass.
  return sql`
    SELECT * FROM (
      SELECT month, country,
             CASE 0 WHEN grouping(all_reports) THEN 'REPORTS' WHEN grouping(assessed) THEN 'ASSESSED' WHEN grouping(actionable) THEN 'ACTIONABLE'
                    WHEN grouping(source) THEN 'SOURCE' WHEN grouping(language) THEN 'LANGUAGE' WHEN grouping(repeated) THEN 'REPEATED'
                    WHEN grouping(contact) THEN 'CONTACT' WHEN grouping(reason) THEN 'REASON' WHEN grouping(severity) THEN 'SEVERITY'
                    WHEN grouping(age) THEN 'AGE' WHEN grouping(sex) THEN 'SEX' WHEN grouping(form) THEN 'FORM'
                    WHEN grouping(site) THEN 'SITE_TYPE' WHEN grouping(hosting) THEN 'HOSTING_COUNTRY'
                    WHEN grouping(to_assess) THEN 'TIME_TO_ASSESS' WHEN grouping(to_notify) THEN 'TIME_TO_NOTIFY'
                    WHEN grouping(removal) THEN 'REMOVAL' WHEN grouping(referral) THEN 'REFERRAL' WHEN grouping(url_list) THEN 'URL_LIST' END AS by,
             coalesce(all_reports, assessed, actionable, source::text, language, repeated, contact, reason::text, severity::text, age::text, sex::text,
                      form, site, hosting, to_assess, to_notify, removal, referral, url_list) AS key,
             sum(weight)::int AS count
      FROM (
        SELECT f.month, f.country, ${weight} AS weight, '' AS all_reports, CASE WHEN f.verdict IS NOT NULL THEN '' END AS assessed,
               CASE WHEN a.applies THEN '' END AS actionable, f.source, f.language,
               CASE WHEN f.repeated THEN 'REPEATED' ELSE 'NEW' END AS repeated,
               CASE WHEN f.contact THEN 'WITH_CONTACT' ELSE 'ANONYMOUS' END AS contact,
               f.reason, f.severity, f.age, f.sex,
               CASE WHEN f.form = 'AI_GENERATED' THEN 'AI_GENERATED' WHEN a.applies THEN 'OTHER' END AS form,
               CASE WHEN a.applies THEN coalesce(f.site_type::text, 'NOT_SAID') END AS site, f.hosting,
               CASE WHEN a.applies THEN ${bucketUntil(sql`f.assessed`, null)} END AS to_assess,
               CASE WHEN a.applies THEN ${bucketUntil(sql`f.notified`, 'NOT_YET')} END AS to_notify,
               CASE WHEN a.applies THEN ${bucketUntil(sql`f.removed`, 'STILL_UP')} END AS removal,
               f.referral, CASE WHEN a.applies THEN CASE WHEN f.listed THEN 'LISTED' ELSE 'NOT_LISTED' END END AS url_list
        FROM ${facts} f, LATERAL (SELECT f.verdict IS NOT DISTINCT FROM 'ACTIONABLE' AS applies) a
      ) keyed
      GROUP BY month, country, GROUPING SETS (all_reports, assessed, actionable, source, language, repeated, contact, reason, severity, age,
                                              sex, form, site, hosting, to_assess, to_notify, removal, referral, url_list)
    ) cells WHERE key IS NOT NULL AND count <> 0`;
}

/** A statement that sums rows of the shape of `report_facts`, from a relation of this name, into rows of `daily_intake`; `weight` is what a row `f` counts. */
export function intakeSums(facts: Sql, weight = sql`f.reports`): Sql {
  return sql`
    SELECT f.portal_id, f.country, f.day, sum(${weight})::int AS count
    FROM ${facts} f GROUP BY f.portal_id, f.country, f.day HAVING sum(${weight}) <> 0`;
}

function bucketUntil(time: Sql, never: string | null): Sql {
  const days = sql`(${time} AT TIME ZONE 'UTC')::date - (f.first_reported AT TIME ZONE 'UTC')::date`;
  return sql`CASE WHEN ${time} IS NULL THEN ${never} WHEN ${days} <= 0 THEN 'SAME_DAY' WHEN ${days} <= 3 THEN 'DAYS_1_3'
                  WHEN ${days} <= 6 THEN 'DAYS_4_6' ELSE 'DAYS_7_PLUS' END`;
}
