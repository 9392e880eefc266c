import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createLocalJWKSet,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
  UnsecuredJWT,
} from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { createTokenVerifier, IssuerUnavailableError, remoteIssuer } from '../../src/account/verify-token.ts';

const issuer = 'https://identity.example';
const audience = 'https://platform.example/graphql';
const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
const publicJwk = { ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig', kid: 'one' };
const verify = createTokenVerifier({ issuers: [{ issuer, keys: createLocalJWKSet({ keys: [publicJwk] }) }], audience });

const seconds = (fromNow: number) => Math.floor(Date.now() / 1000) + fromNow;
const good = (): JWTPayload => ({ iss: issuer, aud: audience, sub: 'someone', exp: seconds(60) });
const sign = (claims: JWTPayload, header: { [name in keyof JWTHeaderParameters]?: unknown } = {}, key = privateKey) =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'one', ...header } as JWTHeaderParameters)
    .sign(key);
const without = (claim: keyof JWTPayload) => ({ ...good(), [claim]: undefined });
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a token that is believed', () => {
  it('gives the issuer and the subject', async () => {
    expect(await verify(await sign(good()))).toEqual({ issuer, subject: 'someone' });
  });

  it.each(['at+jwt', 'application/at+jwt', 'JWT', 'AT+JWT'])('may be of the type %s', async (typ) => {
    expect(await verify(await sign(good(), { typ }))).not.toBeNull();
  });

  it('may be meant for other audiences beside ours', async () => {
    expect(await verify(await sign({ ...good(), aud: ['https://other.example', audience] }))).not.toBeNull();
  });

  it('may have expired four seconds ago, since clocks differ', async () => {
    expect(await verify(await sign({ ...good(), exp: seconds(-4) }))).not.toBeNull();
  });

  it.each(['RS256', 'PS256', 'EdDSA'])('may be signed with %s', async (alg) => {
    const pair = await generateKeyPair(alg, { extractable: true });
    const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(pair.publicKey)), alg, kid: 'one' }] });
    const verifyThis = createTokenVerifier({ issuers: [{ issuer, keys }], audience });
    expect(await verifyThis(await sign(good(), { alg }, pair.privateKey))).toEqual({ issuer, subject: 'someone' });
  });

  it('is checked with the keys of its own issuer only', async () => {
    const second = await generateKeyPair('ES256', { extractable: true });
    const secondKeys = createLocalJWKSet({ keys: [{ ...(await exportJWK(second.publicKey)), alg: 'ES256' }] });
    const verifyBoth = createTokenVerifier({
      issuers: [
        { issuer, keys: createLocalJWKSet({ keys: [publicJwk] }) },
        { issuer: 'https://second.example', keys: secondKeys },
      ],
      audience,
    });
    const claims = { ...good(), iss: 'https://second.example' };
    const header = { kid: undefined };
    expect(await verifyBoth(await sign(claims, header, second.privateKey))).toEqual({
      issuer: 'https://second.example',
      subject: 'someone',
    });
    expect(await verifyBoth(await sign(claims))).toBeNull();
    expect(await verifyBoth(await sign(good(), header, second.privateKey))).toBeNull();
  });
});

describe('a token that is refused', () => {
  const refused: Record<string, () => Promise<string> | string> = {
    'for another audience': () => sign({ ...good(), aud: 'https://other.example' }),
    'for an audience that merely begins like ours': () => sign({ ...good(), aud: `${audience}/more` }),
    'of another issuer': () => sign({ ...good(), iss: 'https://other.example' }),
    'of an issuer that differs by a slash': () => sign({ ...good(), iss: `${issuer}/` }),
    'expired a minute ago': () => sign({ ...good(), exp: seconds(-60) }),
    'not valid yet': () => sign({ ...good(), nbf: seconds(60) }),
    'without an expiry': () => sign(without('exp')),
    'without an audience': () => sign(without('aud')),
    'without an issuer': () => sign(without('iss')),
    'without a subject': () => sign(without('sub')),
    'with an empty subject': () => sign({ ...good(), sub: '' }),
    'with a subject that is no text': () => sign({ ...good(), sub: 7 as unknown as string }),
    'without a type': () => sign(good(), { typ: undefined }),
    'of the type of a logout token': () => sign(good(), { typ: 'logout+jwt' }),
    'that is an ID token, by its nonce': () => sign({ ...good(), nonce: 'n' }, { typ: 'JWT' }),
    'that is an ID token, by its at_hash': () => sign({ ...good(), at_hash: 'h' }, { typ: 'JWT' }),
    "that is Keycloak's ID token": () => sign({ ...good(), typ: 'ID' }, { typ: 'JWT' }),
    "that is Cognito's ID token": () => sign({ ...good(), token_use: 'id' }, { typ: 'JWT' }),
    'signed by nobody (alg none)': () => new UnsecuredJWT(good()).encode(),
    'signed by nobody, that names our key': () =>
      `${part({ alg: 'none', typ: 'at+jwt', kid: 'one' })}.${part(good())}.`,
    'signed with HS256 and the public key as the secret': async () =>
      new SignJWT(good())
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'one' })
        .sign(new TextEncoder().encode(await exportSPKI(publicKey))),
    'signed by another key under the name of ours': async () =>
      sign(good(), {}, (await generateKeyPair('ES256')).privateKey),
    'signed by a key that the issuer does not list': async () =>
      sign(good(), { kid: 'two' }, (await generateKeyPair('ES256')).privateKey),
    'signed with an algorithm that is not listed': async () =>
      sign(good(), { alg: 'ES384' }, (await generateKeyPair('ES384')).privateKey),
    'whose payload was changed': async () => {
      const [header, , signature] = (await sign(good())).split('.');
      return `${header}.${part({ ...good(), sub: 'someone-else' })}.${signature}`;
    },
    'whose header was changed': async () => {
      const [, payload, signature] = (await sign(good())).split('.');
      return `${part({ alg: 'ES256', typ: 'JWT', kid: 'one' })}.${payload}.${signature}`;
    },
    'whose signature is cut short': async () => (await sign(good())).slice(0, -4),
    'without a signature': async () => (await sign(good())).split('.').slice(0, 2).join('.'),
    'that carries its own key': async () => {
      const stranger = await generateKeyPair('ES256', { extractable: true });
      return sign(good(), { jwk: await exportJWK(stranger.publicKey) }, stranger.privateKey);
    },
    'with a critical header that nobody knows': async () =>
      `${part({ alg: 'ES256', typ: 'at+jwt', kid: 'one', crit: ['x'], x: 1 })}.${part(good())}.AAAA`,
  };

  it.each(Object.keys(refused))('is one %s', async (name) => {
    expect(await verify(await refused[name]!())).toBeNull();
  });

  it('is any garbage', async () => {
    const garbage = ['', '.', '..', 'garbage', 'a.b.c', 'a.b.c.d.e', `${part(null)}.${part([])}.x`, '\u0000.💥.é'];
    for (const text of [...garbage, 'x'.repeat(20_000)]) expect(await verify(text)).toBeNull();
  });

  it('is one with any single character changed', async () => {
    const token = await sign(good());
    for (let at = 0; at < token.length; at += 3) {
      const changed = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
      // The last character of a part carries unused bits, so that a change may decode to the same bytes.
      const same = token
        .split('.')
        .every((value, index) =>
          Buffer.from(value, 'base64url').equals(Buffer.from(changed.split('.')[index] ?? '', 'base64url')),
        );
      if (!same) expect(await verify(changed)).toBeNull();
    }
  });
});

