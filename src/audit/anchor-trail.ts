import type { BySystem } from '../account/viewer.ts';
import { config } from '../config.ts';
import type { Tx } from '../db.ts';
import { anchorNumbers, readAnchor, writeAnchor } from './anchor-files.ts';
import { recorded } from './recorded.ts';

/** The chain in which the anchors themselves are told, each with its file's digest. */
export const ANCHORS_STREAM = 'anchors';

/**
 * Signs where every chain of the audit trail ends now, and writes it to a file outside the database: what was cut off or
 * written anew since is then seen by `audit verify`. Only chains that changed since the last anchor are in it. Gives the file's path.
 */
export function anchorTrail(by: BySystem, now: Date): Promise<string> {
  const folder = config().auditAnchorsDir;
  return recorded(by, async ({ tx, note }) => {
    // One at a time: each names the one before.
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtext('audit anchor'))::text`;
    const last = anchorNumbers(folder).at(-1);
    const before = last === undefined ? null : await readAnchor(folder, last);
    const since = BigInt(before?.anchor?.throughId ?? 0);
    const anchor = {
      number: (last ?? 0) + 1,
      at: now.toISOString(),
      previous: before?.digest ?? null,
      heads: await headsSince(tx, since),
      throughId: await settledSince(tx, since),
    };
    const { path, digest } = await writeAnchor(folder, anchor);
    note({ stream: ANCHORS_STREAM, action: 'ANCHOR', detail: { number: anchor.number, digest } });
    return path;
  });
}

async function headsSince(tx: Tx, id: bigint): Promise<Record<string, [string, string]>> {
  const heads = await tx.$queryRaw<{ stream: string; seq: bigint; hash: Uint8Array }[]>`
    SELECT stream, seq, hash FROM audit_heads
    WHERE seq > 0 AND stream IN (SELECT stream FROM audit_entries WHERE id > ${id}) ORDER BY stream`;
  return Object.fromEntries(
    heads.map(({ stream, seq, hash }) => [stream, [String(seq), Buffer.from(hash).toString('hex')]]),
  );
}

// An entry takes its number before it is committed: what is younger than any transaction may live is read again next time.
async function settledSince(tx: Tx, id: bigint): Promise<string> {
  const [settled] = await tx.$queryRaw<{ id: bigint | null }[]>`
    SELECT max(id) AS id FROM audit_entries WHERE id > ${id} AND at < now() - interval '5 minutes'`;
  return String(settled?.id ?? id);
}
