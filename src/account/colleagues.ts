import { prisma } from '../db.ts';
import type { Account } from '../generated/prisma/client.ts';

/** Those who work on cases and whose account is enabled, by name. */
export function colleagues(query: object): Promise<Account[]> {
  return prisma.account.findMany({
    ...query,
    where: { role: { in: ['ANALYST', 'SUPERVISOR'] }, disabledAt: null },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  });
}
