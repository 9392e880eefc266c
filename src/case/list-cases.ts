import type { Viewer } from '../account/viewer.ts';
import { prisma, sql } from '../db.ts';
import type { Case, Prisma } from '../generated/prisma/client.ts';
import { type GivenCaseFilter, matches } from './case-filter.ts';

/** Nobody reads on after so many; counting them all would read them all. */
const COUNTED_AT_MOST = 10_000;

type Place = { priority: number; id: string };

/**
 * Up to `take` cases by priority, highest and then oldest first, from after a place in that order (a true keyset), in two
 * statements: which ones, and all that is asked for of them.
 */
export async function listCases(
  filter: GivenCaseFilter,
  take: number,
  after: Place | null,
  viewer: Viewer,
  now: Date,
  query: { select?: object | undefined; include?: object | undefined },
): Promise<Case[]> {
  // The first condition alone bounds the index: it is what makes a page at any depth cost the same.
  const from = after
    ? sql`c.priority <= ${after.priority} AND (c.priority < ${after.priority} OR c.id > ${after.id}::uuid)`
    : sql`true`;
  const found = await prisma.$queryRaw<{ id: string }[]>`
    SELECT c.id FROM cases c WHERE ${matches(filter, viewer, now)} AND ${from} ORDER BY c.priority DESC, c.id LIMIT ${take}`;
  if (found.length === 0) return [];

  const place = new Map(found.map(({ id }, index) => [id, index]));
  const rows = (await prisma.case.findMany({
    ...(query as { include?: Prisma.CaseInclude }),
    where: { id: { in: [...place.keys()] } },
    relationLoadStrategy: 'join',
  })) as Case[];
  return rows.sort((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0));
}

/** How many cases a filter finds, in one statement; `orMore` where it stopped at 10,000. */
export async function countCases(
  filter: GivenCaseFilter,
  viewer: Viewer,
  now: Date,
): Promise<{ count: number; orMore: boolean }> {
  const [counted] = await prisma.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM (
      SELECT FROM cases c WHERE ${matches(filter, viewer, now)} LIMIT ${COUNTED_AT_MOST + 1}
    ) found`;
  const count = counted?.count ?? 0;
  return { count: Math.min(count, COUNTED_AT_MOST), orMore: count > COUNTED_AT_MOST };
}
