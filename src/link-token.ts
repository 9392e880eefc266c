import { timingSafeEqual } from 'node:crypto';
import { keyedHashes, type LinkPurpose } from './secrets.ts';

const ID_BYTES = 16;
const MAC_BYTES = 16;

/** The token of a link (43 characters): the UUID of what it opens, and 128 bits that only we can make, for this purpose. */
export function linkTokenOf(purpose: LinkPurpose, id: string): string {
  const [mac] = macsOf(purpose, id);
  return Buffer.concat([bytesOfId(id), mac ?? Buffer.alloc(0)]).toString('base64url');
}

/** The id that a link's token names, or null for any text that we did not make for this purpose. */
export function idOfLink(purpose: LinkPurpose, token: string): string | null {
  const bytes = Buffer.from(token, 'base64url');
  // The last character of base64 can be written in several ways: only ours is taken.
  if (bytes.length !== ID_BYTES + MAC_BYTES || bytes.toString('base64url') !== token) return null;
  const id = idOfBytes(bytes.subarray(0, ID_BYTES));
  return macsOf(purpose, id).some((ours) => timingSafeEqual(ours, bytes.subarray(ID_BYTES))) ? id : null;
}

/** The 16 bytes of a UUID. */
export function bytesOfId(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

/** The UUID of 16 bytes. */
export function idOfBytes(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function macsOf(purpose: LinkPurpose, id: string): Buffer[] {
  return keyedHashes(purpose, id).map((hash) => Buffer.from(hash).subarray(0, MAC_BYTES));
}
