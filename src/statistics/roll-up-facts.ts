import { type Sql, sql, type Tx, transaction } from '../db.ts';
import { factColumns, factRows } from './fact-rows.ts';
import { cellSums, intakeSums } from './fact-sums.ts';

/** Cases of one step, and changes that it looks through for them: a flood of reports of one case is one case. */
const MOST_CASES = 500;
const MOST_CHANGES = 10_000;

/** The key of the lock under which facts are written: one writer at a time. */
export const FACTS_LOCK = sql`hashtext('statistics facts')`;

/**
 * Brings the facts up to date with everything that was committed, and gives how many cases it looked at. A change may be looked at
 * twice and is never lost: it is taken away in the transaction that has counted it. In steps with a transaction each, or all in
 * the given one. Costs what the changed cases cost, however much there is besides.
 */
export async function rollUpFacts(tx?: Tx): Promise<number> {
  let done = 0;
  for (;;) {
    const cases = tx ? await rollUpStep(tx) : await transaction(rollUpStep);
    if (cases === 0) return done;
    done += cases;
  }
}

async function rollUpStep(tx: Tx): Promise<number> {
  // Compiling a statement takes longer than running it.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${FACTS_LOCK}), set_config('jit', 'off', true)`;
  const changed = await tx.$queryRaw<{ id: string }[]>(takeChanges(MOST_CASES));
  if (changed.length > 0) await tx.$executeRaw(replaceFacts(changed.map(({ id }) => id)));
  return changed.length;
}

/** A statement that takes away the oldest changes and gives their cases, at most so many; only under the lock. */
export function takeChanges(most: number): Sql {
  // Without a join: what the planner knows of a table that is emptied all the time is always wrong.
  return sql`
    WITH oldest AS (
      SELECT id, case_id, min(id) OVER (PARTITION BY case_id) AS first
      FROM (SELECT id, case_id FROM fact_changes ORDER BY id LIMIT ${MOST_CHANGES}) oldest
    ), chosen AS (
      SELECT id, case_id FROM (SELECT *, dense_rank() OVER (ORDER BY first) AS rank FROM oldest) ranked WHERE rank <= ${most}
    ), taken AS (
      DELETE FROM fact_changes WHERE id = ANY (ARRAY(SELECT id FROM chosen))
    )
    SELECT DISTINCT case_id AS id FROM chosen`;
}

/**
 * A statement that computes the facts of these cases anew, writes the rows that differ, and passes the differences on to the sums; only
 * under the lock, by which a row's place (`ctid`) stays what it was read to be.
 */
export function replaceFacts(caseIds: string[]): Sql {
  const whose = sql`case_id = ANY (${caseIds}::uuid[])`;
  return sql`
    WITH anew AS (
      ${factRows(whose)}
    ), difference AS (
      SELECT ${factColumns}, max(place) AS place, sum(sign) AS sign FROM (
        SELECT ${factColumns}, NULL::tid AS place, 1 AS sign FROM anew
        UNION ALL
        SELECT ${factColumns}, ctid, -1 FROM report_facts WHERE ${whose}
      ) both_sides GROUP BY ${factColumns} HAVING sum(sign) <> 0
    ), gone AS (
      DELETE FROM report_facts WHERE ctid = ANY (ARRAY(SELECT place FROM difference WHERE sign < 0))
    ), come AS (
      INSERT INTO report_facts (${factColumns}) SELECT ${factColumns} FROM difference WHERE sign > 0
    ), cells AS (
      INSERT INTO monthly_cells AS m (month, country, by, key, count) ${cellSums(sql`difference`, sql`f.reports * f.sign`)}
      ON CONFLICT (month, country, by, key) DO UPDATE SET count = m.count + excluded.count
    )
    INSERT INTO daily_intake AS i (portal_id, country, day, count) ${intakeSums(sql`difference`, sql`f.reports * f.sign`)}
    ON CONFLICT (country, day, portal_id) DO UPDATE SET count = i.count + excluded.count`;
}
