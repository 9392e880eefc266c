-- The rules that the tables hold for themselves, whoever writes to them.

-- ---- what must never be ------------------------------------------------------------------------------
ALTER TABLE accounts ADD CONSTRAINT accounts_partner_has_partner
  CHECK ((role = 'PARTNER') = (partner_id IS NOT NULL));

ALTER TABLE partners ADD CONSTRAINT partners_agreement_ends_after_it_begins
  CHECK (agreement_until IS NULL OR agreement_until >= agreement_from);

ALTER TABLE api_keys ADD CONSTRAINT api_keys_keep_only_a_hash CHECK (octet_length(hash) = 32);

ALTER TABLE portals
  ADD CONSTRAINT portals_code_is_short CHECK (code ~ '^[a-z][a-z0-9-]{1,31}$'),
  ADD CONSTRAINT portals_default_language_is_one_of_them CHECK (default_language = ANY (languages)),
  ADD CONSTRAINT portals_transferred_say_where CHECK ((stage = 'TRANSFERRED') = (transferred_to IS NOT NULL));

ALTER TABLE submissions
  ADD CONSTRAINT submissions_keep_only_a_hash_of_the_access_code CHECK (octet_length(access_code_hash) = 32),
  ADD CONSTRAINT submissions_keep_only_hashes
    CHECK (octet_length(input_hash) = 32 AND (idempotency_key_hash IS NULL OR octet_length(idempotency_key_hash) = 32)),
  ADD CONSTRAINT submissions_removed_contact_is_gone CHECK (contact_removed_at IS NULL OR contact IS NULL);

ALTER TABLE cases
  ADD CONSTRAINT cases_closed_have_an_outcome CHECK ((state = 'CLOSED') = (outcome IS NOT NULL)),
  ADD CONSTRAINT cases_on_hold_have_an_end
    CHECK ((state = 'ON_HOLD') = (held_from IS NOT NULL) AND (held_from IS NULL) = (held_until IS NULL)),
  ADD CONSTRAINT cases_count_what_they_hold CHECK (report_count >= 0 AND cardinality(portal_ids) <= report_count),
  ADD CONSTRAINT cases_version_begins_at_one CHECK (version >= 1 AND episode_number >= 1),
  ADD CONSTRAINT cases_digest_is_sha256 CHECK (octet_length(address_digest) = 32);

ALTER TABLE assessments
  ADD CONSTRAINT assessments_say_why_not CHECK ((verdict = 'NOT_ACTIONABLE') = (reason IS NOT NULL)),
  ADD CONSTRAINT assessments_actionable_are_complete CHECK (
    (verdict = 'ACTIONABLE')
    = (severity IS NOT NULL AND youngest_age IS NOT NULL AND sex IS NOT NULL AND form IS NOT NULL AND jurisdiction IS NOT NULL)),
  ADD CONSTRAINT assessments_not_actionable_classify_nothing CHECK (
    verdict = 'ACTIONABLE' OR (severity IS NULL AND youngest_age IS NULL AND sex IS NULL AND form IS NULL AND jurisdiction IS NULL));

ALTER TABLE host_traces ADD CONSTRAINT host_traces_country_where_placed_in_one
  CHECK ((placement = 'COUNTRY') = (country IS NOT NULL));
ALTER TABLE host_traces ADD CONSTRAINT host_traces_of_a_person_say_who_and_why
  CHECK (method <> 'PERSON' OR (recorded_by_id IS NOT NULL AND reason IS NOT NULL));

ALTER TABLE observations ADD CONSTRAINT observations_moved_say_where CHECK ((seen = 'MOVED') = (moved_to IS NOT NULL));

ALTER TABLE claims ADD CONSTRAINT claims_run_forward CHECK (lease_until >= claimed_at AND (ended_at IS NULL OR ended_at >= claimed_at));

-- One open claim a case: two people never hold the same material.
CREATE UNIQUE INDEX claims_one_open_per_case ON claims (case_id) WHERE ended_at IS NULL;
CREATE INDEX claims_open_of_account ON claims (account_id) WHERE ended_at IS NULL;

-- ---- what is never changed -----------------------------------------------------------------------------
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % is never allowed: %', TG_OP, TG_TABLE_NAME, TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER assessments_are_signed BEFORE UPDATE OR DELETE OR TRUNCATE ON assessments
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('an opinion is superseded by a later one');
CREATE TRIGGER statistics_editions_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON statistics_editions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('a correction is a new edition');
CREATE TRIGGER url_list_changes_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON url_list_changes
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('the list is the sequence of its changes');
CREATE TRIGGER reports_are_kept BEFORE DELETE OR TRUNCATE ON reports
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('a report is never dropped');
CREATE TRIGGER submissions_are_kept BEFORE DELETE OR TRUNCATE ON submissions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('a report is never dropped');
CREATE TRIGGER reports_typed_text_is_evidence BEFORE UPDATE OF address_as_typed, received_at, submission_id ON reports
  FOR EACH ROW WHEN ((OLD.address_as_typed, OLD.received_at, OLD.submission_id)
                     IS DISTINCT FROM (NEW.address_as_typed, NEW.received_at, NEW.submission_id))
  EXECUTE FUNCTION refuse_change('what was typed is evidence');
