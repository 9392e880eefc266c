import { Resolver } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { config } from '../config.ts';
import { addressOfHost, isLoopback, isPublicAddress } from './public-address.ts';

/** Why a host may not be spoken to: one of its addresses is not public, or it has none that anybody knows. */
export type Unfit = 'NOT_PUBLIC' | 'NO_ADDRESS';

/**
 * The address at which a host may be spoken to. All addresses of its name must be public, since one that mixes public and private ones is not
 * to be trusted; `loopback`, for development and tests, permits this machine too.
 */
export async function publicAddressOf(
  hostname: string,
  loopback: boolean,
  signal: AbortSignal,
): Promise<{ address: string } | { unfit: Unfit }> {
  const literal = addressOfHost(hostname);
  const addresses = literal ? [literal] : await addressesOf(hostname, signal);
  const [address] = addresses;
  if (address === undefined) return { unfit: 'NO_ADDRESS' };
  const passes = (one: string) => isPublicAddress(one) || (loopback && isLoopback(one));
  return addresses.every(passes) ? { address } : { unfit: 'NOT_PUBLIC' };
}

/** Lets a socket connect to the very address that was checked, whatever the name system says a moment later. */
export function pinnedTo(address: string): LookupFunction {
  const family = isIP(address);
  return (_host, options, found) => (options.all ? found(null, [{ address, family }]) : found(null, address, family));
}

async function addressesOf(hostname: string, signal: AbortSignal): Promise<string[]> {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  const servers = config().dnsServers;
  if (servers) resolver.setServers(servers);
  const cancel = () => resolver.cancel();
  signal.addEventListener('abort', cancel);
  try {
    const [v4, v6] = await Promise.all([
      resolver.resolve4(hostname).catch(() => []),
      resolver.resolve6(hostname).catch(() => []),
    ]);
    return [...v4, ...v6];
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
