import DataLoader from 'dataloader';
import { prisma } from '../db.ts';
import type { Prisma } from '../generated/prisma/client.ts';

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
