import type { Context } from 'hono';
import { generateCookie, getCookie } from 'hono/cookie';
import { config } from '../../config.ts';
import { seal, unseal } from '../../secrets.ts';

/** What browsers keep of one cookie, in bytes (RFC 6265, section 6.1), less its attributes. */
const MAX_BYTES = 3_900;

/** A cookie whose words nobody but us can read or write. It ends by itself, whatever the browser thinks. */
export type SealedCookie<Kept extends object> = {
  /** The header that sets it, until then. Throws a RangeError where it is larger than browsers keep. */
  set: (kept: Kept, until: Date) => string;
  /** What it holds; null where there is none, where it was tampered with or is over. */
  read: (c: Context, now: Date) => Kept | null;
  /** The header that takes it back. */
  clear: () => string;
};

/** A sealed cookie for the pages below /partner. Its name is sealed in it, so that none can be passed off as another. */
export function sealedCookie<Kept extends object>(kind: string): SealedCookie<Kept> {
  const nameOf = () => (config().production ? `__Secure-${kind}` : kind);
  const attributes = () =>
    ({ path: '/partner', httpOnly: true, sameSite: 'Lax', secure: config().production }) as const;
  return {
    set(kept, until) {
      const value = Buffer.from(seal(JSON.stringify({ kind, until: until.getTime(), kept }))).toString('base64url');
      if (value.length > MAX_BYTES) throw new RangeError(`The cookie ${kind} would be larger than browsers keep.`);
      return generateCookie(nameOf(), value, { ...attributes(), expires: until });
    },
    read(c, now) {
      const value = getCookie(c, nameOf());
      const opened = value ? open<Kept>(value) : null;
      return opened && opened.kind === kind && now.getTime() < opened.until ? opened.kept : null;
    },
    clear: () => generateCookie(nameOf(), '', { ...attributes(), maxAge: 0 }),
  };
}

function open<Kept>(value: string): { kind: string; until: number; kept: Kept } | null {
  try {
    return JSON.parse(unseal(Buffer.from(value, 'base64url')));
  } catch {
    return null;
  }
}
