import { createHmac, randomBytes } from 'node:crypto';

const ROTATION_MS = 60 * 60 * 1000;

// The key is drawn anew each hour and lives in this variable only, so that no hash can be traced back to an address.
let key = { bytes: randomBytes(32), until: 0 };

/**
 * Where a request comes from, as a keyed hash (base64url) that nobody can turn back and that means nothing after an hour. The
 * address is the socket's, or the one that the outermost of `trustedProxies` proxies of our own saw; of an IPv6 address the
 * first 64 bits count, since the rest is one household's to choose.
 */
export function sourceOf(
  socketAddress: string,
  forwardedFor: string | null,
  trustedProxies: number,
  now: Date,
): string {
  if (now.getTime() >= key.until) key = { bytes: randomBytes(32), until: now.getTime() + ROTATION_MS };
  const seen = [...(forwardedFor ?? '').split(',').map((hop) => hop.trim()), socketAddress];
  const address = seen[Math.max(0, seen.length - 1 - trustedProxies)] || socketAddress;
  return createHmac('sha256', key.bytes).update(household(address)).digest('base64url');
}

function household(address: string): string {
  // Some proxies write the port behind the address.
  const withPort = /^(?:\[(.+)\]|(\d+\.\d+\.\d+\.\d+))(?::\d+)?$/.exec(address);
  if (withPort?.[1]) return household(withPort[1]);
  if (withPort?.[2]) return withPort[2];
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1]) return mapped[1];
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('%')[0]?.split('::') ?? [];
  const groups = head ? head.split(':') : [];
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail ? tail.split(':').length : 0);
  const all = [...groups, ...Array(Math.max(0, missing)).fill('0'), ...(tail ? tail.split(':') : [])];
  return all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
