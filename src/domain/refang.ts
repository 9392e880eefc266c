import { DOT_WORD } from './writing.ts';

/** How people spell http, https and ftp when they do not want a live link, or slip; as the source of a regular expression. */
const WEB_SCHEME = String.raw`(?:h{1,2}(?:t{1,3}|xx|tx|xt|\*\*|__|\.\.)p{1,2}s{0,2}|htt|ttps?|f[tx*]p)`;
const COLON = String.raw`(?:\[:\]|[:：])`;
const SLASH = String.raw`[/\\／]`;

/** The start of a web address with its scheme, as the source of a case-insensitive regular expression. */
export const WEB_START = String.raw`${WEB_SCHEME}(?:(?:${COLON}|;)${SLASH}+|[.,]?${SLASH}{2,}|\[:\/\/\])`;
/** The start of any address that has a scheme, as the source of a case-insensitive regular expression. */
export const ANY_START = String.raw`(?:${WEB_START}|magnet${COLON}\?|ed2k${COLON}\/\/|nntp${COLON}\/\/|news${COLON})`;

const DOT = String.raw`(?:\.|${DOT_WORD})`;
const webStart = new RegExp(`^${WEB_START}`, 'i');
const startBeforeStart = new RegExp(`^${WEB_START}(?=${WEB_SCHEME}${COLON}${SLASH})`, 'i');
const dotMark = new RegExp(String.raw`\[${DOT}\]|\(${DOT}\)|\{${DOT}\}|\[\.|\.\]`, 'gi');
const tailDotMark = new RegExp(String.raw`\[${DOT}\]`, 'gi');

/** A bracketed dot, colon or slash at the start of a text, as the source of a case-insensitive regular expression. */
export const MARK = String.raw`[[({](?:${DOT}|:|\/|:\/\/)[\])}]`;

/**
 * A web address, with or without scheme, as it was before someone made it harmless: `hxxps://host[.]example` gives
 * `https://host.example`. Path and query are touched only where scheme or host was disguised: real ones may hold brackets.
 */
export function refangWeb(typed: string): string {
  // "http://https://…" was pasted behind what stood there already.
  const text = typed.replace(startBeforeStart, '');
  const typedStart = webStart.exec(text)?.[0] ?? '';
  const rest = text.slice(typedStart.length);
  const typedHead = /^(?:\[[^\]]{0,60}\]|[^/?#\\])*/.exec(rest)?.[0] ?? '';
  const typedTail = rest.slice(typedHead.length);

  const start = typedStart === '' ? '' : `${schemeMeant(typedStart)}://`;
  const head = refangAll(typedHead);
  const disguised =
    head !== typedHead || (start !== typedStart.toLowerCase() && !/^(?:https?|ftp)[:/]/i.test(typedStart));
  return start + head + (disguised ? refangTail(typedTail) : typedTail);
}

/** Any other link (magnet, ed2k, news, handle) as it was before someone bracketed its dots and colons. */
export function refangAll(text: string): string {
  return text
    .replace(dotMark, '.')
    .replaceAll('[:]', ':')
    .replaceAll('[/]', '/')
    .replace(/\[(?:@|at)\]/gi, '@');
}

function refangTail(tail: string): string {
  return tail.replace(tailDotMark, '.').replaceAll('[:]', ':').replaceAll('[/]', '/');
}

function schemeMeant(typed: string): 'http' | 'https' | 'ftp' {
  if (/^f/i.test(typed)) return 'ftp';
  return /^[^:;[/\\：／]*ps/i.test(typed) ? 'https' : 'http';
}

/**
 * Full-width characters of scheme and host as ASCII (U+FF01 to U+FF5E lie 0xFEE0 above it). What follows an ASCII slash
 * is left alone: there they name another page.
 */
export function foldWidth(text: string): string {
  const head = /^(?:[^/]*\/\/[^/?#]*|[^/?#]*)/.exec(text)?.[0] ?? '';
  const folded = head.replace(/[\uFF01-\uFF5E]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));
  return folded + text.slice(head.length);
}
