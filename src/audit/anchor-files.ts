import { createHash } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { signedText, signText } from '../signing-ring.ts';

const TYPE = 'audit-anchor+jws';
const FILE = /^anchor-(\d{6,})\.jws$/;

const anchorShape = z.object({
  number: z.number().int().positive(),
  at: z.iso.datetime(),
  /** SHA-256 (hex) of the file before; null in the first. */
  previous: z.string().nullable(),
  /** Up to this entry everything had been committed when the heads were read. */
  throughId: z.string().regex(/^\d+$/),
  /** The last entry of each chain that had changed: its number and its hash (hex). */
  heads: z.record(z.string(), z.tuple([z.string().regex(/^\d+$/), z.string().regex(/^[0-9a-f]{64}$/)])),
});

/** What an anchor says: where chains of the audit trail ended at a time. */
export type Anchor = z.output<typeof anchorShape>;

/** A file of the folder of anchors; `anchor` is null where no key of ours signed it. */
export type AnchorFile = { number: number; digest: string; anchor: Anchor | null };

/** The numbers of the anchors in a folder, in order. */
export function anchorNumbers(folder: string): number[] {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const numbers = readdirSync(folder).flatMap((name) => FILE.exec(name)?.[1] ?? []);
  return numbers.map(Number).sort((a, b) => a - b);
}

/** Reads an anchor, and checks who signed it. */
export async function readAnchor(folder: string, number: number): Promise<AnchorFile> {
  const bytes = readFileSync(join(folder, nameOf(number)));
  const text = await signedText('audit-anchor', TYPE, bytes.toString('utf8').trim());
  const anchor = (text && anchorShape.safeParse(JSON.parse(text)).data) || null;
  return { number, digest: sha256(bytes), anchor: anchor?.number === number ? anchor : null };
}

/** Signs an anchor and writes it, whole and on the disk before this returns. Gives the file's path and SHA-256. Throws if there is one of its number. */
export async function writeAnchor(folder: string, anchor: Anchor): Promise<{ path: string; digest: string }> {
  const bytes = Buffer.from(`${await signText('audit-anchor', TYPE, JSON.stringify(anchor))}\n`);
  const path = join(folder, nameOf(anchor.number));
  const half = `${path}.${process.pid}`;
  // Left by a process of the same number that died: it may only be read.
  rmSync(half, { force: true });
  const file = openSync(half, 'w', 0o400);
  try {
    writeSync(file, bytes);
    fsyncSync(file);
    linkSync(half, path);
  } finally {
    closeSync(file);
    rmSync(half);
  }
  return { path, digest: sha256(bytes) };
}

function nameOf(number: number): string {
  return `anchor-${String(number).padStart(6, '0')}.jws`;
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
