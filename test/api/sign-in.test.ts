import { SignJWT } from 'jose';
import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEVELOPMENT_CLIENT_ID } from '../../src/account/development-identity.ts';
import { DEVELOPMENT_CLI_ISSUER, DEVELOPMENT_KEY, mintDevelopmentToken } from '../../src/account/development-token.ts';
import { type Platform, send, startPlatform, tokenOf } from '../support/platform.ts';
import { statementsOf } from '../support/statements.ts';

const VIEWER = '{ viewer { id name role } }';
const audience = 'urn:reporting-portals:api';

let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.stop());

/** Asks with this very Authorization header. */
const askAs = (authorization: string, query = VIEWER) => send(platform.url, { query }, { authorization });

/** What somebody does in a browser: opens the provider's page, presses an account, comes back with a code. */
async function signInAs(subject: string): Promise<string> {
  const client = await openid.discovery(
    new URL(`${platform.url}/identity`),
    DEVELOPMENT_CLIENT_ID,
    undefined,
    openid.None(),
    { execute: [openid.allowInsecureRequests] },
  );
  const jar = new Map<string, string>();
  const visit = async (address: string, init: RequestInit = {}): Promise<Response> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(address, { ...init, redirect: 'manual', headers: { accept: 'text/html', cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(name, value);
    }
    const next = new URL(response.headers.get('location') ?? 'about:blank', address).href;
    return next.startsWith(`${platform.url}/identity/`) ? visit(next) : response;
  };
  const pkceCodeVerifier = openid.randomPKCECodeVerifier();
  const page = await visit(
    openid.buildAuthorizationUrl(client, {
      redirect_uri: 'http://localhost:45678/callback',
      scope: 'openid',
      code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    }).href,
  );
  const back = await visit(page.url, { method: 'POST', body: new URLSearchParams({ account: subject }) });
  const tokens = await openid.authorizationCodeGrant(client, new URL(back.headers.get('location') ?? ''), {
    pkceCodeVerifier,
  });
  return tokens.access_token;
}

describe('who signs in', () => {
  it('at the identity provider works with the token that it gives, in the role of the account', async () => {
    const { data } = await platform.ask(VIEWER, {}, { token: await signInAs('supervisor') });
    expect(data.viewer).toMatchObject({ name: 'Chidi Supervisor', role: 'SUPERVISOR' });
  });

  it('with a token from the command line is the same person', async () => {
    const byCode = await platform.ask(VIEWER, {}, { token: await signInAs('analyst') });
    expect(await platform.ask(VIEWER, {}, 'analyst')).toEqual(byCode);
  });

  it('costs one statement, and a stranger none', async () => {
    const token = await tokenOf('analyst');
    expect((await statementsOf(() => platform.ask(VIEWER, {}, { token }))).statements).toHaveLength(1);
    expect((await statementsOf(() => platform.ask(VIEWER))).statements).toEqual([]);
  });
});

const hours = (count: number) => new Date(Date.now() + count * 3_600_000);
const signed = (claims: Record<string, unknown>, header = {}) =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: DEVELOPMENT_KEY.kid, ...header })
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(DEVELOPMENT_KEY);
const good = { iss: DEVELOPMENT_CLI_ISSUER, sub: 'analyst', aud: audience };
const unsigned = (token: string) => {
  const [, payload] = token.split('.');
  return `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${payload}.`;
};

describe('a request is refused, whatever it asks, with', () => {
  it.each<[string, () => string | Promise<string>]>([
    ['an expired token', async () => `Bearer ${await tokenOf('analyst', hours(-3))}`],
    [
      'a token for another audience',
      async () =>
        `Bearer ${await mintDevelopmentToken({ subject: 'analyst', audience: 'urn:other', now: new Date(), hours: 1 })}`,
    ],
    ['a token of an unknown subject', async () => `Bearer ${await tokenOf('nobody-of-this-name')}`],
    ['a token of an unknown issuer', async () => `Bearer ${await signed({ ...good, iss: 'https://other.example' })}`],
    ['an ID token', async () => `Bearer ${await signed({ ...good, nonce: 'n' })}`],
    ['a token of another type', async () => `Bearer ${await signed(good, { typ: 'logout+jwt' })}`],
    ['an unsigned token', async () => `Bearer ${unsigned(await tokenOf('analyst'))}`],
    ['a token with a changed signature', async () => `Bearer ${(await tokenOf('analyst')).slice(0, -8)}AAAAAAAA`],
    ['words that are no token', () => 'Bearer these-are-only-some-words'],
    ['a token of 10,000 characters', () => `Bearer ${'x'.repeat(10_000)}`],
    ['a name and password', () => `Basic ${Buffer.from('analyst:secret').toString('base64')}`],
    ['an unknown key', () => `Bearer rp_00000000_${'A'.repeat(43)}`],
    ['an empty header', () => 'Bearer '],
  ])('%s', async (_, header) => {
    const authorization = await header();
    for (const query of [VIEWER, '{ portals { code } }', '{ __typename }', '{ queueSummary { disputed } }']) {
      const { status, data, errors } = await askAs(authorization, query);
      expect({ status, data, codes: errors.map(({ extensions }) => extensions.code) }).toEqual({
        status: 401,
        data: null,
        codes: ['UNAUTHENTICATED'],
      });
      const secret = authorization.slice(authorization.indexOf(' ') + 1);
      if (secret) expect(JSON.stringify(errors)).not.toContain(secret);
    }
  });

  it('a good token is let in, so that the list above proves something', async () => {
    expect((await askAs(`Bearer ${await signed(good)}`)).data.viewer.role).toBe('ANALYST');
  });
});

describe('rights are those of this moment', () => {
  const SAVE = `mutation ($input: SaveAccountInput!) {
    saveAccount(input: $input) { __typename ... on Account { id role disabledAt } }
  }`;
  const QUEUE = '{ queueSummary { disputed } }';

  it('a changed role counts from the next request, a disabled account is shut out, and saving lets it in again', async () => {
    const token = await tokenOf('temporary');
    const input = { subject: 'temporary', name: 'Temporary', role: 'ANALYST' };
    const ask = (query: string) => platform.ask(query, {}, { token });
    expect((await ask(QUEUE)).status).toBe(401);

    const { data } = await platform.ask(SAVE, { input }, 'admin');
    const { id } = data.saveAccount;
    expect((await ask(QUEUE)).data.queueSummary).toEqual({ disputed: 0 });

    await platform.ask(SAVE, { input: { ...input, id, role: 'ADMINISTRATOR' } }, 'admin');
    expect((await ask(QUEUE)).errors[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await ask('{ partners { name } }')).errors).toEqual([]);

    const disable = 'mutation ($id: ID!) { disableAccount(id: $id) { __typename } }';
    await platform.ask(disable, { id }, 'admin');
    expect(await ask('{ portals { code } }')).toMatchObject({
      status: 401,
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });

    const enabled = await platform.ask(SAVE, { input: { ...input, id } }, 'admin');
    expect(enabled.data.saveAccount).toEqual({ __typename: 'Account', id, role: 'ANALYST', disabledAt: null });
    expect((await ask(QUEUE)).errors).toEqual([]);
  });
});
