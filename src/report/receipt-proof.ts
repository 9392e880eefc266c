import { z } from 'zod';
import { config } from '../config.ts';
import { signedText, signText } from '../signing-ring.ts';

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

/**
 * A proof of report: a JWS (EdDSA over Ed25519) that says only that a report was made on this day under these references.
 * The same input gives the same bytes.
 */
export function proveReport(receivedOn: string, references: string[]): Promise<string> {
  const claims = { iss: config().publicUrl, statement: STATEMENT, receivedOn, references };
  return signText('proof', TYPE, JSON.stringify(claims));
}

/**
 * What a proof of report says, where a key of the ring signed it; null for any other text: altered, of another kind or key,
 * unsigned, or over 8,000 characters. White space and line breaks, as a mail adds them, do not matter.
 */
export async function provenReport(pasted: string): Promise<ProvenReport | null> {
  if (pasted.length > MAX_PROOF_LENGTH) return null;
  const proof = pasted.replace(/[\s\p{Cf}]/gu, '');
  if (!proof.split('.').every(isPlainBase64url)) return null;
  const text = await signedText('proof', TYPE, proof);
  const claims = text && provenClaims.safeParse(jsonOf(text)).data;
  return claims ? { receivedOn: new Date(claims.receivedOn), references: claims.references } : null;
}

// The last character of base64 can be written in several ways: only ours is taken, so that no other text is the same proof.
function isPlainBase64url(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part;
}

// Whatever a key of ours signed, a stranger may paste it.
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
