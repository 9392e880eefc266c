import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type HttpBindings, serve } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDevelopmentIdentity, DEVELOPMENT_CLIENT_ID } from '../../src/account/development-identity.ts';
import { DEVELOPMENT_CLI_ISSUER, developmentKeys, mintDevelopmentToken } from '../../src/account/development-token.ts';
import { createTokenVerifier, remoteIssuer } from '../../src/account/verify-token.ts';

const audience = 'urn:reporting-portals:platform';
const accounts = [
  { subject: 'analyst', name: 'An Analyst', description: 'assesses cases' },
  { subject: 'partner', name: 'Partner <b>& Co</b>', description: 'reads the figures of Kenya' },
];

let server: Server;
let issuer: string;
let said: unknown[][];

beforeAll(async () => {
  said = [];
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((...words) => void said.push(words));
  }
  const app = new Hono<{ Bindings: HttpBindings }>();
  server = serve({ fetch: app.fetch, port: 0, hostname: 'localhost' }) as Server;
  await new Promise((resolve) => server.once('listening', resolve));
  issuer = `http://localhost:${(server.address() as AddressInfo).port}/identity`;

  const identity = createDevelopmentIdentity({ issuer, audience, accounts: async () => accounts });
  app.all('/identity/*', (c) => {
    identity.handle(c.env.incoming, c.env.outgoing);
    return RESPONSE_ALREADY_SENT;
  });
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  vi.restoreAllMocks();
});

/** A browser as far as sign-in needs one: it keeps cookies by path and follows redirects until they leave the provider. */
function browser() {
  const jar = new Map<string, { value: string; path: string }>();

  return async function visit(address: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(address);
    const cookie = [...jar]
      .filter(([, { path }]) => url.pathname === path || url.pathname.startsWith(`${path.replace(/\/$/, '')}/`))
      .map(([name, { value }]) => `${name.split(';')[0]}=${value}`)
      .join('; ');
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { accept: 'text/html', cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      const path = /path=([^;]*)/i.exec(line)?.[1] ?? '/';
      expect(path).toMatch(/^\/identity/);
      jar.set(`${name};${path}`, { value, path });
    }
    const location = response.headers.get('location');
    if (!location) return response;
    const next = new URL(location, url);
    return next.href.startsWith(`${issuer}/`) ? visit(next.href) : response;
  };
}

const discover = () =>
  openid.discovery(new URL(issuer), DEVELOPMENT_CLIENT_ID, undefined, openid.None(), {
    execute: [openid.allowInsecureRequests],
  });

async function openSignIn(visit = browser(), redirect = 'http://localhost:45678/sign-in/callback') {
  const client = await discover();
  const verifier = openid.randomPKCECodeVerifier();
  const state = openid.randomState();
  const start = openid.buildAuthorizationUrl(client, {
    redirect_uri: redirect,
    scope: 'openid profile',
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
  });
  const page = await visit(start.href);
  const press = (account: string) => visit(page.url, { method: 'POST', body: new URLSearchParams({ account }) });
  const exchange = (back: Response, pkceCodeVerifier = verifier) =>
    openid.authorizationCodeGrant(client, new URL(back.headers.get('location') ?? ''), {
      pkceCodeVerifier,
      expectedState: state,
    });
  return { page, html: await page.text(), press, exchange };
}

