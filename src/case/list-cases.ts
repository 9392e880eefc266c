import type { Viewer } from '../account/viewer.ts';
import { prisma } from '../db.ts';
import type { Case, Prisma } from '../generated/prisma/client.ts';
import type { CaseState } from '../generated/prisma/enums.ts';

type Filter = {
  states?: CaseState[] | null | undefined;
  portal?: string | null | undefined;
  host?: string | null | undefined;
  mine?: boolean | null | undefined;
};
type Place = { priority: number; id: string };

/** Up to `take` cases by priority, highest and then oldest first, from after a place in that order (a true keyset). */
export async function listCases(
  { states, portal, host, mine }: Filter,
  take: number,
  after: Place | null,
  viewer: Viewer | null,
  now: Date,
  query: { select?: object | undefined; include?: object | undefined },
): Promise<Case[]> {
  // A case of which no report counts is in nobody's queue.
  const conditions: Prisma.CaseWhereInput[] = [{ reportCount: { gt: 0 } }];
  if (after)
    conditions.push({ OR: [{ priority: { lt: after.priority } }, { priority: after.priority, id: { gt: after.id } }] });
  // The first condition alone would not bound the index: this one is what makes a page at any depth cost the same.
  if (after) conditions.push({ priority: { lte: after.priority } });
  if (states) conditions.push({ state: { in: states } });
  if (host) conditions.push({ host: host.toLowerCase() });
  if (mine && viewer)
    conditions.push({ claims: { some: { accountId: viewer.id, endedAt: null, leaseUntil: { gt: now } } } });
  if (portal) {
    const found = await prisma.portal.findUnique({ where: { code: portal.toLowerCase() }, select: { id: true } });
    if (!found) return [];
    // Not by way of the reports: a case may have thousands.
    conditions.push({ portalIds: { has: found.id } });
  }

  const rows = await prisma.case.findMany({
    ...(query as { include?: Prisma.CaseInclude }),
    where: { AND: conditions },
    orderBy: [{ priority: 'desc' }, { id: 'asc' }],
    take,
    relationLoadStrategy: 'join',
  });
  return rows as Case[];
}
