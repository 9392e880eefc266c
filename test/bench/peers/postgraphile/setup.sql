-- What PostGraphile needs of the database: roles, grants and functions. It may be run again.
SELECT pg_advisory_lock(hashtext('peer_postgraphile'));

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY '{peer_stranger,peer_partner,peer_analyst}'::text[] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN EXECUTE format('CREATE ROLE %I NOLOGIN', name); END IF;
  END LOOP;
END $$;

DROP SCHEMA IF EXISTS peer_postgraphile CASCADE;
CREATE SCHEMA peer_postgraphile;
GRANT USAGE ON SCHEMA peer_postgraphile TO peer_stranger, peer_partner, peer_analyst;
GRANT USAGE ON SCHEMA public TO peer_analyst;

-- Analysts read what belongs to a case; nothing sealed, no hash, and of colleagues their names.
GRANT SELECT ON cases, episodes, reports, claims, host_traces, actions, observations TO peer_analyst;
GRANT SELECT (id, code, name, country) ON portals TO peer_analyst;
GRANT SELECT (id, name) ON accounts TO peer_analyst;
GRANT SELECT (id, language) ON submissions TO peer_analyst;

-- While a second opinion is owed, another's first one is left out.
CREATE VIEW peer_postgraphile.opinions WITH (security_barrier) AS
  SELECT a.id, a.case_id, a.assessor_id, a.round, a.at, a.verdict, a.reason, a.severity, a.youngest_age, a.sex, a.form, a.site_type, a.jurisdiction
  FROM assessments a JOIN cases c ON c.id = a.case_id
  WHERE c.state <> 'AWAITING_REVIEW' OR a.assessor_id = current_setting('peer.account')::uuid OR EXISTS (
    SELECT FROM assessments f WHERE f.case_id = a.case_id AND f.round = 'FIRST' AND (f.at, f.id) > (a.at, a.id));
COMMENT ON VIEW peer_postgraphile.opinions IS
  E'@primaryKey id\n@foreignKey (case_id) references public.cases (id)\n@foreignKey (assessor_id) references public.accounts (id)';
CREATE VIEW peer_postgraphile.leases AS
  SELECT id, case_id, account_id, claimed_at, lease_until FROM claims WHERE ended_at IS NULL AND lease_until > now();
COMMENT ON VIEW peer_postgraphile.leases IS
  E'@primaryKey id\n@foreignKey (case_id) references public.cases (id)\n@foreignKey (account_id) references public.accounts (id)';
GRANT SELECT ON peer_postgraphile.opinions, peer_postgraphile.leases TO peer_analyst;

CREATE FUNCTION peer_postgraphile.entry(stream text, actor text, operation text, action text, subjects text[], detail text) RETURNS jsonb LANGUAGE sql VOLATILE AS $$
  SELECT jsonb_build_array(jsonb_build_object('stream', stream, 'actor', actor, 'operation', operation, 'action', action,
    'subjects', subjects, 'detail', detail, 'salt', encode(uuid_send(gen_random_uuid()), 'hex')))
$$;
COMMENT ON FUNCTION peer_postgraphile.entry(text, text, text, text, text[], text) IS '@behavior -*';

-- A page of the queue, and the entry of whoever looked at it. A query's function must be STABLE; the entry is that of a VOLATILE one.
CREATE FUNCTION peer_postgraphile.queue(size integer, after_priority integer DEFAULT NULL, after_id uuid DEFAULT NULL)
RETURNS SETOF cases LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 AS $$
DECLARE
  found cases[];
  me text := 'account:' || current_setting('peer.account');
BEGIN
  IF after_priority IS NULL THEN
    found := ARRAY(SELECT c FROM cases c WHERE c.report_count > 0 ORDER BY c.priority DESC, c.id LIMIT size + 1);
  ELSE
    found := ARRAY(SELECT c FROM cases c WHERE c.report_count > 0 AND c.priority <= after_priority AND (c.priority < after_priority OR c.id > after_id)
                   ORDER BY c.priority DESC, c.id LIMIT size + 1);
  END IF;
  PERFORM audit_append(peer_postgraphile.entry(me, me, 'cases', 'LIST_CASES', ARRAY(SELECT f.number FROM unnest(found[1:size]) f), '{}'));
  RETURN QUERY SELECT * FROM unnest(found);
END $$;

CREATE FUNCTION peer_postgraphile.one_case(number text) RETURNS cases LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
  found cases;
BEGIN
  SELECT * INTO found FROM cases c WHERE c.number = one_case.number;
  IF found.id IS NULL THEN RETURN NULL; END IF;
  PERFORM audit_append(peer_postgraphile.entry('case:' || number, 'account:' || current_setting('peer.account'), 'case', 'READ', '{}', '{}'));
  RETURN found;
END $$;

CREATE TYPE peer_postgraphile.receipt AS (access_code text, received_on date, reference text, address text);

