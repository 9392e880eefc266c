-- What a report costs inside the database: the functions that each of them calls (issue E).

-- ---- jobs of writes that are one statement -------------------------------------------------------------------
-- Queues a job (src/audit/recorded.ts). One of the same key that waits already is not queued again: locked here, it cannot begin before
-- this write is to be seen. What has become of any other of that key the library's function knows, and of a task that is new; it is not
-- asked for all, since Postgres plans its statements anew each time, which costs more than the rest of a report. Keys are looked up by
-- their index, whatever the length of the queue was when that was planned.
CREATE FUNCTION queue_job(task text, payload json, job_key text) RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  INSERT INTO graphile_worker._private_jobs (task_id, payload, key)
  SELECT t.id, queue_job.payload, job_key FROM graphile_worker._private_tasks t WHERE t.identifier = task
  ON CONFLICT (key) DO NOTHING;
  IF FOUND THEN
    -- As add_jobs tells workers; the number keeps two of one transaction from being one.
    PERFORM pg_notify('jobs:insert', json_build_object('r', random(), 'count', 1)::text);
    RETURN;
  END IF;
  PERFORM FROM graphile_worker._private_jobs j
  WHERE j.key = job_key AND j.is_available AND j.attempts = 0 AND j.run_at <= now() FOR SHARE SKIP LOCKED;
  IF NOT FOUND THEN
    PERFORM graphile_worker.add_jobs(ARRAY[(task, payload, NULL, NULL, NULL, job_key, NULL, NULL)::graphile_worker.job_spec]);
  END IF;
END $$;

-- ---- the audit trail -----------------------------------------------------------------------------------------
-- The same chain under the same lock, in fewer statements: a stream that has begun is found first, and one that has not begins with
-- the head of its first entry.
CREATE OR REPLACE FUNCTION audit_append(entries jsonb) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  entry record;
  head audit_heads%ROWTYPE;
  begun boolean;
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
    digest := sha256(decode(entry.salt, 'hex') || convert_to(entry.detail, 'UTF8'));
    LOOP
      SELECT * INTO head FROM audit_heads WHERE audit_heads.stream = entry.stream FOR UPDATE;
      begun := FOUND;
      IF NOT begun THEN
        head.seq := 0;
        head.hash := sha256(''::bytea);
      END IF;
      moment := clock_timestamp();
      link := audit_entry_hash(entry.stream, head.seq + 1, moment, entry.actor, entry.operation, entry.action, entry.subjects, digest, head.hash);
      IF begun THEN
        UPDATE audit_heads SET seq = head.seq + 1, hash = link WHERE audit_heads.stream = entry.stream;
      ELSE
        INSERT INTO audit_heads (stream, seq, hash) VALUES (entry.stream, 1, link) ON CONFLICT DO NOTHING;
      END IF;
      -- Where another has begun it meanwhile, its head is there to be locked.
      EXIT WHEN FOUND;
    END LOOP;
    INSERT INTO audit_entries (stream, seq, at, actor, operation, action, subjects, detail, salt, detail_digest, prev, hash)
    VALUES (entry.stream, head.seq + 1, moment, entry.actor, entry.operation, entry.action, entry.subjects, entry.detail,
            decode(entry.salt, 'hex'), digest, head.hash, link);
    appended := appended + 1;
  END LOOP;
  RETURN appended;
END $$;

-- What it calls is no more than STABLE, and so is it: Postgres then takes it in where it is called, instead of calling it.
ALTER FUNCTION audit_entry_hash(text, bigint, timestamptz, text, text, text, text[], bytea, bytea) STABLE;

-- ---- case numbers --------------------------------------------------------------------------------------------
-- The same number; a function of this language is not begun anew for each row.
CREATE OR REPLACE FUNCTION next_case_number() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  n text := nextval('case_number_seq');
BEGIN
  RETURN 'C-' || lpad(n, greatest(6, length(n)), '0');
END $$;
