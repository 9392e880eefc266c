import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { protectMonth } from '../../src/domain/disclosure.ts';
import { insertReports, makeReports, plainReports, seeded } from '../support/made-reports.ts';
import { truthOf } from '../support/month-truth.ts';
import { type As, type Platform, startPlatform } from '../support/platform.ts';

const PUBLISH = `mutation ($month: YearMonth!, $reason: String) {
  result: publishStatistics(month: $month, reason: $reason) {
    __typename
    ... on PublishedMonth { month editions { country edition } }
    ... on InvalidInputError { issues { path code } }
  }
}`;
const FIGURES = `query ($country: CountryCode!, $month: YearMonth!) {
  countryStatistics(country: $country, from: $month, to: $month) {
    months { month edition correction earlier { edition publishedOn correction } reports { value } actionable { value } }
  }
}`;
/** None of these places has summer time. */
const portals = [
  { code: 'ke', country: 'KE', east: 3, count: 420 },
  { code: 'ug', country: 'UG', east: 3, count: 90 },
  { code: 'mn', country: 'MN', east: 8, count: 22 },
];

/** Which table shows over how many reports a speed was taken. */
const speedTables = new Map([
  ['ASSESSED', 'TIME_TO_ASSESS'],
  ['NOTIFIED', 'TIME_TO_NOTIFY'],
  ['REMOVED', 'REMOVAL'],
]);

let platform: Platform;
let client: pg.Client;
beforeAll(async () => {
  platform = await startPlatform();
  client = new pg.Client({ connectionString: platform.databaseUrl });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await platform.stop();
});
afterEach(() => {
  vi.useRealTimers();
});

const publish = async (month: string, as: As = 'supervisor', reason: string | null = null) =>
  (await platform.ask(PUBLISH, { month, reason }, as)).data.result;
const monthOf = async (country: string, month: string, as: As = 'admin') =>
  (await platform.ask(FIGURES, { country, month }, as)).data.countryStatistics.months[0];
const editionsOf = (month: string) =>
  client.query(
    'SELECT country, edition, figures, reason FROM statistics_editions WHERE month = $1 ORDER BY country, edition',
    [`${month}-01`],
  );

describe('a published month', () => {
  it('says what was reported, assessed and done, as counted by hand from what was written', async () => {
    const random = seeded(7);
    const [from, to] = [new Date('2024-03-29T00:00:00Z'), new Date('2024-05-03T00:00:00Z')];
    const reports = portals.flatMap(({ code, count }) => makeReports({ portal: code, from, to, count }, random));
    await insertReports(platform.databaseUrl, reports);
    const published = await publish('2024-04');
    expect(published.editions).toEqual(expect.arrayContaining(portals.map(({ country }) => ({ country, edition: 1 }))));

    const { rows } = await editionsOf('2024-04');
    const told: string[] = [];
    for (const portal of portals) {
      const { counts, speeds } = truthOf(reports, '2024-04', portal);
      const { speeds: shown, ...figures } = rows.find(({ country }) => country === portal.country).figures;
      expect(figures).toEqual(protectMonth(counts, { country: portal.country }).month);
      for (const speed of shown) {
        const { base, ...exact } = speeds.find(({ measure }) => measure === speed.measure)!;
        const isShown = speed.median !== null;
        expect(speed).toEqual(isShown ? exact : { ...speed, median: null, ninetieth: null });
        // Beside a table that shows all, over 50 or more as rounded.
        const { cells } = figures.breakdowns.find(({ by }: { by: string }) => by === speedTables.get(speed.measure));
        const isOpen = cells.every(({ figure }: { figure: { hidden: boolean } }) => !figure.hidden);
        expect(isShown, `${portal.country} ${speed.measure} of ${base}`).toBe(isOpen && base >= 48);
        if (isShown) told.push(`${portal.country} ${speed.measure}`);
      }
    }
    expect(told).toContain('KE ASSESSED');
    // The comparison is of more than hidden cells and zeros.
    const [kenya] = rows.filter(({ country }) => country === 'KE');
    const shown = JSON.stringify(kenya.figures).match(/"value":[1-9]/g);
    expect(shown?.length).toBeGreaterThan(20);
  });

  it('keeps rounded figures only: no raw count is in the table, whatever one looks for', async () => {
    const { rows } = await editionsOf('2024-04');
    expect(rows.length).toBeGreaterThan(3);
    for (const { figures } of rows) {
      const { speeds, reports, assessed, actionable, breakdowns, ...rest } = figures;
      expect(rest).toEqual({});
      expect(speeds.map((speed: object) => Object.keys(speed).sort())).toEqual(
        Array(3).fill(['measure', 'median', 'ninetieth']),
      );
      const cells = breakdowns.flatMap((breakdown: { cells: object[] }) => {
        expect(Object.keys(breakdown).sort()).toEqual(['by', 'cells', 'hidden', 'of']);
        return breakdown.cells;
      });
      for (const cell of cells) expect(Object.keys(cell).sort()).toEqual(['figure', 'key']);
      for (const figure of [reports, assessed, actionable, ...cells.map((cell: { figure: object }) => cell.figure)]) {
        expect(Object.keys(figure).sort()).toEqual(['hidden', 'value']);
        expect(figure.hidden).toBe(figure.value === null);
        if (!figure.hidden) expect(figure.value % 5).toBe(0);
      }
    }
  });

  it('begins and ends at midnight where the portal is', async () => {
    const at = (time: string, portal: string, count: number) => plainReports(portal, new Date(time), count);
    await insertReports(platform.databaseUrl, [
      ...at('2023-05-31T20:59:59.999Z', 'ke', 10), // the last moment of May in Nairobi
      ...at('2023-05-31T21:00:00Z', 'ke', 20), // midnight
      ...at('2023-05-31T23:30:00Z', 'ke', 20),
      ...at('2023-06-30T20:59:59.999Z', 'ke', 30),
      ...at('2023-06-30T21:00:00Z', 'ke', 50),
      ...at('2023-05-31T15:59:59.999Z', 'mn', 15), // Ulaanbaatar, eight hours east
      ...at('2023-05-31T16:00:00Z', 'mn', 60),
    ]);
    for (const [month, kenya, mongolia] of [
      ['2023-05', 10, 15],
      ['2023-06', 70, 60],
      ['2023-07', 50, null],
    ] as const) {
      await publish(month);
      expect((await monthOf('KE', month)).reports.value).toBe(kenya);
      expect((await monthOf('MN', month)).reports.value).toBe(mongolia);
    }
  });
});

