import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { CompactSign, calculateJwkThumbprint, exportJWK, type JWK } from 'jose';
import { config } from '../config.ts';
import { derivedKeys } from '../secrets.ts';

/** The fixed head of an Ed25519 private key in PKCS#8 (RFC 8410); the 32 bytes of the seed follow it. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

type ProofKey = { privateKey: KeyObject; publicJwk: JWK & { kid: string } };
let proofRing: Promise<ProofKey[]> | undefined;

async function proofKeyOf(seed: Buffer): Promise<ProofKey> {
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' });
  const jwk = await exportJWK(createPublicKey(privateKey));
  return { privateKey, publicJwk: { ...jwk, kid: await calculateJwkThumbprint(jwk), use: 'sig', alg: 'EdDSA' } };
}

function ring(): Promise<ProofKey[]> {
  proofRing ??= Promise.all(derivedKeys('proof').map(proofKeyOf));
  return proofRing;
}

/** The public key set by which anyone checks a proof of report: the newest key, and the older ones of the ring. */
export async function proofKeys(): Promise<{ keys: JWK[] }> {
  return { keys: (await ring()).map(({ publicJwk }) => publicJwk) };
}

/**
 * A proof of report: a JWS (EdDSA over Ed25519) that says only that a report was made on this day under these references.
 * The same input gives the same bytes.
 */
export async function proveReport(receivedOn: string, references: string[]): Promise<string> {
  const [newest] = await ring();
  if (!newest) throw new Error('The key ring is empty.');
  const { privateKey, publicJwk } = newest;
  const claims = { iss: config().publicUrl, statement: 'A report was made.', receivedOn, references };
  return new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'EdDSA', kid: publicJwk.kid, typ: 'proof-of-report+jws' })
    .sign(privateKey);
}
