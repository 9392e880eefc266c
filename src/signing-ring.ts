import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { calculateJwkThumbprint, compactVerify, exportJWK, type JWK } from 'jose';
import { derivedKeys, type SigningPurpose } from './secrets.ts';

/** The fixed head of an Ed25519 private key in PKCS#8 (RFC 8410); the 32 bytes of the seed follow it. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

type SigningKey = { privateKey: KeyObject; publicKey: KeyObject; publicJwk: JWK & { kid: string } };

const rings = new Map<SigningPurpose, Promise<SigningKey[]>>();

function ringOf(purpose: SigningPurpose): Promise<SigningKey[]> {
  const known = rings.get(purpose);
  if (known) return known;
  const ring = Promise.all(derivedKeys(purpose).map(signingKeyOf));
  rings.set(purpose, ring);
  return ring;
}

async function signingKeyOf(seed: Buffer): Promise<SigningKey> {
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey);
  const jwk = await exportJWK(publicKey);
  const publicJwk = { ...jwk, kid: await calculateJwkThumbprint(jwk), use: 'sig', alg: 'EdDSA' };
  return { privateKey, publicKey, publicJwk };
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}

/** The public keys by which anyone checks what was signed for a purpose: the newest, and the older ones of the ring. */
export async function publicKeysOf(purpose: SigningPurpose): Promise<JWK[]> {
  return (await ringOf(purpose)).map(({ publicJwk }) => publicJwk);
}

/** A text as a compact JWS (EdDSA over Ed25519) of this type, by the newest key of a purpose. The same text gives the same bytes. */
export async function signText(purpose: SigningPurpose, typ: string, text: string): Promise<string> {
  const [newest] = await ringOf(purpose);
  if (!newest) throw new Error('The key ring is empty.');
  const head = JSON.stringify({ alg: 'EdDSA', kid: newest.publicJwk.kid, typ });
  // Done here and not by jose: a job for a thread costs several times what this signature does, and each receipt has one.
  const signed = `${base64url(head)}.${base64url(text)}`;
  return `${signed}.${sign(null, Buffer.from(signed), newest.privateKey).toString('base64url')}`;
}

/** The text that a compact JWS of this type holds, where a key of the purpose's ring signed it; null for anything else. */
export async function signedText(purpose: SigningPurpose, typ: string, jws: string): Promise<string | null> {
  const keys = new Map((await ringOf(purpose)).map(({ publicJwk, publicKey }) => [publicJwk.kid, publicKey]));
  const keyNamed = ({ kid = '' }) => keys.get(kid) ?? Promise.reject(new Error('No key of the ring has this name.'));
  try {
    const { payload, protectedHeader } = await compactVerify(jws, keyNamed, { algorithms: ['EdDSA'] });
    return protectedHeader.typ === typ ? Buffer.from(payload).toString() : null;
  } catch {
    // Whatever is pasted or lies in a folder is data: no text of it is a fault of ours.
    return null;
  }
}
