import type { By, BySignedIn } from '../account/viewer.ts';
import { type AuditNote, appending, recordRead } from '../audit/recorded.ts';
import { ask, prisma, type Sql, sql } from '../db.ts';
import type { Case, Prisma } from '../generated/prisma/client.ts';
import { readRows, type Tree, type Wanted } from '../read-tree.ts';
import { readsFromPrimary } from '../replicas.ts';

/** Reads the cases `t` of `from` (what follows FROM) in one statement, with all that Pothos wants of them; `plannedAnew` as in `readRows`. */
export async function readCases(wanted: Wanted, from: Sql, plan: { plannedAnew?: boolean } = {}): Promise<Case[]> {
  return (await readRows<Case>('Case', wanted, from, plan)) ?? readByPrisma(wanted.query, from);
}

/** Reads one case, by its id. */
export async function readCase(wanted: Wanted, id: string): Promise<Case> {
  const [found] = await readCases(wanted, sql`cases t WHERE t.id = ${id}::uuid`);
  if (!found) throw new Error('A case is not there.');
  return found;
}

/** Reads one case, by its number; null where there is none. The look at it is recorded. */
export async function lookAtCase(by: By, wanted: Wanted, number: string): Promise<Case | null> {
  const entry = { stream: `case:${number}`, action: 'READ' };
  const append = appending(by, sql`${entry.stream}::text`, entry.action);
  const [found = null] = await readRecorded(by, wanted, sql`cases t WHERE t.number = ${number}`, {
    also: sql`CASE WHEN count(*) > 0 THEN ${append} END`,
    entryOf: ([found]) => found && entry,
  });
  return found;
}

/** As `readCases`. The look at the first `shown` of them is recorded, in the account's own stream. */
export function lookAtCases(
  by: BySignedIn,
  wanted: Wanted,
  from: Sql,
  { shown, plannedAnew }: { shown: number; plannedAnew: boolean },
): Promise<Case[]> {
  const entry = { stream: `account:${by.viewer.id}`, action: 'LIST_CASES' };
  const subjects = sql`coalesce(to_jsonb((array_agg((f.t).number))[1:${shown}::int]), '[]')`;
  return readRecorded(by, wanted, from, {
    plannedAnew,
    also: appending(by, sql`${entry.stream}::text`, entry.action, subjects),
    entryOf: (rows) => ({ ...entry, subjects: rows.slice(0, shown).map(({ number }) => number) }),
  });
}

type Recording = { plannedAnew?: boolean; also: Sql; entryOf: (rows: Case[]) => AuditNote | undefined };

// Where a replica reads, or Prisma, the entry is a statement of its own, before anything is shown.
async function readRecorded(
  by: By,
  wanted: Wanted,
  from: Sql,
  { plannedAnew = false, also, entryOf }: Recording,
): Promise<Case[]> {
  const atOnce = readsFromPrimary() ? await readRows<Case>('Case', wanted, from, { plannedAnew, also }) : null;
  if (atOnce) return atOnce;
  const rows = await readCases(wanted, from, { plannedAnew });
  const entry = entryOf(rows);
  if (entry) await recordRead(by, entry);
  return rows;
}

async function readByPrisma(query: Tree, from: Sql): Promise<Case[]> {
  const found = await ask<{ id: string }>(null, sql`SELECT t.id FROM ${from}`);
  const place = new Map(found.map(({ id }, index) => [id, index]));
  const rows = await prisma.case.findMany({
    ...(query as { include?: Prisma.CaseInclude }),
    where: { id: { in: [...place.keys()] } },
    relationLoadStrategy: 'join',
  });
  return rows.sort((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0));
}
