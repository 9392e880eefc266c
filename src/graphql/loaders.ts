import DataLoader from 'dataloader';
import { type HistoryEntry, type HistoryPage, readHistories } from '../case/case-history.ts';
import { contactsForHosts } from '../contact/contacts-of-cases.ts';
import { prisma } from '../db.ts';
import type { HostFacts } from '../domain/contact-match.ts';
import type { Contact, Prisma } from '../generated/prisma/client.ts';

/** A page of a case's reports: `first` newest ones, from before the report of the cursor `after`. */
type ReportsPage = { caseId: string; first: number; after: { receivedAt: Date; id: string } | null };
export type LoadedReport = Prisma.ReportGetPayload<{ include: { portal: true; submission: true } }>;
export type Loaders = ReturnType<typeof createLoaders>;

/** The batches of one request, where Pothos's own plan cannot batch. */
export function createLoaders() {
  return {
    reportsOfCase: new DataLoader<ReportsPage, LoadedReport[], string>(loadReportPages, {
      cacheKeyFn: (page) => `${page.caseId} ${pageKey(page)}`,
    }),
    historyOfCase: new DataLoader<HistoryPage, HistoryEntry[]>(readHistories, { cache: false }),
    /** The contacts that could be told of a host: one statement for all hosts of a page. */
    contactsForHost: new DataLoader<HostFacts, Contact[]>(
      async (hosts) => {
        const contacts = await contactsForHosts(hosts);
        return hosts.map(() => contacts);
      },
      { cache: false },
    ),
  };
}

// One statement for each different page asked for: a lateral join, so that a case of 10,000 reports costs no more than
// one of three. `first + 1` tells whether more follow.
async function loadReportPages(pages: readonly ReportsPage[]): Promise<LoadedReport[][]> {
  const loaded = new Map<string, LoadedReport[]>();
  for (const { first, after } of new Map(pages.map((page) => [pageKey(page), page])).values()) {
    const group = pages.filter((page) => pageKey(page) === pageKey({ first, after }));
    const cases = await prisma.case.findMany({
      where: { id: { in: group.map(({ caseId }) => caseId) } },
      select: {
        id: true,
        reports: {
          where: after
            ? {
                // The first condition alone bounds the index, so that a page at any depth costs the same.
                receivedAt: { lte: after.receivedAt },
                OR: [{ receivedAt: { lt: after.receivedAt } }, { receivedAt: after.receivedAt, id: { lt: after.id } }],
              }
            : {},
          orderBy: [{ receivedAt: 'desc' }, { id: 'desc' }],
          take: first + 1,
          include: { portal: true, submission: true },
        },
      },
      relationLoadStrategy: 'join',
    });
    for (const { id, reports } of cases) loaded.set(`${id} ${pageKey({ first, after })}`, reports);
  }
  return pages.map((page) => loaded.get(`${page.caseId} ${pageKey(page)}`) ?? []);
}

function pageKey({ first, after }: Pick<ReportsPage, 'first' | 'after'>): string {
  return `${first} ${after?.id ?? ''}`;
}
