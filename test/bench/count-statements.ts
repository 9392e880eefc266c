import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { LoadGenerator } from './load.ts';
import type { LoadOrder } from './load-generator.ts';

const TURNS = 50;
const SETTLE_MS = 300;

/** How many statements Postgres runs for a turn, BEGIN and COMMIT among them; null where the database cannot count (no `pg_stat_statements`). */
export async function countStatements(
  client: pg.Client,
  load: LoadGenerator,
  order: LoadOrder,
): Promise<number | null> {
  const { rows } = await client.query<{ libraries: string }>(
    `SELECT current_setting('shared_preload_libraries') AS libraries`,
  );
  if (!rows[0]?.libraries.includes('pg_stat_statements')) return null;
  await client.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements SCHEMA bench');
  await track(client, 'top');
  // What a connection does once is no part of it.
  await load.run({ ...order, turns: TURNS });
  await client.query('SELECT bench.pg_stat_statements_reset()');
  const { turns } = await load.run({ ...order, turns: TURNS });
  const counted = await client.query<{ calls: number }>(
    `SELECT coalesce(sum(calls), 0)::int AS calls FROM bench.pg_stat_statements
     WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND query NOT LIKE '%pg_stat_statements%'
       AND query NOT LIKE 'DEALLOCATE%'`,
  );
  await track(client, 'none');
  return (counted.rows[0]?.calls ?? 0) / turns;
}

async function track(client: pg.Client, what: 'top' | 'none'): Promise<void> {
  await client.query(`ALTER SYSTEM SET pg_stat_statements.track = '${what}'`);
  await client.query('SELECT pg_reload_conf()');
  await sleep(SETTLE_MS);
}
