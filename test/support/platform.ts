import { createServer } from 'node:net';
import pg from 'pg';
import { inject } from 'vitest';
import { mintDevelopmentToken } from '../../src/account/development-token.ts';
import { recordStatements } from './statements.ts';

/** Whom a test speaks as: a demonstration account, or nobody. */
export type As =
  | 'stranger'
  | 'analyst'
  | 'analyst2'
  | 'supervisor'
  | 'admin'
  | 'checker'
  | 'partner-ke'
  | 'partner-ug'
  | 'funder'
  | 'industry';

export type Answer = {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: an answer's shape is what the test is about.
  data: any;
  errors: { message: string; path?: (string | number)[]; extensions: { code: string; id?: string } }[];
};

export type Platform = {
  url: string;
  databaseUrl: string;
  /** Sends an operation over HTTP as somebody (a stranger where left out, or a bearer token of one's own). */
  ask: (query: string, variables?: object, as?: As | { token: string }) => Promise<Answer>;
  stop: () => Promise<void>;
};

/**
 * Starts the platform as it ships, in this process, on a database of its own with the demonstration's accounts and portals but
 * no reports. One a test file: its configuration is read once.
 */
export async function startPlatform(environment: Record<string, string> = {}): Promise<Platform> {
  const databaseUrl = environment['DATABASE_URL'] ?? (await copyOfTemplate('seeded'));
  const port = await freePort();
  Object.assign(process.env, {
    DATABASE_URL: databaseUrl,
    PORT: String(port),
    NODE_ENV: 'test',
    LOG_LEVEL: 'error',
    // What a test promises must not hang on a draw; the one about the draw sets it.
    RANDOM_REVIEW_PERCENT: '0',
    ...environment,
  });
  recordStatements();

  // Imported late: the modules read the configuration that was just written.
  const { openDatabase, closeDatabase } = await import('../../src/db.ts');
  const { startServer } = await import('../../src/server.ts');
  openDatabase(databaseUrl, 10);
  if (environment['DATABASE_URL']) await seedWhereEmpty();
  const server = await startServer();
  return {
    url: server.url,
    databaseUrl,
    ask: async (query, variables = {}, as = 'stranger') => send(server.url, { query, variables }, await headersOf(as)),
    stop: async () => {
      await server.stop();
      await closeDatabase();
    },
  };
}

async function seedWhereEmpty(): Promise<void> {
  const { prisma } = await import('../../src/db.ts');
  if ((await prisma.portal.count()) > 0) return;
  await (await import('../../prisma/seed-accounts.ts')).seedAccountsAndPortals();
}

/** Sends a GraphQL request body with these headers. */
export async function send(url: string, body: object, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const { data = null, errors = [] } = (await response.json()) as Partial<Answer>;
  return { status: response.status, data, errors };
}

/** A bearer token of a demonstration account, as the `token` command makes it. */
export function tokenOf(subject: string, now = new Date()): Promise<string> {
  return mintDevelopmentToken({ subject, audience: 'urn:reporting-portals:api', now, hours: 1 });
}

async function headersOf(as: As | { token: string }): Promise<Record<string, string>> {
  if (as === 'stranger') return {};
  return { authorization: `Bearer ${typeof as === 'string' ? await tokenOf(as) : as.token}` };
}

/** Makes a database of one's own, migrated, and gives its URL; a copy of `seeded` has the demonstration's accounts and portals too. */
export async function copyOfTemplate(template: 'template' | 'seeded' = 'template'): Promise<string> {
  const url = new URL(inject('templateUrl'));
  const name = `test_${process.pid}_${Math.random().toString(36).slice(2)}`;
  const client = new pg.Client({ connectionString: Object.assign(new URL(url), { pathname: '/postgres' }).href });
  await client.connect();
  // Postgres copies one template at a time.
  await client.query('SELECT pg_advisory_lock(1)');
  await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  await client.end();
  url.pathname = `/${name}`;
  return url.href;
}

/** A port of the loopback that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
