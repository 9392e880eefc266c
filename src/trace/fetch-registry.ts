import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { config } from '../config.ts';
import { pinnedTo, publicAddressOf } from './pinned-address.ts';
import { isLoopback } from './public-address.ts';
import { TraceFailed } from './trace-answer.ts';

const LARGEST_BYTES = 1_048_576;
const MOST_REDIRECTS = 3;
/** Milliseconds for one answer, redirects apart. */
const TIMEOUT_MS = 8_000;

/**
 * The JSON that a registry answers, null where it has no such entry (404). Guarded against being led elsewhere: only https,
 * only hosts that `named` knows, redirects among them included, and only public addresses, where the socket connects to the
 * very address that was checked. RDAP_LOOPBACK, for development and tests, permits plain http on this machine. Throws a
 * `TraceFailed`.
 */
export async function fetchRegistry(
  address: string,
  named: (host: string) => boolean,
  signal: AbortSignal,
): Promise<unknown> {
  let url = new URL(address);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    if (!named(url.host)) throw new TraceFailed('REGISTRY_REFUSED');
    const { status, location, body } = await get(url, signal);
    if (location === null) return readBody(status, body);
    if (!URL.canParse(location, url.href)) throw new TraceFailed('UNREADABLE_ANSWER');
    url = new URL(location, url);
  }
  throw new TraceFailed('REGISTRY_REFUSED');
}

function readBody(status: number, body: string | null): unknown {
  if (status === 404) return null;
  if (status !== 200) throw new TraceFailed('REGISTRY_UNREACHABLE');
  try {
    return JSON.parse(body ?? '');
  } catch {
    throw new TraceFailed('UNREADABLE_ANSWER');
  }
}

type Got = { status: number; location: string | null; body: string | null };

async function get(url: URL, signal: AbortSignal): Promise<Got> {
  const local = config().rdapLoopback;
  if (url.protocol !== 'https:' && !(local && url.protocol === 'http:')) throw new TraceFailed('REGISTRY_REFUSED');
  if (url.username || url.password) throw new TraceFailed('REGISTRY_REFUSED');
  const checked = await checkedAddress(url.hostname, local, signal);
  // Over http only to this machine.
  if (url.protocol === 'http:' && !isLoopback(checked)) throw new TraceFailed('REGISTRY_REFUSED');

  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    return await send(url, checked, limit);
  } catch (error) {
    if (error instanceof TraceFailed) throw error;
    throw new TraceFailed(signal.aborted ? 'TIME_LIMIT' : 'REGISTRY_UNREACHABLE');
  }
}

function send(url: URL, address: string, signal: AbortSignal): Promise<Got> {
  const options: RequestOptions = {
    lookup: pinnedTo(address),
    signal,
    agent: false,
    headers: {
      accept: 'application/rdap+json, application/json',
      'accept-encoding': 'identity',
      'user-agent': 'reporting-portals',
    },
  };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'http:' ? requestHttp : requestHttps)(url, options, (response) => {
      read(response).then(resolve, (error: unknown) => {
        request.destroy();
        reject(error);
      });
    });
    request.on('error', reject).end();
  });
}

async function read(response: IncomingMessage): Promise<Got> {
  const status = response.statusCode ?? 0;
  const { location } = response.headers;
  if (status !== 200) {
    response.destroy();
    return { status, location: status >= 300 && status < 400 && location ? location : null, body: null };
  }
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(response.headers['content-type'] ?? '')) {
    throw new TraceFailed('UNREADABLE_ANSWER');
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BYTES) throw new TraceFailed('UNREADABLE_ANSWER');
    chunks.push(chunk);
  }
  return { status, location: null, body: Buffer.concat(chunks).toString('utf8') };
}

async function checkedAddress(hostname: string, local: boolean, signal: AbortSignal): Promise<string> {
  const found = await publicAddressOf(hostname, local, signal);
  if ('address' in found) return found.address;
  throw new TraceFailed(found.unfit === 'NO_ADDRESS' ? 'REGISTRY_UNREACHABLE' : 'REGISTRY_REFUSED');
}
