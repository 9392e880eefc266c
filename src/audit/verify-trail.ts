import { config } from '../config.ts';
import { prisma } from '../db.ts';
import { type AnchorFile, anchorNumbers, readAnchor } from './anchor-files.ts';
import { ANCHORS_STREAM } from './anchor-trail.ts';
import { type AuditReport, type Checkpoint, verifyChains } from './verify-chains.ts';

/** What a check of the chains and of the anchors found. */
export type TrailReport = AuditReport & { anchors: number; anchorFaults: { anchor: number; fault: string }[] };

/**
 * Checks the audit trail against itself and against the anchors that were signed and kept outside the database: also the loss of
 * a tail or a chain together with its head is seen, and history that was written anew, as far as an anchor reaches.
 */
export async function verifyTrail(): Promise<TrailReport> {
  // In this order: whoever anchors meanwhile makes a file before it is told, of what was committed before.
  const told = await toldAnchors();
  const files = await readAnchors(config().auditAnchorsDir);
  const faults = new Map<number, string>();
  const blame = (number: number, fault: string) => faults.has(number) || faults.set(number, fault);

  let before: AnchorFile | null = null;
  for (const file of files) {
    for (let gap = (before?.number ?? 0) + 1; gap < file.number; gap += 1) blame(gap, 'it is missing');
    if (!file.anchor) blame(file.number, 'no key of ours signed it');
    else if (file.anchor.previous !== (before?.digest ?? null) && !faults.has(file.number - 1))
      blame(file.number, 'it does not follow the one before');
    before = file;
  }
  const byNumber = new Map(files.map((file) => [file.number, file]));
  for (const { number, digest } of told) {
    const file = byNumber.get(number);
    if (!file) blame(number, 'it is missing');
    else if (file.digest !== digest) blame(number, 'it is not the one that was written');
  }
  const report = await verifyChains(checkpointsOf(files));
  const anchorFaults = [...faults].sort(([a], [b]) => a - b).map(([anchor, fault]) => ({ anchor, fault }));
  return { ...report, anchors: files.length, anchorFaults };
}

async function readAnchors(folder: string): Promise<AnchorFile[]> {
  const files: AnchorFile[] = [];
  for (const number of anchorNumbers(folder)) files.push(await readAnchor(folder, number));
  return files;
}

async function toldAnchors(): Promise<{ number: number; digest: string }[]> {
  const entries = await prisma.auditEntry.findMany({
    where: { stream: ANCHORS_STREAM, action: 'ANCHOR' },
    orderBy: { seq: 'asc' },
    select: { detail: true },
  });
  return entries.flatMap(({ detail }) => (detail ? [JSON.parse(detail) as { number: number; digest: string }] : []));
}

function checkpointsOf(files: AnchorFile[]): Map<string, Checkpoint[]> {
  const checkpoints = new Map<string, Checkpoint[]>();
  for (const { anchor } of files) {
    for (const [stream, [seq, hash]] of Object.entries(anchor?.heads ?? {})) {
      const known = checkpoints.get(stream);
      const checkpoint = { seq: BigInt(seq), hash };
      if (!known) checkpoints.set(stream, [checkpoint]);
      else if (known.at(-1)?.hash !== hash) known.push(checkpoint);
    }
  }
  return checkpoints;
}
