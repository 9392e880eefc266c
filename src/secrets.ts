import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { config, type SecretKey } from './config.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What a derived key signs: proofs of report, the heads of the audit trail, the URL list. */
export type SigningPurpose = 'proof' | 'audit-anchor' | 'url-list';

/** What a link that opens something by itself is for. */
export type LinkPurpose = 'notice-link' | 'briefing-confirm' | 'briefing-stop' | 'embed';

/** What a derived key may be used for. One secret serves all, by HKDF (RFC 5869), so that operators keep one. */
type Purpose =
  | SigningPurpose
  | LinkPurpose
  | 'seal'
  | 'access-code'
  | 'access-code-hash'
  | 'idempotency'
  | 'api-key'
  | 'challenge'
  | 'sandbox'
  | 'notice-mail';

// A submission takes several keys: each is derived once a process.
const derived = new WeakMap<SecretKey, Map<Purpose, Buffer>>();

function derive(key: SecretKey, purpose: Purpose): Buffer {
  const ofKey = derived.get(key) ?? new Map<Purpose, Buffer>();
  derived.set(key, ofKey);
  const known = ofKey.get(purpose) ?? Buffer.from(hkdfSync('sha256', key.bytes, 'reporting-portals', purpose, 32));
  ofKey.set(purpose, known);
  return known;
}

function firstKey(): SecretKey {
  const [first] = config().secrets;
  if (!first) throw new Error('The key ring is empty.');
  return first;
}

/** The 32 bytes that this installation derives for a purpose from its newest key. */
export function derivedKey(purpose: Purpose): Buffer {
  return derive(firstKey(), purpose);
}

/** The same for every key of the ring, newest first: what was made with an older key still holds. */
export function derivedKeys(purpose: Purpose): Buffer[] {
  return config().secrets.map((key) => derive(key, purpose));
}

/** HMAC-SHA-256 (32 bytes) of a text under the newest key: what is stored in place of a secret. */
export function keyedHash(purpose: Purpose, text: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHmac('sha256', derivedKey(purpose)).update(text).digest());
}

/** The keyed hashes of a text under every key of the ring, newest first: what to look a stored hash up by. */
export function keyedHashes(purpose: Purpose, text: string): Uint8Array<ArrayBuffer>[] {
  return config().secrets.map(
    (key) => new Uint8Array(createHmac('sha256', derive(key, purpose)).update(text).digest()),
  );
}

/** Encrypts a text for storage (AES-256-GCM). Layout: length of the key's id, id, 12 bytes nonce, 16 bytes tag, ciphertext. */
export function seal(text: string): Uint8Array<ArrayBuffer> {
  const key = firstKey();
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', derive(key, 'seal'), nonce);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  const id = Buffer.from(key.id, 'ascii');
  return new Uint8Array(Buffer.concat([Buffer.from([id.length]), id, nonce, cipher.getAuthTag(), sealed]));
}

/** The text that `seal` stored. Throws if its key has left the ring or a byte was changed. */
export function unseal(stored: Uint8Array): string {
  const bytes = Buffer.from(stored);
  const idEnd = 1 + (bytes[0] ?? 0);
  const id = bytes.toString('ascii', 1, idEnd);
  const key = config().secrets.find((candidate) => candidate.id === id);
  if (!key) throw new Error(`The key "${id}" is not in SECRETS, so what it sealed cannot be read.`);
  const tagStart = idEnd + NONCE_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', derive(key, 'seal'), bytes.subarray(idEnd, tagStart));
  decipher.setAuthTag(bytes.subarray(tagStart, tagStart + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(tagStart + TAG_BYTES)), decipher.final()]).toString('utf8');
}
