import type pg from 'pg';

/** Tables that data is made in, in an order that satisfies who refers to whom. */
// biome-ignore format: one line reads best
const TABLES = ['cases', 'episodes', 'claims', 'assessments', 'host_traces', 'observations', 'actions', 'url_list_changes', 'submissions', 'reports'];
/** Above so many reports it is quicker to make the indexes afterwards. */
const MANY = 500_000;
const MOST_OF_ONE_CASE = 10_000;
const DAYS = 1_095;
/** Of confirmed cases those with a `fate` from here on wait for somebody to tell the host. */
const UNTOLD = 0.95;

// One case in five reports, as unequal as addresses are: of 20 cases twelve have one report, and one has forty.
const REPORTS_OF = 'CASE WHEN c % 20 < 12 THEN 1 WHEN c % 20 < 17 THEN 4 WHEN c % 20 < 19 THEN 14 ELSE 40 END';
// The number fills the first twelve digits, so that ids follow the order in which rows are made.
export const uuid = (kind: number, n: string): string =>
  `(lpad(to_hex((${n})::bigint), 12, '0') || '7${kind.toString(16)}008000000000000000')::uuid`;

/**
 * Makes so many reports (and a fifth as many cases, one of them with 10,000 reports) through the portals that there are, over the three
 * years before `until`, by SQL and without triggers: the facts are made from them afterwards. The one of 10,000 is the first of the queue. `tell` gets a line for each step.
 */
export async function makeData(
  client: pg.Client,
  reports: number,
  until: Date,
  tell: (line: string) => void = () => undefined,
): Promise<void> {
  const flood = Math.min(MOST_OF_ONE_CASE, Math.floor(reports / 10));
  const cases = Math.floor((reports - flood) / 5);
  await client.query("SET session_replication_role = 'replica'; SET synchronous_commit = off; SET jit = off");
  await client.query(
    "SET work_mem = '256MB'; SET maintenance_work_mem = '1GB'; SET TimeZone = 'UTC'; SELECT setseed(0.5)",
  );
  const indexes = reports >= MANY ? await dropIndexes(client) : [];
  const steps = [...plan(cases, flood, until), ...rows()];
  for (const [name, statement] of steps) {
    const start = performance.now();
    const { rowCount } = await client.query(statement);
    tell(`${name}: ${rowCount ?? 0} rows in ${seconds(start)} s`);
  }
  for (const index of indexes) {
    const start = performance.now();
    await client.query(index.definition);
    tell(`${index.name} in ${seconds(start)} s`);
  }
  await client.query("SET session_replication_role = 'origin'; DROP TABLE made_cases, made_reports");
  for (const table of TABLES) await client.query(`VACUUM ANALYZE ${table}`);
}

/** What is drawn of each case and each report, before anything is written. */
function plan(cases: number, flood: number, until: Date): [string, string][] {
  const end = `'${until.toISOString()}'::timestamptz`;
  return [
    [
      'portals',
      // The one whose figures are asked for has the most reports, so that a small database shows them too.
      "CREATE TEMPORARY TABLE made_portals AS SELECT row_number() OVER (ORDER BY country IS DISTINCT FROM 'KE', code) - 1 AS p, id, country FROM portals WHERE NOT sandbox",
    ],
    [
      'the draw of cases',
      `CREATE TEMPORARY TABLE made_cases AS
       SELECT *, state NOT IN ('AWAITING_ASSESSMENT', 'AWAITING_REVIEW') AS is_assessed,
              round(CASE WHEN state = 'CLOSED' THEN place * 200 ELSE 200 + place * 800 END)::int AS priority FROM (
         SELECT *, begun + random() * interval '72 hours' AS assessed,
                CASE WHEN stage < 0.12 THEN 'AWAITING_ASSESSMENT' WHEN stage < 0.15 THEN 'AWAITING_REVIEW'
                     WHEN is_actionable AND fate >= ${UNTOLD} THEN 'AWAITING_ACTION' WHEN is_actionable AND fate >= 0.8 THEN 'AWAITING_REMOVAL'
                     ELSE 'CLOSED' END AS state FROM (
           SELECT c, ${uuid(1, 'c')} AS id, ${end} - interval '1 day' * (3 + ${DAYS} * random()) AS begun, c = 1 OR random() < 0.5 AS is_actionable,
                  CASE c WHEN 1 THEN 1 ELSE random() END AS stage, CASE c WHEN 1 THEN 1 ELSE random() END AS fate,
                  CASE c WHEN 1 THEN 1 ELSE random() END AS place, CASE c WHEN 1 THEN ${flood} ELSE ${REPORTS_OF} END AS reports
           FROM generate_series(1, ${cases + 1}) c) drawn) judged ORDER BY begun`,
    ],
    [
      'the draw of reports',
      `CREATE TEMPORARY TABLE made_reports AS
       SELECT row_number() OVER (ORDER BY received_at) AS r, * FROM (
         SELECT c.id AS case_id, k > 1 AS repeated, p.id AS portal_id, coalesce(p.country, 'TD') AS country,
                CASE WHEN k = 1 THEN c.begun ELSE least(c.begun + random() * interval '45 days', ${end}) END AS received_at, random() AS luck
         FROM made_cases c, generate_series(1, c.reports) k
         JOIN LATERAL (SELECT floor((SELECT count(*) FROM made_portals) * power(random(), 2)) + 0 * k AS drawn) d ON true
         JOIN made_portals p ON p.p = d.drawn) drawn ORDER BY received_at`,
    ],
  ];
}

