import { prisma } from '../db.ts';
import type { Notice, Prisma } from '../generated/prisma/client.ts';
import type { ActionKind, NoticeState } from '../generated/prisma/enums.ts';

export type NoticeFilter = {
  states?: NoticeState[] | null | undefined;
  kind?: ActionKind | null | undefined;
  contact?: string | null | undefined;
};

/** Up to `take` messages, newest first, from after a place in that order (a true keyset). */
export async function listNotices(
  { states, kind, contact }: NoticeFilter,
  take: number,
  after: { queuedAt: Date; id: string } | null,
  query: { select?: object | undefined; include?: object | undefined },
): Promise<Notice[]> {
  const conditions: Prisma.NoticeWhereInput[] = [];
  // The first condition alone bounds the index, so that a page at any depth costs the same.
  if (after) conditions.push({ queuedAt: { lte: after.queuedAt } });
  if (after)
    conditions.push({ OR: [{ queuedAt: { lt: after.queuedAt } }, { queuedAt: after.queuedAt, id: { lt: after.id } }] });
  if (states) conditions.push({ state: { in: states } });
  if (kind) conditions.push({ kind });
  if (contact) conditions.push({ contactId: contact });
  const rows = await prisma.notice.findMany({
    ...(query as { include?: Prisma.NoticeInclude }),
    where: { AND: conditions },
    orderBy: [{ queuedAt: 'desc' }, { id: 'desc' }],
    take,
    relationLoadStrategy: 'join',
  });
  return rows as Notice[];
}

/** The numbers of the cases that messages are about: for the record of who looked at them. */
export async function casesOfNotices(ids: string[]): Promise<string[]> {
  const rows = await prisma.case.findMany({
    where: { actions: { some: { noticeId: { in: ids } } } },
    select: { number: true },
    orderBy: { number: 'asc' },
  });
  return rows.map(({ number }) => number);
}
