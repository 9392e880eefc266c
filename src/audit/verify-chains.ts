import { createHash } from 'node:crypto';
import { prisma, type Tx } from '../db.ts';

/** What a check of the audit trail found: how much is sound, and the first bad link of each broken chain. */
export type AuditReport = {
  entries: number;
  streams: number;
  faults: { stream: string; seq: bigint; fault: string }[];
};

/** An entry that an anchor names as the last of its chain at some time; the hash in hex. */
export type Checkpoint = { seq: bigint; hash: string };

type Link = {
  id: bigint;
  stream: string;
  seq: bigint;
  at: string | null;
  actor: string;
  operation: string;
  action: string;
  subjects: string[];
  detail: string | null;
  salt: Uint8Array | null;
  detailDigest: Uint8Array;
  prev: Uint8Array;
  hash: Uint8Array;
};
type Head = { seq: bigint; hash: Uint8Array };

const PAGE = 5_000;
const LONGEST_MS = 60 * 60 * 1000;
const sha256 = (...parts: (string | Uint8Array)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const FIRST_PREV = sha256('');

/**
 * Checks every chain of the audit trail, link by link, against hashes computed here and not by the database: that each entry
 * is as it was written, follows the one before, and that each chain ends where its head says. It sees one moment of the
 * trail, whoever writes meanwhile. With the checkpoints of anchors (in the order of time) it also sees what chains and heads that
 * agree cannot tell: that a chain was cut off or written anew.
 */
export function verifyChains(checkpoints: ReadonlyMap<string, Checkpoint[]> = new Map()): Promise<AuditReport> {
  return prisma.$transaction((tx) => verify(tx, checkpoints), {
    isolationLevel: 'RepeatableRead',
    timeout: LONGEST_MS,
  });
}

async function verify(tx: Tx, anchored: ReadonlyMap<string, Checkpoint[]>): Promise<AuditReport> {
  const heads = new Map(
    (await tx.auditHead.findMany()).map(({ stream, seq, hash }) => [stream, { seq, hash } as Head]),
  );
  const report: AuditReport = { entries: 0, streams: 0, faults: [] };
  const broken = new Set<string>();
  const blame = (stream: string, seq: bigint, fault: string) => {
    if (!broken.has(stream)) report.faults.push({ stream, seq, fault });
    broken.add(stream);
  };
  // The checkpoints of each chain that are still to come.
  const ahead = new Map([...anchored].map(([stream, points]) => [stream, [...points]]));
  const confirmed = new Map<string, bigint>();
  const meetsCheckpoints = ({ stream, seq, hash }: Link) => {
    const points = ahead.get(stream);
    for (let next = points?.[0]; next && next.seq <= seq; next = points?.[0]) {
      points?.shift();
      if (next.seq === seq && next.hash === Buffer.from(hash).toString('hex')) confirmed.set(stream, seq);
      else blame(stream, (confirmed.get(stream) ?? 0n) + 1n, `from here to ${next.seq} it is not what was signed`);
    }
  };
  const endsAtHead = (last: Link) => {
    const head = heads.get(last.stream);
    heads.delete(last.stream);
    if (ahead.get(last.stream)?.length) blame(last.stream, last.seq + 1n, 'entries at the end are missing');
    ahead.delete(last.stream);
    if (!head) blame(last.stream, last.seq, 'the head of this chain is missing');
    else if (head.seq > last.seq) blame(last.stream, last.seq + 1n, 'entries at the end are missing');
    else if (head.seq < last.seq || !same(head.hash, last.hash))
      blame(last.stream, last.seq, 'the head does not say this entry');
  };

  let before: Link | null = null;
  for await (const link of links(tx)) {
    report.entries += 1;
    if (before && before.stream !== link.stream) endsAtHead(before);
    const previous: Link | null = before?.stream === link.stream ? before : null;
    if (!previous) report.streams += 1;
    const fault = faultOf(link, previous);
    if (fault) blame(link.stream, fault.seq, fault.fault);
    meetsCheckpoints(link);
    before = link;
  }
  if (before) endsAtHead(before);
  for (const [stream, head] of heads) if (head.seq > 0n) blame(stream, 1n, 'all entries of this chain are missing');
  for (const [stream] of ahead) blame(stream, 1n, 'all entries of this chain are missing');
  return report;
}

function faultOf(link: Link, previous: Link | null): { seq: bigint; fault: string } | null {
  const expected = (previous?.seq ?? 0n) + 1n;
  if (link.seq !== expected) return { seq: expected, fault: 'an entry is missing' };
  if (!same(link.prev, previous?.hash ?? FIRST_PREV))
    return { seq: link.seq, fault: 'it does not follow the entry before' };
  const forgotten = link.detail === null && link.salt === null;
  if (!forgotten && !same(link.detailDigest, sha256(link.salt ?? '', link.detail ?? '')))
    return { seq: link.seq, fault: 'its detail was changed' };
  if (!areApart(link.subjects) || !same(link.hash, hashOf(link))) return { seq: link.seq, fault: 'it was changed' };
  if (previous && link.id <= previous.id) return { seq: link.seq, fault: 'its place in the whole trail was changed' };
  return null;
}

// The hash covers subjects with a comma between them: two could be made one, or none an empty one.
function areApart(subjects: string[]): boolean {
  return subjects.every((subject) => subject && !subject.includes(','));
}

// The bytes that the database's audit_entry_hash covers, computed again from what is stored.
function hashOf({ stream, seq, at, actor, operation, action, subjects, detailDigest, prev }: Link): Buffer {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  return sha256(
    [stream, seq, at, actor, operation, action, subjects.join(','), hex(detailDigest), hex(prev)].join('\n'),
  );
}

// Prisma's dates have milliseconds; the hash covers microseconds, so the time is read as text. That text is alike for a year
// before Christ, hence the epoch.
async function* links(tx: Tx): AsyncGenerator<Link> {
  for (let [stream, seq] = ['', 0n]; ; ) {
    const page: Link[] = await tx.$queryRaw<Link[]>`
      SELECT id, stream, seq, CASE WHEN at > 'epoch' THEN to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') END AS at, actor, operation, action, subjects,
             detail, salt, detail_digest AS "detailDigest", prev, hash
      FROM audit_entries WHERE (stream, seq) > (${stream}, ${seq}) ORDER BY stream, seq LIMIT ${PAGE}`;
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    [stream, seq] = [last.stream, last.seq];
  }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.from(a).equals(b);
}
