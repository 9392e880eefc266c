import DataLoader from 'dataloader';
import { type HistoryEntry, type HistoryPage, readHistories } from '../case/case-history.ts';
import { type LoadedReport, type PageOfReports, readReports, type ShownOfReports } from '../case/read-reports.ts';
import { contactsForHosts } from '../contact/contacts-of-cases.ts';
import type { HostFacts } from '../domain/contact-match.ts';
import type { Contact } from '../generated/prisma/client.ts';

/** What is shown of reports is the same all over an operation. */
type ReportsPage = PageOfReports & ShownOfReports & { caseId: string };
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
  for (const page of new Map(pages.map((each) => [pageKey(each), each])).values()) {
    const key = pageKey(page);
    const ids = pages.filter((each) => pageKey(each) === key).map(({ caseId }) => caseId);
    for (const [caseId, reports] of await readReports(ids, page, page)) loaded.set(`${caseId} ${key}`, reports);
  }
  return pages.map((page) => loaded.get(`${page.caseId} ${pageKey(page)}`) ?? []);
}

function pageKey({ first, after }: PageOfReports): string {
  return `${first} ${after?.id ?? ''}`;
}
