// A report's job is queued without the library's function where nothing of its key is known: it must be the job that the library makes.
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DatabaseCopy, openDatabaseCopy } from '../support/database-copy.ts';

const ADD = `SELECT graphile_worker.add_job($1, json_build_object('caseId', 'one'), job_key := $2)`;
const QUEUE = `SELECT queue_job($1, json_build_object('caseId', 'one'), $2)`;

let database: DatabaseCopy;
let client: pg.Client;
beforeAll(async () => {
  database = await openDatabaseCopy();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.close();
});

/** All that the queue holds of a job, but for what no two jobs have in common. */
async function jobOf(key: string) {
  const { rows } = await client.query('SELECT * FROM graphile_worker._private_jobs WHERE key = $1', [key]);
  const { id, key: kept, run_at, created_at, updated_at, ...job } = rows[0];
  expect([run_at, updated_at]).toEqual([created_at, created_at]);
  return job;
}

describe('queue_job', () => {
  it('makes the job that the library makes, of a task that is new too, and tells workers in its words', async () => {
    const told: string[] = [];
    client.on('notification', ({ payload }) =>
      told.push((payload ?? '').replace(/"r"\s*:\s*[\d.e-]+/, '"r":0').replaceAll(' ', '')),
    );
    await client.query('LISTEN "jobs:insert"');
    for (const task of ['a-new-task', 'a-new-task', 'prioritise-case']) {
      await client.query(QUEUE, [task, `queued:${told.length}`]);
      await client.query(ADD, [task, `added:${told.length - 1}`]);
    }
    expect(told).toEqual(Array(6).fill('{"r":0,"count":1}'));
    for (const n of [0, 2, 4]) expect(await jobOf(`queued:${n}`)).toEqual(await jobOf(`added:${n}`));
  });

  it('looks keys up by their index, also where the queue was empty when that was planned', async () => {
    await database.sql('DELETE FROM graphile_worker._private_jobs');
    await database.sql('VACUUM (ANALYZE) graphile_worker._private_jobs');
    await client.query('BEGIN');
    for (let n = 0; n < 20; n += 1) await client.query(QUEUE, ['prioritise-case', `twice:${n % 10}`]);
    const { rows } = await client.query(
      `SELECT seq_scan::int AS scans, seq_tup_read::int AS rows FROM pg_stat_xact_user_tables WHERE relname = '_private_jobs'`,
    );
    await client.query('ROLLBACK');
    expect(rows).toEqual([{ scans: 0, rows: 0 }]);
  });
});
