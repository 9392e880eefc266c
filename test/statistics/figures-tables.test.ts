import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { migrate } from '../../src/migrate.ts';
import { insertReports, plainReports } from '../support/made-reports.ts';
import { copyOfTemplate } from '../support/platform.ts';

const edition = (table: string, columns: string, values: string) =>
  `INSERT INTO ${table} (id, published_at, published_by, definitions_version, figures, ${columns}) VALUES (uuidv7(), now(), 'a', 2, '{}', ${values})`;
const country = (number: number, reason: string) =>
  edition('statistics_editions', 'country, month, edition, reason', `'KE', '2026-01-01', ${number}, ${reason}`);
const group = (number: number, reason: string, countries = '{KE}') =>
  edition(
    'statistics_group_editions',
    'partner_id, month, countries, edition, reason',
    `(SELECT id FROM partners LIMIT 1), '2026-01-01', '${countries}', ${number}, ${reason}`,
  );
const year = (number: number, reason: string) =>
  edition('open_data_editions', 'year, edition, reason', `2025, ${number}, ${reason}`);
const embed = (origin: string) =>
  `INSERT INTO embeds (id, partner_id, account_id, country, origin, created_at, expires_on)
   SELECT uuidv7(), partner_id, id, 'KE', '${origin}', now(), '2027-01-01' FROM accounts WHERE partner_id IS NOT NULL LIMIT 1`;

let client: pg.Client;
beforeAll(async () => {
  const url = await copyOfTemplate('seeded');
  client = new pg.Client({ connectionString: url });
  await client.connect();
  await insertReports(url, plainReports('ke', new Date('2026-01-10T09:00:00Z'), 3));
  for (const first of [country(1, 'NULL'), group(1, 'NULL'), year(1, 'NULL')]) await client.query(first);
});
afterAll(() => client.end());

describe('the tables of figures refuse by themselves', () => {
  it.each(['statistics_editions', 'statistics_group_editions', 'open_data_editions'])(
    'a published row of %s that is changed, deleted, or gone with all others',
    async (table) => {
      for (const statement of [`UPDATE ${table} SET figures = '{"a":1}'`, `DELETE FROM ${table}`, `TRUNCATE ${table}`])
        await expect(client.query(statement)).rejects.toThrow('a correction is a new edition');
    },
  );

  it.each<[string, string, string]>([
    ['a correction of a country that says not why', 'statistics_editions_corrections_say_why', country(2, 'NULL')],
    ['a first edition that says why', 'statistics_editions_corrections_say_why', country(1, `'Late.'`)],
    ['a reason without a word', 'statistics_editions_reason_is_short', country(2, `''`)],
    ['a reason of more than 500 characters', 'statistics_editions_reason_is_short', country(2, `repeat('x', 501)`)],
    ['a correction of a group that says not why', 'statistics_group_editions_corrections_say_why', group(2, 'NULL')],
    ['a group of no country', 'statistics_group_editions_are_of_countries', group(2, `'Late.'`, '{}')],
    ['a group’s edition twice', 'statistics_group_editions_partner_id_month_edition_key', group(1, 'NULL')],
    ['a correction of a year that says not why', 'open_data_editions_corrections_say_why', year(2, 'NULL')],
    ['an embed on a page instead of a site', 'embeds_origin_is_one_site', embed('https://ministry.example/page')],
    ['an embed that lets others in', 'embeds_origin_is_one_site', embed('https://a.example; script-src *')],
    ['an embed on every site', 'embeds_origin_is_one_site', embed('*')],
  ])('%s', async (_what, reason, statement) => {
    await expect(client.query(statement)).rejects.toThrow(reason);
  });

  it('but let through what is right', async () => {
    const right = [country(2, `'Late.'`), group(2, `'Late.'`), year(2, `'Late.'`)];
    for (const statement of [...right, embed('https://ministry.example'), embed('http://localhost:3000')])
      await client.query(statement);
  });
});

describe('what figures must look at again', () => {
  beforeEach(() => client.query('BEGIN; DELETE FROM fact_changes'));
  afterEach(() => client.query('ROLLBACK'));
  const changed = async () =>
    (await client.query('SELECT count(DISTINCT case_id)::int AS cases FROM fact_changes')).rows[0].cases;

  it.each<[string, string, number]>([
    [
      'is every report that moves to another case, and both cases',
      'UPDATE reports SET case_id = (SELECT min(id::text)::uuid FROM cases)',
      3,
    ],
    ['is every episode that goes on', 'UPDATE episodes SET closed = now()', 3],
    [
      'is a portal’s whole intake where its time zone was wrong',
      `UPDATE portals SET time_zone = 'Asia/Kolkata' WHERE code = 'ke'`,
      3,
    ],
    ['is a contact that somebody leaves later', `UPDATE submissions SET contact = 'sealed'`, 3],
    [
      'is no contact that is deleted, since it was left all the same',
      `UPDATE submissions SET contact = 'sealed'; DELETE FROM fact_changes; UPDATE submissions SET contact = NULL, contact_removed_at = now()`,
      0,
    ],
    ['is no new name of a portal', `UPDATE portals SET name = 'Another' WHERE code = 'ke'`, 0],
    ['is no case in the queue', 'UPDATE cases SET priority = 7', 0],
  ])('%s', async (_what, statement, cases) => {
    await client.query(statement);
    expect(await changed()).toBe(cases);
  });
});

describe('a database from before', () => {
  const home = mkdtempSync(join(tmpdir(), 'reporting-portals-'));
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it('keeps its corrections, under a reason that says little, and counts its reports at the next roll-up', async () => {
    const name = `figures_${process.pid}`;
    const server = new URL(inject('templateUrl'));
    server.pathname = '/postgres';
    const admin = new pg.Client({ connectionString: server.href });
    await admin.connect();
    await admin.query(`CREATE DATABASE ${name}`);
    await admin.end();
    const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
    const all = 'prisma/migrations';
    for (const each of readdirSync(all).filter((folder) => !folder.includes('figures')))
      cpSync(join(all, each), join(home, each), { recursive: true });
    await migrate(url, home);

    const old = new pg.Client({ connectionString: url });
    await old.connect();
    for (const number of [1, 2])
      await old.query(edition('statistics_editions', 'country, month, edition', `'KE', '2026-01-01', ${number}`));
    await old.query(
      `INSERT INTO cases (id, address_digest, address, address_kind, address_rules_version, portal_ids, first_reported_at, last_reported_at, state_since)
       VALUES (uuidv7(), sha256('a'), 'https://a.example/', 'WEB', 1, '{}', now(), now(), now())`,
    );
    await migrate(url);
    const { rows } = await old.query('SELECT edition, reason FROM statistics_editions ORDER BY edition');
    expect(rows).toEqual([
      { edition: 1, reason: null },
      { edition: 2, reason: 'Figures changed.' },
    ]);
    await expect(old.query('DELETE FROM statistics_editions')).rejects.toThrow('a correction is a new edition');
    expect((await old.query('SELECT FROM fact_changes JOIN cases c ON c.id = case_id')).rowCount).toBe(1);
    await old.end();
  });
});
