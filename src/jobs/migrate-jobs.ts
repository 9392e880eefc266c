import { runMigrations } from 'graphile-worker';
import { pool } from '../db.ts';
import { jobLog } from './job-log.ts';

/** Makes or updates the tables of the job queue, so that jobs can be added whether or not this process runs them. */
export function migrateJobs(): Promise<void> {
  return runMigrations({ pgPool: pool, logger: jobLog });
}
