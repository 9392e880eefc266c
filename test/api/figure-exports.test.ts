import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellOf, jsonStat } from '../support/json-stat.ts';
import { insertReports, plainReports } from '../support/made-reports.ts';
import { type Platform, startPlatform, tokenOf } from '../support/platform.ts';
import { readCsv, readXlsx } from '../support/read-tables.ts';
import { statementsOf } from '../support/statements.ts';

const REASON = '=SUM(1;2), "reports" came late';
const PUBLISH = `mutation ($month: YearMonth!, $reason: String) {
  publishStatistics(month: $month, reason: $reason) { __typename ... on InvalidInputError { issues { code } } }
}`;

let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform();
  const received = (day: string, count: number) => [
    ...plainReports('ke', new Date(day), count),
    ...plainReports('ug', new Date(day), 40),
  ];
  await insertReports(platform.databaseUrl, [...received('2024-01-10', 60), ...received('2024-02-10', 5)]);
  await publish('2024-01');
  await publish('2024-02');
  await insertReports(platform.databaseUrl, plainReports('ke', new Date('2024-01-20'), 30));
  await publish('2024-01', REASON);
});
afterAll(() => platform.stop());

async function publish(month: string, reason: string | null = null) {
  const { data } = await platform.ask(PUBLISH, { month, reason }, 'supervisor');
  expect(data.publishStatistics).toEqual({ __typename: 'PublishedMonth' });
}
async function take(path: string, as: string | { token: string } | null = 'partner-ke', headers: object = {}) {
  const token = typeof as === 'string' ? await tokenOf(as) : as?.token;
  return fetch(`${platform.url}${path}`, {
    headers: { ...headers, ...(token ? { authorization: `Bearer ${token}` } : {}) },
  });
}
const csvOf = async (path: string, as?: string | { token: string }) => {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await (await take(path, as)).arrayBuffer());
  expect(text.startsWith('\uFEFF')).toBe(true);
  return readCsv(text.slice(1));
};
const SPAN = '?from=2024-01&to=2024-12';

