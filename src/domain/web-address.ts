import { isCommonEnding, isFileEnding } from './host-endings.ts';
import { isOnionName, isOnionService } from './onion-address.ts';

/** A web address in canonical form. */
type WebAddress = { kind: 'WEB' | 'ONION'; key: string; host: string };

const bareHost =
  /^((?:[\p{L}\p{N}\p{M}_-]{1,63}\.)+([\p{L}\p{M}]{2,63}|xn--[a-z0-9-]{1,59}))\.?(:\d{1,5})?(?=[/?#]|$)/iu;
const bareIpv4 = /^\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?=[/?#]|$)/;

/**
 * Whether text without a scheme reads as host and path. Among other words (`alone` false) a host with neither path, port
 * nor `www.` needs a common ending in one case, so that "it.Please" is not taken for one.
 */
export function isBareAddress(text: string, alone: boolean): boolean {
  if (bareIpv4.test(text)) return true;
  const [whole, host = '', typedEnding = '', port] = bareHost.exec(text) ?? [];
  if (whole === undefined) return false;
  const ending = typedEnding.toLowerCase();
  if (isFileEnding(ending)) return false;
  if (alone || port !== undefined || whole.length < text.length || /^www\./i.test(host)) return true;
  const oneCase = typedEnding === ending || host === host.toUpperCase();
  return oneCase && isCommonEnding(ending);
}

/**
 * The canonical form of a web address that has its scheme (http, https or ftp), by WHATWG URL, RFC 3986 §6.2.2 and the
 * host rules of Google Safe Browsing; 'BAD_ONION' for an onion host with a fault in it, null for all else.
 *
 * http and https stay apart, as do repeated slashes and every query: servers may answer them differently, which nobody can
 * know here, since a reported address is never fetched. Two cases of one page cost a second look; one case of two pages would
 * hide the other. Dropped are what no server sees or what changes no page: user and password, default port, the host's outer
 * dots, a fragment that does not route.
 */
export function canonicalWeb(address: string): WebAddress | 'BAD_ONION' | null {
  const url = parsed(address);
  if (url === null || !/^(?:https?|ftp):$/.test(url.protocol)) return null;
  const host = canonicalHost(url.hostname);
  if (host === null) return null;
  if (isOnionName(host) && !isOnionService(host)) return 'BAD_ONION';

  const port = url.port === '' ? '' : `:${url.port}`;
  // Node before 24 leaves "^" in a path as it is, later ones escape it.
  const path = settledEscapes(url.pathname).replaceAll('^', '%5E');
  const fragment = /^#[!/]./.test(url.hash) ? settledEscapes(url.hash) : '';
  const key = `${url.protocol}//${host}${port}${path}${settledEscapes(url.search)}${fragment}`;
  return { kind: isOnionName(host) ? 'ONION' : 'WEB', key, host };
}

function parsed(address: string): URL | null {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

/** Outer dots off, inner ones single; parsed again until it stands still, as `0x7f.1..` is an IPv4 only once its dots are gone. */
function canonicalHost(typed: string): string | null {
  let host = typed;
  for (let round = 0; round < 4; round++) {
    const next = parsed(`http://${host.replace(/\.{2,}/g, '.').replace(/^\.|\.$/g, '')}`)?.hostname;
    if (next === undefined) return null;
    if (next === host) return /^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:]+\])$/.test(host) ? host : null;
    host = next;
  }
  return null;
}

/**
 * Escapes in one spelling: unreserved characters plain, the rest as upper-case hex, a stray "%" as "%25". No escape is
 * ever decoded twice ("%2541" stays), so that a second run changes nothing.
 */
function settledEscapes(text: string): string {
  return text.replace(/%([0-9a-f]{2})?/gi, (typed, hex: string | undefined) => {
    if (hex === undefined) return '%25';
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : typed.toUpperCase();
  });
}
