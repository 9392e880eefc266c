import { prisma } from '../db.ts';

/** How long a worker may be silent before what it had in hand is taken back, in seconds. */
const SILENT_SECONDS = 20;

/**
 * Says that a worker is alive, and gives back to the queue what workers had in hand that have been silent for 20 seconds: whoever
 * lives does it for those who died. A worker that has just begun and has not spoken yet is left its jobs as long.
 */
export async function takeBackJobs(workerId: string): Promise<void> {
  await prisma.$executeRaw`
    INSERT INTO job_workers (id, seen_at) VALUES (${workerId}, now()) ON CONFLICT (id) DO UPDATE SET seen_at = now()`;
  await prisma.$queryRaw`
    SELECT count(*)::int FROM (
      SELECT array_agg(DISTINCT locked_by) AS ids FROM graphile_worker.jobs j
      WHERE locked_at < now() - make_interval(secs => ${SILENT_SECONDS})
        AND NOT EXISTS (SELECT FROM job_workers w WHERE w.id = j.locked_by AND w.seen_at > now() - make_interval(secs => ${SILENT_SECONDS}))
    ) silent, LATERAL graphile_worker.force_unlock_workers(silent.ids) WHERE silent.ids IS NOT NULL`;
  await prisma.$executeRaw`DELETE FROM job_workers WHERE seen_at < now() - interval '1 day'`;
}

/** Says that a worker has ended in order, with nothing in hand. */
export async function leaveJobs(workerId: string): Promise<void> {
  await prisma.$executeRaw`DELETE FROM job_workers WHERE id = ${workerId}`;
}
