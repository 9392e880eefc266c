import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { seedAccountsAndPortals } from '../../prisma/seed-accounts.ts';
import { closeDatabase, openDatabase } from '../../src/db.ts';
import { startEmbeddedPostgres } from '../../src/embedded-postgres.ts';
import { migrate } from '../../src/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The URL of the test server's migrated template database, from which each test file copies its own; `seeded` stands beside it. */
    templateUrl: string;
  }
}

// What is thrown away needs to outlive no power cut.
const QUICK = ['fsync = off', 'full_page_writes = off', 'autovacuum_naptime = 300'];

/** Starts one Postgres for all test files, with a migrated database to copy from, and one with accounts and portals. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'reporting-portals-test-'));
  const server = await startEmbeddedPostgres({ dataDir });
  const template = new URL(server.url);
  template.pathname = '/template';
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  for (const setting of QUICK) await client.query(`ALTER SYSTEM SET ${setting}`);
  await client.query('SELECT pg_reload_conf()');
  await client.query('CREATE DATABASE template');
  await migrate(template.href);
  const { runMigrations } = await import('graphile-worker');
  await runMigrations({ connectionString: template.href });
  await client.query('CREATE DATABASE seeded TEMPLATE template');
  await client.end();
  openDatabase(Object.assign(new URL(template), { pathname: '/seeded' }).href, 2);
  // On a machine that does much else the first transaction may take longer than transactions may.
  await seedAccountsAndPortals().catch(seedAccountsAndPortals).catch(seedAccountsAndPortals);
  await closeDatabase();
  project.provide('templateUrl', template.href);
  return async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
