import type { BySignedIn } from '../account/viewer.ts';
import { appending } from '../audit/recorded.ts';
import { careFacts, careFrom, sameCare } from '../care/care-of.ts';
import { ask, sql, wholeNumber, write } from '../db.ts';
import { QueueEmptyError } from '../domain/errors.ts';
import { refuseTooMuch } from './claim-case.ts';
import { taking } from './lease.ts';
import { claimableStates, isFitFor, isFreeFor, isHanded, statesOf } from './waiting-for.ts';

/** How many waiting cases are looked at to find one that nobody else is about to take: more than a few processes have connections. */
const CANDIDATES = 32;

/** What one look came to: whether what the person's care hangs on was still the same, a case that waits, and the one that was taken. */
type Look = { same: boolean; waiting: string | null; free: string | null; taken: string | null; number: string | null };

/**
 * Hands out the case that was handed over to this person, else the one of highest priority that waits for them, to nobody else
 * at the same time. Throws `QueueEmptyError`, `BreakDueError`, `ClaimLimitError`.
 */
export async function claimNextCase(by: BySignedIn, now: Date): Promise<{ id: string; number: string }> {
  for (;;) {
    const facts = await careFacts(by.viewer.id, now);
    refuseTooMuch(careFrom(facts, now));
    const { same, waiting, free, taken, number } = await takeNext(by, facts, now);
    if (taken && number) return { id: taken, number };
    // Another claim of the same person came first, or a break: what was decided holds no longer.
    if (!same) continue;
    if (!waiting) throw new QueueEmptyError();
    // Only cases that somebody is writing on are left (a claim, or a report that comes in): wait for one, then look again.
    if (!free) await ask('case_is_written', sql`SELECT FROM cases WHERE id = ${waiting}::uuid FOR UPDATE`);
    // Else a colleague's claim, committed while we were looking, was seen only when we tried to take the case: look again.
  }
}

// One statement, and so one transaction. The person is locked first, so that two claims of theirs at once cannot both pass the limit;
// then what the limit was decided on is read anew. `waiting` are cases state by state, so that each is read in the order of its index,
// what was handed over first; `free` is the first that nobody is writing on, locked.
async function takeNext(by: BySignedIn, facts: string, now: Date): Promise<Look> {
  const { viewer } = by;
  const free = isFreeFor(viewer);
  const [look] = await write<Look>(
    'claim_next_case',
    sql`WITH person AS MATERIALIZED (
      SELECT id FROM accounts WHERE id = ${viewer.id}::uuid FOR NO KEY UPDATE
    ), same AS MATERIALIZED (
      SELECT FROM person WHERE ${sameCare(sql`person.id`, facts, now)}
    ), waiting AS MATERIALIZED (
      SELECT * FROM (
        SELECT c.id, c.version, c.priority, true AS handed FROM cases c
        WHERE c.handed_to_id = ${viewer.id}::uuid AND ${isHanded} AND c.state = ANY (${claimableStates(viewer)}::"CaseState"[]) AND ${free}
        UNION ALL
        SELECT n.* FROM unnest(${statesOf(viewer)}::"CaseState"[]) s(state), LATERAL (
          SELECT c.id, c.version, c.priority, false FROM cases c
          WHERE c.state = s.state AND NOT ${isHanded} AND ${free}
          ORDER BY c.priority DESC, c.id LIMIT ${wholeNumber(CANDIDATES)}
        ) n
      ) found
      WHERE EXISTS (SELECT FROM same)
      ORDER BY handed DESC, priority DESC, id
      LIMIT ${wholeNumber(CANDIDATES)}
    ), free AS MATERIALIZED (
      SELECT c.id, c.number, w.handed FROM cases c JOIN waiting w ON w.id = c.id AND w.version = c.version
      WHERE ${isFitFor(viewer)}
      ORDER BY w.handed DESC, c.priority DESC, c.id
      LIMIT 1
      FOR UPDATE OF c SKIP LOCKED
    ), ${taking(viewer.id)}, kept_no_longer AS (
      UPDATE cases c SET handed_to_id = NULL, handed_until = NULL FROM free, taken WHERE c.id = taken.case_id AND free.handed
    ), noted AS (
      SELECT ${appending(by, sql`'case:' || free.number`, 'CLAIM')} FROM free, taken
    )
    SELECT EXISTS (SELECT FROM same) AS same, (SELECT id FROM waiting LIMIT 1) AS waiting, (SELECT id FROM free) AS free,
           (SELECT number FROM free) AS number, (SELECT case_id FROM taken WHERE EXISTS (SELECT FROM noted)) AS taken`,
  );
  if (!look) throw new Error('Looking for a case gave nothing.');
  return look;
}
