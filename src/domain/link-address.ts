import { bytesFromBase32 } from './base32.ts';

/** An address that is neither web nor onion, in canonical form. */
type LinkAddress = { kind: 'MAGNET' | 'ED2K' | 'NEWSGROUP' | 'APP_HANDLE'; key: string; host: string | null };

/** The canonical form of a magnet or ed2k link, a newsgroup or an app handle; null for all else. */
export function canonicalLink(text: string): LinkAddress | null {
  return magnet(text) ?? ed2k(text) ?? newsgroup(text) ?? newsServer(text) ?? appHandle(text);
}

/** Keyed by the content's hash (BEP 9, BEP 52): names and trackers in the link change nothing of what it leads to. */
function magnet(text: string): LinkAddress | null {
  const query = /^magnet:\?(.+)$/is.exec(text)?.[1];
  if (query === undefined) return null;
  const topics = [...new URLSearchParams(query)].filter(([name]) => /^xt(?:\.\d+)?$/i.test(name));
  const urns = topics.map(([, urn]) => canonicalUrn(urn.trim())).filter((urn) => urn !== null);
  // A link with both kinds of hash is merged with the many older links that have the first kind only.
  const urn = urns.find((candidate) => candidate.startsWith('urn:btih:')) ?? urns[0];
  return urn === undefined ? null : { kind: 'MAGNET', key: `magnet:?xt=${urn}`, host: null };
}

function canonicalUrn(typed: string): string | null {
  const urn = typed.toLowerCase();
  if (/^urn:btih:[0-9a-f]{40}$/.test(urn)) return urn;
  if (/^urn:btmh:1220[0-9a-f]{64}$/.test(urn)) return urn;
  if (/^urn:(?:sha1:[a-z2-7]{32}|ed2k:[0-9a-f]{32}|tree:tiger:[a-z2-7]{39})$/.test(urn)) return urn;
  const base32 = /^urn:btih:([a-z2-7]{32})$/.exec(urn)?.[1];
  const bytes = base32 === undefined ? null : bytesFromBase32(base32);
  if (bytes === null) return null;
  return `urn:btih:${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** Keyed by hash and size (bytes); the name, which anyone may change, is written as "-". */
function ed2k(text: string): LinkAddress | null {
  const link = text.replace(/%7c/gi, '|');
  const [, size, hash] = /^ed2k:\/\/\|file\|[^|]*\|(\d{1,20})\|([0-9a-f]{32})\|/i.exec(link) ?? [];
  if (size === undefined || hash === undefined) return null;
  return { kind: 'ED2K', key: `ed2k://|file|-|${BigInt(size)}|${hash.toLowerCase()}|/`, host: null };
}

const GROUP = String.raw`[a-z0-9][a-z0-9+_-]*(?:\.[a-z0-9+_-]+)+`;
const MESSAGE = String.raw`[^\s<>@[\](){}"/?#]+@[a-z0-9._-]*[a-z0-9]`;
const group = new RegExp(`^news:(${GROUP})$`, 'i');
const message = new RegExp(`^news:<?(${MESSAGE})>?$`, 'i');
const server = new RegExp(
  String.raw`^(news|nntp):\/\/([a-z0-9-]+(?:\.[a-z0-9-]+)*)\.?(:\d{1,5})?\/(?:(${GROUP})(\/\d{1,20})?|<?(${MESSAGE})>?)$`,
  'i',
);

/** RFC 5538. Group names are lower case in practice; a message's id is compared as it is. */
function newsgroup(text: string): LinkAddress | null {
  const name = group.exec(text)?.[1]?.toLowerCase() ?? message.exec(text)?.[1];
  return name === undefined ? null : { kind: 'NEWSGROUP', key: `news:${name}`, host: null };
}

function newsServer(text: string): LinkAddress | null {
  const [, scheme, typedHost, typedPort = '', name, article = '', id] = server.exec(text) ?? [];
  if (scheme === undefined || typedHost === undefined) return null;
  const host = typedHost.toLowerCase();
  const port = Number(typedPort.slice(1) || 119) === 119 ? '' : `:${Number(typedPort.slice(1))}`;
  const target = name === undefined ? id : `${name.toLowerCase()}${article}`;
  return { kind: 'NEWSGROUP', key: `${scheme.toLowerCase()}://${host}${port}/${target}`, host };
}

const notAnApp =
  /^(?:https?|ftp|news|nntp|magnet|ed2k|mailto|data|file|content|blob|javascript|vbscript|about|tel|sms):/;

/** `app:@name`; both parts without regard to case, as apps treat them. */
function appHandle(text: string): LinkAddress | null {
  const key = text.toLowerCase();
  if (!/^[a-z][a-z0-9.+-]{1,20}:@[\w.-]{2,64}$/.test(key) || notAnApp.test(key)) return null;
  return { kind: 'APP_HANDLE', key, host: null };
}
