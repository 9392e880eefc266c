import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeData, uuid } from '../bench/make-data.ts';
import { copyOfTemplate } from '../support/platform.ts';
import { recordStatements, statementsOf } from '../support/statements.ts';

const UNTIL = new Date('2026-06-01T00:00:00Z');
const TABLES =
  'reports submissions episodes assessments host_traces observations actions url_list_changes report_facts fact_changes';

/** Makes a database of so many reports, rolls up what a few writes changed, and gives what that read. */
async function costAmong(reports: number) {
  const url = await copyOfTemplate('seeded');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const db = await import('../../src/db.ts');
  const { rollUpFacts } = await import('../../src/statistics/roll-up-facts.ts');
  const { rebuildFacts } = await import('../../src/statistics/rebuild-facts.ts');
  db.openDatabase(url, 3);
  try {
    await makeData(client, reports, UNTIL);
    await rebuildFacts({ check: false });
    await client.query('VACUUM ANALYZE');
    // Sixteen known cases are reported again, and their episodes end.
    const known = `SELECT ${uuid(1, 'n')} AS id FROM generate_series(2, 17) n`;
    await client.query(
      `INSERT INTO reports (id, reference, submission_id, case_id, portal_id, source, received_at, address_as_typed, repeated)
       SELECT uuidv7(), 'N-' || row_number() OVER (), submission_id, case_id, portal_id, 'PUBLIC', '2026-05-30', 'made', true
       FROM (SELECT DISTINCT ON (case_id) * FROM reports WHERE case_id IN (${known}) ORDER BY case_id, id) r`,
    );
    await client.query(`UPDATE episodes SET first_seen_gone = '2026-05-30' WHERE case_id IN (${known})`);
    const { statements, result } = await statementsOf(() =>
      db.transaction(async (tx) => {
        const cases = await rollUpFacts(tx);
        const [read] = await tx.$queryRaw<{ rows: number }[]>`
          SELECT sum(seq_tup_read + idx_tup_fetch)::int AS rows FROM pg_stat_xact_user_tables WHERE relname = ANY (${TABLES.split(' ')})`;
        return { cases, read: read?.rows ?? 0 };
      }),
    );
    return { ...result, statements: statements.length };
  } finally {
    await client.end();
    await db.closeDatabase();
  }
}

describe('a roll-up', () => {
  beforeAll(() => recordStatements());

  it('reads what changed and nothing else: as many rows and statements among 1,000 reports as among 10,000', async () => {
    const [few, many] = [await costAmong(1_000), await costAmong(10_000)];
    expect(few.cases).toBe(16);
    expect(many).toMatchObject({ cases: few.cases, statements: few.statements });
    expect(few.read).toBeGreaterThan(100);
    expect(many.read).toBeLessThan(few.read * 1.2);
  });
});
