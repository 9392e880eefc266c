// What each kind of answer says to a browser besides its body: the exact set, so that a header which nobody decided on shows.
import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Platform, startPlatform, tokenOf } from './support/platform.ts';

/** How an answer's bytes are carried from machine to machine, and the clock. */
const FRAMING = new Set(['date', 'content-length', 'connection', 'keep-alive', 'transfer-encoding']);

const CLOSED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
// The one style element of a page holds the portal's colour; its hash stands for it.
const PAGE =
  "default-src 'none'; style-src 'self' 'sha256-…'; script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const OWN_STYLE =
  "default-src 'none'; style-src 'sha256-…'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

type Headers = Record<string, string>;
type Sent = { method?: string; headers?: Headers; body?: string };
/** An answer: how it is asked for, its status, its type, and what it says beyond or in place of what every answer says. */
type Kind = [name: string, path: string, sent: Sent, status: number, type: string, own?: Headers];

const page: Headers = { 'content-security-policy': PAGE };
const HTML = 'text/html; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';
const METRICS_TOKEN = 'a token that only the scraper has';
const gzip: Sent = { headers: { 'accept-encoding': 'gzip' } };
const asked = (query: string, headers: Headers = {}): Sent => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify({ query }),
});
const posted = (form: string, type = 'application/x-www-form-urlencoded'): Sent => ({
  method: 'POST',
  headers: { 'content-type': type },
  body: form,
});
const cached: Headers = { 'cache-control': 'public, max-age=31536000, immutable' };
const packed: Headers = { 'content-encoding': 'gzip' };

const kinds: Kind[] = [
  ['the landing page', '/', {}, 200, HTML, page],
  ['the landing page in a language', '/languages/ar', {}, 200, HTML, page],
  ['a portal’s first page', '/ke', {}, 200, HTML, page],
  ['the same, packed', '/ke/en', gzip, 200, HTML, { ...page, ...packed }],
  ['the same, by HEAD', '/ke/en', { method: 'HEAD' }, 200, HTML, page],
  ['a receipt', '/ke/en', posted('address=https://headers.example/'), 200, HTML, page],
  ['a form with a fault', '/ke/en', posted('address='), 422, HTML, page],
  ['a form of another type', '/ke/en', posted('address=', 'text/plain'), 415, HTML, page],
  ['a form that is too large', '/ke/en', posted(`address=${'x'.repeat(170_000)}`), 413, HTML, page],
  ['the status page', '/ke/en/status', {}, 200, HTML, page],
  ['a status that is not there', '/ke/en/status', posted('accessCode=1'), 404, HTML, page],
  ['the questions', '/ke/en/questions', posted('accessCode=1'), 404, HTML, page],
  ['the help lines', '/ke/en/help', {}, 200, HTML, page],
  ['the page that checks a proof', '/proof', {}, 200, HTML, page],
  ['the same, asked', '/proof/en', posted('proof=words'), 422, HTML, page],
  [
    'the page for developers',
    '/developers',
    {},
    200,
    'text/html; charset=UTF-8',
    { 'content-security-policy': OWN_STYLE },
  ],
  ['a page that is not there', '/none/such/page', {}, 404, HTML, page],
  ['an asset that is not there', '/assets/none.css', {}, 404, HTML, page],
  ['the style sheet', 'style', {}, 200, 'text/css; charset=utf-8', cached],
  [
    'the style sheet, packed',
    'style',
    gzip,
    200,
    'text/css; charset=utf-8',
    { ...cached, ...packed, vary: 'accept-encoding' },
  ],
  ['the script', 'script', {}, 200, 'text/javascript; charset=utf-8', cached],
  ['an answer of the API', '/graphql', asked('{ portals { code } }'), 200, JSON_TYPE],
  ['a refusal of the API', '/graphql', asked('{ cases { __typename } }'), 200, JSON_TYPE],
  ['a request that is none', '/graphql', asked('{'), 200, JSON_TYPE],
  [
    'a token that is not ours',
    '/graphql',
    asked('{ viewer { name } }', { authorization: 'Bearer x' }),
    401,
    JSON_TYPE,
    { 'www-authenticate': 'Bearer' },
  ],
  ['a read by GET', '/graphql', {}, 405, JSON_TYPE, { allow: 'POST' }],
  ['an operation of another type', '/graphql', { ...posted('x', 'text/plain') }, 415, JSON_TYPE],
  ['a foreign page’s question', '/graphql', asked('{ x }', { origin: 'https://foreign.example' }), 403, JSON_TYPE],
  ['the schema', '/schema.graphql', {}, 200, 'text/plain; charset=UTF-8'],
  ['the keys of proofs', '/.well-known/jwks.json', {}, 200, 'application/json', { 'access-control-allow-origin': '*' }],
  ['health', '/health', {}, 200, 'application/json'],
  ['readiness', '/ready', {}, 200, 'application/json'],
  [
    'the metrics',
    '/metrics',
    { headers: { authorization: `Bearer ${METRICS_TOKEN}` } },
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ],
  ['the metrics, kept from strangers', '/metrics', {}, 404, 'text/plain; charset=UTF-8'],
];