describe('the published figures of a country', () => {
  it('are a CSV file with edition, reason and definitions, in which a correction is no formula', async () => {
    const answer = await take(`/statistics/KE.csv${SPAN}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toMatch(
      /^attachment; filename="statistics-KE-\d{4}-\d\d-\d\d\.csv"$/,
    );
    expect(answer.headers.get('cache-control')).toBe('private, no-cache');
    expect(answer.headers.get('set-cookie')).toBeNull();

    const lines = await csvOf(`/statistics/KE.csv${SPAN}`);
    const total = (period: string) => lines.find((line) => line['period'] === period && line['key'] === 'REPORTS');
    expect(total('2024-01')).toMatchObject({
      value: '90',
      status: 'SHOWN',
      edition: '2',
      definitions_version: '2',
      area_name: 'Kenya',
    });
    expect(total('2024-01')?.['correction']).toBe(`'${REASON}`);
    expect(total('2024-01')?.['definition']).toMatch(/^Addresses reported in the calendar month/);
    expect(total('2024-02')).toMatchObject({ value: '', status: 'HIDDEN', edition: '1', correction: '' });
    expect(total('2024-02')?.['definition']).toMatch(/Counts of 1 to 9 are hidden/);
    expect(lines.filter(({ value, status }) => (value === '') !== (status !== 'SHOWN'))).toEqual([]);
  });

  it('are a workbook of figures, definitions and editions', async () => {
    const answer = await take(`/statistics/KE.xlsx${SPAN}`);
    expect(answer.headers.get('content-type')).toMatch(/spreadsheetml\.sheet$/);
    const book = readXlsx(new Uint8Array(await answer.arrayBuffer()));
    expect(book.get('Editions')?.[1]?.map(({ value }) => value)).toEqual([
      '2024-01',
      2,
      expect.stringMatching(/^2\d/),
      REASON,
      2,
      expect.any(String),
    ]);
    expect(book.get('Definitions')?.length).toBeGreaterThan(20);
    expect([...book.values()].flat(2).some(({ formula }) => formula)).toBe(false);
  });

  it('are JSON-stat 2.0', async () => {
    const answer = await take(`/statistics/ke.json${SPAN}`);
    expect(answer.headers.get('content-type')).toBe('application/json');
    const collection = jsonStat.parse(await answer.json());
    expect(cellOf(collection, 'TOTAL', '2024-01', 'REPORTS')).toEqual({ value: 90, status: null });
    expect(cellOf(collection, 'TOTAL', '2024-02', 'REPORTS')).toEqual({ value: null, status: 'c' });
    expect(collection.link.item.map(({ id }) => id[2])).toEqual(
      expect.arrayContaining(['SOURCE', 'LANGUAGE', 'RATE', 'MEDIAN']),
    );
  });

  it('are all that is published where no months are named, and name cells in the language that is asked for', async () => {
    const lines = await csvOf('/statistics/KE.csv?language=en');
    expect(new Set(lines.map(({ period }) => period))).toEqual(new Set(['2024-01', '2024-02']));
    expect(lines.find(({ key }) => key === 'PUBLIC')).toMatchObject({
      table_name: 'Who reported',
      label: 'The public',
    });
    expect(await csvOf('/statistics/FR.csv', 'supervisor')).toEqual([]);
  });

  it('cost two statements at most, sign-in among them', async () => {
    const token = { token: await tokenOf('partner-ke') };
    const { statements } = await statementsOf(() => take(`/statistics/KE.csv${SPAN}`, token));
    expect(statements.length).toBeLessThanOrEqual(2);
  });
});

describe('whoever may not read a country', () => {
  it.each([
    '/statistics/UG.csv',
    '/statistics/ug.json',
    '/statistics/UG.xlsx?from=2024-01&to=2024-01',
    '/statistics/UG.csv?from=2024-02&to=1999-01',
    '/statistics/UG.csv?country=KE',
  ])('is refused %s with a sentence, and no table but their account is touched', async (path) => {
    const token = { token: await tokenOf('partner-ke') };
    const { statements, result } = await statementsOf(() => take(path, token));
    expect(result.status).toBe(403);
    expect(await result.text()).toBe('Your agreement does not cover this country.\n');
    expect(statements).toHaveLength(1);
  });

  it('is told so with a key as well, and without signing in nothing is read at all', async () => {
    const input = { label: 'Charts', expiresOn: new Date(Date.now() + 86_400_000).toISOString().slice(0, 10) };
    const create =
      'mutation ($input: CreateOwnKeyInput!) { createOwnKey(input: $input) { ... on CreatedOwnKey { secret } } }';
    const { data } = await platform.ask(create, { input }, 'partner-ke');
    const key = { token: data.createOwnKey.secret };
    expect((await csvOf(`/statistics/KE.csv${SPAN}`, key)).length).toBeGreaterThan(50);
    const refused = await statementsOf(() => take('/statistics/UG.csv', key));
    expect({ status: refused.result.status, statements: refused.statements.length }).toEqual({
      status: 403,
      statements: 1,
    });

    const nobody = await statementsOf(() => take(`/statistics/KE.csv${SPAN}`, null));
    expect({ status: nobody.result.status, statements: nobody.statements }).toEqual({ status: 401, statements: [] });
    expect(nobody.result.headers.get('www-authenticate')).toBe('Bearer');
    expect((await take('/statistics/KE.csv', 'analyst')).status).toBe(403);
    expect((await take('/statistics/KE.csv', { token: 'no-token-of-anybody' })).status).toBe(401);
  });

  it.each(['?from=2024-1&to=2024-12', '?from=2024-02&to=2024-01', '?from=2000-01&to=2024-01', '?to=x'])(
    'asks for odd months %s is told how to ask',
    async (query) => {
      const answer = await take(`/statistics/KE.csv${query}`);
      expect({ status: answer.status, says: await answer.text() }).toEqual({
        status: 400,
        says: expect.stringMatching(/\?from=2026-01&to=2026-12/),
      });
    },
  );

  it('is told nothing of a country that there is not', async () => {
    expect((await take('/statistics/QQ.csv')).status).toBe(400);
    expect((await take('/statistics/KEN.csv')).status).toBe(404);
    expect((await take('/statistics/KE.pdf')).status).toBe(404);
  });
});

describe('open data', () => {
  it('is there for everybody, also before there is any, without a cookie and from any page', async () => {
    const csv = await take('/open-data.csv', null);
    expect({ status: csv.status, origin: csv.headers.get('access-control-allow-origin') }).toEqual({
      status: 200,
      origin: '*',
    });
    expect(csv.headers.get('set-cookie')).toBeNull();
    const json = await take('/open-data.json', null);
    expect(json.status).toBe(200);
    expect(await json.json()).toMatchObject({ class: 'collection', link: { item: [] } });
    expect((await take('/open-data.xlsx', null)).status).toBe(404);
  });

  it('is a year of sums, which say what they leave out, with its edition and definitions', async () => {
    const client = new pg.Client({ connectionString: platform.databaseUrl });
    await client.connect();
    // The other months of the year, as February.
    await client.query(`
      INSERT INTO statistics_editions (id, country, month, edition, published_at, published_by, definitions_version, figures)
      SELECT uuidv7(), country, month + make_interval(months => n), 1, published_at, published_by, definitions_version, figures
      FROM statistics_editions, generate_series(1, 10) n WHERE month = '2024-02-01'`);
    await client.end();
    const publishYear = 'mutation { publishOpenData(year: 2024) { __typename } }';
    expect((await platform.ask(publishYear, {}, 'admin')).data.publishOpenData).toEqual({ __typename: 'OpenDataYear' });

    const lines = await csvOf('/open-data.csv', { token: '' });
    const reports = lines.find(({ table, key }) => table === 'TOTAL' && key === 'REPORTS');
    // Of Kenya 90, of Uganda twelve times 40 in twelve months; February to December of Kenya are hidden, and all of all others.
    expect(reports).toMatchObject({
      area: 'NETWORK',
      period: '2024',
      edition: '1',
      definitions_version: '2',
      value: '570',
    });
    expect(Number(reports?.['left_out'])).toBeGreaterThanOrEqual(11);
    expect(reports?.['countries']).toMatch(/^[A-Z]{2}( [A-Z]{2})+$/);
    const collection = jsonStat.parse(await (await take('/open-data.json', null)).json());
    expect(cellOf(collection, 'TOTAL', '2024', 'REPORTS')).toEqual({ value: 570, status: null });
  });
});
