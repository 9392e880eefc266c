import type { BySignedIn, Viewer } from '../account/viewer.ts';
import { sql, wholeNumber } from '../db.ts';
import type { Case } from '../generated/prisma/client.ts';
import type { Wanted } from '../read-tree.ts';
import { read } from '../replicas.ts';
import { type GivenCaseFilter, matches } from './case-filter.ts';
import { lookAtCases } from './read-cases.ts';

/** Nobody reads on after so many; counting them all would read them all. */
const COUNTED_AT_MOST = 10_000;

type Place = { priority: number; id: string };

/**
 * A page of cases by priority, highest and then oldest first, from after a place in that order (a true keyset), in one statement with
 * all that is asked for of them and the entry of the look. One case more than `first` tells whether more follow.
 */
export async function listCases(
  by: BySignedIn,
  { filter, first, after }: { filter: GivenCaseFilter; first: number; after: Place | null },
  now: Date,
  wanted: Wanted,
): Promise<Case[]> {
  // The first condition alone bounds the index: it is what makes a page at any depth cost the same.
  const from = after
    ? sql`c.priority <= ${after.priority} AND (c.priority < ${after.priority} OR c.id > ${after.id}::uuid)`
    : sql`true`;
  const conditions = matches(filter, by.viewer, now);
  const page = sql`(
    SELECT c.* FROM cases c WHERE ${conditions} AND ${from} ORDER BY c.priority DESC, c.id LIMIT ${wholeNumber(first + 1)}
  ) t ORDER BY t.priority DESC, t.id`;
  return lookAtCases(by, wanted, page, { shown: first, plannedAnew: conditions.values.length > 0 });
}

/** How many cases a filter finds, in one statement; `orMore` where it stopped at 10,000. */
export async function countCases(
  filter: GivenCaseFilter,
  viewer: Viewer,
  now: Date,
): Promise<{ count: number; orMore: boolean }> {
  const [counted] = await read<{ count: number }>(
    null,
    sql`SELECT count(*)::int AS count FROM (
      SELECT FROM cases c WHERE ${matches(filter, viewer, now)} LIMIT ${COUNTED_AT_MOST + 1}
    ) found`,
  );
  const count = counted?.count ?? 0;
  return { count: Math.min(count, COUNTED_AT_MOST), orMore: count > COUNTED_AT_MOST };
}
