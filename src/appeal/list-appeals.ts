import { prisma } from '../db.ts';
import type { Appeal, Prisma } from '../generated/prisma/client.ts';
import type { AppealState } from '../generated/prisma/enums.ts';

/** Up to `take` appeals, oldest first, from after a place in that order (a true keyset). */
export async function listAppeals(
  state: AppealState | null | undefined,
  take: number,
  after: { receivedAt: Date; id: string } | null,
  query: { select?: object | undefined; include?: object | undefined },
): Promise<Appeal[]> {
  const conditions: Prisma.AppealWhereInput[] = [];
  if (state) conditions.push({ state });
  // The first condition alone bounds the index, so that a page at any depth costs the same.
  if (after) conditions.push({ receivedAt: { gte: after.receivedAt } });
  if (after)
    conditions.push({
      OR: [{ receivedAt: { gt: after.receivedAt } }, { receivedAt: after.receivedAt, id: { gt: after.id } }],
    });
  const rows = await prisma.appeal.findMany({
    ...(query as { include?: Prisma.AppealInclude }),
    where: { AND: conditions },
    orderBy: [{ receivedAt: 'asc' }, { id: 'asc' }],
    take,
    relationLoadStrategy: 'join',
  });
  return rows as Appeal[];
}

/** The numbers of the cases that these appeals are against. */
export async function casesAppealed(appeals: Appeal[]): Promise<string[]> {
  const ids = appeals.flatMap(({ caseId }) => caseId ?? []);
  if (ids.length === 0) return [];
  const cases = await prisma.case.findMany({ where: { id: { in: ids } }, select: { number: true } });
  return cases.map(({ number }) => number);
}
