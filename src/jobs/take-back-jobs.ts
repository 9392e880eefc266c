import { prisma } from '../db.ts';

/** How long a worker may be silent before what it had in hand is taken back, in seconds. */
const SILENT_SECONDS = 20;

/**
 * Says that a worker is alive, and gives back to the queue what workers had in hand that have been silent for 20 seconds: whoever
 * lives does it for those who died. A worker that has just begun and has not spoken yet is left its jobs as long. What this worker
 * itself was given as long ago and does not have in hand (ids of jobs) is given back as well.
 */
export async function takeBackJobs(workerId: string, inHand: ReadonlySet<string>): Promise<void> {
  await prisma.$executeRaw`
    INSERT INTO job_workers (id, seen_at) VALUES (${workerId}, now()) ON CONFLICT (id) DO UPDATE SET seen_at = now()`;
  await prisma.$queryRaw`
    SELECT count(*)::int FROM (
      SELECT array_agg(DISTINCT locked_by) AS ids FROM graphile_worker.jobs j
      WHERE locked_at < now() - make_interval(secs => ${SILENT_SECONDS})
        AND NOT EXISTS (SELECT FROM job_workers w WHERE w.id = j.locked_by AND w.seen_at > now() - make_interval(secs => ${SILENT_SECONDS}))
    ) silent, LATERAL graphile_worker.force_unlock_workers(silent.ids) WHERE silent.ids IS NOT NULL`;
  await takeBackUnheardOf(workerId, inHand);
  await prisma.$executeRaw`DELETE FROM job_workers WHERE seen_at < now() - interval '1 day'`;
}

// Where the database goes away between a job's lock and the answer that names it, the job is locked by a worker that lives and never
// heard of it. As in the library's own returnJobs, an attempt that never began does not count, and a queue of the job is free again.
async function takeBackUnheardOf(workerId: string, inHand: ReadonlySet<string>): Promise<void> {
  await prisma.$executeRaw`
    WITH unheard_of AS (
      UPDATE graphile_worker._private_jobs SET locked_by = NULL, locked_at = NULL, attempts = greatest(0, attempts - 1)
      WHERE locked_by = ${workerId} AND locked_at < now() - make_interval(secs => ${SILENT_SECONDS}) AND id::text <> ALL(${[...inHand]})
      RETURNING job_queue_id
    )
    UPDATE graphile_worker._private_job_queues q SET locked_by = NULL, locked_at = NULL
    FROM unheard_of WHERE q.id = unheard_of.job_queue_id AND q.locked_by = ${workerId}`;
}

/** Says that a worker has ended in order, with nothing in hand. */
export async function leaveJobs(workerId: string): Promise<void> {
  await prisma.$executeRaw`DELETE FROM job_workers WHERE id = ${workerId}`;
}