CREATE TRIGGER submissions_pasted_text_is_evidence BEFORE UPDATE OF pasted_text ON submissions
  FOR EACH ROW WHEN (OLD.pasted_text IS DISTINCT FROM NEW.pasted_text)
  EXECUTE FUNCTION refuse_change('what was typed is evidence');

-- A second opinion is never the first analyst's.
CREATE FUNCTION refuse_own_second_opinion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.assessor_id = (SELECT assessor_id FROM assessments WHERE episode_id = NEW.episode_id AND round = 'FIRST' ORDER BY at DESC LIMIT 1) THEN
    RAISE EXCEPTION 'a second opinion is never the first analyst''s' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assessments_two_opinions_two_people BEFORE INSERT ON assessments
  FOR EACH ROW WHEN (NEW.round = 'SECOND') EXECUTE FUNCTION refuse_own_second_opinion();

-- ---- the audit trail: a chain of hashes for each stream --------------------------------------------------
CREATE TRIGGER audit_entries_are_append_only BEFORE DELETE OR TRUNCATE ON audit_entries
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('the audit trail is append-only');
-- The one change that retention may make is to forget a detail and its salt; the digest stays and so does the chain.
CREATE TRIGGER audit_entries_only_forget BEFORE UPDATE ON audit_entries
  FOR EACH ROW WHEN (NEW.detail IS NOT NULL OR NEW.salt IS NOT NULL
    OR (OLD.id, OLD.stream, OLD.seq, OLD.at, OLD.actor, OLD.operation, OLD.action, OLD.subjects, OLD.detail_digest, OLD.prev, OLD.hash)
       IS DISTINCT FROM
       (NEW.id, NEW.stream, NEW.seq, NEW.at, NEW.actor, NEW.operation, NEW.action, NEW.subjects, NEW.detail_digest, NEW.prev, NEW.hash))
  EXECUTE FUNCTION refuse_change('the audit trail is append-only');
CREATE TRIGGER audit_heads_stay BEFORE DELETE OR TRUNCATE ON audit_heads
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('the audit trail is append-only');
ALTER TABLE audit_entries ADD CONSTRAINT audit_entries_words
  CHECK (stream !~ '[[:cntrl:]]' AND actor !~ '[[:cntrl:]]' AND operation !~ '[[:cntrl:]]' AND action !~ '[[:cntrl:]]'
         AND array_to_string(subjects, ',') !~ '[[:cntrl:]]' AND array_position(subjects, NULL) IS NULL);

-- The bytes that an entry's hash covers: its fields a line each, in this order (src/audit/verify-chains.ts computes them again).
CREATE FUNCTION audit_entry_hash(stream text, seq bigint, at timestamptz, actor text, operation text, action text,
                                 subjects text[], detail_digest bytea, prev bytea)
RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT sha256(convert_to(concat_ws(E'\n', stream, seq, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    actor, operation, action, array_to_string(subjects, ','), encode(detail_digest, 'hex'), encode(prev, 'hex')), 'UTF8'))
$$;

-- Appends entries, each to its stream's chain. A stream's head row is locked first, so that a chain never forks, and
-- streams are taken in one order, so that two transactions never wait for each other.
CREATE FUNCTION audit_append(entries jsonb) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  entry record;
  head audit_heads%ROWTYPE;
  digest bytea;
  moment timestamptz;
  link bytea;
  appended integer := 0;
BEGIN
  FOR entry IN
    SELECT e.* FROM ROWS FROM (jsonb_to_recordset(entries)
      AS (stream text, actor text, operation text, action text, subjects text[], detail text, salt text))
      WITH ORDINALITY AS e(stream, actor, operation, action, subjects, detail, salt, place)
    ORDER BY e.stream, e.place
  LOOP
    INSERT INTO audit_heads (stream, seq, hash) VALUES (entry.stream, 0, sha256(''::bytea)) ON CONFLICT DO NOTHING;
    SELECT * INTO STRICT head FROM audit_heads WHERE audit_heads.stream = entry.stream FOR UPDATE;
    digest := sha256(decode(entry.salt, 'hex') || convert_to(entry.detail, 'UTF8'));
    moment := clock_timestamp();
    link := audit_entry_hash(entry.stream, head.seq + 1, moment, entry.actor, entry.operation, entry.action, entry.subjects, digest, head.hash);
    INSERT INTO audit_entries (stream, seq, at, actor, operation, action, subjects, detail, salt, detail_digest, prev, hash)
    VALUES (entry.stream, head.seq + 1, moment, entry.actor, entry.operation, entry.action, entry.subjects, entry.detail,
            decode(entry.salt, 'hex'), digest, head.hash, link);
    UPDATE audit_heads SET seq = head.seq + 1, hash = link WHERE audit_heads.stream = entry.stream;
    appended := appended + 1;
  END LOOP;
  RETURN appended;
END $$;
