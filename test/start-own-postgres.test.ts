import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { freePort, send, tokenOf } from './support/platform.ts';
import { complaints, runCommand, type Spawned, spawnPlatform, until } from './support/spawned.ts';

const SLOW = 180_000;
const READY = 'Ctrl-C stops everything.';

describe('the platform on a Postgres of one’s own', () => {
  const started: Spawned[] = [];
  const ports: number[] = [];
  let databaseUrl: string;
  let database: pg.Client;

  const start = (port: number, settings: Record<string, string> = {}) => {
    const process = spawnPlatform([], { DATABASE_URL: databaseUrl, PORT: String(port), ...settings });
    started.push(process);
    return process;
  };
  const count = async (query: string) => {
    try {
      return Number((await database.query(`SELECT (SELECT ${query}) AS n`)).rows[0].n);
    } catch (error) {
      // Not migrated yet.
      if ((error as { code?: string }).code === '42P01') return 0;
      throw error;
    }
  };

  beforeAll(async () => {
    const url = new URL(inject('templateUrl'));
    const name = `own_${process.pid}`;
    const maker = new pg.Client({ connectionString: Object.assign(new URL(url), { pathname: '/postgres' }).href });
    await maker.connect();
    await maker.query(`CREATE DATABASE ${name}`);
    await maker.end();
    databaseUrl = Object.assign(url, { pathname: `/${name}` }).href;
    database = new pg.Client({ connectionString: databaseUrl });
    await database.connect();
    ports.push(await freePort(), await freePort());
  });
  afterAll(async () => {
    for (const process of started) process.kill('SIGKILL');
    await Promise.all(started.map(({ ended }) => ended));
    await database.end();
  });

  it(
    'is migrated and seeded once by two processes that start at the same moment, also when both are killed at it',
    async () => {
      const first = ports.map((port) => start(port));
      await until(async () => (await count('count(*) FROM reports')) > 100);
      for (const process of first) process.kill('SIGKILL');
      await Promise.all(first.map(({ ended }) => ended));
      expect(await count(`count(*) FROM audit_entries WHERE stream = 'seed' AND action = 'SEED_FINISHED'`)).toBe(0);

      const second = ports.map((port) => start(port));
      await Promise.all(second.map((process) => process.says(READY)));
      expect(await count(`count(*) FROM audit_entries WHERE stream = 'seed' AND action = 'SEED_FINISHED'`)).toBe(1);
      expect(await count('max(edition) FROM statistics_editions')).toBe(1);
      // As in prisma/seed.ts: one of a year before and three months, then fresh ones, and the first report.
      const ofKenya = `count(*) FROM reports r JOIN portals p ON p.id = r.portal_id WHERE p.code = 'ke'`;
      expect(await count(ofKenya)).toBe(70 + 95 + 80 + 120 + 8 + 1);

      const headers = { authorization: `Bearer ${await tokenOf('analyst')}` };
      const query = '{ cases(first: 25) { edges { node { number state } } } }';
      const [here, there] = await Promise.all(
        ports.map((port) => send(`http://localhost:${port}`, { query }, headers)),
      );
      expect(here?.data.cases.edges).toHaveLength(25);
      expect(there).toEqual(here);

      for (const process of second) process.kill('SIGINT');
      expect(await Promise.all(second.map(({ ended }) => ended))).toEqual([0, 0]);
      expect(second.flatMap((process) => complaints(process.stderr()))).toEqual([]);
    },
    SLOW,
  );

  it(
    'serves production without anything of development',
    async () => {
      const port = await freePort();
      const { stdout: secret } = await runCommand(['secret']);
      const production = start(port, {
        NODE_ENV: 'production',
        HOST: '127.0.0.1',
        SECRETS: secret.trim(),
        OIDC_ISSUER: 'https://identity.example',
        PUBLIC_URL: 'https://portals.example',
        TRUSTED_PROXIES: '0',
        SMTP_URL: 'smtps://mail.example',
        MAIL_FROM: 'notices@hotline.example',
      });
      await production.says('Serving at https://portals.example\n');
      const url = `http://localhost:${port}`;
      const get = (path: string) => fetch(`${url}${path}`, { headers: { accept: 'text/html' } });

      for (const path of ['/start', '/identity', '/identity/.well-known/openid-configuration', '/metrics'])
        expect((await get(path)).status, path).toBe(404);
      const graphiql = await get('/graphql');
      expect(graphiql.status).toBe(405);
      expect(graphiql.headers.get('content-type')).not.toContain('html');
      for (const path of ['/health', '/graphql', '/nothing'])
        expect((await get(path)).headers.get('strict-transport-security'), path).toBe('max-age=63072000');
      expect((await send(url, { query: '{ portals { code } }' })).data.portals.length).toBeGreaterThan(1);
      expect((await send(url, { query: '{ __schema { types { name } } }' })).errors[0]?.extensions.code).toBe(
        'FORBIDDEN',
      );
      const forged = { authorization: `Bearer ${await tokenOf('admin')}` };
      expect((await send(url, { query: '{ viewer { name } }' }, forged)).status).toBe(401);

      expect((await get('/ready')).status).toBe(200);
      production.kill('SIGTERM');
      await until(async () => (await get('/ready')).status === 503);
      expect((await get('/health')).status).toBe(200);
      expect(await production.ended).toBe(0);
      expect(complaints(production.stderr())).toEqual([]);
    },
    SLOW,
  );
});