describe('publishing', () => {
  it('is refused until the month is over in every time zone, noon of the first in UTC', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2027-06-01T11:59:59.999Z') });
    const early = { __typename: 'InvalidInputError', issues: [{ path: ['month'], code: 'MONTH_NOT_OVER' }] };
    for (const month of ['2027-05', '2027-06', '2099-01']) expect(await publish(month)).toEqual(early);
    expect((await editionsOf('2027-05')).rows).toEqual([]);
    vi.setSystemTime(new Date('2027-06-01T12:00:00Z'));
    expect(await publish('2027-05', 'admin')).toMatchObject({ __typename: 'PublishedMonth', month: '2027-05' });
  });

  it('again changes nothing; a changed figure makes edition 2 of that country, which says why and is what its partner reads', async () => {
    const at = new Date('2023-09-10T09:00:00Z');
    await insertReports(platform.databaseUrl, [...plainReports('ke', at, 20), ...plainReports('ug', at, 30)]);
    const first = await publish('2023-09');
    expect(first.editions).toContainEqual({ country: 'KE', edition: 1 });
    expect(await publish('2023-09', 'admin')).toEqual(first);
    const before = (await editionsOf('2023-09')).rows;

    // One more rounds to the same figure; ten more do not.
    await insertReports(platform.databaseUrl, plainReports('ke', at, 1));
    expect(await publish('2023-09')).toEqual(first);
    await insertReports(platform.databaseUrl, plainReports('ke', at, 10));
    const why = 'Ten reports came in late by paper.';
    const second = (await publish('2023-09', 'supervisor', `  ${why} `)).editions;
    expect(second).toEqual(
      first.editions.map(({ country }: { country: string }) => ({ country, edition: country === 'KE' ? 2 : 1 })),
    );
    const kenya = await monthOf('KE', '2023-09', 'partner-ke');
    expect(kenya).toMatchObject({ edition: 2, correction: why, reports: { value: 30 } });
    expect(kenya.earlier).toEqual([{ edition: 1, publishedOn: expect.stringMatching(/^20/), correction: null }]);
    expect(await monthOf('UG', '2023-09', 'partner-ug')).toMatchObject({ edition: 1, reports: { value: 30 } });
    const after = (await editionsOf('2023-09')).rows;
    expect(after.filter(({ country, edition }) => country !== 'KE' || edition === 1)).toEqual(before);
  });

  it('a correction without a reason is refused, and nothing at all is published', async () => {
    const at = new Date('2023-08-10T09:00:00Z');
    await insertReports(platform.databaseUrl, plainReports('ke', at, 20));
    await publish('2023-08');
    const before = (await editionsOf('2023-08')).rows;
    await insertReports(platform.databaseUrl, plainReports('ke', at, 20));
    for (const [reason, code] of [
      [null, 'REASON_NEEDED'],
      ['   ', 'REASON_NEEDED'],
      ['word '.repeat(101), 'TOO_LONG'],
      ['See https://one.example/page for more.', 'ADDRESS'],
    ] as const) {
      const refused = { __typename: 'InvalidInputError', issues: [{ path: ['reason'], code }] };
      expect(await publish('2023-08', 'supervisor', reason)).toEqual(refused);
    }
    expect((await editionsOf('2023-08')).rows).toEqual(before);
    // A country that is new to the month is no correction.
    await client.query(`INSERT INTO partners (id, name, kind, countries, agreement_from, updated_at)
      VALUES (uuidv7(), 'New', 'GOVERNMENT', '{ZM}', '2020-01-01', now())`);
    expect(await publish('2023-08')).toMatchObject({ __typename: 'InvalidInputError' });
    const { editions } = await publish('2023-08', 'supervisor', 'Late reports.');
    expect(editions).toContainEqual({ country: 'ZM', edition: 1 });
    const { rows } = await editionsOf('2023-08');
    expect(rows.filter(({ reason }) => reason !== null).map(({ country, edition }) => [country, edition])).toEqual([
      ['KE', 2],
    ]);
  });

  it('twice at once makes one edition', async () => {
    await insertReports(platform.databaseUrl, plainReports('ke', new Date('2023-11-10T09:00:00Z'), 20));
    const [one, ...others] = await Promise.all(
      ['admin', 'supervisor', 'admin'].map((as) => publish('2023-11', as as As)),
    );
    for (const other of others) expect(other).toEqual(one);
    const { rows } = await editionsOf('2023-11');
    expect(new Set(rows.map(({ country }) => country)).size).toBe(rows.length);
  });

  it('covers the countries of partners that have no portal of their own', async () => {
    const input = {
      name: 'Ministry of Example, Malawi',
      kind: 'GOVERNMENT',
      countries: ['MW'],
      agreementFrom: '2020-01-01',
    };
    await platform.ask(
      'mutation ($input: SavePartnerInput!) { savePartner(input: $input) { __typename } }',
      { input },
      'admin',
    );
    expect((await publish('2023-12')).editions).toContainEqual({ country: 'MW', edition: 1 });
  });

  it('is for ever: not even SQL of the platform’s own role changes or removes what is published', async () => {
    for (const table of ['statistics_editions', 'statistics_group_editions', 'open_data_editions'])
      for (const sql of [`UPDATE ${table} SET figures = '{}'`, `DELETE FROM ${table}`, `TRUNCATE ${table}`])
        await expect(client.query(sql), sql).rejects.toThrow(/never allowed/);
  });

  it('is announced by one job a month, which names the month and nothing else', async () => {
    const jobs = `SELECT payload FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
      WHERE t.identifier = 'announce-month' AND payload::text LIKE '%2022-11%'`;
    await publish('2022-11');
    await publish('2022-11');
    expect((await client.query(jobs)).rows).toEqual([{ payload: { month: '2022-11' } }]);
  });
});

