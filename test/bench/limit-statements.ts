// Each operation as one statement that leaves what the platform leaves and, where it reads, gives the whole answer as JSON.

const audited = (
  stream: string,
  operation: string,
  action: string,
  by: string,
  salt: string,
  subjects = `'[]'::jsonb`,
) =>
  `audit_append(jsonb_build_array(jsonb_build_object('stream', ${stream}, 'actor', ${by}, 'operation', '${operation}',
     'action', '${action}', 'subjects', ${subjects}, 'detail', '{}', 'salt', ${salt}::text)))`;

/** $1 portal, $2 digest, $3 address, $4 host, $5 domain, $6 hash of the access code, $7 of the input, $8 reference, $9 salt */
const submit = `
  WITH portal AS (SELECT id, country, default_language FROM portals WHERE code = $1),
  filed AS (
    INSERT INTO cases AS c (id, address_digest, address, address_kind, address_rules_version, host, registrable_domain, report_count,
                            portal_ids, first_reported_at, last_reported_at, state_since, reporting_countries)
    SELECT uuidv7(), $2, $3, 'WEB', 2, $4, $5, 1, ARRAY[id], now(), now(), now(), ARRAY[country] FROM portal
    ON CONFLICT (address_digest) DO UPDATE SET
      report_count = c.report_count + 1,
      portal_ids = CASE WHEN excluded.portal_ids <@ c.portal_ids THEN c.portal_ids ELSE c.portal_ids || excluded.portal_ids END,
      last_reported_at = greatest(c.last_reported_at, excluded.last_reported_at)
    RETURNING c.id, c.number, c.report_count
  ), episode AS (
    INSERT INTO episodes (id, case_id, number, first_reported) SELECT uuidv7(), id, 1, now() FROM filed WHERE report_count = 1
  ), submission AS (
    INSERT INTO submissions (id, portal_id, received_at, source, pasted_text, access_code_hash, input_hash, language)
    SELECT uuidv7(), id, now(), 'PUBLIC', $3, $6, $7, default_language FROM portal RETURNING id
  ), report AS (
    INSERT INTO reports (id, reference, submission_id, case_id, portal_id, country, source, received_at, address_as_typed, repeated)
    SELECT uuidv7(), $8, s.id, f.id, p.id, p.country, 'PUBLIC', now(), $3, f.report_count > 1 FROM filed f, submission s, portal p
  )
  SELECT (SELECT count(*) FROM graphile_worker.add_job('prioritise-case', json_build_object('caseId', id), max_attempts := 25,
            job_key := 'prioritise:' || id)),
         ${audited(`'case:' || number`, 'Submit', 'REPORT', `'stranger'`, '$9').replace(`'{}'`, `json_build_object('portal', $1::text)::text`)}
  FROM filed`;

/** $1 country, $2 first month, $3 last month; each month's figures as they are stored: who reads them renames some keys */
const figures = `
  WITH newest AS (
    SELECT DISTINCT ON (month) month, edition, published_at, definitions_version, reason, figures FROM statistics_editions
    WHERE country = $1::bpchar AND month BETWEEN to_date($2, 'YYYY-MM') AND to_date($3, 'YYYY-MM') ORDER BY month, edition DESC
  )
  SELECT json_build_object(
    'country', $1, 'asOf', max(published_at)::date, 'edition', max(edition), 'running', (
      SELECT coalesce(sum(d.count), 0)::int FROM daily_intake d JOIN portals p ON p.id = d.portal_id
      WHERE d.country = $1 AND d.day >= now()::date - 32 AND d.day >= date_trunc('month', now() AT TIME ZONE p.time_zone)::date
        AND d.day < (now() AT TIME ZONE p.time_zone)::date),
    'months', json_agg(json_build_object('month', to_char(month, 'YYYY-MM'), 'edition', edition, 'publishedOn', published_at::date,
      'definitionsVersion', definitions_version, 'correction', reason, 'figures', figures) ORDER BY month))::text
  FROM newest`;

const person = (table: string, column: string) =>
  `(SELECT json_build_object('name', name) FROM accounts WHERE id = ${table}.${column})`;
// While a second opinion is owed nobody sees another's.
const assessments = (fields: string) => `coalesce((
  SELECT json_agg(json_build_object(${fields}, 'at', a.at, 'assessor', ${person('a', 'assessor_id')}) ORDER BY a.at, a.id)
  FROM assessments a WHERE a.case_id = c.id AND (c.state <> 'AWAITING_REVIEW' OR a.assessor_id = $1)), '[]')`;
