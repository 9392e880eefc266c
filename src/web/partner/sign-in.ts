import * as oidc from 'openid-client';

/** How long a discovery, a token request or the fetching of keys may take, in seconds. */
const TIMEOUT_SECONDS = 5;
/** For how long a sign-in holds at most, and for how long where the provider does not say, in seconds. */
const MOST_SECONDS = 12 * 3600;
const USUAL_SECONDS = 3600;

/** The identity provider is out of reach: an outage, not a refusal. */
export class SignInUnavailableError extends Error {
  override readonly name = 'SignInUnavailableError';
}

/** What is remembered of a sign-in under way: it ties the answer of the provider to the browser that asked. */
export type SignInUnderWay = { state: string; nonce: string; verifier: string; next: string };

/** A sign-in that worked: an access token for the API, and until when it is used. */
export type SignedIn = { token: string; until: Date };

export type SignIn = {
  /** Where to send the browser, and what to remember. Throws a `SignInUnavailableError`. */
  begin: (next: string) => Promise<{ location: string; underWay: SignInUnderWay }>;
  /** Turns the provider's answer (the query of the callback) into a token. Throws where it is not the answer that was asked for. */
  end: (query: string, underWay: SignInUnderWay, now: Date) => Promise<SignedIn>;
};

export type SignInSettings = {
  issuer: string;
  clientId: string;
  /** Null for a public client. */
  clientSecret: string | null;
  /** For whom the access token is made (RFC 8707). */
  audience: string;
  publicUrl: string;
};

/** Signs browsers in by OpenID Connect: code flow with PKCE, state and nonce. The provider is sought at the first sign-in. */
export function createSignIn({ issuer, clientId, clientSecret, audience, publicUrl }: SignInSettings): SignIn {
  const callback = `${publicUrl}/partner/callback`;
  let found: Promise<oidc.Configuration> | undefined;
  const provider = async (): Promise<oidc.Configuration> => {
    found ??= discover(issuer, clientId, clientSecret);
    try {
      return await found;
    } catch (error) {
      found = undefined;
      throw new SignInUnavailableError('The identity provider cannot be reached.', { cause: error });
    }
  };

  return {
    async begin(next) {
      const verifier = oidc.randomPKCECodeVerifier();
      const underWay = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier, next };
      const location = oidc.buildAuthorizationUrl(await provider(), {
        redirect_uri: callback,
        scope: 'openid profile',
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state: underWay.state,
        nonce: underWay.nonce,
        resource: audience,
      });
      return { location: location.href, underWay };
    },
    async end(query, { state, nonce, verifier }, now) {
      const tokens = await oidc.authorizationCodeGrant(
        await provider(),
        new URL(`${callback}${query}`),
        { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true },
        { resource: audience },
      );
      const seconds = Math.min(tokens.expiresIn() ?? USUAL_SECONDS, MOST_SECONDS);
      return { token: tokens.access_token, until: new Date(now.getTime() + seconds * 1000) };
    },
  };
}

function discover(issuer: string, clientId: string, clientSecret: string | null): Promise<oidc.Configuration> {
  const isPlain = new URL(issuer).protocol === 'http:';
  return oidc.discovery(
    new URL(issuer),
    clientId,
    undefined,
    clientSecret === null ? oidc.None() : oidc.ClientSecretPost(clientSecret),
    // Only in development: production refuses an issuer without https.
    { timeout: TIMEOUT_SECONDS, ...(isPlain ? { execute: [oidc.allowInsecureRequests] } : {}) },
  );
}