function rows(): [string, string][] {
  const some = (values: string[], n: string) =>
    `(ARRAY[${values.map((value) => `'${value}'`)}])[1 + ((${n})::bigint % ${values.length})]`;
  const person = (subject: string) => `(SELECT id FROM accounts WHERE subject = '${subject}')`;
  const actionable = 'is_assessed AND is_actionable';
  const method = (name: string, n: number) =>
    `SELECT ${uuid(4, `c * 3 + ${n}`)}, id, ${uuid(2, 'c')}, '${name}'::"TraceMethod", 'made',
            (CASE WHEN fate < 0.9 THEN 'COUNTRY' ELSE 'CONTENT_NETWORK' END)::"HostPlacement",
            CASE WHEN fate < 0.9 THEN ${some(['NL', 'US', 'FR', 'RU', 'KE', 'DE', 'LT'], 'c')} END, assessed + interval '5 minutes'
     FROM made_cases WHERE ${actionable}`;
  return [
    [
      'cases',
      `INSERT INTO cases (id, number, address_digest, address, address_kind, address_rules_version, host, registrable_domain, state, outcome,
                          priority, report_count, portal_ids, categories, first_reported_at, last_reported_at, state_since)
       SELECT id, 'C-B' || c, sha256(convert_to('https://host' || c % 50000 || '.example/page/' || c, 'UTF8')), 'https://host' || c % 50000 || '.example/page/' || c, 'WEB', 1,
              'host' || c % 50000 || '.example', 'host' || c % 50000 || '.example',
              state::"CaseState",
              (CASE WHEN state <> 'CLOSED' THEN NULL WHEN is_actionable THEN 'REMOVED' ELSE 'NOT_ACTIONABLE' END)::"CaseOutcome",
              priority, reports, ARRAY[(SELECT id FROM made_portals LIMIT 1)],
              CASE c % 3 WHEN 0 THEN '{}' WHEN 1 THEN '{CHILD_SEXUAL_ABUSE_MATERIAL}' ELSE '{UNSURE,OTHER}' END::"ReportCategory"[],
              begun, begun + interval '45 days', begun FROM made_cases`,
    ],
    [
      'episodes',
      `INSERT INTO episodes (id, case_id, number, first_reported, assessed, traced, host_told, police_told, first_seen_gone)
       SELECT ${uuid(2, 'c')}, id, 1, begun, CASE WHEN is_assessed THEN assessed END, CASE WHEN ${actionable} THEN assessed + interval '5 minutes' END,
              CASE WHEN ${actionable} AND fate < ${UNTOLD} THEN assessed + fate * interval '2 days' END, CASE WHEN ${actionable} AND fate < 0.4 THEN assessed + interval '1 hour' END,
              CASE WHEN ${actionable} AND fate < 0.8 THEN assessed + fate * interval '9 days' END FROM made_cases
       UNION ALL
       SELECT ${uuid(3, 'c')}, id, 2, begun + interval '60 days', NULL, NULL, NULL, NULL, NULL FROM made_cases WHERE ${actionable} AND fate < 0.05`,
    ],
    [
      'claims',
      `INSERT INTO claims (id, case_id, account_id, claimed_at, lease_until, ended_at)
       SELECT ${uuid(10, 'c')}, id, ${person('analyst')}, assessed - interval '20 minutes', assessed + interval '10 minutes', assessed
       FROM made_cases WHERE is_assessed OR state = 'AWAITING_REVIEW'`,
    ],
    [
      'assessments',
      `INSERT INTO assessments (id, case_id, episode_id, round, assessor_id, at, taxonomy_name, taxonomy_version, verdict, reason, severity,
                                youngest_age, sex, form, site_type, jurisdiction)
       SELECT ${uuid(5, 'c * 2 + n')}, id, ${uuid(2, 'c')}, round::"AssessmentRound", by, assessed - n * interval '1 minute', 'made', 1,
              (CASE WHEN is_actionable THEN 'ACTIONABLE' ELSE 'NOT_ACTIONABLE' END)::"Verdict",
              CASE WHEN NOT is_actionable THEN ${some(['LEGAL_ADULT', 'OFF_REMIT', 'INACCESSIBLE', 'ALREADY_REMOVED'], 'c')}::"NotActionableReason" END,
              CASE WHEN is_actionable THEN ${some(['A', 'B', 'C', 'C', 'PROHIBITED'], 'c / 7')}::"Severity" END,
              CASE WHEN is_actionable THEN ${some(['AGE_3_6', 'AGE_7_10', 'AGE_7_10', 'AGE_11_13', 'AGE_14_15'], 'c / 3')}::"AgeBand" END,
              CASE WHEN is_actionable THEN ${some(['GIRLS', 'GIRLS', 'GIRLS', 'BOYS', 'BOTH'], 'c / 5')}::"SexSeen" END,
              CASE WHEN is_actionable THEN ${some(['PHOTOGRAPHIC', 'PHOTOGRAPHIC', 'AI_GENERATED'], 'c / 11')}::"ImageForm" END,
              CASE WHEN is_actionable THEN ${some(['WEBSITE', 'IMAGE_HOST', 'FILE_HOST', 'FORUM', 'SOCIAL'], 'c / 13')}::"SiteType" END,
              CASE WHEN is_actionable THEN 'BASELINE'::"Jurisdiction" END
       FROM made_cases, (VALUES (1, 'FIRST', ${person('analyst')}), (0, 'SECOND', ${person('analyst2')})) o(n, round, by)
       WHERE is_assessed AND (round = 'FIRST' OR fate < 0.2 OR state = 'AWAITING_ACTION') OR state = 'AWAITING_REVIEW' AND round = 'FIRST'`,
    ],
    [
      'host_traces',
      `INSERT INTO host_traces (id, case_id, episode_id, method, tool, placement, country, at)
       ${[method('DNS', 0), method('ROUTING', 1), method('REGISTRATION', 2)].join(' UNION ALL ')}`,
    ],
    [
      'observations',
      `INSERT INTO observations (id, case_id, episode_id, seen, observed_by_id, at)
       SELECT ${uuid(6, 'c')}, id, ${uuid(2, 'c')}, 'GONE', ${person('analyst')}, assessed + fate * interval '9 days' FROM made_cases WHERE ${actionable} AND fate < 0.8`,
    ],
    [
      'actions',
      `INSERT INTO actions (id, case_id, episode_id, kind, recipient, sent_by_id, queued_at, sent_at)
       SELECT ${uuid(7, 'c * 2 + n')}, id, ${uuid(2, 'c')}, kind::"ActionKind", 'made', ${person('analyst')}, at, at
       FROM made_cases, LATERAL (VALUES (0, 'HOST_NOTICE', assessed + fate * interval '2 days'), (1, 'POLICE_REFERRAL', assessed + interval '1 hour')) a(n, kind, at)
       WHERE ${actionable} AND fate < ${UNTOLD} AND (n = 0 OR fate < 0.4)`,
    ],
    [
      'url_list_changes',
      `INSERT INTO url_list_changes (case_id, change, address, at)
       SELECT id, 'ADDED', 'https://host' || c % 50000 || '.example/page/' || c, assessed + interval '1 hour' FROM made_cases WHERE ${actionable} AND fate < 0.3`,
    ],
    [
      'submissions',
      `INSERT INTO submissions (id, portal_id, received_at, pasted_text, access_code_hash, input_hash, language, contact)
       SELECT ${uuid(8, 'r')}, portal_id, received_at, 'https://made.example/' || r, sha256(convert_to('code' || r, 'UTF8')), sha256('made'),
              ${some(['en', 'en', 'fr', 'sw', 'es', 'de'], 'r')}, CASE WHEN luck < 0.15 THEN 'sealed'::bytea END FROM made_reports`,
    ],
    [
      'reports',
      `INSERT INTO reports (id, reference, submission_id, case_id, portal_id, country, source, received_at, address_as_typed, repeated)
       SELECT ${uuid(9, 'r')}, 'B-' || r, ${uuid(8, 'r')}, case_id, portal_id, country,
              ${some(['PUBLIC', 'PUBLIC', 'PUBLIC', 'POLICE', 'MEMBER', 'ANALYST'], 'r / 2')}::"ReportSource", received_at,
              'https://made.example/' || r, repeated FROM made_reports`,
    ],
  ];
}

/** Drops what can be made again and is no key, and gives the statements that make it. */
async function dropIndexes(client: pg.Client): Promise<{ name: string; definition: string }[]> {
  const { rows: found } = await client.query<{ name: string; definition: string }>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
     WHERE tablename = ANY ($1) AND schemaname = 'public' AND indexname NOT LIKE '%_pkey'`,
    [TABLES],
  );
  for (const { name } of found) await client.query(`DROP INDEX "${name}"`);
  return found;
}

function seconds(start: number): string {
  return ((performance.now() - start) / 1_000).toFixed(1);
}
