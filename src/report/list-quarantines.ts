import { prisma } from '../db.ts';
import { defang } from '../domain/address.ts';
import { NotFoundError } from '../domain/errors.ts';
import type { Account, Portal, Prisma } from '../generated/prisma/client.ts';

const AT_MOST = 100;
const PATTERNS = 20;

export type Pattern = { host: string; reports: number; sampleAddresses: string[] };

/** A quarantine as analysts look at it: numbers, and patterns of what waits. */
export type QuarantineView = {
  id: string;
  portal: Portal;
  openedAt: Date;
  decidedAt: Date | null;
  decidedBy: Account | null;
  reports: number;
  released: number;
  malicious: number;
  inDanger: number;
  firstReceivedAt: Date;
  lastReceivedAt: Date;
  patterns: Pattern[];
};

type Filter = { open?: boolean | null | undefined; portal?: string | null | undefined };

/** The newest quarantines, at most 100, in two statements. */
export function listQuarantines({ open, portal }: Filter): Promise<QuarantineView[]> {
  const waiting: Prisma.ReportWhereInput = { standing: 'QUARANTINED' };
  return view({
    ...(typeof open === 'boolean' ? { reports: open ? { some: waiting } : { none: waiting } } : {}),
    ...(portal ? { portal: { code: portal.toLowerCase() } } : {}),
  });
}

/** One quarantine by its id. Throws a `NotFoundError`. */
export async function quarantineById(id: string): Promise<QuarantineView> {
  const [found] = await view({ id });
  if (!found) throw new NotFoundError('quarantine');
  return found;
}

type Numbers = Pick<QuarantineView, 'id' | 'reports' | 'released' | 'malicious' | 'inDanger' | 'patterns'> & {
  first: Date;
  last: Date;
};

async function view(where: Prisma.QuarantineWhereInput): Promise<QuarantineView[]> {
  const found = await prisma.quarantine.findMany({
    where,
    include: { portal: true, decidedBy: true },
    orderBy: [{ openedAt: 'desc' }, { id: 'desc' }],
    take: AT_MOST,
    relationLoadStrategy: 'join',
  });
  if (found.length === 0) return [];
  const numbers = new Map((await numbersOf(found.map(({ id }) => id))).map((row) => [row.id, row]));
  return found.flatMap((quarantine) => {
    const row = numbers.get(quarantine.id);
    if (!row) return [];
    const { first, last, patterns, ...counts } = row;
    return {
      ...quarantine,
      ...counts,
      // More may have come in after the last look.
      ...(counts.reports > 0 ? { decidedAt: null, decidedBy: null } : {}),
      firstReceivedAt: first,
      lastReceivedAt: last,
      patterns: patterns.map((one) => ({ ...one, sampleAddresses: [...new Set(one.sampleAddresses)].map(defang) })),
    };
  });
}

function numbersOf(ids: string[]): Promise<Numbers[]> {
  return prisma.$queryRaw<Numbers[]>`
    WITH waiting AS (
      SELECT r.quarantine_id AS id, s.in_danger, coalesce(c.registrable_domain, c.host, c.address_kind::text) AS host, c.address
      FROM reports r JOIN submissions s ON s.id = r.submission_id JOIN cases c ON c.id = r.case_id
      WHERE r.quarantine_id = ANY (${ids}::uuid[]) AND r.standing = 'QUARANTINED'
    ), patterns AS (
      SELECT id, host, count(*)::int AS reports, count(*) FILTER (WHERE in_danger)::int AS in_danger,
             ARRAY[min(address), max(address)] AS samples,
             row_number() OVER (PARTITION BY id ORDER BY count(*) DESC, host) AS place
      FROM waiting GROUP BY id, host
    )
    SELECT r.quarantine_id AS id, count(*) FILTER (WHERE standing = 'QUARANTINED')::int AS reports,
           count(*) FILTER (WHERE standing = 'COUNTED')::int AS released,
           count(*) FILTER (WHERE standing = 'MALICIOUS')::int AS malicious,
           coalesce((SELECT sum(p.in_danger)::int FROM patterns p WHERE p.id = r.quarantine_id), 0) AS "inDanger",
           min(received_at) AS first, max(received_at) AS last,
           coalesce((SELECT jsonb_agg(jsonb_build_object('host', p.host, 'reports', p.reports, 'sampleAddresses', p.samples) ORDER BY p.place)
                     FROM patterns p WHERE p.id = r.quarantine_id AND p.place <= ${PATTERNS}), '[]') AS patterns
    FROM reports r WHERE r.quarantine_id = ANY (${ids}::uuid[]) GROUP BY r.quarantine_id`;
}
