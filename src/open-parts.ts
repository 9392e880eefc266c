import { config, type Place } from './config.ts';
import { openReplicas } from './replicas.ts';
import { startServer } from './server.ts';
import type { Closing } from './stop-on-signal.ts';

/** Opens what serves on an open database, and puts before its closing what closes them: the server first, then jobs, which write, then replicas. */
export async function openParts(opened: Closing, databaseUrl: string, place: Place | null): Promise<void> {
  const { jobs, databaseReplicaUrls, databasePool } = config();
  opened.unshift(await openReplicas(databaseReplicaUrls, databaseUrl, databasePool));
  const server = await startServer(place);
  opened.unshift(server.stop);
  // The jobs of one process are enough for all; more than that is asked of `npm start -- work`.
  if (!jobs || (place?.number ?? 1) !== 1) return;
  const [{ startWorker }, { startMailReceiver }] = await Promise.all([
    import('./jobs/worker.ts'),
    import('./notice/mail-receiver.ts'),
  ]);
  const worker = await startWorker();
  opened.splice(1, 0, startMailReceiver().stop, () => worker.stop());
}
