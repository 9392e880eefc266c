import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that a partner's server got. */
export type Got = { path: string; headers: IncomingHttpHeaders; body: string };
type Answer = { status: number; location?: string } | 'SILENCE' | 'CUT';

/** A partner's own server on the loopback, over plain http: what it was sent, and what it answers (204 until told otherwise). */
export async function startWebhookServer() {
  const got: Got[] = [];
  const connections = { count: 0 };
  const state = { answer: (_path: string): Answer => ({ status: 204 }) };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (data: Buffer) => {
      body += data.toString();
    });
    request.on('end', () => {
      const path = request.url ?? '';
      got.push({ path, headers: request.headers, body });
      const answer = state.answer(path);
      if (answer === 'CUT') request.socket.destroy();
      if (answer === 'CUT' || answer === 'SILENCE') return;
      response.writeHead(answer.status, answer.location ? { location: answer.location } : {}).end('not read');
    });
  });
  server.on('connection', () => {
    connections.count += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    got,
    connections,
    state,
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
