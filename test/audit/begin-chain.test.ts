import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DatabaseCopy, openDatabaseCopy } from '../support/database-copy.ts';

const APPEND = `SELECT audit_append(jsonb_build_array(jsonb_build_object('stream', $1::text, 'actor', 'stranger', 'operation', 'Test',
  'action', $2::text, 'subjects', '[]'::jsonb, 'detail', '{}', 'salt', '00')))`;
const WAITS = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;

let database: DatabaseCopy;
let [one, other]: pg.Client[] = [];
const connect = async () => {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  return client;
};
beforeAll(async () => {
  database = await openDatabaseCopy();
  [one, other] = [await connect(), await connect()];
});
afterAll(async () => {
  await Promise.all([one?.end(), other?.end()]);
  await database.close();
});

const chainOf = async (stream: string) =>
  (await database.sql('SELECT seq::int, action FROM audit_entries WHERE stream = $1 ORDER BY seq', [
    stream,
  ])) as object[];

describe('a chain that two begin at the same moment', () => {
  for (const [end, kept] of [
    ['COMMIT', ['ONE', 'OTHER']],
    ['ROLLBACK', ['OTHER']],
  ] as const) {
    it(`is one chain, where the first ends in ${end}`, async () => {
      const stream = `case:${end}`;
      await one?.query('BEGIN');
      await one?.query(APPEND, [stream, 'ONE']);
      const appended = other?.query(APPEND, [stream, 'OTHER']);
      while ((await database.sql(WAITS)).length === 0);
      await one?.query(end);
      await appended;
      expect(await chainOf(stream)).toEqual(kept.map((action, n) => ({ seq: n + 1, action })));
      const { verifyChains } = await import('../../src/audit/verify-chains.ts');
      expect((await verifyChains()).faults).toEqual([]);
    });
  }
});
