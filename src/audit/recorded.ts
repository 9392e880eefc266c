import { randomBytes } from 'node:crypto';
import { actorOf, type By, type BySystem } from '../account/viewer.ts';
import { type Sql, sql, type Tx, transaction, write } from '../db.ts';

/** One line of the audit trail. `detail` holds facts such as states and counts, never an address or a free text. */
export type AuditNote = {
  /** The chain that it belongs to: `case:<number>`, `account:<id>`, `portal:<code>`, `partner:<id>`, `submission:<id>`, `quarantine:<id>`, `appeal:<reference>`, `statistics:<month>`, `open-data:<year>`, `retention`, `anchors`, `jobs`. */
  stream: string;
  action: string;
  /** The case numbers that it touches besides its stream's. */
  subjects?: string[];
  detail?: Record<string, string | number | boolean | null | string[]>;
};

/** Work for later, queued in the same transaction. Jobs of one key that wait are one job, with the latest payload and time. */
type Later = {
  task: string;
  payload: Record<string, string | string[]>;
  key: string;
  /** Not before this time; at once where left out. */
  runAt?: Date;
  /** How often it is tried (25 where left out), each time after waiting longer. */
  maxAttempts?: number;
  /** Jobs of one queue run one after another; those of none at once. */
  queue?: string;
};

export type Recorder = { tx: Tx; note: (entry: AuditNote) => void; later: (job: Later) => void };

/**
 * Runs `work` in one transaction and appends its audit entries as that transaction's last statement, so that no write
 * is kept without its entry. Throws if `work` noted nothing.
 */
export function recorded<T>(by: By | BySystem, work: (recorder: Recorder) => Promise<T>): Promise<T> {
  return transaction(async (tx) => {
    const notes: AuditNote[] = [];
    const jobs: Later[] = [];
    const result = await work({ tx, note: (entry) => notes.push(entry), later: (job) => jobs.push(job) });
    if (notes.length === 0) throw new Error('A write must leave an audit entry.');
    await append(tx, by, notes, jobs);
    return result;
  });
}

/**
 * What `recorded` does, for a write that is one statement and so a transaction by itself. `writes` are its common table
 * expressions: `noted` among them gives its audit entries (stream, action, detail as text), which are appended last, and `queued`
 * its jobs (task, payload, key). A statement that notes nothing is undone.
 */
export async function recordedAtOnce(by: By, name: string, writes: Sql): Promise<void> {
  await write(
    name,
    sql`WITH ${writes}
    SELECT (SELECT count(queue_job(task, payload, key)) FROM queued),
           CASE WHEN count(*) = 0 THEN undo_statement('RP000') ELSE audit_append(jsonb_agg(jsonb_build_object(
             'stream', stream, 'actor', ${actorOf(by)}::text, 'operation', ${by.operation}::text, 'action', action,
             'subjects', '[]'::jsonb, 'detail', detail, 'salt', encode(uuid_send(gen_random_uuid()), 'hex')))) END
    FROM noted`,
  );
}

/** Appends the entry of a read: whoever looks at a case leaves a trace, even where nothing is written. */
export async function recordRead(by: By, entry: AuditNote): Promise<void> {
  await write('record_read', sql`SELECT audit_append(${JSON.stringify(entriesOf(by, [entry]))}::jsonb)`);
}

/** What appends one entry, as the last of a statement that is a transaction by itself; `stream` and `subjects` (JSON) are expressions of that statement. */
export function appending(by: By, stream: Sql, action: string, subjects = sql`'[]'::jsonb`): Sql {
  return sql`audit_append(jsonb_build_array(jsonb_build_object('stream', ${stream}, 'actor', ${actorOf(by)}::text,
    'operation', ${by.operation}::text, 'action', ${action}::text, 'subjects', ${subjects}, 'detail', '{}',
    'salt', ${randomBytes(16).toString('hex')}::text)))`;
}

function entriesOf(by: By | BySystem, notes: AuditNote[]) {
  return notes.map(({ stream, action, subjects = [], detail = {} }) => ({
    stream,
    actor: actorOf(by),
    operation: by.operation,
    action,
    subjects,
    detail: JSON.stringify(detail),
    salt: randomBytes(16).toString('hex'),
  }));
}

async function append(tx: Tx, by: By | BySystem, notes: AuditNote[], jobs: Later[]): Promise<void> {
  const entries = entriesOf(by, notes);
  if (jobs.length === 0) {
    await tx.$queryRaw`SELECT audit_append(${JSON.stringify(entries)}::jsonb)`;
    return;
  }
  await tx.$queryRaw`
    SELECT (SELECT count(*)
            FROM jsonb_to_recordset(${JSON.stringify(jobs)}::jsonb) AS job(task text, payload json, key text, "runAt" timestamptz, "maxAttempts" integer, queue text),
                 LATERAL graphile_worker.add_job(job.task, job.payload, queue_name := job.queue, run_at := job."runAt", max_attempts := job."maxAttempts", job_key := job.key)) AS jobs,
           audit_append(${JSON.stringify(entries)}::jsonb)`;
}
