import cluster, { type Worker } from 'node:cluster';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Place } from './config.ts';
import { ExpectedFailure } from './expected-failure.ts';
import { log } from './log.ts';

/** How long the first restart of a process waits, and the longest; each that follows on another waits twice as long. */
const RESTART_MS = { first: 100, longest: 10_000 } as const;
/** A process that ran for so long was sound: its end is no failure to start. */
const SOUND_MS = 60_000;
/** Longer than any process takes to answer what is under way and to end its jobs. */
const STOP_MS = 30_000;

/**
 * Starts `count` processes that serve behind one port, which this process takes connections on and hands out in turn. One that
 * dies is started again; the first also runs the jobs. Throws an `ExpectedFailure` if one cannot start, which has said why.
 */
export async function startProcesses(count: number, databaseUrl: string): Promise<{ stop: () => Promise<void> }> {
  const shared = { of: count, folder: mkdtempSync(join(tmpdir(), 'rp-')), salt: randomBytes(16).toString('hex') };
  const state = { stopping: false };
  const running = new Map<number, Worker>();

  const start = (number: number, failures = 0) =>
    new Promise<void>((resolve, reject) => {
      const place: Place = { number, ...shared };
      const worker = cluster.fork({ DATABASE_URL: databaseUrl, PROCESS_PLACE: JSON.stringify(place) });
      const begun = Date.now();
      running.set(number, worker);
      worker.once('listening', () => resolve());
      worker.once('error', () => log.warn('A process could not be reached.', { id: number }));
      worker.once('exit', (code, signal) => {
        running.delete(number);
        reject(new ExpectedFailure('A process did not start.'));
        const lived = Date.now() - begun;
        const again = () => startAgain(number, code ?? signal, lived, failures);
        // At once, or as soon as the others have started: where one of them cannot, none goes on.
        started.then(again, () => undefined);
      });
    });
  const startAgain = (number: number, code: string | number, lived: number, failures: number) => {
    if (state.stopping) return;
    log.error('A process ended and is started again.', { id: number, code });
    const failed = lived < SOUND_MS ? failures + 1 : 0;
    const anew = () => (state.stopping ? undefined : start(number, failed).catch(() => undefined));
    setTimeout(anew, Math.min(RESTART_MS.longest, RESTART_MS.first * 2 ** failures));
  };
  const stop = async () => {
    state.stopping = true;
    await Promise.all([...running.values()].map(ended));
    rmSync(shared.folder, { recursive: true, force: true });
  };

  const started = Promise.all(Array.from({ length: count }, (_, place) => start(place + 1)));
  try {
    await started;
    return { stop };
  } catch (error) {
    for (const worker of running.values()) worker.process.kill('SIGKILL');
    await stop();
    throw error;
  }
}

function ended(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => worker.process.kill('SIGKILL'), STOP_MS);
    worker.once('exit', () => {
      clearTimeout(cut);
      resolve();
    });
    if (worker.isDead()) resolve();
    else if (worker.isConnected()) worker.send('stop', () => undefined);
  });
}