const always: Headers = {
  'content-security-policy': CLOSED,
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** The status and the headers of an answer, each name as often as it came; the body is thrown away. */
function headersOf(path: string, { method = 'GET', headers = {}, body = '' }: Sent) {
  return new Promise<{ status: number | undefined; headers: [string, string][] }>((resolve, reject) => {
    const options = { host: '127.0.0.1', port: process.env['PORT'], path, method, headers, agent: false };
    const sent = request(options, (response) => {
      const raw = response.rawHeaders;
      const pairs = raw.flatMap((name, at): [string, string][] =>
        at % 2 ? [] : [[name.toLowerCase(), raw[at + 1] ?? '']],
      );
      const kept = pairs
        .filter(([name]) => !FRAMING.has(name))
        .map(([name, value]): [string, string] => [name, value.replace(/sha256-[\w+/]+=*/g, 'sha256-…')]);
      resolve({ status: response.statusCode, headers: kept.sort() });
      response.destroy();
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const exactly = (...parts: Headers[]): [string, string][] =>
  Object.entries(Object.assign({}, ...parts) as Headers).sort();

describe('every answer in production', () => {
  const environment = {
    NODE_ENV: 'production',
    SECRETS: `test:${randomBytes(32).toString('base64url')}`,
    OIDC_ISSUER: 'https://issuer.example',
    PUBLIC_URL: 'https://portals.example',
    TRUSTED_PROXIES: '0',
    METRICS_TOKEN,
  };
  let platform: Platform;
  const assets: Record<string, string> = {};
  beforeAll(async () => {
    platform = await startPlatform(environment);
    const html = await (await fetch(`http://127.0.0.1:${process.env['PORT']}/ke/en`)).text();
    assets['style'] = /\/assets\/style\.\w+\.css/.exec(html)?.[0] ?? '';
    assets['script'] = /\/assets\/page\.\w+\.js/.exec(html)?.[0] ?? '';
  });
  afterAll(async () => {
    await platform.stop();
    for (const name of Object.keys(environment)) delete process.env[name];
    vi.resetModules();
  });

  it.each(kinds)('has these headers and no other: %s', async (_, path, sent, status, type, own = {}) => {
    const answer = await headersOf(assets[path] ?? path, sent);
    const hsts = { 'strict-transport-security': 'max-age=63072000' };
    expect(answer).toEqual({ status, headers: exactly(always, hsts, { 'content-type': type }, own) });
  });
});

describe('every answer in development', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform();
  });
  afterAll(() => platform.stop());

  it('has the same headers but the one that demands https', async () => {
    expect(await headersOf('/ke/en', {})).toEqual({
      status: 200,
      headers: exactly(always, { 'content-type': HTML }, page),
    });
    const { headers } = await headersOf('/start', {});
    expect(headers).toEqual(
      exactly(always, { 'content-type': 'text/html; charset=UTF-8', 'content-security-policy': OWN_STYLE }),
    );
  });

  it('has them also where it leads on to another place', async () => {
    const location = '/identity/.well-known/openid-configuration';
    expect(await headersOf('/identity', {})).toEqual({ status: 302, headers: exactly(always, { location }) });
  });

  it('has them also where it goes on for hours', async () => {
    const authorization = `Bearer ${await tokenOf('analyst')}`;
    const { status, headers } = await headersOf(
      '/graphql',
      asked('subscription { queueChanged { asOf } }', { authorization, accept: 'text/event-stream' }),
    );
    expect({ status, headers }).toEqual({
      status: 200,
      headers: exactly(always, { 'content-type': 'text/event-stream', 'content-encoding': 'none' }),
    });
  });

  // A request that meets the closing of an idle connection fails; load balancers close theirs after a minute.
  it('comes on a connection that is kept for longer than a minute', async () => {
    const { headers } = await fetch(`${platform.url}/health`);
    expect(headers.get('keep-alive')).toBe('timeout=65');
  });
});
