import { ask, prisma, type Sql, sql } from '../db.ts';
import type { Case, Prisma } from '../generated/prisma/client.ts';
import { readRows, type Tree, type Wanted } from '../read-tree.ts';

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

/** Reads one case, by its number; null where there is none. */
export async function findCase(wanted: Wanted, number: string): Promise<Case | null> {
  const [found = null] = await readCases(wanted, sql`cases t WHERE t.number = ${number}`);
  return found;
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
