import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from '../src/embedded-postgres.ts';

const home = mkdtempSync(join(tmpdir(), 'reporting-portals-'));
const dataDir = join(home, 'first');
const children: ChildProcess[] = [];

beforeAll(async () => {
  const { url, stop } = await startEmbeddedPostgres({ dataDir });
  await query(url, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)');
  await stop();
});

afterEach(async () => {
  for (const child of children.splice(0)) if (isAlive(child)) await killed(child);
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('the embedded database', () => {
  it('keeps its data from one start to the next', async () => {
    const { url, stop } = await startEmbeddedPostgres({ dataDir });
    expect(await query(url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
    await stop();
    await expect(query(url, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
    await stop();
  });

  it('listens on loopback only, asks for a password that only its owner can read, and holds UTF-8', async () => {
    const { url, stop } = await startEmbeddedPostgres({ dataDir });
    expect(new URL(url).hostname).toBe('127.0.0.1');
    expect(await query(url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    expect(await query(url, "SELECT lower('ÉŞ') AS folded, getdatabaseencoding() AS encoding")).toEqual([
      { folded: 'éş', encoding: 'UTF8' },
    ]);
    await expect(query(url.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow(/password/);
    expect(statSync(join(dataDir, 'postgres', 'reporting-portals.password')).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, 'postgres.log')).mode & 0o777).toBe(0o600);
    await stop();
  });

  it('leaves the handling of signals and of the exit code to the caller', async () => {
    const count = () =>
      ['SIGINT', 'SIGTERM', 'SIGHUP', 'exit', 'beforeExit'].map((name) => process.listenerCount(name));
    const before = count();
    const { stop } = await startEmbeddedPostgres({ dataDir });
    expect(count().slice(0, 3)).toEqual(before.slice(0, 3));
    await stop();
    expect(count()).toEqual(before);
  });

  it('writes what a failing statement held neither to its log nor to stdout', async () => {
    const child = await started(dataDir);
    await query(child.url, "CREATE TABLE once (t text UNIQUE); INSERT INTO once VALUES ('secret-note')");
    await expect(query(child.url, "INSERT INTO once VALUES ('secret-note')")).rejects.toThrow(/duplicate/);
    await told(child.process);
    expect(child.stdout()).toBe(child.url);
    const log = readFileSync(join(dataDir, 'postgres.log'), 'utf8');
    expect(log).toContain('duplicate key');
    expect(log).not.toContain('secret-note');
  });

  it('is joined by a second process, whose stop leaves it running', async () => {
    const owner = await started(dataDir);
    const joiner = await startEmbeddedPostgres({ dataDir });
    expect(joiner.url).toBe(owner.url);
    await joiner.stop();
    expect(await query(owner.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
    await told(owner.process);
    await expect(query(owner.url, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
  });

  it('stops by itself when the process that owns it exits without stopping it', async () => {
    const owner = await started(dataDir);
    owner.process.stdin?.write('exit');
    expect(await once(owner.process, 'exit')).toEqual([7, null]);
    await expect.poll(() => query(owner.url, 'SELECT 1').catch(String), { timeout: 10_000 }).toMatch(/ECONNREFUSED/);
  });

  it('is one server with one owner when processes start at the same moment on an empty folder', async () => {
    const fresh = join(home, 'race');
    const all = await Promise.all([started(fresh), started(fresh)]);
    expect(new Set(all.map(({ url }) => url)).size).toBe(1);
    await Promise.all(all.map(({ process: child }) => told(child)));
    await expect(query(all[0]!.url, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
    expect(readdirSync(fresh).sort()).toEqual(['postgres', 'postgres.log']);
  });

  it('is one server when one process starts it twice at the same moment', async () => {
    const both = await Promise.all([startEmbeddedPostgres({ dataDir }), startEmbeddedPostgres({ dataDir })]);
    expect(both[0].url).toBe(both[1].url);
    await Promise.all(both.map(({ stop }) => stop()));
    await expect(query(both[0].url, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
  });

  it('comes back with its data, and its stop works, after kill -9 of the process that owned it', async () => {
    const owner = await started(dataDir);
    await query(owner.url, 'INSERT INTO kept VALUES (43)');
    await killed(owner.process);
    expect(await query(owner.url, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 2 }]);

    const next = await startEmbeddedPostgres({ dataDir });
    expect(await query(next.url, 'DELETE FROM kept WHERE n = 43 RETURNING n')).toEqual([{ n: 43 }]);
    await next.stop();
    await expect(query(next.url, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
    await expect(query(owner.url, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
  });

  it('comes back after kill -9 of owner and server', async () => {
    const owner = await started(dataDir);
    const server = Number.parseInt(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10);
    process.kill(owner.process.pid!, 'SIGKILL');
    process.kill(server, 'SIGKILL');
    await once(owner.process, 'exit');
    const next = await startEmbeddedPostgres({ dataDir });
    expect(await query(next.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
    await next.stop();
  });

  it.each([
    ['names a process that is another program now', () => `${process.pid}\n`],
    ['names a process that is dead', () => '999999\n'],
    ['is empty after a power cut', () => ''],
  ])('starts although its postmaster.pid %s', async (_, content) => {
    const path = join(dataDir, 'postgres', 'postmaster.pid');
    const rest = `${join(dataDir, 'postgres')}\n1700000000\n5432\n\n127.0.0.1\n  1234567  1234567\nready   \n`;
    writeFileSync(path, content() && content() + rest, { mode: 0o600 });
    const { url, stop } = await startEmbeddedPostgres({ dataDir });
    expect(await query(url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
    await stop();
  });

  it('starts after a first start that was killed while it made the cluster', async () => {
    const fresh = join(home, 'half');
    const child = spawnProcess(fresh);
    while (!readFolder(fresh).some((name) => name.startsWith('postgres.new-'))) await sleep(10);
    await sleep(200);
    await killed(child);
    expect(readFolder(fresh)).not.toContain('postgres');
    const { url, stop } = await startEmbeddedPostgres({ dataDir: fresh });
    expect(await query(url, 'SELECT current_database() AS name')).toEqual([{ name: 'reporting_portals' }]);
    await stop();
  });

  it('says where to look when it cannot start', async () => {
    writeFileSync(join(dataDir, 'postgres', 'postgresql.conf'), 'no_such_setting = 1\n');
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(/did not start: see .*postgres\.log/);
  });
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

function spawnProcess(folder: string): ChildProcess {
  const program = new URL('./support/embedded-postgres-process.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--import', 'tsx', program, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  return child;
}

async function started(folder: string): Promise<{ process: ChildProcess; url: string; stdout: () => string }> {
  const child = spawnProcess(folder);
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += String(chunk);
  });
  await once(child.stdout!, 'data');
  return { process: child, url: text, stdout: () => text };
}

async function told(child: ChildProcess): Promise<void> {
  child.stdin?.write('stop');
  await once(child, 'exit');
}

async function killed(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

function readFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