const claim = `(SELECT json_build_object('by', ${person('k', 'account_id')}, 'claimedAt', k.claimed_at, 'leaseUntil', k.lease_until)
  FROM claims k WHERE k.case_id = c.id AND k.ended_at IS NULL AND k.lease_until > now() LIMIT 1)`;
const defanged = `replace(replace(c.address, 'http', 'hxxp'), c.host, replace(c.host, '.', '[.]'))`;
const reports = (fields: string, portal: string, most: number) => `json_build_object('edges', coalesce((
  SELECT json_agg(json_build_object('node', json_build_object('reference', r.reference, 'receivedAt', r.received_at, 'country', r.country,
    'source', r.source, ${fields} 'portal', (SELECT json_build_object(${portal}) FROM portals p WHERE p.id = r.portal_id))))
  FROM (SELECT * FROM reports r WHERE r.case_id = c.id ORDER BY r.received_at DESC, r.id DESC LIMIT ${most}) r), '[]'))`;

const queueAfter = (after: string) => `
  WITH page AS MATERIALIZED (
    SELECT * FROM cases c WHERE c.report_count > 0 AND ${after} ORDER BY c.priority DESC, c.id LIMIT 51
  ), shown AS MATERIALIZED (
    SELECT *, replace(translate(encode(convert_to(priority || ' ' || id, 'UTF8'), 'base64'), '+/', '-_'), '=', '') AS cursor
    FROM page ORDER BY priority DESC, id LIMIT 50
  )
  SELECT json_build_object('endCursor', (SELECT cursor FROM shown ORDER BY priority, id DESC LIMIT 1),
      'hasNextPage', (SELECT count(*) FROM page) > 50, 'cases', (SELECT json_agg(row_to_json(x)) FROM (
    SELECT c.cursor, c.number, c.state, c.priority, c.address, ${defanged} AS "defangedAddress", c.host, c.report_count AS "reportCount",
      cardinality(c.portal_ids) AS "portalCount", c.first_reported_at AS "firstReportedAt", c.last_reported_at AS "lastReportedAt",
      c.version, c.in_danger AS "inDanger", c.categories,
      (SELECT json_agg(row_to_json(r)) FROM (
         SELECT r.reference, r.received_at AS "receivedAt", r.country, r.source, p.code, p.name FROM reports r JOIN portals p ON p.id = r.portal_id
         WHERE r.case_id = c.id ORDER BY r.received_at DESC, r.id DESC LIMIT 3) r) AS reports,
      (SELECT json_agg(row_to_json(a)) FROM (
         SELECT a.round, a.verdict, a.severity, a.at, n.name FROM assessments a JOIN accounts n ON n.id = a.assessor_id
         WHERE a.case_id = c.id AND (c.state <> 'AWAITING_REVIEW' OR a.assessor_id = $1) ORDER BY a.at, a.id) a) AS assessments,
      (SELECT row_to_json(k) FROM (
         SELECT k.claimed_at AS "claimedAt", k.lease_until AS "leaseUntil", n.name FROM claims k JOIN accounts n ON n.id = k.account_id
         WHERE k.case_id = c.id AND k.ended_at IS NULL AND k.lease_until > now()) k) AS claim
    FROM shown c ORDER BY c.priority DESC, c.id) x))::text,
    ${audited(`'account:' || $1::uuid`, 'Queue', 'LIST_CASES', `'account:' || $1::uuid`, '$2', '(SELECT jsonb_agg(number) FROM shown)')}`;

/** $1 account, $2 salt; names stand beside what they belong to: rows cost Postgres half of what objects in objects do */
const queue = queueAfter('true');
/** And $3 the priority, $4 the id of the last case before the page. */
const queueFurther = queueAfter('c.priority <= $3 AND (c.priority < $3 OR c.id > $4::uuid)');

