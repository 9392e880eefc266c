import type { By } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import { prisma, type Tx } from '../db.ts';
import { NotFoundError } from '../domain/errors.ts';

/** A job that failed at least once and waits for its next try, or for a person where it is given up. Its payload is never read. */
export type FailedJob = {
  id: string;
  task: string;
  attempts: number;
  maxAttempts: number;
  /** The class and code of the last error: never its words. */
  failure: string;
  queuedAt: Date;
  failedAt: Date;
  /** Null where it was tried as often as it may be. */
  triesAgainAt: Date | null;
};

/** How many jobs of a task there are: waiting for their time, ready, being run, and failed for good. */
export type JobCount = {
  task: string;
  waiting: number;
  ready: number;
  running: number;
  failed: number;
  /** Seconds for which the oldest ready one has been ready. */
  oldestReadySeconds: number;
};

// The library puts the next try e^attempts seconds (at most e^10) after a failure, and keeps no time of the failure itself.
/** The jobs that failed, the latest first. */
export function failedJobs(most: number): Promise<FailedJob[]> {
  return prisma.$queryRaw`
    SELECT id::text, task_identifier AS task, attempts, max_attempts AS "maxAttempts", last_error AS failure,
           created_at AS "queuedAt", run_at - exp(least(attempts, 10)) * interval '1 second' AS "failedAt", CASE WHEN attempts < max_attempts THEN run_at END AS "triesAgainAt"
    FROM graphile_worker.jobs WHERE last_error IS NOT NULL AND locked_at IS NULL ORDER BY "failedAt" DESC, id LIMIT ${most}`;
}

/** How many jobs there are of each task that has any: one statement, of a table that is short where all is well. */
export function countJobs(): Promise<JobCount[]> {
  return prisma.$queryRaw`
    SELECT task_identifier AS task,
           count(*) FILTER (WHERE locked_at IS NULL AND attempts < max_attempts AND run_at > now())::int AS waiting,
           count(*) FILTER (WHERE locked_at IS NULL AND attempts < max_attempts AND run_at <= now())::int AS ready,
           count(*) FILTER (WHERE locked_at IS NOT NULL)::int AS running,
           count(*) FILTER (WHERE locked_at IS NULL AND attempts >= max_attempts)::int AS failed,
           coalesce(extract(epoch FROM now() - min(run_at) FILTER (WHERE locked_at IS NULL AND attempts < max_attempts AND run_at <= now())), 0)::float8
             AS "oldestReadySeconds"
    FROM graphile_worker.jobs GROUP BY 1 ORDER BY 1`;
}

/** Lets a failed job be tried again at once, as if it had not failed. Throws a `NotFoundError` where it is none or runs now. */
export function retryJob(by: By, id: string): Promise<FailedJob> {
  return recorded(by, async ({ tx, note }) => {
    const job = await failedJob(tx, id);
    await tx.$queryRaw`SELECT id FROM graphile_worker.reschedule_jobs(ARRAY[${BigInt(id)}]::bigint[], run_at := now(), attempts := 0)`;
    note({ stream: 'jobs', action: 'RETRY_JOB', detail: { task: job.task, attempts: job.attempts } });
    return { ...job, attempts: 0, triesAgainAt: new Date() };
  });
}

/** Takes a failed job out of the queue for good; gives it as it was. Throws a `NotFoundError` where it is none or runs now. */
export function dropJob(by: By, id: string): Promise<FailedJob> {
  return recorded(by, async ({ tx, note }) => {
    const job = await failedJob(tx, id);
    await tx.$queryRaw`SELECT id FROM graphile_worker.complete_jobs(ARRAY[${BigInt(id)}]::bigint[])`;
    note({ stream: 'jobs', action: 'DROP_JOB', detail: { task: job.task, attempts: job.attempts } });
    return job;
  });
}

async function failedJob(tx: Tx, id: string): Promise<FailedJob> {
  const [job] = await tx.$queryRaw<FailedJob[]>`
    SELECT id::text, task_identifier AS task, attempts, max_attempts AS "maxAttempts", last_error AS failure,
           created_at AS "queuedAt", run_at - exp(least(attempts, 10)) * interval '1 second' AS "failedAt", CASE WHEN attempts < max_attempts THEN run_at END AS "triesAgainAt"
    FROM graphile_worker.jobs WHERE id = ${BigInt(id)} AND last_error IS NOT NULL AND locked_at IS NULL`;
  if (!job) throw new NotFoundError('failed job');
  return job;
}
