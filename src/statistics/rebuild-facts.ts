import { pool, type Sql, sql } from '../db.ts';
import { factColumns, factRows } from './fact-rows.ts';
import { cellSums, intakeSums } from './fact-sums.ts';
import { FACTS_LOCK, replaceFacts, takeChanges } from './roll-up-facts.ts';

/** How many rows a table of facts lacks or has too many, beside what was recorded. */
export type FactFault = { table: string; rows: number };

type Client = Pick<typeof pool, 'query'>;

const STEP_CASES = 500;
const cellColumns = sql`month, country, by, key, count`;
const intakeColumns = sql`portal_id, country, day, count`;

/**
 * Computes all facts and their sums anew from what was recorded, and says which tables differ from it and by how many rows: none,
 * since a roll-up does the same, or somebody wrote to them. What had not been rolled up yet is, before. Unless `check`, the tables
 * are replaced. Takes minutes where there are millions of reports; meanwhile nothing is rolled up, and everything else goes on.
 */
export async function rebuildFacts({ check }: { check: boolean }): Promise<FactFault[]> {
  const client = await pool.connect();
  try {
    await client.query("SET statement_timeout = 0; SET jit = off; SET work_mem = '128MB'");
    // Before the transaction, so that it sees what the last holder of the lock wrote.
    await client.query(sql`SELECT pg_advisory_lock(${FACTS_LOCK})`);
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await rollUpRest(client);
    const faults = await computeAnew(client);
    if (!check) await replaceAll(client);
    await client.query('COMMIT');
    return faults;
  } finally {
    // Closed, and with it lock and settings gone.
    client.release(true);
  }
}

async function rollUpRest(client: Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ id: string }>(takeChanges(STEP_CASES));
    if (rows.length === 0) return;
    await client.query(replaceFacts(rows.map(({ id }) => id)));
  }
}

async function computeAnew(client: Client): Promise<FactFault[]> {
  await client.query(sql`CREATE TEMPORARY TABLE new_facts ON COMMIT DROP AS ${factRows(sql`true`)}`);
  await client.query('ANALYZE new_facts');
  await client.query(sql`CREATE TEMPORARY TABLE new_cells ON COMMIT DROP AS ${cellSums(sql`new_facts`)}`);
  await client.query(sql`CREATE TEMPORARY TABLE new_intake ON COMMIT DROP AS ${intakeSums(sql`new_facts`)}`);
  const faults = [
    { table: 'report_facts', rows: await differing(client, factColumns, sql`report_facts`, sql`new_facts`) },
    {
      table: 'monthly_cells',
      rows: await differing(client, cellColumns, sql`monthly_cells WHERE count > 0`, sql`new_cells`),
    },
    {
      table: 'daily_intake',
      rows: await differing(client, intakeColumns, sql`daily_intake WHERE count > 0`, sql`new_intake`),
    },
  ];
  return faults.filter(({ rows }) => rows > 0);
}

async function differing(client: Client, columns: Sql, kept: Sql, anew: Sql): Promise<number> {
  const { rows } = await client.query<{ count: number }>(sql`
    SELECT coalesce(sum(abs(sign)), 0)::int AS count FROM (
      SELECT sum(sign) AS sign FROM (
        SELECT ${columns}, 1 AS sign FROM ${anew} UNION ALL SELECT ${columns}, -1 FROM ${kept}
      ) both_sides GROUP BY ${columns} HAVING sum(sign) <> 0
    ) differing`);
  return rows[0]?.count ?? 0;
}

async function replaceAll(client: Client): Promise<void> {
  await client.query('TRUNCATE report_facts');
  await client.query(
    sql`INSERT INTO report_facts (${factColumns}) SELECT ${factColumns} FROM new_facts ORDER BY case_id`,
  );
  await client.query('DELETE FROM monthly_cells');
  await client.query(sql`INSERT INTO monthly_cells (${cellColumns}) SELECT ${cellColumns} FROM new_cells`);
  await client.query('DELETE FROM daily_intake');
  await client.query(sql`INSERT INTO daily_intake (${intakeColumns}) SELECT ${intakeColumns} FROM new_intake`);
}
