import { sql, wholeNumber } from '../db.ts';
import type { Portal, Report, Submission } from '../generated/prisma/client.ts';
import { type Besides, type Columns, readRows } from '../read-tree.ts';

/** A page of a case's reports: `first` newest ones, from before the report of the cursor `after`. */
export type PageOfReports = { first: number; after: { receivedAt: Date; id: string } | null };

/** What is shown of a report: of itself, of what was sent with it, and its portal. */
const own = ['reference', 'country', 'source', 'addressAsTyped', 'standing'] as const;
const sent = ['language', 'category', 'foundOn', 'seenOn', 'howFound', 'inDanger', 'note', 'contact'] as const;
export type LoadedReport = Pick<Report, 'id' | 'receivedAt' | (typeof own)[number]> & {
  portal: Portal;
  submission: Pick<Submission, (typeof sent)[number]>;
};

/** Which of these are shown, or `portal`, and the columns of a portal that are enough. */
export type ShownOfReports = { shown: ReadonlySet<string>; enough: Columns };

/** The columns of a report, of what was sent with it and of its portal that are needed to show these. */
function selectionOf(shown: ReadonlySet<string>) {
  const chosen = (columns: readonly string[]) =>
    Object.fromEntries(columns.filter((column) => shown.has(column)).map((column) => [column, true]));
  const submission = chosen(sent);
  return {
    id: true,
    receivedAt: true,
    ...chosen([...own, 'portal']),
    ...(Object.keys(submission).length > 0 ? { submission: { select: submission } } : {}),
  };
}

/** The first page of a case's reports, and one report more, to be read with the case's row: as `newestReports`. */
export function newestReports(first: number, shown: ReadonlySet<string>): Besides {
  const orderBy = [{ receivedAt: 'desc' }, { id: 'desc' }];
  return { name: 'newestReports', relation: 'reports', tree: { select: selectionOf(shown), orderBy, take: first + 1 } };
}

/**
 * Reads this page of the reports of each of these cases, and one report more that tells whether more follow, in one statement.
 * What is not among `shown` is not there.
 */
export async function readReports(
  caseIds: string[],
  { first, after }: PageOfReports,
  { shown, enough }: ShownOfReports,
): Promise<Map<string, LoadedReport[]>> {
  // Most cases have few reports. The newest are asked for as a range of one case, so that Postgres expects many and reads them in the
  // order of the index: of a case of 10,000, too, it then reads four. Further on the first condition alone bounds the index.
  const newest = after
    ? sql`r.case_id = c.id AND r.received_at <= ${after.receivedAt}
        AND (r.received_at < ${after.receivedAt} OR r.id < ${after.id}::uuid)`
    : sql`r.case_id >= c.id AND r.case_id <= c.id`;
  const reports = await readRows<LoadedReport & Pick<Report, 'caseId'>>(
    'Report',
    { query: { select: { ...selectionOf(shown), caseId: true } }, enough },
    sql`unnest(${caseIds}::uuid[]) c(id), LATERAL (
      SELECT * FROM reports r WHERE ${newest}
      ORDER BY r.case_id, r.received_at DESC, r.id DESC LIMIT ${wholeNumber(first + 1)}
    ) t`,
  );
  const found = new Map<string, LoadedReport[]>(caseIds.map((id) => [id, []]));
  for (const report of reports ?? []) found.get(report.caseId)?.push(report);
  return found;
}
