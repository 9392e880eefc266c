import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_MS = 25;

/** A process of the platform's command line, as a person starts it. */
export type Spawned = {
  stdout: () => string;
  stderr: () => string;
  kill: (signal: NodeJS.Signals) => void;
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals | null>;
  /** Waits until standard output holds this text; fails if the process ends first. */
  says: (text: string) => Promise<void>;
};

/** Runs `npm start -- …args` without npm, on an environment of only a path, a home and these settings. */
export function spawnPlatform(args: string[], settings: Record<string, string> = {}): Spawned {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', ...args], {
    env: { PATH, HOME, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', (data: Buffer) => {
    printed.stdout += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    printed.stderr += data.toString();
  });
  return {
    stdout: () => printed.stdout,
    stderr: () => printed.stderr,
    kill: (signal) => void child.kill(signal),
    ended: new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal))),
    says: (text) =>
      until(() => {
        if (printed.stdout.includes(text)) return true;
        if (hasEnded(child)) throw new Error(`It ended before it said "${text}":\n${printed.stderr}`);
        return false;
      }),
  };
}

/** Runs a command to its end. */
export async function runCommand(args: string[], settings: Record<string, string> = {}) {
  const command = spawnPlatform(args, settings);
  const code = await command.ended;
  return { code, stdout: command.stdout(), stderr: command.stderr() };
}

/** Waits until `check` is true: the test's own time limit ends it otherwise. */
export async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await check())) await sleep(LOOK_MS);
}

/** The process of the Postgres that runs on this data folder, if its file says so and it lives. */
export function postgresOf(dataDir: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10);
    process.kill(pid, 0);
    return pid;
  } catch {
    return undefined;
  }
}

/** The lines of a log at the level `warn` or above, or not of our logger at all. */
export function complaints(log: string): string[] {
  return log
    .split('\n')
    .filter(Boolean)
    .filter((line) => !/^\{"level":[123]0,/.test(line));
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
