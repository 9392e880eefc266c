import { Logger, type Runner, run, runMigrations, type TaskList } from 'graphile-worker';
import { z } from 'zod';
import { prioritiseCases, prioritiseWaitingCases } from '../case/prioritise-cases.ts';
import { queueChanged } from '../case/queue-summary.ts';
import { confirmRemovals, endExpiredClaims, endHolds } from '../case/time-passes.ts';
import { pool, transaction } from '../db.ts';
import { log, traceOf } from '../log.ts';

/** What runs later, by name. Each may run twice, and must not mind. */
const tasks: TaskList = {
  'prioritise-case': async (payload) => {
    const { caseId } = z.object({ caseId: z.uuid() }).parse(payload);
    await prioritiseCases([caseId], new Date());
    await transaction(queueChanged);
  },
  'prioritise-released-cases': async (payload) => {
    const { caseIds } = z.object({ caseIds: z.array(z.uuid()) }).parse(payload);
    await prioritiseCases(caseIds, new Date());
    await transaction(queueChanged);
  },
  'prioritise-waiting-cases': () => prioritiseWaitingCases(new Date()),
  'end-expired-claims': () => endExpiredClaims(),
  'end-holds': () => endHolds(new Date()),
  'confirm-removals': () => confirmRemovals(new Date()),
};

/** When, in UTC: minute, hour, day of month, month, day of week. One process of all runs each. */
const schedule = `
  * * * * * end-expired-claims
  * * * * * end-holds
  17 * * * * prioritise-waiting-cases
  41 * * * * confirm-removals
`;

// Messages of the library may hold a payload or an error's words: only the level and the task's name are ours to keep.
const logger = new Logger((scope) => (level, _message, meta) => {
  if (level !== 'error') return;
  log.error('A job failed.', {
    job: scope.taskIdentifier,
    ...traceOf((meta as { error?: unknown } | undefined)?.error),
  });
});

/** Makes or updates the tables of the job queue, so that jobs can be added whether or not this process runs them. */
export function migrateJobs(): Promise<void> {
  return runMigrations({ pgPool: pool, logger });
}

/** Starts to run jobs in this process; the caller stops it. */
export function startWorker(): Promise<Runner> {
  return run({
    pgPool: pool,
    taskList: tasks,
    crontab: schedule.replaceAll(/^\s+/gm, ''),
    concurrency: 2,
    pollInterval: 2_000,
    noHandleSignals: true,
    logger,
  });
}
