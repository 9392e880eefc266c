import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Runner, run, type WorkerEvents } from 'graphile-worker';
import { pool } from '../db.ts';
import { log, traceOf } from '../log.ts';
import { jobLog } from './job-log.ts';
import { leaveJobs, takeBackJobs } from './take-back-jobs.ts';
import { tasks } from './tasks.ts';

const HEARTBEAT_MS = 5_000;
const AGAIN_MS = 1_000;

const taskList = Object.fromEntries(tasks.map(({ name, run }) => [name, run]));
const crontab = tasks.flatMap(({ name, schedule }) => (schedule ? [`${schedule} ${name}`] : [])).join('\n');

type Running = { ended: Promise<void>; stop: () => Promise<void> };

/**
 * Starts to run jobs in this process until the returned worker is stopped. The library's own gives up when the database goes away
 * at the wrong moment; it is then started again, until the database is back.
 */
export async function startWorker(): Promise<{ stop: () => Promise<void> }> {
  const state = { stopping: false, running: await runJobs() };
  const kept = keepRunning(state);
  return {
    stop: async () => {
      state.stopping = true;
      await state.running.stop();
      await kept;
      await state.running.stop();
    },
  };
}

async function keepRunning(state: { stopping: boolean; running: Running }): Promise<void> {
  for (;;) {
    await state.running.ended;
    if (state.stopping) return;
    await sleep(AGAIN_MS);
    state.running = await runJobs().catch(() => ({ ended: Promise.resolve(), stop: async () => undefined }));
  }
}

async function runJobs(): Promise<Running> {
  const events: WorkerEvents = new EventEmitter();
  let id = '';
  const inHand = new Set<string>();
  events.on('pool:create', ({ workerPool }) => {
    id = workerPool.id;
  });
  events.on('job:start', ({ job }) => inHand.add(job.id));
  events.on('job:complete', ({ job }) => inHand.delete(job.id));
  const runner: Runner = await run({
    pgPool: pool,
    events,
    taskList,
    crontab,
    noHandleSignals: true,
    logger: jobLog,
    preset: {
      worker: {
        concurrentJobs: 2,
        pollInterval: 2_000,
        // Without a batch, however small, the library leaves the failure to tell a job's end to nobody, which ends the process.
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
  });
  const beat = () =>
    takeBackJobs(id, inHand).catch((error: unknown) =>
      log.warn('The job queue could not be looked after.', traceOf(error)),
    );
  await beat();
  const heart = setInterval(beat, HEARTBEAT_MS);
  const ended = runner.promise
    .catch((error: unknown) => log.error('The job queue gave up and is started again.', traceOf(error)))
    .finally(() => clearInterval(heart));
  return {
    ended,
    stop: async () => {
      await runner.stop().catch(() => undefined);
      await ended;
      await leaveJobs(id).catch(() => undefined);
    },
  };
}
