import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_MS = 25;

/** A process of the platform's command line, as a person starts it. */
export type Spawned = {
  pid: number;
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
    pid: child.pid ?? 0,
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

type Outcome = { code: number | NodeJS.Signals | null; stdout: string; stderr: string };

/** Runs a command to its end. */
export async function runCommand(args: string[], settings: Record<string, string> = {}): Promise<Outcome> {
  const command = spawnPlatform(args, settings);
  const code = await command.ended;
  return { code, stdout: command.stdout(), stderr: command.stderr() };
}

/**
 * Runs commands as `runCommand` does, but one after another in one process, which loads the platform once. Only what holds for any
 * process (what it prints, its exit code) may be asked of it, and the settings are the same for all.
 */
export function openCommandLine(settings: Record<string, string> = {}) {
  const { PATH = '', HOME = '' } = process.env;
  const child = fork('test/support/command-line-process.ts', [], {
    execArgv: ['--import', 'tsx'],
    env: { PATH, HOME, ...settings },
  });
  const gone = once(child, 'exit').then(([code]) => Promise.reject(new Error(`The command line ended with ${code}.`)));
  gone.catch(() => undefined);
  let last: Promise<unknown> = Promise.resolve();
  const run = async (args: string[]): Promise<Outcome> => {
    child.send(args);
    return Promise.race([once(child, 'message').then(([outcome]) => outcome as Outcome), gone]);
  };
  return {
    run: (...args: string[]): Promise<Outcome> => {
      const next = last.then(() => run(args));
      last = next.catch(() => undefined);
      return next;
    },
    // Of a command that failed a listener may stand.
    close: () => void child.kill('SIGKILL'),
  };
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
