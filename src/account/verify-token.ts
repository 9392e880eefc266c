import { createHash } from 'node:crypto';
import { createRemoteJWKSet, decodeJwt, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';

/** An issuer whose access tokens are believed, and where its public keys come from. */
export type TrustedIssuer = { issuer: string; keys: JWTVerifyGetKey };

/** Who a token speaks for: `subject` is unique within `issuer` only. */
export type VerifiedToken = { issuer: string; subject: string };

/** `until` is in milliseconds since 1970. */
type GoodToken = { verified: VerifiedToken; until: number };

/** The issuer's keys cannot be had, so nothing can be said about its tokens: an outage, not a refusal. */
export class IssuerUnavailableError extends Error {
  override readonly name = 'IssuerUnavailableError';
  readonly issuer: string;

  constructor(issuer: string, cause: unknown) {
    super(`The keys of the issuer ${issuer} are not available.`, { cause });
    this.issuer = issuer;
  }
}

// No symmetric algorithm: a public key must never serve as a shared secret (RFC 8725, section 2.1).
const ALGORITHMS = ['ES256', 'RS256', 'PS256', 'EdDSA'];
// RFC 9068 asks for `at+jwt`; issuers that are older than it write `JWT`.
const TYPES = ['at+jwt', 'application/at+jwt', 'jwt'];
const CLOCK_TOLERANCE_SECONDS = 5;
const DISCOVERY_TIMEOUT_MS = 5_000;
/** A token that was found good is not verified again for so long: an issuer's withdrawn key counts a minute later. */
const GOOD_FOR_MS = 60_000;
const KEPT = 10_000;

/**
 * Makes a check of access tokens that answers null for every token not to be believed, and throws `IssuerUnavailableError` when the issuer's keys cannot be fetched (rules: RFC 8725, RFC 9068).
 */
export function createTokenVerifier(trust: {
  issuers: readonly TrustedIssuer[];
  audience: string;
}): (token: string) => Promise<VerifiedToken | null> {
  // By their hashes, so that memory holds no token longer than its request does.
  const good = new Map<string, GoodToken>();

  return async (token) => {
    const hash = createHash('sha256').update(token).digest('base64');
    const known = good.get(hash);
    if (known && known.until > Date.now()) return known.verified;
    const found = await verify(token);
    if (!found) return null;
    if (good.size >= KEPT) good.clear();
    good.set(hash, found);
    return found.verified;
  };

  async function verify(token: string): Promise<GoodToken | null> {
    const claimed = claimedIssuer(token);
    const trusted = trust.issuers.find(({ issuer }) => issuer === claimed);
    if (!trusted) return null;

    try {
      const { payload, protectedHeader } = await jwtVerify(token, keysOrOutage(trusted), {
        algorithms: ALGORITHMS,
        issuer: trusted.issuer,
        audience: trust.audience,
        requiredClaims: ['exp', 'sub'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
      if (!TYPES.includes(protectedHeader.typ?.toLowerCase() ?? '')) return null;
      if (isIdToken(payload)) return null;
      // The library checks that a subject is there, not that it is a text, whatever its type says.
      if (typeof payload.sub !== 'string' || payload.sub === '') return null;
      return { verified: { issuer: trusted.issuer, subject: payload.sub }, until: goodUntil(payload) };
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  }
}

function goodUntil({ exp = 0 }: JWTPayload): number {
  return Math.min((exp + CLOCK_TOLERANCE_SECONDS) * 1000, Date.now() + GOOD_FOR_MS);
}

/**
 * Trusts the OpenID Connect issuer at this address (https, or http on the loopback; else throws a TypeError), whose keys are found by discovery at first use, cached, and sought again after a failure.
 */
export function remoteIssuer(issuer: string): TrustedIssuer {
  if (!isSafeUrl(issuer)) throw new TypeError(`The issuer must be an https address: ${issuer}`);

  let discovered: Promise<JWTVerifyGetKey> | undefined;
  const keys: JWTVerifyGetKey = async (header, token) => {
    discovered ??= discoverKeys(issuer).catch((error: unknown) => {
      discovered = undefined;
      throw error;
    });
    return (await discovered)(header, token);
  };
  return { issuer, keys };
}

async function discoverKeys(issuer: string): Promise<JWTVerifyGetKey> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    redirect: 'error',
    signal: AbortSignal.timeout(DISCOVERY_TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`Discovery answered ${response.status}.`);

  // The document must name the very issuer that was asked (OpenID Connect Discovery 1.0, section 4.3).
  const discovery = z.object({ issuer: z.literal(issuer), jwks_uri: z.string().refine(isSafeUrl) });
  const { jwks_uri } = discovery.parse(await response.json());
  return createRemoteJWKSet(new URL(jwks_uri));
}

function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  if (protocol === 'https:') return true;
  return protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

function claimedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

// A key that the set lacks is the token's fault; whatever else keeps the keys away is the issuer's.
function keysOrOutage({ issuer, keys }: TrustedIssuer): JWTVerifyGetKey {
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) throw error;
      if (error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      throw new IssuerUnavailableError(issuer, error);
    }
  };
}

// Where an issuer gives a client and the platform the same audience, only these marks tell an ID token from an access
// token: OpenID Connect Core 1.0, section 2 (nonce, at_hash, c_hash), Keycloak (typ), Cognito (token_use).
function isIdToken(payload: JWTPayload): boolean {
  if (['nonce', 'at_hash', 'c_hash'].some((claim) => claim in payload)) return true;
  return payload['typ'] === 'ID' || payload['token_use'] === 'id';
}
