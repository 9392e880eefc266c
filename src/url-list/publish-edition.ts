import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { BySystem } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import type { Tx } from '../db.ts';
import { signText } from '../signing-ring.ts';
import { lockUrlList } from './url-list.ts';

const TYPE = 'url-list+jws';
const MINUTE_MS = 60_000;

type Options = {
  /** Makes none where the last edition is younger than this: a job may run twice. */
  notWithinMinutes?: number;
};

/** Keeps the whole URL list as it is now as the next edition, signed. Gives its number, or null where the last one is too young. */
export function publishEdition(
  by: BySystem,
  now: Date,
  { notWithinMinutes = 0 }: Options = {},
): Promise<{ number: number; entries: number } | null> {
  return recorded(by, async ({ tx, note }) => {
    await lockUrlList(tx);
    const last = await tx.urlListEdition.findFirst({ orderBy: { id: 'desc' }, select: { id: true, madeAt: true } });
    const stream = 'url-list:editions';
    if (last && now.getTime() - last.madeAt.getTime() < notWithinMinutes * MINUTE_MS) {
      note({ stream, action: 'PUBLISH_URL_LIST', detail: { repeated: 'yes' } });
      return null;
    }
    const id = (last?.id ?? 0n) + 1n;
    const { lines, changeId } = await presentList(tx);
    const text = editionText(Number(id), now, lines);
    const sha256 = new Uint8Array(createHash('sha256').update(text).digest());
    const content = new Uint8Array(gzipSync(text));
    const signature = await detachedSignature(text);
    await tx.urlListEdition.create({
      data: { id, madeAt: now, changeId, entries: lines.length, content, sha256, signature },
    });
    note({ stream, action: 'PUBLISH_URL_LIST', detail: { edition: Number(id), entries: lines.length } });
    return { number: Number(id), entries: lines.length };
  });
}

// The last change of an entry says whether it is on the list. Postgres sorts by bytes, so that every installation has one order.
async function presentList(tx: Tx): Promise<{ lines: string[]; changeId: bigint }> {
  const rows = await tx.$queryRaw<{ line: string }[]>`
    SELECT scope || E'\t' || address AS line FROM (
      SELECT DISTINCT ON (scope, address) scope, address, change FROM url_list_changes ORDER BY scope, address, id DESC
    ) latest WHERE change = 'ADDED' ORDER BY scope || E'\t' || address COLLATE "C"`;
  const [last] = await tx.$queryRaw<{ id: bigint }[]>`SELECT coalesce(max(id), 0) AS id FROM url_list_changes`;
  return { lines: rows.map(({ line }) => line), changeId: last?.id ?? 0n };
}

// No finer than the day, as all that partners see.
function editionText(number: number, now: Date, lines: string[]): string {
  const head = [
    '# URL list: confirmed addresses that are still up, for blocking',
    `# edition ${number}, made on ${now.toISOString().slice(0, 10)}, ${lines.length} entries`,
    '# each line: ADDRESS or DOMAIN (all of it), a tab, the entry',
  ];
  return `${[...head, ...lines].join('\n')}\n`;
}

// The payload is the file itself, which travels apart (RFC 7515, appendix F).
async function detachedSignature(text: string): Promise<string> {
  const [head, , signature] = (await signText('url-list', TYPE, text)).split('.');
  return `${head}..${signature}`;
}
