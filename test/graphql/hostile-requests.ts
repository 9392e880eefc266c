import { gzipSync } from 'node:zlib';
import { getIntrospectionQuery } from 'graphql';
import { maxBodyBytes } from '../../src/guard-http.ts';

export const ours = 'https://hotline.example';

/** A request to /graphql: by POST, as application/json, accepting application/graphql-response+json where not said. */
export interface Sent {
  method?: string;
  search?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array | Iterable<Uint8Array>;
}
export const op = (query: string, more: object = {}): Sent => ({ body: JSON.stringify({ query, ...more }) });
export const raw = (body: string | Uint8Array): Sent => ({ body });
export const hello = JSON.stringify({ query: '{ hello }' });
export const headed = (headers: Record<string, string>, body: string | Uint8Array = hello): Sent => ({ headers, body });
export const got = (search: string, headers: Record<string, string> = {}): Sent => ({ method: 'GET', search, headers });
export const many = (count: number, piece: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => piece(n)).join(' ');
export const nested = (levels: number) => `{ ${'node { '.repeat(levels - 1)} id ${'} '.repeat(levels - 1)}}`;
const bomb = `{ ...F0 } ${many(20, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)} fragment F20 on Query { a: hello }`;
function* spaces(count: number) {
  for (let sent = 0; sent < count; sent += 4096) yield new Uint8Array(4096).fill(0x20);
}
const deepList = `{"query":"query ($n: Int) { echo(n: $n) }","variables":{"n":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`;
const form = '--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{"query":"{ hello }"}\r\n--x--\r\n';

const pagesByVariables =
  'query ($a: Int, $b: Int = 1) { nodes(first: $a) { nodes(first: $b) { id node { id node { id } } } } }';
const pagesInFragment = `query ($a: Int) { nodes(first: 100) { ...deeper } }
  fragment deeper on Node { nodes(first: $a) { id node { id node { id } } } }`;
const small = { variables: { a: 1, b: 1 } };

