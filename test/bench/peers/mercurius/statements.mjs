/** Hand-written SQL, each prepared under its name once a connection. */

const audited = (stream, action, subjects = "'[]'::jsonb") =>
  `audit_append(jsonb_build_array(jsonb_build_object('stream', ${stream}, 'actor', $1::text, 'operation', $2::text, 'action', '${action}',
    'subjects', ${subjects}, 'detail', '{}', 'salt', encode(uuid_send(gen_random_uuid()), 'hex'))))`;

const CASE = `c.id, c.number, c.version, c.state::text, c.outcome::text, c.priority, c.address, c.address_kind::text AS "addressKind", c.host,
  c.registrable_domain AS "registrableDomain", c.look_alike AS "lookAlike", c.report_count AS "reportCount",
  cardinality(c.portal_ids) AS "portalCount", c.first_reported_at AS "firstReportedAt", c.last_reported_at AS "lastReportedAt",
  c.episode_number AS episode, c.held_until AS "heldUntil", c.listed, c.legal_hold AS "legalHold", c.next_check_at AS "nextCheckAt",
  c.undo_until AS "undoUntil", c.in_danger AS "inDanger", c.categories::text[], c.site_types::text[] AS "siteTypes",
  c.reporting_countries AS "reportingCountries", c.hosting_country AS "hostingCountry"`;

const HELD = 'k.ended_at IS NULL AND k.lease_until > now()';

// One case, its episode, the submission, its report, the audit entry and the job: everything at once.
const submit = `
  WITH portal AS (
    SELECT id, code, country, default_language FROM portals WHERE code = $3 AND stage IN ('SOFT_LAUNCH', 'LIVE') AND NOT sandbox
  ), filed AS (
    INSERT INTO cases AS c (id, address_digest, address, address_kind, address_rules_version, host, registrable_domain, report_count, portal_ids,
                            first_reported_at, last_reported_at, state_since, reporting_countries)
    SELECT uuidv7(), $4::bytea, $5::text, 'WEB', 1, $6::text, $7::text, 1, ARRAY[p.id], now(), now(), now(), ARRAY[p.country] FROM portal p
    ON CONFLICT (address_digest) DO UPDATE SET
      report_count = c.report_count + 1,
      portal_ids = CASE WHEN excluded.portal_ids <@ c.portal_ids THEN c.portal_ids ELSE c.portal_ids || excluded.portal_ids END,
      last_reported_at = greatest(c.last_reported_at, excluded.last_reported_at)
    RETURNING c.id, c.number, c.report_count
  ), episode AS (
    INSERT INTO episodes (id, case_id, number, first_reported) SELECT uuidv7(), id, 1, now() FROM filed WHERE report_count = 1
  ), submission AS (
    INSERT INTO submissions (id, portal_id, received_at, source, pasted_text, access_code_hash, input_hash, language)
    SELECT uuidv7(), p.id, now(), 'PUBLIC', $8::text, $9::bytea, $10::bytea, p.default_language FROM portal p RETURNING id
  ), report AS (
    INSERT INTO reports (id, reference, submission_id, case_id, portal_id, country, source, received_at, address_as_typed, repeated, standing)
    SELECT uuidv7(), $11::text, s.id, f.id, p.id, p.country, 'PUBLIC', now(), $8::text, f.report_count > 1, 'COUNTED'
    FROM filed f, submission s, portal p
  )
  SELECT (SELECT count(*) FROM graphile_worker.add_job('prioritise-case', json_build_object('caseId', f.id), job_key := 'prioritise:' || f.id)) AS jobs,
         ${audited("'case:' || f.number", 'REPORT').replace("'{}'", "json_build_object('portal', p.code)::text")}
  FROM filed f, portal p`;

