import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { text } from 'node:stream/consumers';
import { networkOf } from './client-source.ts';
import { config, type Place } from './config.ts';
import { drained } from './listen.ts';
import { log, traceOf } from './log.ts';
import { metrics, metricsTogether } from './metrics.ts';

const SENDER = 'x-process-sender';
const METRICS = '/process-metrics';
/** As GraphQL says it (graphql/mask-error.ts): whether the report was kept is unknown, and the same key tells. */
const BUSY = JSON.stringify({
  errors: [
    {
      message: 'The platform is busy. Send this again in a few seconds, with the same idempotency key.',
      extensions: { code: 'BUSY' },
    },
  ],
});

export type SharedBySource = { handle: RequestListener; metrics: () => Promise<string>; stop: () => Promise<void> };

/**
 * Where several processes serve: sees to it that what one source sends as a stranger is answered by one of them, so that what is
 * counted of it in memory (limits, guesses, used challenges) is counted in one place. Connections come to any process; another's is passed to it over a socket of its own
 * in a folder that only we can open. While that process is away whoever has the request answers it.
 */
export async function shareBySource(handle: RequestListener, place: Place): Promise<SharedBySource> {
  const socketOf = (number: number) => join(place.folder, `${number}.sock`);
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 64 });

  const own = createServer((request, response) => {
    const { [SENDER]: sender } = request.headers;
    // Whatever is passed has a sender, so this is the other process itself.
    if (sender === undefined && request.url === METRICS) return void tellMetrics(response);
    delete request.headers[SENDER];
    // As if it had come to this process straight: the connections of this server are our own.
    Object.defineProperty(request.socket, 'remoteAddress', { value: String(sender ?? ''), configurable: true });
    handle(request, response);
  });
  // Else a connection may end under the request that takes it up again.
  own.keepAliveTimeout = 0;
  // A process that was killed leaves its socket behind.
  rmSync(socketOf(place.number), { force: true });
  await new Promise<void>((resolve, reject) => {
    own.once('error', reject).listen({ path: socketOf(place.number), exclusive: true }, resolve);
  });

  const others = Array.from({ length: place.of }, (_, index) => index + 1).filter((one) => one !== place.number);
  return {
    handle: (request, response) => {
      const owner = ownerOf(request, place);
      if (owner === place.number) return handle(request, response);
      pass(request, response, { socketPath: socketOf(owner), agent }, () => handle(request, response));
    },
    metrics: async () => {
      const told = others.map((other) => askMetrics(socketOf(other)).catch(() => null));
      return metricsTogether((await Promise.all(told)).filter((one) => one !== null));
    },
    stop: () => drained(own),
  };
}

/** Which process answers: of strangers' requests that are counted, the one that counts their source. */
function ownerOf({ method, url = '', headers, socket }: IncomingMessage, { number, of, salt }: Place): number {
  // The provider of development remembers who is signing in.
  if (url.startsWith('/identity/')) return 1;
  // No page reads the header: a stranger could else choose by it who counts.
  const signsIn = url === '/graphql' && headers.authorization !== undefined;
  if (method !== 'POST' || signsIn) return number;
  const forwardedFor = [headers['x-forwarded-for'] ?? []].flat().join(',') || null;
  const network = networkOf(socket.remoteAddress ?? '', forwardedFor, config().trustedProxies);
  return (createHash('sha256').update(salt).update(network).digest().readUInt32BE() % of) + 1;
}

type To = { socketPath: string; agent: Agent };

function pass(request: IncomingMessage, response: ServerResponse, to: To, answerHere: () => void): void {
  const { method, url: path, socket } = request;
  const headers = { ...withoutHops(request.headers), [SENDER]: socket.remoteAddress ?? '' };
  const passed = httpRequest({ ...to, method, path, headers });
  let begun = false;
  const begin = () => {
    begun = true;
    request.pipe(passed);
  };
  passed.once('socket', (own) => (own.connecting ? own.once('connect', begin) : begin()));
  passed.once('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, withoutHops(answer.headers));
    pipeline(answer, response, () => undefined);
  });
  passed.once('error', (error) => {
    // Whoever asked has hung up.
    if (response.destroyed) return;
    // Nothing of the body is read yet: the other process is starting, or stopping.
    if (!begun) return answerHere();
    log.warn('A process ended over an answer.', traceOf(error));
    if (response.headersSent) return void response.destroy();
    response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '5', 'cache-control': 'no-store' });
    response.end(BUSY);
  });
  response.once('close', () => {
    if (!response.writableFinished) passed.destroy();
  });
}

// What belongs to one connection, and not to the message.
function withoutHops<Headers extends IncomingMessage['headers']>(headers: Headers) {
  const { connection: _connection, 'keep-alive': _keepAlive, expect: _expect, ...rest } = headers;
  return rest;
}

async function tellMetrics(response: ServerResponse): Promise<void> {
  const told = await metrics.getMetricsAsJSON().catch(() => []);
  response.end(JSON.stringify(told));
}

function askMetrics(socketPath: string): Promise<object[]> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest({ socketPath, path: METRICS, timeout: 2_000 }, (answer) =>
      text(answer).then((told) => resolve(JSON.parse(told) as object[]), reject),
    );
    asked.once('timeout', () => asked.destroy(new Error('A process did not tell its metrics.')));
    asked.once('error', reject).end();
  });
}
