import { connect, type Socket } from 'node:net';
import type { Ask } from './contender.ts';

/** An answer to one request. The body's bytes are the connection's own: they hold until the next request. */
type Answer = { status: number; body: Buffer };

const READ_BYTES = 65_536;

/**
 * Opens one connection that is kept alive, to a port of this machine, and speaks just enough of HTTP/1.1: one request after another. It
 * costs a third of what `node:http` does, so that more of the machine is left to the database, and reads into the same memory again and
 * again, so that the load generator's own garbage delays nobody.
 */
export async function openConnection(
  port: number,
): Promise<{ send: (ask: Ask) => Promise<Answer>; close: () => void }> {
  let waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | null = null;
  let received: Buffer = Buffer.alloc(READ_BYTES);
  let filled = 0;
  let socket = await connected(port, take);
  listenTo(socket);

  function take(bytes: Uint8Array): void {
    const longer = filled + bytes.length;
    if (longer > received.length) received = Buffer.concat([received], 2 * longer);
    received.set(bytes, filled);
    filled = longer;
    const answer = readAnswer(received.subarray(0, filled));
    if (!answer) return;
    filled = 0;
    waiting?.resolve(answer);
    waiting = null;
  }

  function listenTo(one: Socket): void {
    one.on('error', () => undefined);
    one.on('close', () => {
      filled = 0;
      waiting?.reject(new Error('The connection was closed.'));
      waiting = null;
    });
  }

  return {
    send: async ({ path, headers = {}, body }) => {
      // A server may end a connection between two requests.
      if (socket.destroyed || socket.readyState !== 'open') {
        socket = await connected(port, take);
        listenTo(socket);
      }
      const said = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      const length = Buffer.byteLength(body);
      return new Promise<Answer>((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(
          `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\naccept: application/json\r\ncontent-length: ${length}\r\n${said.join('')}\r\n${body}`,
        );
      }).catch(({ message }: Error) => ({
        status: 0,
        body: Buffer.from(`{"code":"${message.replaceAll(/\W/g, '_')}"}`),
      }));
    },
    close: () => socket.destroy(),
  };
}

async function connected(port: number, take: (bytes: Uint8Array) => void): Promise<Socket> {
  const onread = {
    buffer: Buffer.alloc(READ_BYTES),
    callback: (count: number, bytes: Uint8Array) => {
      take(bytes.subarray(0, count));
      return true;
    },
  };
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return socket;
}

/** The whole answer in what came so far; null while something of it is missing. */
function readAnswer(bytes: Buffer): Answer | null {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return null;
  const head = bytes.toString('latin1', 0, headEnd).toLowerCase();
  const status = Number(head.slice(9, 12));
  const start = headEnd + 4;
  const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
  if (length === undefined) return readChunks(bytes, start, status);
  const end = start + Number(length);
  return bytes.length < end ? null : { status, body: bytes.subarray(start, end) };
}

function readChunks(bytes: Buffer, start: number, status: number): Answer | null {
  const chunks: Buffer[] = [];
  for (let at = start; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return null;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const next = lineEnd + 2 + size + 2;
    if (bytes.length < next) return null;
    if (size === 0) return { status, body: Buffer.concat(chunks) };
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = next;
  }
}
