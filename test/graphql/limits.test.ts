import { type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { serve } from '@hono/node-server';
import { getIntrospectionQuery } from 'graphql';
import { serverAudits } from 'graphql-http';
import { createSchema, createYoga } from 'graphql-yoga';
import { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { limitPlugins, operationLimits } from '../../src/graphql/limits.ts';
import { protect } from '../../src/graphql/protect.ts';
import { refuseEarly } from '../../src/graphql/refuse-early.ts';
import { allow, deny } from '../../src/graphql/shield.ts';
import { guardHttp, maxBodyBytes } from '../../src/guard-http.ts';
import { securityHeaders } from '../../src/security-headers.ts';
import { got, headed, hello, hostile, many, nested, op, ours, raw, type Sent } from './hostile-requests.ts';

const executed: string[] = [];

interface Answer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: { data?: unknown; errors?: { message: string; extensions: Record<string, unknown> }[] };
}
type Toy = Awaited<ReturnType<typeof startGraphqlToy>>;

let production: Toy;
let development: Toy;
beforeAll(async () => {
  production = await startGraphqlToy({ development: false });
  development = await startGraphqlToy({ development: true });
});
afterAll(async () => {
  await Promise.all([production.stop(), development.stop()]);
});
beforeEach(() => {
  executed.length = 0;
});

describe('a hostile request', () => {
  it.each(hostile)('with %s is refused, and nothing is executed', async (_what, sent, status, code) => {
    const answer = await send(production, sent);
    expect([answer.status, answer.body.errors?.[0]?.extensions['code']]).toEqual([status, code]);
    expect(answer.headers['content-type']).toMatch(/^application\/(json|graphql-response\+json)/);
    expect(JSON.stringify(answer.body)).not.toMatch(/did you mean|"http"|stack|originalError/i);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(executed).toEqual([]);
  });

  it('of the wrong method is told the right one', async () => {
    expect((await send(production, got('?query={hello}'))).headers.allow).toBe('POST');
    expect(await send(production, { method: 'HEAD' })).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  });

  it('leaves the prototype of all objects alone', async () => {
    await send(
      production,
      raw('{"query":"query ($n: Int) { echo(n: $n) }","variables":{"__proto__":{"n":7},"constructor":{}}}'),
    );
    expect(executed).toEqual(['echo undefined']);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it.each([
    ['depth', nested(9), 'Query depth limit of 8 exceeded, found 9.'],
    ['aliases', `{ ${many(20, (n) => `a${n}: hello`)} }`, 'Aliases limit of 15 exceeded, found 20.'],
    ['tokens', `{ ${'hello '.repeat(999)}}`, 'Token limit of 400 exceeded.'],
    [
      'directives',
      `{ ${many(7, (n) => `a${n}: hello @skip(if: false)`)} }`,
      'Directives limit of 5 exceeded, found 7.',
    ],
    ['cost', '{ nodes(first: 20000) { id } }', 'Query Cost limit of 60000 exceeded, found 70000.'],
  ] as const)('past the limit of %s is told which and how much', async (limit, query, message) => {
    const { body } = await send(production, op(query));
    expect(body.errors).toHaveLength(1);
    expect(body.errors?.[0]).toMatchObject({
      message,
      extensions: { code: 'OPERATION_TOO_LARGE', limit, maximum: operationLimits[limit] },
    });
  });

  it('is refused the second time as the first, when the document is known', async () => {
    const answers = [await send(production, op(nested(9))), await send(production, op(nested(9)))];
    expect(answers[0]?.body).toEqual(answers[1]?.body);
  });
});

describe('an honest request is answered', () => {
  const sevenNodes = Array.from({ length: 7 }).reduce<object>((node) => ({ node }), { id: '1' });

  it.each<[string, Sent, unknown]>([
    ['plainly', op('{ hello }'), { hello: 'hello' }],
    ['with a charset', headed({ 'content-type': 'application/json; charset=utf-8' }), { hello: 'hello' }],
    ['from our own page', headed({ origin: ours, 'sec-fetch-site': 'same-origin' }), { hello: 'hello' }],
    ['at 8 levels', op(nested(8)), sevenNodes],
    [
      'at 8 levels in fragments',
      op(`${nested(7).replace('id', '... on Node { ...A }')} fragment A on Node { node { id } }`),
      sevenNodes,
    ],
    ['at 64 KiB to the byte', raw(hello.padEnd(maxBodyBytes)), { hello: 'hello' }],
    ['in pieces', { body: [Buffer.from(hello.slice(0, 5)), Buffer.from(hello.slice(5))] }, { hello: 'hello' }],
    ['by name', op('query A { hello } query B { secret }', { operationName: 'A' }), { hello: 'hello' }],
    ['as a mutation', op('mutation { change }'), { change: 1 }],
  ])('%s', async (_how, sent, data) => {
    expect(await send(production, sent)).toMatchObject({ status: 200, body: { data } });
  });

  it('without U+0000, which Postgres cannot store, and as if it had never been there', async () => {
    const sent = op('query ($i: Echo) { echo(input: $i) }', { variables: { i: { text: 'a\u0000b' } } });
    expect((await send(production, sent)).body).toEqual({ data: { echo: 'ab' } });
  });

  it('with letters of every script, as they were typed', async () => {
    const text = 'مثال 例 उदाहरण \\u0000 😀';
    const sent = op('query ($i: Echo) { echo(input: $i) }', { variables: { i: { text } } });
    expect((await send(production, sent)).body).toEqual({ data: { echo: text } });
  });

  it('with 200 and errors, where the client accepts application/json', async () => {
    const { status, body } = await send(production, { ...op('{ helo }'), headers: { accept: 'application/json' } });
    expect([status, body.errors?.[0]?.extensions['code']]).toEqual([200, 'GRAPHQL_VALIDATION_FAILED']);
  });

  it('with a stream of events, for a subscription', async () => {
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
    const response = await fetch(production.url, {
      method: 'POST',
      headers,
      body: op('subscription { tick }').body as string,
    });
    expect(response.headers.get('content-type')).toMatch('text/event-stream');
    expect(await response.text()).toContain('data: {"data":{"tick":1}}');
  });
});

describe('in development', () => {
  it('GraphiQL is served, and framed by nobody', async () => {
    const response = await fetch(development.url, { headers: { accept: 'text/html' } });
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('GraphiQL')]);
    expect(response.headers.get('content-security-policy')).toBe("frame-ancestors 'none'");
  });

  it('its introspection passes', async () => {
    const { status, body } = await send(
      development,
      op(getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true })),
    );
    expect([status, body.errors]).toEqual([200, undefined]);
  });

  it.each([
    ['beside another field', `{ __schema { queryType { name } } ${nested(9).slice(1)}`],
    ['beside another operation', `query A { __schema { queryType { name } } } query B ${nested(9)}`],
    [
      'in lists within lists',
      `query B { __schema ${'{ types { fields { type '.repeat(4)}{ name } ${'} } }'.repeat(4)} }`,
    ],
  ])('but not %s', async (_where, query) => {
    const operationName = query.includes('query B') ? 'B' : null;
    expect((await send(development, op(query, { operationName }))).status).toBe(400);
  });
});