describe('the job that publishes', () => {
  const by = { system: true, operation: 'publish-month' } as const;
  const published = async (month: string) => (await editionsOf(month)).rows.length > 0;

  it('does so once, from its day on, and leaves corrections to people', async () => {
    const { publishDueMonth } = await import('../../src/statistics/publish-due-month.ts');
    const run = (now: string, day = 5) => publishDueMonth(by, day, new Date(now));
    await run('2022-06-04T05:10:00Z');
    await run('2022-06-20T05:10:00Z', 0);
    await run('2022-06-01T05:10:00Z', 1);
    expect(await published('2022-05')).toBe(false);
    await run('2022-06-05T05:10:00Z');
    expect(await published('2022-05')).toBe(true);
    const { rows: before } = await editionsOf('2022-05');
    expect(new Set(before.map(({ edition }) => edition))).toEqual(new Set([1]));

    await insertReports(platform.databaseUrl, plainReports('ke', new Date('2022-05-10T09:00:00Z'), 50));
    await run('2022-06-06T05:10:00Z');
    expect((await editionsOf('2022-05')).rows).toEqual(before);
  });

  it('runs every day', async () => {
    const { tasks } = await import('../../src/jobs/tasks.ts');
    expect(tasks.find(({ name }) => name === 'publish-month')).toMatchObject({ schedule: '10 5 * * *' });
  });
});
