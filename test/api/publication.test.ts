import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { protectMonth } from '../../src/domain/disclosure.ts';
import { insertReports, makeReports, plainReports, seeded } from '../support/made-reports.ts';
import { truthOf } from '../support/month-truth.ts';
import { type As, type Platform, startPlatform } from '../support/platform.ts';

const PUBLISH = `mutation ($month: YearMonth!) {
  result: publishStatistics(month: $month) {
    __typename
    ... on PublishedMonth { month editions { country edition } }
    ... on InvalidInputError { issues { path code } }
  }
}`;
const FIGURES = `query ($country: CountryCode!, $month: YearMonth!) {
  countryStatistics(country: $country, from: $month, to: $month) {
    months { month edition reports { value } actionable { value } }
  }
}`;
/** None of these places has summer time. */
const portals = [
  { code: 'ke', country: 'KE', east: 3, count: 420 },
  { code: 'ug', country: 'UG', east: 3, count: 90 },
  { code: 'mn', country: 'MN', east: 8, count: 22 },
];

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

const publish = async (month: string, as: As = 'supervisor') =>
  (await platform.ask(PUBLISH, { month }, as)).data.result;
const monthOf = async (country: string, month: string, as: As = 'admin') =>
  (await platform.ask(FIGURES, { country, month }, as)).data.countryStatistics.months[0];
const editionsOf = (month: string) =>
  client.query('SELECT country, edition, figures FROM statistics_editions WHERE month = $1 ORDER BY country, edition', [
    `${month}-01`,
  ]);

describe('a published month', () => {
  it('says what was reported, assessed and done, as counted by hand from what was written', async () => {
    const random = seeded(7);
    const [from, to] = [new Date('2024-03-29T00:00:00Z'), new Date('2024-05-03T00:00:00Z')];
    const reports = portals.flatMap(({ code, count }) => makeReports({ portal: code, from, to, count }, random));
    await insertReports(platform.databaseUrl, reports);
    const published = await publish('2024-04');
    expect(published.editions).toEqual(expect.arrayContaining(portals.map(({ country }) => ({ country, edition: 1 }))));

    const { rows } = await editionsOf('2024-04');
    for (const portal of portals) {
      const { counts, speeds } = truthOf(reports, '2024-04', portal);
      const { speeds: shown, ...figures } = rows.find(({ country }) => country === portal.country).figures;
      expect(figures).toEqual(protectMonth(counts));
      for (const speed of shown) {
        const { base, ...exact } = speeds.find(({ measure }) => measure === speed.measure)!;
        const isShown = speed.median !== null;
        expect(speed).toEqual(isShown ? exact : { ...speed, median: null, ninetieth: null });
        if (isShown) expect(base).toBeGreaterThanOrEqual(48);
        expect(isShown, `${portal.country} ${speed.measure} of ${base}`).toBe(portal.country === 'KE');
      }
    }
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
        expect(Object.keys(breakdown).sort()).toEqual(['by', 'cells']);
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

  it('again changes nothing; with a changed figure it makes edition 2 for that country, which its partner reads', async () => {
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
    const second = (await publish('2023-09')).editions;
    expect(second).toEqual(
      first.editions.map(({ country }: { country: string }) => ({ country, edition: country === 'KE' ? 2 : 1 })),
    );
    expect(await monthOf('KE', '2023-09', 'partner-ke')).toMatchObject({ edition: 2, reports: { value: 30 } });
    expect(await monthOf('UG', '2023-09', 'partner-ug')).toMatchObject({ edition: 1, reports: { value: 30 } });
    const after = (await editionsOf('2023-09')).rows;
    expect(after.filter(({ country, edition }) => country !== 'KE' || edition === 1)).toEqual(before);
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

  it('is for ever: not even SQL changes or removes an edition', async () => {
    for (const sql of [
      "UPDATE statistics_editions SET figures = '{}'",
      'DELETE FROM statistics_editions',
      'TRUNCATE statistics_editions',
    ])
      await expect(client.query(sql)).rejects.toThrow(/never allowed/);
  });
});
