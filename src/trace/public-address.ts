import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Of IPv6 nothing else is handed out (RFC 4291, and IANA's registry). */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');

/**
 * Whether an IP address is one of the public internet, so that a connection to it reaches no machine of ours. An IPv4 address
 * within an IPv6 one is judged as itself.
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.process(address);
  // The library takes the deprecated forms that embed an IPv4 address (::7f00:1) for unicast.
  return parsed.range() === 'unicast' && (parsed.kind() === 'ipv4' || parsed.match(GLOBAL_IPV6));
}

/** Whether an IP address is this machine's own. */
export function isLoopback(address: string): boolean {
  return isIP(address) !== 0 && ipaddr.process(address).range() === 'loopback';
}

/** The text form of an IP address that a host is, without the brackets of a web address; null for a name. */
export function addressOfHost(host: string): string | null {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  return isIP(bare) ? bare : null;
}
