import type { BySignedIn } from '../account/viewer.ts';
import { recordRead } from '../audit/recorded.ts';
import { prisma } from '../db.ts';
import type { Seen } from '../generated/prisma/enums.ts';

/** A look that is due, and all that somebody needs to know for it. */
export type CheckDue = { number: string; address: string; dueSince: Date; lastSeen: Seen | null };

/** Up to `first` looks that are due, the longest due first. Each case's address is read, and so recorded, in the reader's stream. */
export async function checksDue(by: BySignedIn, first: number, now: Date): Promise<CheckDue[]> {
  const rows = await prisma.case.findMany({
    where: { nextCheckAt: { lte: now } },
    orderBy: [{ nextCheckAt: 'asc' }, { id: 'asc' }],
    take: first,
    select: {
      number: true,
      address: true,
      nextCheckAt: true,
      observations: { orderBy: { at: 'desc' }, take: 1, select: { seen: true } },
    },
    relationLoadStrategy: 'join',
  });
  const subjects = rows.map(({ number }) => number);
  await recordRead(by, { stream: `account:${by.viewer.id}`, action: 'LIST_CHECKS_DUE', subjects });
  return rows.map(({ number, address, nextCheckAt, observations }) => ({
    number,
    address,
    dueSince: nextCheckAt ?? now,
    lastSeen: observations[0]?.seen ?? null,
  }));
}
