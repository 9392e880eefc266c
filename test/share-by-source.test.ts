import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { log } from '../src/log.ts';
import { type SharedBySource, shareBySource } from '../src/share-by-source.ts';
import { until } from './support/spawned.ts';

const folder = mkdtempSync(join(tmpdir(), 'reporting-portals-share-'));
const FORM = '/ke';
const SLOW = '/slow';

type One = { shared: SharedBySource; server: Server; port: number };
const answered: { by: number; url: string | undefined; closed: boolean }[] = [];
const both: One[] = [];
beforeAll(async () => {
  for (const number of [1, 2]) {
    const place = { number, of: 2, folder, salt: 'of a test' };
    const shared = await shareBySource((asked, response) => {
      const one = { by: number, url: asked.url, closed: false };
      answered.push(one);
      response.once('close', () => {
        one.closed = true;
      });
      if (asked.url !== SLOW) response.end(String(number));
    }, place);
    const server = createServer(shared.handle).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    both.push({ shared, server, port: (server.address() as AddressInfo).port });
  }
});
afterAll(async () => {
  for (const { server, shared } of both) {
    server.closeAllConnections();
    server.close();
    await shared.stop();
  }
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  answered.length = 0;
});

/** Posts to the process of this number, and gives what answered. */
function post(to: number, path: string, headers: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request({ port: both[to - 1]!.port, host: '127.0.0.1', method: 'POST', path, agent: false, headers });
    sent.once('response', (response) => text(response).then(resolve, reject));
    sent.once('error', reject).end();
  });
}
const answersOf = (path: string, headers?: Record<string, string>) =>
  Promise.all([1, 2].map((to) => post(to, path, headers)));

describe('a request of a stranger', () => {
  it('is answered by one process, whichever it came to', async () => {
    const [one, other] = await answersOf(FORM);
    expect(one).toBe(other);
  });

  it('is passed also where a header says that somebody signed in, which no page reads', async () => {
    for (const path of [FORM, '/ke/en/status', '/graphql/', '/graphql?']) {
      const [one, other] = await answersOf(path, { authorization: 'x' });
      expect({ path, same: one === other }).toEqual({ path, same: true });
    }
    // There it is read: a stranger's is refused.
    expect(await answersOf('/graphql', { authorization: 'x' })).toEqual(['1', '2']);
  });

  it('is told no metrics, whatever it says of where it comes from', async () => {
    const metrics = '/process-metrics';
    for (const headers of [
      {},
      { 'x-process-sender': '' },
      { connection: 'x-process-sender' },
      { connection: 'close, x-process-sender', 'x-process-sender': 'x' },
      { authorization: 'x' },
    ]) {
      const told = await answersOf(metrics, headers as Record<string, string>);
      expect(told.every((one) => ['1', '2'].includes(one))).toBe(true);
    }
    expect(answered.every(({ url }) => url === metrics)).toBe(true);
  });

  it('that hangs up ends without a word in the log', async () => {
    const warned = vi.spyOn(log, 'warn').mockImplementation(() => undefined);
    for (const to of [1, 2]) {
      const sent = request({ port: both[to - 1]!.port, host: '127.0.0.1', method: 'POST', path: SLOW, agent: false });
      sent.once('error', () => undefined).end();
      await until(() => answered.length === to);
      sent.destroy();
      await until(() => answered[to - 1]!.closed);
    }
    await sleep(50);
    expect(new Set(answered.map(({ by }) => by)).size).toBe(1);
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
  });
});
