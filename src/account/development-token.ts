import { createLocalJWKSet, type JWTVerifyGetKey, SignJWT } from 'jose';

/**
 * DEVELOPMENT ONLY. This private key is public knowledge: whoever trusts it lets anyone in as anyone. It is a constant so that
 * the server, the tests and the `token` command agree without sharing a file. Production never loads it.
 */
export const DEVELOPMENT_KEY = {
  kty: 'EC',
  crv: 'P-256',
  x: 'cKs8dCoL6fvja9LQmb-4xrOP11Zob693cm_y2XnTUZU',
  y: '6vNGJOQR7XHBjMTGmyd_gEBxOW8IvQnYAUtBmC77jKY',
  d: 'ieu_iTd2Jy7-C_dVZVYswAijOce7Rx34LTZCwdQsQXk',
  alg: 'ES256',
  use: 'sig',
  kid: 'development-only',
};

/** The issuer of tokens made by the `token` command: not an address, so that they hold at whatever port the server runs. */
export const DEVELOPMENT_CLI_ISSUER = 'urn:reporting-portals:development';

/** The public half of the development key, for `createTokenVerifier`. */
export const developmentKeys: JWTVerifyGetKey = createLocalJWKSet({ keys: [publicHalf(DEVELOPMENT_KEY)] });

/**
 * Signs an access token for `subject` with the development key, valid from `now` for `hours` (more than 0), in the name of `DEVELOPMENT_CLI_ISSUER` (form: RFC 9068).
 */
export async function mintDevelopmentToken(token: {
  subject: string;
  audience: string;
  now: Date;
  hours: number;
}): Promise<string> {
  return new SignJWT({ client_id: 'development' })
    .setProtectedHeader({ alg: DEVELOPMENT_KEY.alg, typ: 'at+jwt', kid: DEVELOPMENT_KEY.kid })
    .setIssuer(DEVELOPMENT_CLI_ISSUER)
    .setSubject(token.subject)
    .setAudience(token.audience)
    .setIssuedAt(token.now)
    .setExpirationTime(new Date(token.now.getTime() + token.hours * 3_600_000))
    .sign(DEVELOPMENT_KEY);
}

function publicHalf({ d: _private, ...key }: typeof DEVELOPMENT_KEY) {
  return key;
}