/** What must be refused, with which status and code, before anything is executed. */
export const hostile: [what: string, sent: Sent, status: number, code: string][] = [
  ['a batch', raw(`[${hello},${hello}]`), 400, 'BATCH_NOT_ALLOWED'],
  ['an empty batch', raw('[]'), 400, 'BATCH_NOT_ALLOWED'],
  ['a query by GET', got('?query={hello}'), 405, 'METHOD_NOT_ALLOWED'],
  ['a mutation by GET', got('?query=mutation{change}'), 405, 'METHOD_NOT_ALLOWED'],
  [
    'a subscription by GET',
    got('?query=subscription{tick}', { accept: 'text/event-stream' }),
    405,
    'METHOD_NOT_ALLOWED',
  ],
  ['a visit to GraphiQL', got('', { accept: 'text/html' }), 405, 'METHOD_NOT_ALLOWED'],
  [
    'a GET that claims to be a POST',
    got('?query={hello}', { 'x-http-method-override': 'POST' }),
    405,
    'METHOD_NOT_ALLOWED',
  ],
  ['a preflight', { method: 'OPTIONS', headers: { origin: 'https://other.test' } }, 405, 'METHOD_NOT_ALLOWED'],
  ['a PUT', { method: 'PUT', body: hello }, 405, 'METHOD_NOT_ALLOWED'],
  ['a DELETE', { method: 'DELETE' }, 405, 'METHOD_NOT_ALLOWED'],
  ['JSON as text', headed({ 'content-type': 'text/plain' }), 415, 'UNSUPPORTED_MEDIA_TYPE'],
  [
    'a form',
    headed({ 'content-type': 'application/x-www-form-urlencoded' }, 'query={hello}'),
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ],
  ['an upload', headed({ 'content-type': 'multipart/form-data; boundary=x' }, form), 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['a bare query', headed({ 'content-type': 'application/graphql' }, '{ hello }'), 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['nothing said about the type', headed({ 'content-type': '' }), 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['two types', headed({ 'content-type': 'application/json, text/plain' }), 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['another charset', headed({ 'content-type': 'application/json; charset=utf-16' }), 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['a compressed body', headed({ 'content-encoding': 'gzip' }, gzipSync(hello)), 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['a body one byte too long', raw(hello.padEnd(maxBodyBytes + 1)), 413, 'REQUEST_TOO_LARGE'],
  ['a long body without a length', { body: spaces(maxBodyBytes * 2) }, 413, 'REQUEST_TOO_LARGE'],
  ['a body that goes on and on', { body: spaces(16 * 2 ** 20) }, 413, 'REQUEST_TOO_LARGE'],
  ['no body', raw(''), 400, 'INVALID_JSON'],
  ['half a body', raw(hello.slice(0, -1)), 400, 'INVALID_JSON'],
  ['bytes that are not UTF-8', raw(Buffer.from(hello.replace('hello', 'h\xffllo'), 'latin1')), 400, 'INVALID_JSON'],
  ['NaN', raw('{"query":"{ hello }","variables":{"n":NaN}}'), 400, 'INVALID_JSON'],
  ['null', raw('null'), 400, 'BAD_REQUEST'],
  ['a string', raw('"{ hello }"'), 400, 'BAD_REQUEST'],
  ['a page of another site', headed({ 'sec-fetch-site': 'cross-site' }), 403, 'CROSS_SITE_REQUEST'],
  ['another origin', headed({ origin: 'https://other.test' }), 403, 'CROSS_SITE_REQUEST'],
  ['an origin that begins as ours', headed({ origin: `${ours}.other.test` }), 403, 'CROSS_SITE_REQUEST'],
  ['an opaque origin', headed({ origin: 'null' }), 403, 'CROSS_SITE_REQUEST'],
  ['no query', raw('{"variables":{}}'), 400, 'BAD_REQUEST'],
  ['a query that is a number', raw('{"query":1}'), 400, 'BAD_REQUEST'],
  ['variables in a list', op('{ hello }', { variables: [1] }), 400, 'BAD_REQUEST'],
  ['variables in a string', op('{ hello }', { variables: '{}' }), 400, 'BAD_REQUEST'],
  ['an unknown parameter', op('{ hello }', { debug: true }), 400, 'BAD_REQUEST'],
  ['a prototype as parameter', raw('{"query":"{ hello }","__proto__":{"admin":true}}'), 400, 'BAD_REQUEST'],
  ['an unknown operation', op('query A { hello }', { operationName: 'B' }), 400, 'OPERATION_RESOLUTION_FAILURE'],
  ['two operations, unnamed', op('query A { hello } query B { hello }'), 400, 'OPERATION_RESOLUTION_FAILURE'],
  ['an object for a name', op('query A { hello }', { operationName: { A: 1 } }), 400, 'OPERATION_RESOLUTION_FAILURE'],
  [
    'two operations of one name',
    op('query A { hello } query A { secret }', { operationName: 'A' }),
    400,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['a second query behind the first', raw('{"query":"{ hello }","query":"{ secret }"}'), 200, 'FORBIDDEN'],
  ['no document', op(''), 400, 'GRAPHQL_PARSE_FAILED'],
  ['half a document', op('{ hello'), 400, 'GRAPHQL_PARSE_FAILED'],
  ['a schema', op('type Query { hello: String }'), 400, 'OPERATION_RESOLUTION_FAILURE'],
  ['9 levels', op(nested(9)), 400, 'OPERATION_TOO_LARGE'],
  [
    '9 levels by fragments',
    op(
      '{ ...A } fragment A on Query { node { node { node { node { ...B } } } } } fragment B on Node { node { node { node { node { id } } } } }',
    ),
    400,
    'OPERATION_TOO_LARGE',
  ],
  ['16 aliases', op(`{ ${many(16, (n) => `a${n}: hello`)} }`), 400, 'OPERATION_TOO_LARGE'],
  ['16 aliases of __typename', op(`{ ${many(16, (n) => `a${n}: __typename`)} }`), 400, 'OPERATION_TOO_LARGE'],
  [
    '16 aliases by fragments',
    op(`{ node { ...A ...A } } fragment A on Node { ${many(8, (n) => `a${n}: id`)} }`),
    400,
    'OPERATION_TOO_LARGE',
  ],
  ['a million aliases by fragments', op(bomb), 400, 'OPERATION_TOO_LARGE'],
  ['401 tokens', op(`{ ${'hello '.repeat(399)}}`), 400, 'OPERATION_TOO_LARGE'],
  ['6 directives', op(`{ hello ${'@skip(if: false) '.repeat(6)}}`), 400, 'OPERATION_TOO_LARGE'],
  ['a costly page', op('{ nodes(first: 20000) { id } }'), 400, 'OPERATION_TOO_LARGE'],
  ['pages in pages by variables', op(pagesByVariables), 400, 'OPERATION_TOO_LARGE'],
  ['pages in pages by variables with small sizes', op(pagesByVariables, small), 400, 'OPERATION_TOO_LARGE'],
  ['pages in pages by a variable in a fragment', op(pagesInFragment, small), 400, 'OPERATION_TOO_LARGE'],
  ['pages in pages', op('{ nodes(first: 200) { nodes(first: 200) { id } } }'), 400, 'OPERATION_TOO_LARGE'],
  ['a cycle of fragments', op('{ ...A } fragment A on Query { hello ...A }'), 400, 'GRAPHQL_VALIDATION_FAILED'],
  ['@defer', op('{ ... @defer { hello } }'), 400, 'GRAPHQL_VALIDATION_FAILED'],
  ['@stream', op('{ nodes @stream { id } }'), 400, 'GRAPHQL_VALIDATION_FAILED'],
  ['a guess at a field', op('{ helo }'), 400, 'GRAPHQL_VALIDATION_FAILED'],
  ['a guess at a type', op('{ node { ... on Nod { id } } }'), 400, 'GRAPHQL_VALIDATION_FAILED'],
  ['a guess at an argument', op('{ echo(m: 1) }'), 400, 'GRAPHQL_VALIDATION_FAILED'],
  ['a guess at an enum', op('{ echo(stage: LIV) }'), 400, 'GRAPHQL_VALIDATION_FAILED'],
  ['a guess at a subfield', op('{ node }'), 400, 'GRAPHQL_VALIDATION_FAILED'],
  [
    'a guess at an enum, in variables',
    op('query ($s: Stage) { echo(stage: $s) }', { variables: { s: 'LIV' } }),
    400,
    'BAD_USER_INPUT',
  ],
  [
    'a guess at an input, in variables',
    op('query ($i: Echo) { echo(input: $i) }', { variables: { i: { tex: '' } } }),
    400,
    'BAD_USER_INPUT',
  ],
  [
    'an infinite number',
    raw('{"query":"query ($n: Int) { echo(n: $n) }","variables":{"n":1e999}}'),
    400,
    'BAD_USER_INPUT',
  ],
  [
    'a number past 32 bits',
    op('query ($n: Int) { echo(n: $n) }', { variables: { n: 2 ** 31 } }),
    400,
    'BAD_USER_INPUT',
  ],
  ['20,000 lists in each other', raw(deepList), 400, 'BAD_USER_INPUT'],
  [
    'a prototype in an input',
    raw('{"query":"query ($i: Echo) { echo(input: $i) }","variables":{"i":{"__proto__":{"text":"x"}}}}'),
    400,
    'BAD_USER_INPUT',
  ],
  ['introspection by a stranger', op('{ __schema { types { name } } }'), 200, 'FORBIDDEN'],
  ['introspection of one type', op('{ t: __type(name: "Node") { fields { name } } }'), 200, 'FORBIDDEN'],
  ['the whole introspection', op(getIntrospectionQuery()), 400, 'OPERATION_TOO_LARGE'],
  ['a forbidden field beside an open one', op('{ hello secret }'), 200, 'FORBIDDEN'],
  ['a forbidden subscription', op('subscription { alarm }'), 200, 'FORBIDDEN'],
];
