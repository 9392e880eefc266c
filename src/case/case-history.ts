import { prisma } from '../db.ts';
import type { AccountRole } from '../generated/prisma/enums.ts';

/** A page of a case's history: `first` entries after the one of the id `after`; without reads unless they are asked for. */
export type HistoryPage = { number: string; first: number; after: bigint | null; includeReads: boolean };

/** One entry of the audit trail that concerns a case, with the name and role of who did it, where that was an account. */
export type HistoryEntry = {
  id: bigint;
  at: Date;
  actor: string;
  name: string | null;
  role: AccountRole | null;
  action: string;
  detail: string | null;
};

/** What only looks: left out of a history unless asked for. */
const READS = ['READ', 'READ_AUDIT_TRAIL'];

/**
 * Reads pages of histories, oldest first, each with one entry more than asked for. One statement for all pages of one shape,
 * however many cases there are. What stands in another chain and names the case (a quarantine that was released) is in it.
 */
export async function readHistories(pages: readonly HistoryPage[]): Promise<HistoryEntry[][]> {
  const found = new Map<string, HistoryEntry[]>();
  for (const shape of new Map(pages.map((page) => [shapeOf(page), page])).values()) {
    const numbers = pages.filter((page) => shapeOf(page) === shapeOf(shape)).map(({ number }) => number);
    for (const { number, ...entry } of await readEntries(numbers, shape)) {
      const key = `${number} ${shapeOf(shape)}`;
      found.set(key, [...(found.get(key) ?? []), entry]);
    }
  }
  return pages.map((page) => found.get(`${page.number} ${shapeOf(page)}`) ?? []);
}

function shapeOf({ first, after, includeReads }: HistoryPage): string {
  return `${first} ${after ?? 0n} ${includeReads}`;
}

function readEntries(
  numbers: string[],
  { first, after, includeReads }: HistoryPage,
): Promise<(HistoryEntry & { number: string })[]> {
  return prisma.$queryRaw`
    SELECT asked.number, e.id, e.at, e.actor, a.name, a.role::text AS role, e.action, e.detail
    FROM unnest(${numbers}::text[]) asked(number),
      LATERAL (
        SELECT id, at, actor, action, detail FROM audit_entries
        WHERE (stream = 'case:' || asked.number OR subjects @> ARRAY[asked.number]) AND id > ${after ?? 0n}
          AND (${includeReads} OR NOT (action = ANY (${READS}) OR (action LIKE 'LIST\\_%' AND stream NOT LIKE 'case:%')))
        ORDER BY id LIMIT ${first + 1}
      ) e
      LEFT JOIN accounts a ON a.id = CASE WHEN e.actor LIKE 'account:%' THEN substr(e.actor, 9)::uuid END
    ORDER BY e.id`;
}
