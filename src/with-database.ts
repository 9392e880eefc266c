import { config } from './config.ts';
import { closeDatabase, openDatabase } from './db.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { migrateJobs } from './jobs/worker.ts';
import { migrate } from './migrate.ts';

type OpenedDatabase = { url: string; embedded: boolean; close: () => Promise<void> };

/** Opens the configured database, or the embedded one where none is configured, brings it up to date and connects. */
export async function openConfiguredDatabase({ upToDate = true } = {}): Promise<OpenedDatabase> {
  const { databaseUrl, databasePool, dataDir } = config();
  const embedded = databaseUrl ? null : await startEmbeddedPostgres({ dataDir });
  const url = databaseUrl ?? embedded?.url ?? '';
  const close = async () => {
    await closeDatabase();
    await embedded?.stop();
  };
  try {
    openDatabase(url, databasePool);
    if (upToDate) {
      await migrate(url);
      await migrateJobs();
    }
    return { url, embedded: embedded !== null, close };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}

/** Does `work` on the configured database and closes it, whatever happens. */
export async function withDatabase(
  options: { upToDate?: boolean },
  work: (url: string) => Promise<void>,
): Promise<void> {
  const { url, close } = await openConfiguredDatabase(options);
  try {
    await work(url);
  } finally {
    await close();
  }
}
