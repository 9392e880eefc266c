import { countryStatistics } from '../../src/statistics/country-statistics.ts';
import { rollUpFacts } from '../../src/statistics/roll-up-facts.ts';
import type { BenchDatabase } from './bench-database.ts';
import { uuid } from './make-data.ts';

const COUNTRY = 'KE';
const QUERIES = 40;
const NEW_REPORTS = 2_000;
/** Kinds of ids that `makeData` does not use. */
const KIND = { case: 10, episode: 11, submission: 12, report: 13 };

/** Milliseconds of each run. */
export type FigureTimes = { dashboard: number[]; rollUp: number[] };

/** Measures one round: the dashboard's query of twelve months with all breakdowns, and the roll-up of 2,000 new reports. */
export async function measureFigures(database: BenchDatabase, now: Date): Promise<FigureTimes> {
  await database.use();
  const to = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1));
  const from = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() - 11, 1));
  const ask = () => countryStatistics(COUNTRY, { from, to, until: null }, now);
  const { months } = await ask();
  if (months.length !== 12) throw new Error(`${database.size}: ${months.length} months are published, not 12.`);
  for (let n = 0; n < 10; n += 1) await ask();
  const dashboard: number[] = [];
  for (let n = 0; n < QUERIES; n += 1) dashboard.push(await timed(ask));

  // What came before, and the work of a first statement.
  await rollUpFacts();
  await takeIn(database, now);
  return { dashboard, rollUp: [await timed(() => rollUpFacts())] };
}

/** Half of the reports are of new addresses, half of known ones, one of them the address that was reported 10,000 times. */
async function takeIn({ client }: BenchDatabase, now: Date): Promise<void> {
  const at = `'${now.toISOString()}'::timestamptz`;
  const half = NEW_REPORTS / 2;
  const { rows } = await client.query<{ first: number; cases: number }>(
    `SELECT (SELECT count(*)::int FROM cases WHERE number LIKE 'C-T%') AS first, (SELECT count(*)::int FROM cases WHERE number LIKE 'C-B%') AS cases`,
  );
  const { first = 0, cases = 0 } = rows[0] ?? {};
  const added = `generate_series(${first + 1}, ${first + half}) n`;
  const portal = `(SELECT id FROM portals WHERE country = '${COUNTRY}' LIMIT 1)`;
  const ofReports = (kind: number) => `${uuid(kind, `n * 2 + side`)}`;
  const reports = `${added}, (VALUES (0), (1)) s(side)`;
  await client.query('BEGIN');
  await client.query(
    `INSERT INTO cases (id, number, address_digest, address, address_kind, address_rules_version, report_count, portal_ids, first_reported_at, last_reported_at, state_since)
     SELECT ${uuid(KIND.case, 'n')}, 'C-T' || n, sha256(convert_to('taken' || n, 'UTF8')), 'https://taken.example/' || n, 'WEB', 1, 1, ARRAY[${portal}], ${at}, ${at}, ${at} FROM ${added}`,
  );
  await client.query(
    `INSERT INTO episodes (id, case_id, number, first_reported) SELECT ${uuid(KIND.episode, 'n')}, ${uuid(KIND.case, 'n')}, 1, ${at} FROM ${added}`,
  );
  await client.query(
    `INSERT INTO submissions (id, portal_id, received_at, pasted_text, input_hash, language) SELECT ${ofReports(KIND.submission)}, ${portal}, ${at}, 'taken', sha256('taken'), 'en' FROM ${reports}`,
  );
  await client.query(
    `INSERT INTO reports (id, reference, submission_id, case_id, portal_id, country, source, received_at, address_as_typed, repeated)
     SELECT ${ofReports(KIND.report)}, 'T-' || n * 2 + side, ${ofReports(KIND.submission)},
            CASE WHEN side = 0 THEN ${uuid(KIND.case, 'n')} WHEN n = ${first + 1} THEN ${uuid(1, '1')} ELSE ${uuid(1, `2 + n * 7919 % ${cases - 1}`)} END,
            ${portal}, '${COUNTRY}', 'PUBLIC', ${at}, 'taken', side = 1 FROM ${reports}`,
  );
  await client.query('COMMIT');
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
