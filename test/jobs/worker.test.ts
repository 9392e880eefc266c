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

describe('a worker of its own process', () => {
  const start = () => spawnPlatform(['work'], { DATABASE_URL: database.url, NODE_ENV: 'test', LOG_LEVEL: 'error' });

  it('runs what is queued, takes back what a dead one had in hand, and tells no words of a failure', async () => {
    await database.sql(`
      SELECT graphile_worker.add_job('end-holds', job_key := 'in hand');
      UPDATE graphile_worker._private_jobs SET locked_by = 'dead', locked_at = now() - interval '1 minute', attempts = 1 WHERE key = 'in hand';
      SELECT graphile_worker.add_job('end-holds', job_key := 'of the living');
      UPDATE graphile_worker._private_jobs SET locked_by = 'alive', locked_at = now() - interval '1 minute' WHERE key = 'of the living';
      INSERT INTO job_workers VALUES ('alive', now());
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
