import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DatabaseCopy, openDatabaseCopy } from '../support/database-copy.ts';
import { spawnPlatform, until } from '../support/spawned.ts';

let database: DatabaseCopy;

beforeAll(async () => {
  database = await openDatabaseCopy();
});
afterAll(() => database.close());

const queueOf = () =>
  database.sql('SELECT task_identifier, run_at, attempts, max_attempts, last_error FROM graphile_worker.jobs');

/** Queues a job as a use case does, in the transaction of a write. */
async function queue(job: {
  task: string;
  key: string;
  payload?: Record<string, string>;
  runAt?: Date;
  maxAttempts?: number;
}) {
  const { recorded } = await import('../../src/audit/recorded.ts');
  await recorded({ system: true, operation: 'test' }, async ({ later, note }) => {
    later({ payload: {}, ...job });
    note({ stream: 'statistics:test', action: 'TEST' });
  });
}

describe('work for later', () => {
  it('waits for its time, and the latest of one key counts', async () => {
    const runAt = new Date(Date.now() + 3_600_000);
    await queue({ task: 'end-holds', key: 'one', runAt: new Date(Date.now() + 60_000) });
    await queue({ task: 'end-holds', key: 'one', runAt, maxAttempts: 12 });
    expect(await queueOf()).toEqual([expect.objectContaining({ run_at: runAt, max_attempts: 12 })]);
    await database.sql(`SELECT graphile_worker.remove_job('one')`);
  });
});

describe('a worker that lives', () => {
  it('gives back what it never heard of, its queue and its attempt with it, and nothing that it has in hand or was just given', async () => {
    const { takeBackJobs } = await import('../../src/jobs/take-back-jobs.ts');
    const give = async (key: string, secondsAgo: number): Promise<string> => {
      await database.sql(`SELECT graphile_worker.add_job('end-holds', job_key := $1, queue_name := $1)`, [key]);
      await database.sql(
        `UPDATE graphile_worker._private_job_queues SET locked_by = 'me', locked_at = now() WHERE queue_name = $1`,
        [key],
      );
      const [{ id }] = await database.sql(
        `UPDATE graphile_worker._private_jobs SET locked_by = 'me', locked_at = now() - make_interval(secs => $2), attempts = 1
         WHERE key = $1 RETURNING id::text`,
        [key, secondsAgo],
      );
      return id;
    };
    const inHand = await give('in hand', 60);
    await give('just given', 5);
    await give('unheard of', 60);
    await takeBackJobs('me', new Set([inHand]));
    const left = await database.sql(
      `SELECT key, j.locked_by AS job, q.locked_by AS queue, attempts FROM graphile_worker._private_jobs j
       JOIN graphile_worker._private_job_queues q ON q.id = j.job_queue_id ORDER BY key`,
    );
    expect(left).toEqual([
      { key: 'in hand', job: 'me', queue: 'me', attempts: 1 },
      { key: 'just given', job: 'me', queue: 'me', attempts: 1 },
      { key: 'unheard of', job: null, queue: null, attempts: 0 },
    ]);
    await database.sql('DELETE FROM graphile_worker._private_jobs');
    await database.sql('DELETE FROM job_workers');
  });

  it('takes back what it was given itself where the database went away before it heard of it', async () => {
    const { startWorker } = await import('../../src/jobs/worker.ts');
    const worker = await startWorker();
    await database.sql(`
      SELECT graphile_worker.add_job('end-holds', job_key := 'unheard of', run_at := now() + interval '1 hour');
      UPDATE graphile_worker._private_jobs SET run_at = now(), locked_at = now() - interval '1 minute',
        locked_by = (SELECT id FROM job_workers) WHERE key = 'unheard of'`);
    await until(
      async () => (await database.sql(`SELECT FROM graphile_worker.jobs WHERE key = 'unheard of'`)).length === 0,
    );
    await worker.stop();
    expect(await database.sql('SELECT FROM job_workers')).toEqual([]);
  });
});

describe('a worker of its own process', () => {
  const start = () => spawnPlatform(['work'], { DATABASE_URL: database.url, NODE_ENV: 'test', LOG_LEVEL: 'error' });

  it('runs what is queued, takes back what a dead one had in hand, and tells no words of a failure', async () => {
    await database.sql(`
      SELECT graphile_worker.add_job('end-holds', job_key := 'in hand');
      UPDATE graphile_worker._private_jobs SET locked_by = 'dead', locked_at = now() - interval '1 minute', attempts = 1 WHERE key = 'in hand';
      SELECT graphile_worker.add_job('end-holds', job_key := 'of the living');
      UPDATE graphile_worker._private_jobs SET locked_by = 'alive', locked_at = now() - interval '1 minute' WHERE key = 'of the living';
      INSERT INTO job_workers VALUES ('alive', now() + interval '1 hour');
      SELECT graphile_worker.add_job('prioritise-case', '{"caseId": "https://words.example/"}')`);
    const worker = start();
    await worker.says('Working.');
    await until(
      async () => (await database.sql(`SELECT FROM graphile_worker.jobs WHERE key = 'in hand'`)).length === 0,
    );
    await until(async () => (await queueOf()).some(({ last_error }) => last_error));
    const left = await queueOf();
    expect(left.map(({ task_identifier, last_error }) => [task_identifier, last_error]).sort()).toEqual([
      ['end-holds', null],
      ['prioritise-case', 'ZodError'],
    ]);
    await sleep(100);
    worker.kill('SIGTERM');
    expect(await worker.ended).toBe(0);
    expect(worker.stderr()).toContain('"job":"prioritise-case"');
    expect(worker.stderr()).not.toContain('words.example');
    expect(await database.sql('SELECT id FROM job_workers')).toEqual([{ id: 'alive' }]);
  });
});
