import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/embedded-postgres.ts';
import { migrate } from '../../src/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The URL of the test server's migrated template database, from which each test file copies its own. */
    templateUrl: string;
  }
}

/** Starts one Postgres for all test files, with a migrated database to copy from. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'reporting-portals-test-'));
  const server = await startEmbeddedPostgres({ dataDir });
  const template = new URL(server.url);
  template.pathname = '/template';
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query('CREATE DATABASE template');
  await client.end();
  await migrate(template.href);
  const { runMigrations } = await import('graphile-worker');
  await runMigrations({ connectionString: template.href });
  project.provide('templateUrl', template.href);
  return async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
