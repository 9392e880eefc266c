import { join } from 'node:path';
import pg from 'pg';
import { config } from '../../src/config.ts';
import { closeDatabase, openDatabase, prisma } from '../../src/db.ts';
import { startEmbeddedPostgres } from '../../src/embedded-postgres.ts';
import { migrateJobs } from '../../src/jobs/migrate-jobs.ts';
import { migrate } from '../../src/migrate.ts';
import { cpuOfFamily, parentOf } from './server-process.ts';

/** How many reports each size has. */
export const sizes = { '10k': 10_000, small: 100_000, '100k': 100_000, '1m': 1_000_000, '10m': 10_000_000 } as const;
export type Size = keyof typeof sizes;

const SETTINGS = {
  shared_buffers: '2GB',
  // Fewer checkpoints while rows are poured in.
  max_wal_size: '8GB',
  shared_preload_libraries: 'pg_stat_statements',
  // Switched on only while statements are counted.
  'pg_stat_statements.track': 'none',
};

export type BenchDatabase = {
  size: Size;
  url: string;
  client: pg.Client;
  /** CPU time of Postgres so far, in ms; 0 where it runs elsewhere. */
  cpuMs: () => number;
  /** Makes this the database that the platform's use cases speak to. */
  use: () => Promise<void>;
  stop: () => Promise<void>;
};

/** Opens the database of a size: an embedded one of its own below DATA_DIR, kept from run to run, unless a URL names another. */
export async function openBenchDatabase(size: Size, given?: string): Promise<BenchDatabase> {
  const embedded = given ? null : await startLargePostgres(join(config().dataDir, `bench-${size}`));
  const url = given ?? embedded?.url ?? '';
  await migrate(url);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const postmaster = embedded ? parentOf(rows[0]?.pid ?? 0) : 0;
  return {
    size,
    url,
    client,
    cpuMs: () => (postmaster ? cpuOfFamily(postmaster) : 0),
    use: async () => {
      if (prisma) await closeDatabase();
      openDatabase(url, 4);
      await migrateJobs();
    },
    stop: async () => {
      await client.end();
      await embedded?.stop();
    },
  };
}

/** Starts the embedded Postgres with the memory of a server (as it is delivered, it has that of a laptop) and able to count statements. */
async function startLargePostgres(dataDir: string): ReturnType<typeof startEmbeddedPostgres> {
  const first = await startEmbeddedPostgres({ dataDir });
  const client = new pg.Client({ connectionString: first.url });
  await client.connect();
  const missing: string[] = [];
  for (const [name, value] of Object.entries(SETTINGS)) {
    const { rows } = await client.query<{ value: string }>('SELECT current_setting($1, true) AS value', [name]);
    if (rows[0]?.value !== value) missing.push(`ALTER SYSTEM SET ${name} = '${value}'`);
  }
  for (const statement of missing) await client.query(statement);
  await client.end();
  if (missing.length === 0) return first;
  await first.stop();
  return startEmbeddedPostgres({ dataDir });
}

export { closeDatabase };
