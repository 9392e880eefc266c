/** The largest form that is read, in bytes: the longest text that the API takes, in a script of three bytes a letter, each written `%XX`. */
const MAX_BYTES = 160 * 1024;
/** How much of a larger one is still taken in and dropped: most browsers hear no answer while they send. */
const MAX_DROPPED_BYTES = MAX_BYTES * 8;

/** What a visitor sent. */
export type Form = { text: (name: string) => string; entries: readonly (readonly [string, string])[] };

/** Reads a form sent as application/x-www-form-urlencoded in UTF-8, of at most 160 KiB; else says why not. */
export async function readForm(request: Request): Promise<Form | 'WRONG_FORM' | 'TOO_LARGE'> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/x-www-form-urlencoded\s*(;\s*charset="?utf-8"?)?$/i.test(type)) return 'WRONG_FORM';
  const bytes = await readWithin(request);
  if (bytes === null) return 'TOO_LARGE';
  const body = decoded(bytes);
  if (body === null) return 'WRONG_FORM';
  // Postgres stores no U+0000, and nobody means it.
  const entries = [...new URLSearchParams(body)].map(([name, value]) => [name, value.replaceAll('\0', '')] as const);
  const valuesOf = (name: string) => entries.filter((entry) => entry[0] === name).map((entry) => entry[1]);
  return { text: (name) => valuesOf(name).join('\n'), entries };
}

// URLSearchParams puts U+FFFD in place of what is not UTF-8, plain or escaped; what was typed is evidence.
function decoded(bytes: Buffer): string | null {
  try {
    const body = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    decodeURIComponent(body.replace(/%(?![0-9a-f]{2})/gi, '%25'));
    return body;
  } catch {
    return null;
  }
}

async function readWithin(request: Request): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size <= MAX_BYTES) chunks.push(chunk);
    if (size > MAX_DROPPED_BYTES) return null;
  }
  return size > MAX_BYTES ? null : Buffer.concat(chunks);
}

/**
 * Whether a form was sent from a page that is neither ours nor at one of the origins. Our own pages send `Origin: null`, since
 * they name no referrer: it is Sec-Fetch-Site that tells, and a browser too old for it is believed unless its Origin says else.
 */
export function cameFromElsewhere(headers: Headers, origins: readonly string[]): boolean {
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  if (site === 'same-origin' || site === 'none') return false;
  if (origin !== null && origins.includes(origin)) return false;
  return site !== null || (origin !== null && origin !== 'null');
}