const figures = `
  WITH readable AS (
    SELECT month, edition, published_at, definitions_version, reason, figures FROM statistics_editions
    WHERE country = $1 AND month BETWEEN $2::date AND $3::date
  ), newest AS (
    SELECT DISTINCT ON (month) * FROM readable ORDER BY month, edition DESC
  )
  SELECT (SELECT coalesce(json_agg(json_build_object('month', to_char(n.month, 'YYYY-MM'), 'edition', n.edition, 'publishedOn', n.published_at,
                   'correction', n.reason, 'definitionsVersion', n.definitions_version, 'figures', n.figures, 'earlier',
                   (SELECT coalesce(json_agg(json_build_object('edition', r.edition, 'publishedOn', r.published_at, 'correction', r.reason) ORDER BY r.edition), '[]')
                    FROM readable r WHERE r.month = n.month AND r.edition < n.edition)) ORDER BY n.month), '[]') FROM newest n) AS editions,
         (SELECT coalesce(sum(d.count), 0)::int FROM daily_intake d JOIN portals p ON p.id = d.portal_id
          WHERE d.country = $1 AND d.day >= current_date - 32 AND d.day >= date_trunc('month', now() AT TIME ZONE p.time_zone)::date
            AND d.day < (now() AT TIME ZONE p.time_zone)::date) AS running`;

const queue = `
  WITH page AS (
    SELECT ${CASE} FROM cases c WHERE c.report_count > 0 AND c.priority <= $4::int AND (c.priority < $4 OR c.id > $5::uuid)
    ORDER BY c.priority DESC, c.id LIMIT $3::int + 1
  ), seen AS MATERIALIZED (
    SELECT ${audited('$6::text', 'LIST_CASES', "(SELECT coalesce(jsonb_agg(number), '[]') FROM (SELECT number FROM page LIMIT $3::int) p)")}
  )
  SELECT page.* FROM page, seen ORDER BY priority DESC, id`;

const oneCase = `
  SELECT ${CASE}, ${audited("'case:' || c.number", 'READ')} AS seen FROM cases c WHERE c.number = $3`;

// The case of highest priority that waits for this person, to nobody else at the same time; at most three at once.
const claim = `
  WITH person AS (
    SELECT a.id, a.avoids FROM accounts a WHERE a.id = $3::uuid FOR NO KEY UPDATE
  ), waiting AS MATERIALIZED (
    SELECT * FROM person, unnest('{AWAITING_ASSESSMENT,AWAITING_REVIEW,AWAITING_ACTION}'::"CaseState"[]) s(state), LATERAL (
      SELECT c.id AS case_id, c.version, c.priority FROM cases c
      WHERE c.state = s.state AND c.report_count > 0 AND NOT c.categories && person.avoids
        AND (c.handed_to_id IS NULL OR c.handed_until <= now() OR c.handed_to_id = person.id)
        AND NOT EXISTS (SELECT FROM claims k WHERE k.case_id = c.id AND ${HELD})
        AND NOT (c.state = 'AWAITING_REVIEW' AND EXISTS (SELECT FROM assessments a WHERE a.case_id = c.id AND a.assessor_id = person.id))
      ORDER BY c.priority DESC, c.id LIMIT 64) n
    WHERE (SELECT count(*) FROM claims k WHERE k.account_id = person.id AND ${HELD}) < 3
    ORDER BY n.priority DESC, n.case_id LIMIT 64
  ), free AS (
    SELECT c.id FROM cases c JOIN waiting w ON w.case_id = c.id AND w.version = c.version
    ORDER BY c.priority DESC, c.id LIMIT 1 FOR UPDATE OF c SKIP LOCKED
  ), expired AS (
    UPDATE claims k SET ended_at = greatest(claimed_at, lease_until) FROM free WHERE k.case_id = free.id AND k.ended_at IS NULL AND k.lease_until <= now()
  ), taken AS (
    INSERT INTO claims (id, case_id, account_id, claimed_at, lease_until)
    SELECT uuidv7(), id, $3::uuid, now(), now() + interval '30 minutes' FROM free
    ON CONFLICT (case_id) WHERE ended_at IS NULL DO NOTHING RETURNING case_id
  )
  SELECT ${CASE}, ${audited("'case:' || c.number", 'CLAIM')} AS seen FROM cases c JOIN taken ON c.id = taken.case_id`;

