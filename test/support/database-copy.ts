import pg from 'pg';
import { copyOfTemplate } from './platform.ts';

/** A database of one's own, opened for use cases in this process without the server above them. */
export type DatabaseCopy = {
  url: string;
  client: pg.Client;
  // biome-ignore lint/suspicious/noExplicitAny: a row's shape is what the test is about.
  sql: (text: string, values?: unknown[]) => Promise<any[]>;
  close: () => Promise<void>;
};

/** Opens a migrated, empty database. One a test file: its configuration is read once. */
export async function openDatabaseCopy(environment: Record<string, string> = {}): Promise<DatabaseCopy> {
  const url = await copyOfTemplate();
  Object.assign(process.env, { DATABASE_URL: url, NODE_ENV: 'test', LOG_LEVEL: 'error', ...environment });
  const { openDatabase, closeDatabase } = await import('../../src/db.ts');
  openDatabase(url, 10);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    url,
    client,
    sql: async (text, values = []) => (await client.query(text, values)).rows,
    close: async () => {
      await client.end();
      await closeDatabase();
    },
  };
}
