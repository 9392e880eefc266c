import { bytesFromBase32 } from './base32.ts';
import { sha3256 } from './sha3.ts';

/** Whether a lower-case host belongs to the onion name space (RFC 7686). */
export function isOnionName(host: string): boolean {
  return host === 'onion' || host.endsWith('.onion');
}

/**
 * Whether a lower-case `.onion` host, subdomains allowed, names a service that can exist: version 3 with its checksum
 * right (Tor rend-spec-v3, "Encoding onion addresses"), or version 2, which has no checksum (retired in 2021, still reported).
 */
export function isOnionService(host: string): boolean {
  const service = host.split('.').at(-2) ?? '';
  if (/^[a-z2-7]{16}$/.test(service)) return true;
  if (!/^[a-z2-7]{56}$/.test(service)) return false;

  const bytes = bytesFromBase32(service);
  if (bytes === null) return false;
  const [publicKey, checksum, version] = [bytes.subarray(0, 32), bytes.subarray(32, 34), bytes[34]];
  if (version !== 3) return false;
  const expected = sha3256(new Uint8Array([...new TextEncoder().encode('.onion checksum'), ...publicKey, version]));
  return checksum.every((byte, index) => byte === expected[index]);
}