CREATE FUNCTION peer_postgraphile.submit_report(portal text, address text) RETURNS peer_postgraphile.receipt LANGUAGE plpgsql VOLATILE SECURITY DEFINER AS $$
DECLARE
  opened record;
  filed record;
  submission uuid := uuidv7();
  drawn text := upper(encode(uuid_send(gen_random_uuid()), 'hex'));
  code text := lpad((('x' || right(drawn, 15))::bit(60)::bigint % 10000000000000000)::text, 16, '0');
  reference text := 'R-' || substr(drawn, 1, 4) || '-' || substr(drawn, 5, 4) || '-' || substr(drawn, 9, 4);
  canonical text := regexp_replace(submit_report.address, '^(https?://[^/?#]+)$', '\1/');
  host text := substring(canonical FROM '^https?://([^/:?#]+)');
BEGIN
  SELECT p.id, p.code, p.country, p.default_language INTO opened FROM portals p
  WHERE p.code = portal AND p.stage IN ('SOFT_LAUNCH', 'LIVE') AND NOT p.sandbox;
  IF opened.id IS NULL THEN RAISE EXCEPTION 'No portal has this code.' USING ERRCODE = 'PEER1'; END IF;
  WITH filed AS (
    INSERT INTO cases AS c (id, address_digest, address, address_kind, address_rules_version, host, registrable_domain, report_count, portal_ids,
                            first_reported_at, last_reported_at, state_since, reporting_countries)
    VALUES (uuidv7(), sha256(convert_to(canonical, 'UTF8')), canonical, 'WEB', 1, host, substring(host FROM '[^.]+\.[^.]+$'), 1, ARRAY[opened.id], now(), now(), now(), ARRAY[opened.country])
    ON CONFLICT (address_digest) DO UPDATE SET
      report_count = c.report_count + 1,
      portal_ids = CASE WHEN excluded.portal_ids <@ c.portal_ids THEN c.portal_ids ELSE c.portal_ids || excluded.portal_ids END,
      last_reported_at = greatest(c.last_reported_at, excluded.last_reported_at)
    RETURNING c.id, c.number, c.report_count
  ), episode AS (
    INSERT INTO episodes (id, case_id, number, first_reported) SELECT uuidv7(), f.id, 1, now() FROM filed f WHERE f.report_count = 1
  ), sent AS (
    INSERT INTO submissions (id, portal_id, received_at, source, pasted_text, access_code_hash, input_hash, language)
    VALUES (submission, opened.id, now(), 'PUBLIC', submit_report.address, sha256(convert_to(code, 'UTF8')),
            sha256(convert_to(submit_report.address, 'UTF8')), opened.default_language)
  ), report AS (
    INSERT INTO reports (id, reference, submission_id, case_id, portal_id, country, source, received_at, address_as_typed, repeated, standing)
    SELECT uuidv7(), reference, submission, f.id, opened.id, opened.country, 'PUBLIC', now(), submit_report.address, f.report_count > 1, 'COUNTED'
    FROM filed f
  )
  SELECT * INTO filed FROM filed;
  PERFORM graphile_worker.add_job('prioritise-case', json_build_object('caseId', filed.id), job_key := 'prioritise:' || filed.id);
  PERFORM audit_append(peer_postgraphile.entry('case:' || filed.number, 'stranger', 'submitReport', 'REPORT', '{}', json_build_object('portal', opened.code)::text));
  RETURN (regexp_replace(code, '(.{4})(?=.)', '\1 ', 'g'), current_date, reference, submit_report.address)::peer_postgraphile.receipt;
END $$;

-- The case of highest priority that waits for this person, to nobody else at the same time; at most three at once.
CREATE FUNCTION peer_postgraphile.claim_next_case() RETURNS cases LANGUAGE plpgsql VOLATILE SECURITY DEFINER AS $$
DECLARE
  me uuid := current_setting('peer.account')::uuid;
  avoided "ReportCategory"[];
  taken uuid;
  found cases;
