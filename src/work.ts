import { startWorker } from './jobs/worker.ts';
import { startMailReceiver } from './notice/mail-receiver.ts';
import { exitOnFault, stopOnSignal } from './stop-on-signal.ts';
import { exitOnSignal, openConfiguredDatabase } from './with-database.ts';

/** Runs the jobs and nothing else until it is told to stop: beside processes that serve, as many as the load asks for. */
export async function runWorker(): Promise<void> {
  const keepSignals = exitOnSignal();
  process.once('uncaughtException', exitOnFault);
  const database = await openConfiguredDatabase();
  try {
    const worker = await startWorker();
    keepSignals();
    stopOnSignal([startMailReceiver().stop, worker.stop, database.close]);
    process.stdout.write('Working.\n');
  } catch (error) {
    await database.close().catch(() => undefined);
    throw error;
  }
}