describe('the development sign-in', () => {
  it('lists the demonstration accounts on a page that says what it is', async () => {
    const { page, html } = await openSignIn();
    expect(page.status).toBe(200);
    expect(page.url).toMatch(/\/identity\/interaction\/[\w-]+$/);
    expect(html).toMatch(/^<!doctype html><html lang="en">/);
    expect(html).toContain('<title>Development sign-in</title>');
    expect(html).toContain('<h1>Development sign-in</h1>');
    expect(html).toContain('This is not a real sign-in.');
    expect(html).toMatch(/<button[^>]* value="analyst"[^>]*>An Analyst<\/button>/);
    expect(html).toContain('assesses cases');
    expect(html).toContain('Partner &lt;b&gt;&amp; Co&lt;/b&gt;');
    expect(html).not.toContain('<script');
  });

  it('allows its page no script, and the form to lead back to the client alone', async () => {
    const { page } = await openSignIn();
    const policy = page.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("form-action 'self' http://localhost:45678;");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toContain('script-src');
    expect(page.headers.get('cache-control')).toBe('no-store');
  });

  it('gives, for one press, an access token that the platform maps to the account', async () => {
    const { press, exchange } = await openSignIn();
    const back = await press('analyst');
    expect(back.status).toBe(303);
    expect(back.headers.get('location')).toMatch(/^http:\/\/localhost:45678\/sign-in\/callback\?code=/);

    const tokens = await exchange(back);
    expect(tokens.claims()).toMatchObject({
      iss: issuer,
      sub: 'analyst',
      aud: DEVELOPMENT_CLIENT_ID,
      name: 'An Analyst',
    });
    expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });

    const verify = createTokenVerifier({ issuers: [{ issuer, keys: developmentKeys }], audience });
    expect(await verify(tokens.access_token)).toEqual({ issuer, subject: 'analyst' });
    const verifyRemotely = createTokenVerifier({ issuers: [remoteIssuer(issuer)], audience });
    expect(await verifyRemotely(tokens.access_token)).toEqual({ issuer, subject: 'analyst' });
  });

  it('gives an ID token that the platform refuses, even where client and platform share an audience', async () => {
    const { press, exchange } = await openSignIn();
    const { id_token: idToken = '' } = await exchange(await press('analyst'));
    expect(decodeJwt(idToken).sub).toBe('analyst');
    for (const expected of [audience, DEVELOPMENT_CLIENT_ID]) {
      const verify = createTokenVerifier({ issuers: [{ issuer, keys: developmentKeys }], audience: expected });
      expect(await verify(idToken)).toBeNull();
    }
  });

  it('asks again at the next sign-in, so that one can change roles in the same browser', async () => {
    const visit = browser();
    const first = await openSignIn(visit);
    await first.exchange(await first.press('analyst'));
    const second = await openSignIn(visit);
    expect(second.html).toContain('An Analyst');
    const tokens = await second.exchange(await second.press('partner'));
    expect(decodeJwt(tokens.access_token).sub).toBe('partner');
  });

  it.each(['', 'nobody'])('tells the client that access was denied when %j is chosen', async (account) => {
    const { press } = await openSignIn();
    const location = new URL((await press(account)).headers.get('location') ?? '');
    expect(location.origin).toBe('http://localhost:45678');
    expect(location.searchParams.get('error')).toBe('access_denied');
    expect(location.searchParams.has('code')).toBe(false);
  });

  it('gives no token to whoever lacks the code verifier, nor a second one for the same code', async () => {
    const stolen = await openSignIn();
    const back = await stolen.press('analyst');
    await expect(stolen.exchange(back, openid.randomPKCECodeVerifier())).rejects.toThrow(openid.ResponseBodyError);

    const used = await openSignIn();
    const usedBack = await used.press('analyst');
    await used.exchange(usedBack);
    await expect(used.exchange(usedBack)).rejects.toThrow(openid.ResponseBodyError);
  });

  it('says that it is over when the browser has no part in it', async () => {
    const { page } = await openSignIn();
    const response = await browser()(page.url);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('This sign-in is over.');
  });

  it('sends nobody to an address that is not registered', async () => {
    for (const redirect of ['http://localhost:45678/elsewhere', 'https://other.example/sign-in/callback']) {
      const { page, html } = await openSignIn(browser(), redirect);
      expect(page.status).toBe(400);
      expect(page.headers.get('location')).toBeNull();
      expect(html).toContain('invalid_redirect_uri');
    }
  });

  it('returns to any port of the loopback', async () => {
    for (const redirect of ['http://localhost:1/callback', 'http://127.0.0.1:65000/sign-in/callback']) {
      const { press } = await openSignIn(browser(), redirect);
      expect((await press('analyst')).headers.get('location')).toContain(`${redirect}?code=`);
    }
  });

  it('issues no token for an audience other than the platform', async () => {
    const client = await discover();
    const start = openid.buildAuthorizationUrl(client, {
      redirect_uri: 'http://localhost:45678/callback',
      scope: 'openid',
      resource: 'https://other.example',
      code_challenge: await openid.calculatePKCECodeChallenge(openid.randomPKCECodeVerifier()),
      code_challenge_method: 'S256',
    });
    const response = await browser()(start.href);
    expect(response.headers.get('location')).toContain('error=invalid_target');
  });

  it('describes itself and its keys below its own path, without the private half', async () => {
    const discovery = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
    expect(discovery).toMatchObject({
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
    });
    const { keys } = await (await fetch(discovery.jwks_uri)).json();
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatchObject({ kty: 'EC', kid: 'development-only' });
    expect(keys[0]).not.toHaveProperty('d');
  });

  it('lets no page of another origin use its token endpoint', async () => {
    const response = await fetch(`${issuer}/token`, {
      method: 'POST',
      headers: { origin: 'http://localhost' },
      body: new URLSearchParams({ grant_type: 'authorization_code', client_id: DEVELOPMENT_CLIENT_ID }),
    });
    expect(response.status).toBe(400);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('answers 404 below its path to what it does not know', async () => {
    expect((await fetch(`${issuer}/nothing`)).status).toBe(404);
    expect((await fetch(issuer)).status).toBe(404);
  });
});

describe('a token made on the command line', () => {
  const now = new Date();
  const verify = createTokenVerifier({
    issuers: [{ issuer: DEVELOPMENT_CLI_ISSUER, keys: developmentKeys }],
    audience,
  });

  it('is believed wherever its issuer is, until its hours are over', async () => {
    const token = await mintDevelopmentToken({ subject: 'analyst', audience, now, hours: 2 });
    expect(await verify(token)).toEqual({ issuer: DEVELOPMENT_CLI_ISSUER, subject: 'analyst' });
    const { iat, exp } = decodeJwt(token);
    expect((exp ?? 0) - (iat ?? 0)).toBe(7200);

    const past = new Date(now.getTime() - 3 * 3_600_000);
    expect(await verify(await mintDevelopmentToken({ subject: 'analyst', audience, now: past, hours: 2 }))).toBeNull();
  });

  it('is refused where only the provider is trusted', async () => {
    const token = await mintDevelopmentToken({ subject: 'analyst', audience, now, hours: 2 });
    const providerOnly = createTokenVerifier({ issuers: [{ issuer, keys: developmentKeys }], audience });
    expect(await providerOnly(token)).toBeNull();
  });
});

it('writes nothing to the console, whatever was asked of it', () => {
  expect(said).toEqual([]);
});
