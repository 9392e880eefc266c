import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { draftMigration, MigrationError, markMigrationRolledBack, migrate } from '../src/migrate.ts';

const home = mkdtempSync(join(tmpdir(), 'reporting-portals-'));
const server = new URL(inject('templateUrl'));
server.pathname = '/postgres';
let number = 0;
let url = '';
let prismaDir = '';
let dir = '';

beforeEach(async () => {
  number += 1;
  const name = `migrate_${process.pid}_${number}`;
  await query(server.href, `CREATE DATABASE ${name}`);
  url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  prismaDir = join(home, `prisma-${number}`);
  dir = join(prismaDir, 'migrations');
  mkdirSync(dir, { recursive: true });
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('migrate', () => {
  it('applies what is missing in the order of names, and nothing the second time', async () => {
    write('20260102000000_second', 'ALTER TABLE thing ADD COLUMN size int;');
    write('20260101000000_first', 'CREATE TABLE thing (id int);');
    expect(await migrate(url, dir)).toEqual(['20260101000000_first', '20260102000000_second']);
    expect(await migrate(url, dir)).toEqual([]);

    write('20260103000000_third', 'DROP TABLE thing;');
    expect(await migrate(url, dir)).toEqual(['20260103000000_third']);
    expect(await applied()).toEqual(['20260101000000_first', '20260102000000_second', '20260103000000_third']);
  });

  it('passes functions, quoted semicolons and comments on as they are', async () => {
    write(
      '20260101000000_first',
      `CREATE TABLE thing (t text); -- a comment; with a semicolon
       CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no; never'; END; $$;
       CREATE TRIGGER refuse BEFORE DELETE ON thing FOR EACH ROW EXECUTE FUNCTION refuse();
       INSERT INTO thing VALUES ('a;b');`,
    );
    await migrate(url, dir);
    await expect(query(url, 'DELETE FROM thing')).rejects.toThrow('no; never');
    expect(await query(url, 'SELECT t FROM thing')).toEqual([{ t: 'a;b' }]);
  });

  it('lets several processes start at once on one database', async () => {
    write('20260101000000_first', 'CREATE TABLE thing (id int); SELECT pg_sleep(0.5);');
    const all = await Promise.all([migrate(url, dir), migrate(url, dir), migrate(url, dir)]);
    expect(all.flat()).toEqual(['20260101000000_first']);
    expect(await applied()).toEqual(['20260101000000_first']);
  });

  it('waits for another process that is migrating, longer than the engine would', async () => {
    write('20260101000000_first', 'CREATE TABLE thing (id int);');
    const other = await connected(url);
    await other.query('SELECT pg_advisory_lock(72707369)');
    const waiting = migrate(url, dir);
    const isWaiting = () =>
      query(
        url,
        `SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
                                     WHERE locktype = 'advisory' AND NOT granted`,
      );
    await expect.poll(isWaiting, { timeout: 10_000 }).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 11_000));
    await other.end();
    expect(await waiting).toEqual(['20260101000000_first']);
  });

  it('undoes a migration that fails, names it and the remedy, and applies it once mended and marked', async () => {
    write('20260101000000_first', 'CREATE TABLE thing (id int); INSERT INTO missing VALUES (1);');
    await expect(migrate(url, dir)).rejects.toThrow(
      /^Migration 20260101000000_first failed: 42P01, relation "missing" does not exist\. .*`migrate --rolled-back 20260101000000_first`/,
    );
    await expect(query(url, 'SELECT * FROM thing')).rejects.toThrow(/does not exist/);

    write('20260101000000_first', 'CREATE TABLE thing (id int);');
    await expect(migrate(url, dir)).rejects.toThrow(
      /20260101000000_first failed or was cut off earlier.*--rolled-back/,
    );
    await markMigrationRolledBack(url, '20260101000000_first');
    expect(await migrate(url, dir)).toEqual(['20260101000000_first']);
    expect(await migrate(url, dir)).toEqual([]);
    await expect(markMigrationRolledBack(url, '20260101000000_first')).rejects.toThrow(/not in a failed state/);
  });

  it('leaves a usable record even if a failing migration opened a transaction of its own', async () => {
    write('20260101000000_first', 'BEGIN; CREATE TABLE thing (id int); SELECT * FROM missing; COMMIT;');
    await expect(migrate(url, dir)).rejects.toThrow(/Migration 20260101000000_first failed: 42P01/);
    await expect(query(url, 'SELECT * FROM thing')).rejects.toThrow(/does not exist/);
  });

  it('says nothing of data, address or password when it fails', async () => {
    write(
      '20260101000000_first',
      "CREATE TABLE thing (t text UNIQUE); INSERT INTO thing VALUES ('a-note'), ('a-note');",
    );
    const { password } = new URL(url);
    const closed = `postgresql://someone:${password}@127.0.0.1:1/nowhere`;
    const wrong = url.replace(password, 'wrong-password');
    const broken = `postgresql://someone:${password}@[broken/nowhere`;
    for (const each of [url, closed, wrong, broken]) {
      const error: unknown = await migrate(each, dir).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(MigrationError);
      const said = `${error instanceof Error ? error.stack : ''} ${JSON.stringify(error)}`;
      for (const secret of ['a-note', password, 'wrong-password', 'nowhere']) expect(said).not.toContain(secret);
    }
  });

  it('is quick when there is nothing to do', async () => {
    write('20260101000000_first', 'CREATE TABLE thing (id int);');
    await migrate(url, dir);
    const start = performance.now();
    await migrate(url, dir);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

describe('draftMigration', () => {
  it('writes what changed since the last draft, and says so if nothing did', async () => {
    schema('model Thing {\n  id Int @id\n}');
    const first = await draftMigration('first', { prismaDir, now: new Date('2026-01-01T10:00:00Z') });
    expect(first).toBe(join(dir, '20260101100000_first', 'migration.sql'));
    expect(readFileSync(first!, 'utf8')).toContain('CREATE TABLE "Thing"');
    expect(await draftMigration('second', { prismaDir })).toBeUndefined();

    schema('model Thing {\n  id Int @id\n  size Int?\n}');
    const second = await draftMigration('second', { prismaDir, now: new Date('2026-01-02T10:00:00Z') });
    expect(readFileSync(second!, 'utf8').trim()).toBe(
      '-- AlterTable\nALTER TABLE "Thing" ADD COLUMN     "size" INTEGER;',
    );
    expect(readdirSync(dir)).toEqual(['20260101100000_first', '20260102100000_second', 'migration_lock.toml']);

    expect(await migrate(url, dir)).toEqual(['20260101100000_first', '20260102100000_second']);
    await query(url, 'INSERT INTO "Thing" VALUES (1, 2)');
  });

  it('starts from the last copy of the schema, over migrations written by hand', async () => {
    schema('model Thing {\n  id Int @id\n}');
    await draftMigration('first', { prismaDir, now: new Date('2026-01-01T10:00:00Z') });
    write('20260102000000_by_hand', 'ALTER TABLE "Thing" ADD CHECK (id > 0);');
    expect(await draftMigration('third', { prismaDir })).toBeUndefined();
  });

  it('refuses to guess when migrations have no copy of the schema, and names it cannot use', async () => {
    schema('model Thing {\n  id Int @id\n}');
    await expect(draftMigration('../up', { prismaDir })).rejects.toThrow(/small letters/);
    write('20260101000000_by_hand', 'SELECT 1;');
    await expect(draftMigration('second', { prismaDir })).rejects.toThrow(/copy the schema/);
  });
});

function write(name: string, sql: string): void {
  mkdirSync(join(dir, name), { recursive: true });
  writeFileSync(join(dir, name, 'migration.sql'), sql);
}

function schema(models: string): void {
  writeFileSync(join(prismaDir, 'schema.prisma'), `datasource db {\n  provider = "postgresql"\n}\n\n${models}\n`);
}

async function applied(): Promise<unknown[]> {
  const rows = await query(url, 'SELECT migration_name AS name FROM _prisma_migrations ORDER BY started_at');
  return rows.map(({ name }) => name);
}

async function query(at: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = await connected(at);
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function connected(at: string): Promise<Client> {
  const client = new Client({ connectionString: at });
  await client.connect();
  return client;
}
