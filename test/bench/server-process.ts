import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const START_MS = 60_000;
const STOP_MS = 20_000;
const POLL_MS = 20;
/** Linux counts the time of processes in hundredths of a second. */
const TICK_MS = 10;
const OUTPUT_KEPT = 4_000;

/** A server under measurement: where it answers, and what it costs. */
export type Server = {
  name: string;
  port: number;
  /** Milliseconds from its start until it said that it serves. */
  startMs: number;
  /** CPU time of it and its children so far, in ms. */
  cpuMs: () => number;
  /** Its resident memory and its children's, in MB. */
  memoryMb: () => number;
  stop: () => Promise<void>;
};

type Start = {
  name: string;
  port: number;
  /** What to run Node with. */
  args: string[];
  folder: string;
  environment: Record<string, string>;
  /** What it prints once it serves. */
  ready: string;
};

/** Whether processes can be kept to cores of their own: by `taskset`, on two cores or more. */
const canPin = cpus().length > 1 && existsSync('/usr/bin/taskset');
const SERVER_CORES = '0';
const OTHER_CORES = `1-${cpus().length - 1}`;

/** Starts a server on the first core, and waits until it says that it serves. Throws with what it printed where it ends before. */
export async function startServerProcess({ name, port, args, folder, environment, ready }: Start): Promise<Server> {
  const begun = performance.now();
  const command = [process.execPath, ...args];
  const pinned = canPin ? ['taskset', '-c', SERVER_CORES, ...command] : command;
  const child = spawn(pinned[0] ?? '', pinned.slice(1), {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stopAtExit = () => child.kill();
  process.once('exit', stopAtExit);
  child.once('exit', () => process.off('exit', stopAtExit));
  let output = '';
  const hear = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-OUTPUT_KEPT);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  while (!output.includes(ready)) {
    if (hasEnded(child) || performance.now() - begun > START_MS) {
      child.kill('SIGKILL');
      throw new Error(`${name} did not start:\n${output}`);
    }
    await sleep(POLL_MS);
  }
  const pid = child.pid ?? 0;
  return {
    name,
    port,
    startMs: performance.now() - begun,
    cpuMs: () => cpuOfFamily(pid),
    memoryMb: () => familyOf(pid).reduce((sum, each) => sum + memoryOf(each), 0),
    stop: () => stopped(child),
  };
}

async function stopped(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  for (const end = Date.now() + STOP_MS; Date.now() < end && !hasEnded(child); ) await sleep(POLL_MS);
  if (!hasEnded(child)) child.kill('SIGKILL');
}

/** Keeps a process and what it has started, and will start, off the core of the servers. */
export function keepOffServerCore(pid: number): void {
  if (!canPin) return;
  for (const each of familyOf(pid))
    execFileSync('taskset', ['-a', '-c', '-p', OTHER_CORES, String(each)], { stdio: 'ignore' });
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

function familyOf(pid: number): number[] {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
    return [pid, ...children.flatMap(familyOf)];
  } catch {
    return [];
  }
}

/** CPU time of a process and its children so far, in ms. */
export function cpuOfFamily(pid: number): number {
  return familyOf(pid).reduce((sum, each) => sum + cpuOf(each), 0);
}

/** Which process started this one; 0 where that cannot be told. */
export function parentOf(pid: number): number {
  try {
    return Number(fieldsOf(pid)[1]);
  } catch {
    return 0;
  }
}

function cpuOf(pid: number): number {
  try {
    const fields = fieldsOf(pid);
    // Its own, and that of children that have ended: in user's mode and in the kernel's.
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * TICK_MS;
  } catch {
    // It has ended since it was listed.
    return 0;
  }
}

function fieldsOf(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function memoryOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}
