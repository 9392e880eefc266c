-- What the speed of hot operations needs of the database: issue E.

-- ---- writes that are one statement, and so a transaction by themselves ---------------------------------------
-- Undoes the statement that calls it, where it found something else than it was made for; the code tells the caller what:
-- RP000 no audit entry (src/audit/recorded.ts), RP001 and RP002 see src/report/file-submission.ts.
CREATE FUNCTION undo_statement(code text) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'undone, to be done in another way' USING ERRCODE = code;
END $$;

-- ---- claims ------------------------------------------------------------------------------------------------------
-- Reading a day's claims of somebody who has made claims for years costs what that day did.
CREATE INDEX "claims_account_id_lease_until_idx" ON "claims"("account_id", "lease_until");

-- What a person's care hangs on (src/care/care-of.ts). Of the claims of 26 hours, which is a day that is put back by an hour and before it a
-- stretch without a break, it tells when any was open, and how many there were, so that each new one changes it. Volatile, so that a statement
-- that has waited for the person's lock sees what was committed meanwhile.
CREATE FUNCTION care_facts(account uuid, at timestamptz) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RETURN (
    SELECT jsonb_build_object('dailyMinutes', a.daily_minutes, 'workingHours', a.working_hours, 'avoids', to_jsonb(a.avoids),
      'onBreak', (SELECT jsonb_build_object('id', b.id, 'accountId', b.account_id, 'reason', b.reason, 'startedAt', b.started_at, 'endedAt', b.ended_at) FROM breaks b
                  WHERE b.account_id = a.id AND b.ended_at IS NULL LIMIT 1),
      'claims', c.claims, 'holding', c.holding,
      'held', (SELECT coalesce(jsonb_agg(jsonb_build_array(lower(span), upper(span))), '[]') FROM unnest(c.held) span))
    FROM accounts a, LATERAL (
      SELECT count(*) AS claims, count(*) FILTER (WHERE k.ended_at IS NULL AND k.lease_until > at) AS holding,
             range_agg(tstzrange(k.claimed_at, greatest(k.claimed_at, coalesce(k.ended_at, k.lease_until)))) AS held
      FROM claims k WHERE k.account_id = a.id AND k.lease_until >= at - interval '26 hours'
    ) c
    WHERE a.id = account
  );
END $$;
