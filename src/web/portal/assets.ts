import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** A file that pages link to: its name holds a hash of its bytes, so that it may be kept for ever. */
export type Asset = { path: string; type: string; bytes: Buffer<ArrayBuffer>; gzipped: Buffer<ArrayBuffer> };

const types: Record<string, string> = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8' };

function asset(name: string, ending: string): Asset {
  const bytes = Buffer.from(readFileSync(new URL(`../assets/${name}.${ending}`, import.meta.url)));
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  const path = `/assets/${name}.${hash}.${ending}`;
  return { path, type: types[ending] ?? '', bytes, gzipped: gzipSync(bytes, { level: 9 }) };
}

export const styleSheet = asset('style', 'css');
export const script = asset('page', 'js');
/** For the partners' pages only: public ones stay light. */
export const partnerStyleSheet = asset('partner', 'css');

const byPath = new Map([styleSheet, script, partnerStyleSheet].map((one) => [one.path, one]));

/** The asset of a path, or null. */
export const assetAt = (path: string): Asset | null => byPath.get(path) ?? null;