/** $1 account, $2 salt, $3 the case's number */
const oneCase = `
  SELECT json_build_object('case', json_build_object(
    'number', c.number, 'state', c.state, 'outcome', c.outcome, 'priority', c.priority, 'address', c.address, 'defangedAddress', ${defanged},
    'addressKind', c.address_kind, 'host', c.host, 'registrableDomain', c.registrable_domain, 'reportCount', c.report_count,
    'portalCount', cardinality(c.portal_ids), 'version', c.version, 'episode', c.episode_number, 'firstReportedAt', c.first_reported_at,
    'lastReportedAt', c.last_reported_at, 'listed', c.listed, 'inDanger', c.in_danger, 'categories', c.categories,
    'siteTypes', c.site_types, 'reportingCountries', c.reporting_countries,
    'reports', ${reports(
      `'standing', r.standing, 'addressAsTyped', r.address_as_typed, 'language', (SELECT language FROM submissions WHERE id = r.submission_id),`,
      `'code', p.code, 'name', p.name, 'country', p.country`,
      50,
    )},
    'assessments', ${assessments(`'round', a.round, 'verdict', a.verdict, 'reason', a.reason, 'severity', a.severity,
      'youngestAge', a.youngest_age, 'sex', a.sex, 'form', a.form, 'siteType', a.site_type, 'jurisdiction', a.jurisdiction`)},
    'traces', coalesce((SELECT json_agg(json_build_object('method', method, 'tool', tool, 'placement', placement, 'country', country, 'at', at)
      ORDER BY at) FROM host_traces WHERE case_id = c.id), '[]'),
    'actions', coalesce((SELECT json_agg(json_build_object('kind', kind, 'recipient', recipient, 'queuedAt', queued_at, 'sentAt', sent_at,
      'sentBy', ${person('x', 'sent_by_id')}) ORDER BY queued_at) FROM actions x WHERE case_id = c.id), '[]'),
    'observations', coalesce((SELECT json_agg(json_build_object('seen', seen, 'movedTo', moved_to, 'observedBy', ${person('o', 'observed_by_id')},
      'at', at) ORDER BY at) FROM observations o WHERE case_id = c.id), '[]'),
    'clocks', (SELECT json_agg(json_build_object('episode', number, 'firstReported', first_reported, 'assessed', assessed, 'traced', traced,
      'policeTold', police_told, 'hostTold', host_told, 'firstSeenGone', first_seen_gone) ORDER BY number) FROM episodes WHERE case_id = c.id),
    'claim', ${claim}))::text,
    ${audited(`'case:' || c.number`, 'Case', 'READ', `'account:' || $1::uuid`, '$2')}
  FROM cases c WHERE c.number = $3`;

/** $1 account, $2 salt; no row where a colleague was quicker: ask again */
const claimNext = `
  WITH waiting AS MATERIALIZED (
    SELECT n.* FROM unnest('{AWAITING_ASSESSMENT,AWAITING_REVIEW,AWAITING_ACTION}'::"CaseState"[]) s(state), LATERAL (
      SELECT c.id, c.version, c.priority FROM cases c
      WHERE c.state = s.state AND c.report_count > 0
        AND NOT EXISTS (SELECT FROM claims k WHERE k.case_id = c.id AND k.ended_at IS NULL AND k.lease_until > now())
      ORDER BY c.priority DESC, c.id LIMIT 64) n
    ORDER BY priority DESC, id LIMIT 64
  ), free AS (
    SELECT c.id, c.number FROM cases c JOIN waiting w ON w.id = c.id AND w.version = c.version
    ORDER BY c.priority DESC, c.id LIMIT 1 FOR UPDATE OF c SKIP LOCKED
  ), taken AS (
    INSERT INTO claims (id, case_id, account_id, claimed_at, lease_until)
    SELECT uuidv7(), id, $1, now(), now() + interval '30 minutes' FROM free ON CONFLICT (case_id) WHERE ended_at IS NULL DO NOTHING
    RETURNING case_id
  )
  SELECT json_build_object('claimNextCase', json_build_object('number', f.number))::text,
         ${audited(`'case:' || f.number`, 'ClaimNext', 'CLAIM', `'account:' || $1::uuid`, '$2')}
  FROM free f JOIN taken t ON t.case_id = f.id`;

/** $1 account, $2 salt, $3 the case's number */
const release = `
  WITH ended AS (
    UPDATE claims k SET ended_at = greatest(k.claimed_at, now()) FROM cases c
    WHERE c.number = $3 AND k.case_id = c.id AND k.account_id = $1 AND k.ended_at IS NULL AND k.lease_until > now() RETURNING c.number
  )
  SELECT json_build_object('releaseCase', json_build_object('number', number))::text,
         ${audited(`'case:' || number`, 'Release', 'RELEASE', `'account:' || $1::uuid`, '$2')}
  FROM ended`;

/** By their names. */
export const statements = { submit, figures, queue, queueFurther, oneCase, claimNext, release };
