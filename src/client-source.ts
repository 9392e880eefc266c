import { createHmac, randomBytes } from 'node:crypto';

const ROTATION_MS = 60 * 60 * 1000;

// A key is drawn anew each hour and lives in this variable only, so that no hash can be traced back to an address. The one before
// stays for an hour more: by it the present hash is known to be the one that was counted under, and no count begins anew.
let keys: { bytes: Buffer; until: number }[] = [];

/**
 * Where a request comes from, as keyed hashes (base64url) that nobody can turn back and that mean nothing after two hours; for
 * `namesIn` to read. The address is the socket's, or the one that the outermost of `trustedProxies` proxies of our own saw. Of
 * an IPv6 address the first 64 bits count, since the rest is one household's to choose, and the first 48, since one
 * customer may be given all that begin with them (RFC 6177, §2).
 */
export function sourceOf(
  socketAddress: string,
  forwardedFor: string | null,
  trustedProxies: number,
  now: Date,
): string {
  const address = addressOf(socketAddress, forwardedFor, trustedProxies);
  const present = keysAt(now.getTime());
  return partsOf(address)
    .map((part) => present.map(({ bytes }) => createHmac('sha256', bytes).update(part).digest('base64url')).join('~'))
    .join(' ');
}

/**
 * By what a source is known: its household, then for IPv6 its network; of each the name of this hour and, unless the process is
 * young, that of the hour before.
 */
export function namesIn(source: string): string[][] {
  return source.split(' ').map((names) => names.split('~'));
}

/** The largest part of an address that one sender may have for itself: what several processes agree by on whose it is to answer. */
export function networkOf(socketAddress: string, forwardedFor: string | null, trustedProxies: number): string {
  return partsOf(addressOf(socketAddress, forwardedFor, trustedProxies)).at(-1) ?? '';
}

function addressOf(socketAddress: string, forwardedFor: string | null, trustedProxies: number): string {
  const seen = [...(forwardedFor ?? '').split(',').map((hop) => hop.trim()), socketAddress];
  return seen[Math.max(0, seen.length - 1 - trustedProxies)] || socketAddress;
}

function keysAt(at: number) {
  if (at >= (keys[0]?.until ?? 0)) keys = [{ bytes: randomBytes(32), until: at + ROTATION_MS }, ...keys];
  keys = keys.filter(({ until }) => at < until + ROTATION_MS);
  return keys;
}

function partsOf(address: string): string[] {
  // Some proxies write the port behind the address.
  const withPort = /^(?:\[(.+)\]|(\d+\.\d+\.\d+\.\d+))(?::\d+)?$/.exec(address);
  if (withPort?.[1]) return partsOf(withPort[1]);
  if (withPort?.[2]) return [withPort[2]];
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1]) return [mapped[1]];
  if (!address.includes(':')) return [address];
  const [head = '', tail] = address.toLowerCase().split('%')[0]?.split('::') ?? [];
  const groups = head ? head.split(':') : [];
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail ? tail.split(':').length : 0);
  const all = [...groups, ...Array(Math.max(0, missing)).fill('0'), ...(tail ? tail.split(':') : [])];
  const first = all.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''));
  return [first.join(':'), first.slice(0, 3).join(':')];
}
