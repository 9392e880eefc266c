import { prisma } from '../db.ts';
import type { Contact, Prisma } from '../generated/prisma/client.ts';
import type { ContactKind } from '../generated/prisma/enums.ts';

/** Which contacts to list; what is null does not matter. */
export type ContactFilter = {
  kind: ContactKind | null;
  country: string | null;
  /** A part of a name, an address or a domain. */
  search: string | null;
  approved: boolean | null;
  retired: boolean;
};

/** What Pothos wants read. */
type Query = { include?: Prisma.ContactInclude | undefined; select?: Prisma.ContactSelect | undefined };

/** Contacts by name, `take` at most, those after the one of this name and id. */
export function listContacts(
  { include, select }: Query,
  { kind, country, search, approved, retired }: ContactFilter,
  after: { name: string; id: string } | null,
  take: number,
): Promise<Contact[]> {
  const part = search?.trim().replaceAll(/[\\%_]/g, '\\$&');
  const contains = { contains: part ?? '', mode: 'insensitive' } as const;
  return prisma.contact.findMany({
    ...(include ? { include } : {}),
    ...(select ? { select } : {}),
    where: {
      retiredAt: retired ? { not: null } : null,
      ...(kind ? { kind } : {}),
      ...(approved === null ? {} : { approvedAt: approved ? { not: null } : null }),
      AND: [
        country ? { OR: [{ country }, { countries: { has: country } }] } : {},
        part
          ? { OR: [{ name: contains }, { email: contains }, { domains: { has: search?.trim().toLowerCase() ?? '' } }] }
          : {},
        after ? { OR: [{ name: { gt: after.name } }, { name: after.name, id: { gt: after.id } }] } : {},
      ],
    },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    take,
    relationLoadStrategy: 'join',
  });
}
