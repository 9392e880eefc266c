import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { CompactSign, calculateJwkThumbprint, compactVerify, exportJWK, type JWK } from 'jose';
import { z } from 'zod';
import { config } from '../config.ts';
import { derivedKeys } from '../secrets.ts';

/** The fixed head of an Ed25519 private key in PKCS#8 (RFC 8410); the 32 bytes of the seed follow it. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

const TYPE = 'proof-of-report+jws';
const STATEMENT = 'A report was made.';
/** In characters as pasted. A proof of twenty references has about 1,000. */
const MAX_PROOF_LENGTH = 8_000;

/** What a proof says, as it is signed. */
const provenClaims = z.object({
  statement: z.literal(STATEMENT),
  receivedOn: z.iso.date(),
  references: z.array(z.string()),
});

/** All that a proof of report tells: on which day it was received, and under which references. */
export type ProvenReport = { receivedOn: Date; references: string[] };

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
  const claims = { iss: config().publicUrl, statement: STATEMENT, receivedOn, references };
  return new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'EdDSA', kid: publicJwk.kid, typ: TYPE })
    .sign(privateKey);
}

/**
 * What a proof of report says, where a key of the ring signed it; null for any other text: altered, of another kind or key,
 * unsigned, or over 8,000 characters. White space and line breaks, as a mail adds them, do not matter.
 */
export async function provenReport(pasted: string): Promise<ProvenReport | null> {
  if (pasted.length > MAX_PROOF_LENGTH) return null;
  const proof = pasted.replace(/[\s\p{Cf}]/gu, '');
  if (!proof.split('.').every(isPlainBase64url)) return null;
  const keys = new Map((await ring()).map(({ publicJwk, privateKey }) => [publicJwk.kid, createPublicKey(privateKey)]));
  const claims = await signedClaims(proof, keys);
  return claims && { receivedOn: new Date(claims.receivedOn), references: claims.references };
}

async function signedClaims(proof: string, keys: Map<string, KeyObject>) {
  const keyNamed = ({ kid = '' }) => keys.get(kid) ?? Promise.reject(new Error('No key of the ring has this name.'));
  try {
    const { payload, protectedHeader } = await compactVerify(proof, keyNamed, { algorithms: ['EdDSA'] });
    if (protectedHeader.typ !== TYPE) return null;
    return provenClaims.safeParse(JSON.parse(Buffer.from(payload).toString())).data ?? null;
  } catch {
    // Whatever a stranger pastes is data: no text of it is a fault of ours.
    return null;
  }
}

// The last character of base64 can be written in several ways: only ours is taken, so that no other text is the same proof.
function isPlainBase64url(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part;
}