const release = `
  WITH given AS (
    UPDATE claims k SET ended_at = greatest(k.claimed_at, now()) FROM cases c
    WHERE c.number = $3 AND k.case_id = c.id AND k.account_id = $4::uuid AND ${HELD} RETURNING k.case_id
  )
  SELECT ${CASE}, ${audited("'case:' || c.number", 'RELEASE')} AS seen FROM cases c JOIN given ON c.id = given.case_id`;

const reports = `
  SELECT r.id, r.case_id, r.reference, r.country, r.source::text, r.received_at AS "receivedAt", r.address_as_typed AS "addressAsTyped",
         r.standing::text, s.language, s.category::text, s.found_on::text AS "foundOn", s.how_found::text AS "howFound",
         coalesce(s.in_danger, false) AS "inDanger", p.code AS portal_code, p.name AS portal_name, p.country AS portal_country
  FROM unnest($1::uuid[]) asked(id), LATERAL (
    SELECT * FROM reports WHERE case_id = asked.id ORDER BY received_at DESC, id DESC LIMIT $2::int + 1
  ) r JOIN submissions s ON s.id = r.submission_id JOIN portals p ON p.id = r.portal_id
  ORDER BY r.case_id, r.received_at DESC, r.id DESC`;

const claims = `
  SELECT k.case_id, k.claimed_at AS "claimedAt", k.lease_until AS "leaseUntil", a.id AS by_id, a.name AS by_name
  FROM claims k JOIN accounts a ON a.id = k.account_id WHERE k.case_id = ANY ($1::uuid[]) AND ${HELD}`;

const assessments = `
  SELECT o.case_id, o.round::text, o.at, o.verdict::text, o.reason::text, o.severity::text, o.youngest_age::text AS "youngestAge", o.sex::text, o.form::text,
         o.site_type::text AS "siteType", o.jurisdiction::text, o.assessor_id AS "assessorId", a.id AS by_id, a.name AS by_name
  FROM assessments o JOIN accounts a ON a.id = o.assessor_id WHERE o.case_id = ANY ($1::uuid[]) ORDER BY o.at, o.id`;

const traces = `
  SELECT t.case_id, t.method::text, t.tool, t.placement::text, t.country, t.network, t.reason, t.at, a.id AS by_id, a.name AS by_name
  FROM host_traces t LEFT JOIN accounts a ON a.id = t.recorded_by_id WHERE t.case_id = ANY ($1::uuid[]) ORDER BY t.at`;

const actions = `
  SELECT t.case_id, t.kind::text, t.recipient, t.recipient_country AS "recipientCountry", t.queued_at AS "queuedAt", t.sent_at AS "sentAt",
         t.withdrawn_at AS "withdrawnAt", a.id AS by_id, a.name AS by_name
  FROM actions t LEFT JOIN accounts a ON a.id = t.sent_by_id WHERE t.case_id = ANY ($1::uuid[]) ORDER BY t.queued_at`;

const observations = `
  SELECT o.case_id, o.seen::text, o.moved_to AS "movedTo", o.at, a.id AS by_id, a.name AS by_name
  FROM observations o JOIN accounts a ON a.id = o.observed_by_id WHERE o.case_id = ANY ($1::uuid[]) ORDER BY o.at`;

const clocks = `
  SELECT case_id, number AS episode, first_reported AS "firstReported", assessed, traced, police_told AS "policeTold", host_told AS "hostTold",
         hotline_told AS "hotlineTold", first_seen_gone AS "firstSeenGone"
  FROM episodes WHERE case_id = ANY ($1::uuid[]) ORDER BY number`;

export const statements = {
  submit,
  figures,
  queue,
  oneCase,
  claim,
  release,
  reports,
  claims,
  assessments,
  traces,
  actions,
  observations,
  clocks,
};
