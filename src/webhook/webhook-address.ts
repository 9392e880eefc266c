import { config } from '../config.ts';
import { addressOfHost, isLoopback, isPublicAddress } from '../trace/public-address.ts';

const LONGEST = 2_000;

/**
 * The address that a webhook may have, or null: https, without a name and password, and where it names an IP address a public one. WEBHOOK_LOOPBACK,
 * for tests, permits plain http on this machine. What a name leads to is looked at each time that something is sent there.
 */
export function webhookAddress(text: string): URL | null {
  if (text.length > LONGEST || !URL.canParse(text)) return null;
  const url = new URL(text);
  const literal = addressOfHost(url.hostname);
  const local = config().webhookLoopback;
  if (url.protocol !== 'https:' && !(local && url.protocol === 'http:')) return null;
  if (url.username || url.password || url.hash) return null;
  if (literal && !isPublicAddress(literal) && !(local && isLoopback(literal))) return null;
  return url;
}
