import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertReports, plainReports } from '../support/made-reports.ts';
import { type Platform, startPlatform } from '../support/platform.ts';

/** Where a month begins, by hand: the moment in UTC at which the first of the month begins there. */
const edges = [
  {
    country: 'TZ',
    zone: 'Africa/Dar_es_Salaam',
    begins: { '2025-06': '2025-05-31T21:00:00Z', '2025-12': '2025-11-30T21:00:00Z' },
  },
  {
    country: 'IN',
    zone: 'Asia/Kolkata',
    begins: { '2025-06': '2025-05-31T18:30:00Z', '2025-12': '2025-11-30T18:30:00Z' },
  },
  {
    country: 'NP',
    zone: 'Asia/Kathmandu',
    begins: { '2025-06': '2025-05-31T18:15:00Z', '2025-12': '2025-11-30T18:15:00Z' },
  },
  {
    country: 'WS',
    zone: 'Pacific/Apia',
    begins: { '2025-06': '2025-05-31T11:00:00Z', '2025-12': '2025-11-30T11:00:00Z' },
  },
  {
    country: 'KI',
    zone: 'Pacific/Kiritimati',
    begins: { '2025-06': '2025-05-31T10:00:00Z', '2025-12': '2025-11-30T10:00:00Z' },
  },
  {
    country: 'AS',
    zone: 'Pacific/Pago_Pago',
    begins: { '2025-06': '2025-06-01T11:00:00Z', '2025-12': '2025-12-01T11:00:00Z' },
  },
  // With summer time, on both sides of the equator.
  {
    country: 'PT',
    zone: 'Europe/Lisbon',
    begins: { '2025-06': '2025-05-31T23:00:00Z', '2025-12': '2025-12-01T00:00:00Z' },
  },
  {
    country: 'CL',
    zone: 'America/Santiago',
    begins: { '2025-06': '2025-06-01T04:00:00Z', '2025-12': '2025-12-01T03:00:00Z' },
  },
  {
    country: 'AU',
    zone: 'Australia/Lord_Howe',
    begins: { '2025-06': '2025-05-31T13:30:00Z', '2025-12': '2025-11-30T13:00:00Z' },
  },
] as const;
const monthBefore = { '2025-06': '2025-05', '2025-12': '2025-11' } as const;

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

const publish = (month: string) =>
  platform.ask(
    'mutation ($month: YearMonth!) { publishStatistics(month: $month) { __typename } }',
    { month },
    'supervisor',
  );
const totalOf = async (country: string, month: string) => {
  const query = `query ($country: CountryCode!, $month: YearMonth!) {
    countryStatistics(country: $country, from: $month, to: $month) { months { reports { value } } } }`;
  const { data } = await platform.ask(query, { country, month }, 'admin');
  return data.countryStatistics.months[0]?.reports.value;
};

describe('a month', () => {
  it('begins at midnight where the portal is, in every time zone, in winter as in summer', async () => {
    for (const { country, zone, begins } of edges) {
      const code = `edge-${country.toLowerCase()}`;
      await client.query(
        `INSERT INTO portals (id, code, name, country, time_zone, stage, default_language, languages, updated_at)
         VALUES (uuidv7(), $1, 'Edge', $2, $3, 'LIVE', 'en', '{en}', now())`,
        [code, country, zone],
      );
      const reports = Object.values(begins).flatMap((begin) => [
        ...plainReports(code, new Date(Date.parse(begin) - 1), 10),
        ...plainReports(code, new Date(begin), 20),
      ]);
      await insertReports(platform.databaseUrl, reports);
    }
    for (const [month, before] of Object.entries(monthBefore)) {
      await publish(before);
      await publish(month);
      for (const { country } of edges) {
        const totals = [country, await totalOf(country, before), await totalOf(country, month)];
        expect(totals).toEqual([country, 10, 20]);
      }
    }
  });

  it('and each of its days do too', async () => {
    const { rows } = await client.query<{ country: string; days: string }>(
      `SELECT country, string_agg(day || ' ' || count, ', ' ORDER BY day) AS days FROM daily_intake GROUP BY country`,
    );
    const days = '2025-05-31 10, 2025-06-01 20, 2025-11-30 10, 2025-12-01 20';
    expect(new Map(rows.map((row) => [row.country, row.days]))).toEqual(
      new Map(edges.map(({ country }) => [country, days])),
    );
  });
});
