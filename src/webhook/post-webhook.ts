import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { config } from '../config.ts';
import { pinnedTo, publicAddressOf } from '../trace/pinned-address.ts';
import { isLoopback } from '../trace/public-address.ts';
import { webhookAddress } from './webhook-address.ts';

/** Milliseconds for all of it: the name, the connection and the answer. */
const TIMEOUT_MS = 10_000;

/**
 * Sends a message to a partner's server and gives the status of its answer, whose body nobody reads; null where none came, or where the address is none
 * that may be spoken to. Redirects are not followed, and the socket connects to the very address that was checked. Never throws.
 */
export async function postWebhook(
  address: string,
  headers: Record<string, string>,
  body: string,
): Promise<number | null> {
  const url = webhookAddress(address);
  if (!url) return null;
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const found = await publicAddressOf(url.hostname, config().webhookLoopback, signal);
  if ('unfit' in found || (url.protocol === 'http:' && !isLoopback(found.address))) return null;
  return send(url, found.address, headers, body, signal);
}

function send(
  url: URL,
  address: string,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
): Promise<number | null> {
  const options = {
    method: 'POST',
    lookup: pinnedTo(address),
    signal,
    agent: false,
    headers: {
      ...headers,
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'reporting-portals',
    },
  };
  return new Promise((resolve) => {
    const request = (url.protocol === 'http:' ? requestHttp : requestHttps)(url, options, (response) => {
      resolve(response.statusCode ?? null);
      response.destroy();
    });
    request.on('error', () => resolve(null)).end(body);
  });
}
