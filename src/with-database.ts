import { config } from './config.ts';
import { closeDatabase, openDatabase, pool } from './db.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { ExpectedFailure } from './expected-failure.ts';
import { migrateJobs } from './jobs/migrate-jobs.ts';
import { migrate } from './migrate.ts';

type OpenedDatabase = { url: string; embedded: boolean; close: () => Promise<void> };

/** The signals by which a person, a terminal or a service manager ends a process. */
export const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** What a shell reports of a command that Ctrl-C ended. */
const INTERRUPTED = 130;

/** Opens the configured database, or the embedded one where none is configured, brings it up to date and connects. */
export async function openConfiguredDatabase({ upToDate = true } = {}): Promise<OpenedDatabase> {
  const { databaseUrl, databasePool, dataDir } = config();
  const embedded = databaseUrl ? null : await startEmbeddedPostgres({ dataDir });
  const url = databaseUrl ?? embedded?.url ?? '';
  const close = async () => {
    const gone = connectionsGone();
    await closeDatabase();
    await gone;
    await embedded?.stop();
  };
  openDatabase(url, databasePool);
  try {
    await requireDatabase();
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
  const keepSignals = exitOnSignal();
  const { url, close } = await openConfiguredDatabase(options);
  try {
    await work(url);
  } finally {
    await close();
    keepSignals();
  }
}

/** Makes a signal end the process by an exit, which tells the embedded Postgres to stop, until the returned function is called. */
export function exitOnSignal(): () => void {
  const exit = () => process.exit(INTERRUPTED);
  for (const signal of STOP_SIGNALS) process.on(signal, exit);
  return () => {
    for (const signal of STOP_SIGNALS) process.off(signal, exit);
  };
}

async function requireDatabase(): Promise<void> {
  try {
    await pool.query('SELECT 1');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new ExpectedFailure(`The database does not answer${code}. Check DATABASE_URL, and that it lets us in.`);
  }
}

// The pool says that it has ended before its connections have: a Postgres that stops then would cut them, and be reported.
function connectionsGone(): Promise<void> {
  let left = pool.totalCount;
  return new Promise((resolve) => {
    if (left === 0) resolve();
    pool.on('remove', () => {
      left -= 1;
      if (left <= 0) resolve();
    });
  });
}