BEGIN
  SELECT a.avoids INTO avoided FROM accounts a WHERE a.id = me FOR NO KEY UPDATE;
  IF (SELECT count(*) FROM claims k WHERE k.account_id = me AND k.ended_at IS NULL AND k.lease_until > now()) >= 3 THEN
    RAISE EXCEPTION 'Give a case back first.' USING ERRCODE = 'PEER2';
  END IF;
  FOR attempt IN 1..20 LOOP
    WITH waiting AS MATERIALIZED (
      SELECT n.* FROM unnest('{AWAITING_ASSESSMENT,AWAITING_REVIEW,AWAITING_ACTION}'::"CaseState"[]) s(state), LATERAL (
        SELECT c.id, c.version, c.priority FROM cases c
        WHERE c.state = s.state AND c.report_count > 0 AND NOT c.categories && avoided
          AND (c.handed_to_id IS NULL OR c.handed_until <= now() OR c.handed_to_id = me)
          AND NOT EXISTS (SELECT FROM claims k WHERE k.case_id = c.id AND k.ended_at IS NULL AND k.lease_until > now())
          AND NOT (c.state = 'AWAITING_REVIEW' AND EXISTS (SELECT FROM assessments a WHERE a.case_id = c.id AND a.assessor_id = me))
        ORDER BY c.priority DESC, c.id LIMIT 64) n
      ORDER BY n.priority DESC, n.id LIMIT 64
    ), free AS (
      SELECT c.id FROM cases c JOIN waiting w ON w.id = c.id AND w.version = c.version
      ORDER BY c.priority DESC, c.id LIMIT 1 FOR UPDATE OF c SKIP LOCKED
    ), expired AS (
      UPDATE claims k SET ended_at = greatest(claimed_at, lease_until) FROM free WHERE k.case_id = free.id AND k.ended_at IS NULL AND k.lease_until <= now()
    )
    INSERT INTO claims (id, case_id, account_id, claimed_at, lease_until)
    SELECT uuidv7(), free.id, me, now(), now() + interval '30 minutes' FROM free
    ON CONFLICT (case_id) WHERE ended_at IS NULL DO NOTHING RETURNING case_id INTO taken;
    EXIT WHEN taken IS NOT NULL;
  END LOOP;
  IF taken IS NULL THEN RAISE EXCEPTION 'Nothing waits.' USING ERRCODE = 'PEER3'; END IF;
  SELECT * INTO found FROM cases c WHERE c.id = taken;
  PERFORM audit_append(peer_postgraphile.entry('case:' || found.number, 'account:' || me, 'claimNextCase', 'CLAIM', '{}', '{}'));
  RETURN found;
END $$;

CREATE FUNCTION peer_postgraphile.release_case(number text) RETURNS cases LANGUAGE plpgsql VOLATILE SECURITY DEFINER AS $$
DECLARE
  me uuid := current_setting('peer.account')::uuid;
  opened cases;
BEGIN
  SELECT * INTO opened FROM cases c WHERE c.number = release_case.number;
  UPDATE claims k SET ended_at = greatest(k.claimed_at, now())
  WHERE k.case_id = opened.id AND k.account_id = me AND k.ended_at IS NULL AND k.lease_until > now();
  IF NOT FOUND THEN RAISE EXCEPTION 'You do not hold it.' USING ERRCODE = 'PEER4'; END IF;
  PERFORM audit_append(peer_postgraphile.entry('case:' || opened.number, 'account:' || me, 'releaseCase', 'RELEASE', '{}', '{}'));
  RETURN opened;
END $$;

-- What is published of a country; its months are given a type by the server (months.mjs).
CREATE FUNCTION peer_postgraphile.published_figures(country text, first_month date, last_month date) RETURNS json
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
  IF NOT country = ANY (string_to_array(current_setting('peer.countries', true), ',')) THEN
    RAISE EXCEPTION 'Your agreement does not cover this country.' USING ERRCODE = '42501';
  END IF;
  RETURN (
    WITH readable AS (
      SELECT e.month, e.edition, e.published_at, e.definitions_version, e.reason, e.figures FROM statistics_editions e
      WHERE e.country = published_figures.country AND e.month BETWEEN first_month AND last_month
    ), newest AS (
      SELECT DISTINCT ON (month) * FROM readable ORDER BY month, edition DESC
    )
    SELECT json_build_object(
      'months', (SELECT coalesce(json_agg(json_build_object('month', to_char(n.month, 'YYYY-MM'), 'edition', n.edition, 'publishedOn', n.published_at,
                   'correction', n.reason, 'definitionsVersion', n.definitions_version, 'figures', n.figures) ORDER BY n.month), '[]') FROM newest n),
      'running', (SELECT coalesce(sum(d.count), 0)::int FROM daily_intake d JOIN portals p ON p.id = d.portal_id
                  WHERE d.country = published_figures.country AND d.day >= current_date - 32
                    AND d.day >= date_trunc('month', now() AT TIME ZONE p.time_zone)::date AND d.day < (now() AT TIME ZONE p.time_zone)::date)));
END $$;
COMMENT ON FUNCTION peer_postgraphile.published_figures(text, date, date) IS '@behavior -queryField';

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA peer_postgraphile FROM PUBLIC;
GRANT EXECUTE ON FUNCTION peer_postgraphile.submit_report TO peer_stranger, peer_partner, peer_analyst;
GRANT EXECUTE ON FUNCTION peer_postgraphile.published_figures TO peer_partner;
GRANT EXECUTE ON FUNCTION peer_postgraphile.queue, peer_postgraphile.one_case, peer_postgraphile.claim_next_case, peer_postgraphile.release_case TO peer_analyst;
SELECT pg_advisory_unlock(hashtext('peer_postgraphile'));