describe('every answer', () => {
  it('has the strictest headers, and says nothing of the server', async () => {
    for (const sent of [op('{ hello }'), got(''), raw('[]')]) {
      const { headers } = await send(production, sent);
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'content-security-policy': expect.stringContaining("default-src 'none'"),
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'strict-transport-security': 'max-age=63072000',
        'x-content-type-options': 'nosniff',
      });
      expect(headers).not.toHaveProperty('x-powered-by');
      expect(headers).not.toHaveProperty('server');
    }
    expect((await send(development, op('{ hello }'))).headers).not.toHaveProperty('strict-transport-security');
  });

  it('keeps to GraphQL over HTTP, by the audits of graphql-http', async () => {
    const audit = (toy: Toy) => Promise.all(serverAudits({ url: toy.url, fetchFn: fetch }).map(({ fn }) => fn()));
    const failed = (results: Awaited<ReturnType<typeof audit>>) => results.filter(({ status }) => status === 'error');
    const open = await audit(development);
    expect(open.length).toBeGreaterThan(50);
    expect(failed(open)).toEqual([]);
    // One audit asks for `__type`, which strangers may not.
    expect(failed(await audit(production)).map(({ name }) => name)).toEqual([
      'MUST allow map {variables} parameter when accepting application/json',
    ]);
  });
});

async function startGraphqlToy({ development }: { development: boolean }) {
  const run = (name: string, value: unknown) => {
    executed.push(name);
    return value;
  };
  const tick = async function* () {
    yield { tick: run('tick', 1) };
  };
  const schema = createSchema({
    typeDefs: `
      type Query { hello: String secret: String node: Node nodes(first: Int): [Node!] echo(n: Int, stage: Stage, input: Echo): String }
      type Node { id: ID node: Node nodes(first: Int): [Node!] }
      type Mutation { change: Int }
      type Subscription { tick: Int alarm: Int }
      enum Stage { LIVE }
      input Echo { text: String }
    `,
    resolvers: {
      Query: {
        hello: () => run('hello', 'hello'),
        secret: () => run('secret', 'secret'),
        node: () => run('node', {}),
        nodes: () => run('nodes', []),
        echo: (_parent, { n, input }) => run(`echo ${n}`, input?.text),
      },
      Node: { node: () => ({}), id: () => '1' },
      Mutation: { change: () => run('change', 1) },
      Subscription: { tick: { subscribe: tick }, alarm: { subscribe: tick } },
    },
  });
  const tree = {
    Query: { hello: allow, secret: deny, node: allow, nodes: allow, echo: allow },
    Node: allow,
    Mutation: { change: allow },
    Subscription: { tick: allow, alarm: deny },
  };
  const yoga = createYoga({
    schema: protect(schema, tree),
    plugins: [...limitPlugins({ introspection: development }), refuseEarly(tree, { mayIntrospect: () => development })],
    batching: false,
    multipart: false,
    cors: false,
    graphiql: development,
    landingPage: false,
    logging: false,
  });
  const graphql = guardHttp((request) => yoga.fetch(request), { origins: [ours], development });
  const app = new Hono()
    .use(securityHeaders({ production: !development }))
    .all('/graphql', (context) => graphql(context.req.raw));
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/graphql`, stop: () => new Promise((done) => server.close(done)) };
}

function send(toy: Toy, { method = 'POST', search = '', headers, body = '' }: Sent): Promise<Answer> {
  const defaults = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };
  return new Promise((resolve, reject) => {
    const sent = request(
      toy.url + search,
      { method, agent: false, headers: { ...defaults, ...headers } },
      async (response) => {
        const answer = method === 'HEAD' ? {} : ((await json(response)) as Answer['body']);
        resolve({ status: response.statusCode, headers: response.headers, body: answer });
      },
    );
    sent.on('error', reject);
    if (typeof body === 'string' || body instanceof Uint8Array) sent.end(body);
    else Readable.from(body).pipe(sent);
  });
}
