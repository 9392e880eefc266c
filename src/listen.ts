import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer } from 'node:net';
import { ExpectedFailure } from './expected-failure.ts';

/** How long a stop waits for requests under way. */
const DRAIN_MS = 10_000;

/** Throws an `ExpectedFailure` if the port cannot be had: better before the work of a start than after it. */
export function requireFreePort(hostname: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
      .once('error', (error) => reject(cannotListen(error, hostname, port)))
      .listen(port, hostname, () => probe.close(() => resolve()));
  });
}

/** Serves on a port. Throws an `ExpectedFailure` if it cannot be had. */
export function listen(handle: RequestListener, hostname: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createHttpServer(handle).listen(port, hostname, () => resolve(server));
    server.requestTimeout = 30_000;
    server.headersTimeout = 10_000;
    // Longer than load balancers and clients keep an idle connection (60 s): whoever closes first meets no request on its way.
    server.keepAliveTimeout = 65_000;
    server.once('error', (error) => reject(cannotListen(error, hostname, port)));
  });
}

/** Takes no more requests and waits, for 10 seconds at most, until those under way are answered. */
export function drained(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}

function cannotListen(error: Error & { code?: string }, hostname: string, port: number): ExpectedFailure {
  const reason = error.code === 'EADDRINUSE' ? 'another program listens there' : error.code;
  return new ExpectedFailure(`Cannot listen on ${hostname}, port ${port}: ${reason}. Name another with PORT=….`);
}
