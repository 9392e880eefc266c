import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it, vi } from 'vitest';
import { log } from '../src/log.ts';
import { copyOfTemplate } from './support/platform.ts';
import { until } from './support/spawned.ts';

/** A way to the database that can be cut, and that counts who tries to go it. */
const way = { open: true, tries: 0, sockets: new Set<Socket>() };
const gate = createServer((socket) => {
  way.tries += 1;
  if (!way.open) return void socket.destroy();
  const { hostname, port } = new URL(databaseUrl);
  const onwards = connect(Number(port), hostname);
  socket.pipe(onwards).pipe(socket);
  for (const [one, other] of [[socket, onwards] as const, [onwards, socket] as const]) {
    way.sockets.add(one);
    one.on('error', () => undefined).once('close', () => other.destroy());
  }
});
let databaseUrl: string;
afterAll(() => gate.close());

it('who listens is told that nothing is heard, tries once a second, and is told when it listens again', async () => {
  databaseUrl = await copyOfTemplate('seeded');
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((gate.address() as AddressInfo).port);
  const { closeDatabase, listen, openDatabase } = await import('../src/db.ts');
  vi.spyOn(log, 'warn').mockImplementation(() => undefined);
  openDatabase(url.href, 1);
  const heard: (string | undefined)[] = [];
  const stop = await listen(
    'of_a_test',
    (words) => heard.push(words),
    () => heard.push('LOST'),
  );

  way.open = false;
  way.tries = 0;
  for (const socket of way.sockets) socket.destroy();
  await until(() => heard.length === 1);
  await sleep(3_500);
  expect(way.tries).toBeLessThan(5);
  way.open = true;
  await until(() => heard.length === 2);
  const { pool } = await import('../src/db.ts');
  await pool.query(`SELECT pg_notify('of_a_test', 'words')`);
  await until(() => heard.length === 3);
  expect(heard).toEqual(['LOST', undefined, 'words']);
  await stop();
  await closeDatabase();
});
