import { join } from 'node:path';
import pg from 'pg';
import { config } from '../../src/config.ts';
import { closeDatabase, openDatabase, prisma } from '../../src/db.ts';
import { startEmbeddedPostgres } from '../../src/embedded-postgres.ts';
import { migrateJobs } from '../../src/jobs/migrate-jobs.ts';
import { migrate } from '../../src/migrate.ts';

/** How many reports each size has. */
export const sizes = { '10k': 10_000, small: 100_000, '100k': 100_000, '1m': 1_000_000, '10m': 10_000_000 } as const;
export type Size = keyof typeof sizes;

export type BenchDatabase = {
  size: Size;
  client: pg.Client;
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
  return {
    size,
    client,
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

/** Starts the embedded Postgres with the memory of a server: as it is delivered, it has that of a laptop. */
async function startLargePostgres(dataDir: string): ReturnType<typeof startEmbeddedPostgres> {
  const first = await startEmbeddedPostgres({ dataDir });
  const client = new pg.Client({ connectionString: first.url });
  await client.connect();
  const { rows } = await client.query<{ shared_buffers: string }>('SHOW shared_buffers');
  const isLarge = rows[0]?.shared_buffers === '2GB';
  if (!isLarge) {
    await client.query("ALTER SYSTEM SET shared_buffers = '2GB'");
    // Fewer checkpoints while rows are poured in.
    await client.query("ALTER SYSTEM SET max_wal_size = '8GB'");
  }
  await client.end();
  if (isLarge) return first;
  await first.stop();
  return startEmbeddedPostgres({ dataDir });
}

export { closeDatabase };
