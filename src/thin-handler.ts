import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { maxBodyBytes } from './guard-http.ts';
import { log, traceOf } from './log.ts';

/** What a request asks of /graphql, where it is answered here; null where it is for `rest`. */
type Answer = { status: number; headers: Record<string, string> | null; body: string | Buffer };
type Thin = {
  answer: (body: Record<string, unknown>, request: IncomingMessage) => Promise<Answer | null>;
  /** The headers of every answer. */
  headers: Record<string, string>;
  /** The server for all else. */
  rest: RequestListener;
};

const PLAIN_TYPE = /^application\/json(; ?charset=utf-8)?$/i;
const PLAIN_ACCEPT = new Set([
  undefined,
  '*/*',
  'application/json',
  'application/json, */*',
  'application/json, text/plain, */*',
]);
const PARAMETERS = new Set(['query', 'documentId', 'operationName', 'variables', 'extensions']);

/**
 * A listener for Node's HTTP server that stands before the fetch API and its copies: a plain POST of JSON to /graphql is read once and
 * answered where `answer` can, and everything unusual, and whatever `answer` leaves, goes to `rest` as it came.
 */
export function thinHandler({ answer, headers, rest }: Thin): RequestListener {
  const send = sender(headers);
  const take = async (bytes: Buffer, request: IncomingMessage, response: ServerResponse) => {
    const body = bodyOf(bytes);
    const answered = body && (await answer(body, request));
    if (answered) return send(response, answered);
    // By this name @hono/node-server takes a body that was read before.
    rest(Object.assign(request, { rawBody: bytes }), response);
  };
  return (request, response) => {
    if (!isPlain(request)) return rest(request, response);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      take(Buffer.concat(chunks), request, response).catch((error: unknown) => {
        log.error('A request failed.', traceOf(error));
        response.destroy();
      });
    });
  };
}

// Whatever guardHttp would look at twice is not for here: other origins, encodings, lengths and types.
function isPlain({ method, url, headers }: IncomingMessage): boolean {
  return (
    method === 'POST' &&
    url === '/graphql' &&
    PLAIN_TYPE.test(headers['content-type'] ?? '') &&
    PLAIN_ACCEPT.has(headers.accept) &&
    headers['content-encoding'] === undefined &&
    headers['transfer-encoding'] === undefined &&
    headers.origin === undefined &&
    headers['sec-fetch-site'] === undefined &&
    headers.expect === undefined &&
    Number(headers['content-length'] ?? Number.NaN) <= maxBodyBytes
  );
}

function bodyOf(bytes: Buffer): Record<string, unknown> | null {
  if (!isUtf8(bytes) || bytes.includes('\\u0000')) return null;
  try {
    const body: unknown = JSON.parse(bytes.toString('utf8'));
    if (!isObject(body) || !Object.keys(body).every((key) => PARAMETERS.has(key))) return null;
    return [body['extensions'], body['variables']].every((part) => isObject(part ?? {})) ? body : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// In the fetch API's order: not by one byte can anybody tell which way an answer came. Most heads differ in the length alone.
function sender(always: Record<string, string>) {
  const plain = headOf(always);
  return (response: ServerResponse, { status, headers, body }: Answer): void => {
    const head = headers ? headOf({ ...headers, ...always }) : [...plain];
    head[head.indexOf('content-length') + 1] = String(Buffer.byteLength(body));
    response.writeHead(status, head);
    response.end(body);
  };
}

function headOf(headers: Record<string, string>): string[] {
  const all = { ...headers, 'content-length': '', 'content-type': 'application/json; charset=utf-8' };
  return Object.entries(all).sort(byName).flat();
}

function byName([one]: [string, string], [other]: [string, string]): number {
  return one < other ? -1 : 1;
}