describe('an issuer that is found by discovery', () => {
  let server: Server | undefined;
  const listen = async (answer: (address: string) => RequestListener, port = 0) => {
    const started = createServer((req, res) => answer(address())(req, res));
    const address = () => `http://localhost:${(started.address() as AddressInfo).port}`;
    await new Promise<void>((resolve) => started.listen(port, 'localhost', resolve));
    server = started;
    return address();
  };
  const close = async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    server = undefined;
  };
  afterEach(close);

  const asked: string[] = [];
  const healthy =
    (address: string): RequestListener =>
    (req, res) => {
      asked.push(req.url ?? '');
      const document = req.url?.endsWith('/openid-configuration')
        ? { issuer: address, jwks_uri: `${address}/keys` }
        : { keys: [publicJwk] };
      res.setHeader('content-type', 'application/json').end(JSON.stringify(document));
    };
  const broken = (): RequestListener => (_req, res) => res.writeHead(500).end();
  const tokenOf = (address: string) => sign({ ...good(), iss: address });
  const verifierOf = (address: string) => createTokenVerifier({ issuers: [remoteIssuer(address)], audience });

  it('is asked once, and its keys are remembered', async () => {
    const address = await listen(healthy);
    asked.length = 0;
    const verifyRemote = verifierOf(address);
    const tokens = await Promise.all([tokenOf(address), tokenOf(address), tokenOf(address)]);
    expect(await Promise.all(tokens.map(verifyRemote))).toEqual(Array(3).fill({ issuer: address, subject: 'someone' }));
    expect(asked).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  it('is not asked on behalf of tokens that name nobody we trust', async () => {
    const address = await listen(healthy);
    asked.length = 0;
    expect(await verifierOf(address)(await sign(good()))).toBeNull();
    expect(asked).toEqual([]);
  });

  it('is an outage, not a refusal, while it cannot be reached, and is asked again afterwards', async () => {
    const address = await listen(healthy);
    const token = await tokenOf(address);
    const verifyRemote = verifierOf(address);
    await close();
    await expect(verifyRemote(token)).rejects.toThrow(IssuerUnavailableError);

    await listen(broken, Number(new URL(address).port));
    await expect(verifyRemote(token)).rejects.toThrow(IssuerUnavailableError);

    await close();
    await listen(healthy, Number(new URL(address).port));
    expect(await verifyRemote(token)).toEqual({ issuer: address, subject: 'someone' });
  });

  it('is an outage when only its keys cannot be fetched', async () => {
    const address = await listen((self) => (req, res) => (req.url === '/keys' ? broken() : healthy(self))(req, res));
    await expect(verifierOf(address)(await tokenOf(address))).rejects.toThrow(IssuerUnavailableError);
  });

  it.each([
    ['names another issuer', (self: string) => ({ issuer: 'https://other.example', jwks_uri: `${self}/keys` })],
    [
      'lists keys without encryption',
      (self: string) => ({ issuer: self, jwks_uri: `${self.replace('localhost', '0.0.0.0')}/keys` }),
    ],
    ['lists no keys', (self: string) => ({ issuer: self })],
  ])('is not believed when its discovery document %s', async (_name, document) => {
    const address = await listen(
      (self) => (req, res) => (req.url === '/keys' ? healthy(self)(req, res) : res.end(JSON.stringify(document(self)))),
    );
    await expect(verifierOf(address)(await tokenOf(address))).rejects.toThrow(IssuerUnavailableError);
  });

  it('must have an https address, except on the loopback', () => {
    expect(() => remoteIssuer('http://identity.example')).toThrow(TypeError);
    expect(() => remoteIssuer('identity.example')).toThrow(TypeError);
    expect(() => remoteIssuer('http://localhost.example')).toThrow(TypeError);
    expect(remoteIssuer('https://identity.example').issuer).toBe('https://identity.example');
    expect(remoteIssuer('http://127.0.0.1:4000').issuer).toBe('http://127.0.0.1:4000');
  });
});
