import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertReports, plainReports } from '../support/made-reports.ts';
import { type As, type Platform, startPlatform } from '../support/platform.ts';
import { statementsOf } from '../support/statements.ts';

const OPEN_DATA = `{
  openData {
    year edition publishedOn definitionsVersion definitions { term text } correction countries monthsShown
    reports { value leftOut display } assessed { value } actionable { value }
    breakdowns { by of cells { key label figure { value leftOut } } }
  }
}`;
const PUBLISH = `mutation ($year: Int!, $reason: String) {
  result: publishOpenData(year: $year, reason: $reason) {
    __typename ... on OpenDataYear { year edition correction reports { value } } ... on InvalidInputError { issues { path code message } }
  }
}`;

let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform();
  await file('2023-01', 23);
  await file('2023-06', 42);
  await file('2023-07', 4);
  for (let month = 1; month <= 11; month += 1) await publishMonth(`2023-${String(month).padStart(2, '0')}`);
});
afterAll(() => platform.stop());

const file = (month: string, count: number) =>
  insertReports(platform.databaseUrl, plainReports('ke', new Date(`${month}-10T09:00:00Z`), count));
const publishMonth = (month: string, reason: string | null = null) =>
  platform.ask(
    'mutation ($month: YearMonth!, $reason: String) { publishStatistics(month: $month, reason: $reason) { __typename } }',
    { month, reason },
    'supervisor',
  );
const publish = (year: number, reason: string | null = null, as: As = 'admin') =>
  platform.ask(PUBLISH, { year, reason }, as);
const read = async () => (await platform.ask(OPEN_DATA)).data.openData;
const issues = (code: string, path = 'year') => ({
  __typename: 'InvalidInputError',
  issues: [{ path: [path], code, message: expect.any(String) }],
});

describe('open data', () => {
  it('is nothing until an administrator publishes a year that is over, all of whose months are published', async () => {
    const next = new Date().getUTCFullYear() + 1;
    for (const year of [next, next - 1, 1999, 100_000])
      expect((await publish(year)).data.result).toEqual(issues('YEAR_NOT_OVER'));
    const { result } = (await publish(2023)).data;
    expect(result).toEqual(issues('MONTHS_NOT_PUBLISHED'));
    expect(result.issues[0].message).toContain(': 12.');
    expect(await read()).toEqual([]);

    await publishMonth('2023-12');
    expect((await publish(2023)).data.result).toMatchObject({ __typename: 'OpenDataYear', edition: 1 });
    expect(await read()).toHaveLength(1);
  });

  it.each<As>(['stranger', 'funder', 'analyst', 'supervisor'])('is published by nobody like %s', async (as) => {
    const { data, errors } = await publish(2023, null, as);
    expect(data).toBeNull();
    expect(errors[0]?.extensions.code).toBe(as === 'stranger' ? 'UNAUTHENTICATED' : 'FORBIDDEN');
  });

  it('is for everybody the sum of what partners read: rounded figures, and how many are hidden', async () => {
    const { statements, result } = await statementsOf(read);
    expect(statements).toHaveLength(1);
    const [year] = result;
    const hidden = year.countries.length * 12 - 2;
    expect(year).toMatchObject({ year: 2023, edition: 1, correction: null, monthsShown: 2 });
    expect(year.countries).toEqual(expect.arrayContaining(['KE', 'UG']));
    // 23 is published as 25 and 42 as 40; 4 is hidden, and so is every month without a report.
    expect(year.reports).toEqual({ value: 65, leftOut: hidden, display: `65, without ${hidden} hidden` });
    const source = year.breakdowns.find(({ by }: { by: string }) => by === 'SOURCE');
    expect(source.cells).toContainEqual({ key: 'PUBLIC', label: 'public', figure: { value: 65, leftOut: hidden } });
    expect(year.publishedOn).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(year.definitions.length).toBeGreaterThan(10);
  });

  it('stays as it is: what has changed since is the next edition, which says why', async () => {
    expect((await publish(2023)).data.result).toMatchObject({ edition: 1 });
    await file('2023-06', 20);
    // Nothing follows from what is not published.
    expect((await publish(2023)).data.result).toMatchObject({ edition: 1 });
    await publishMonth('2023-06', 'Twenty reports came late.');
    expect((await publish(2023)).data.result).toEqual(issues('REASON_NEEDED', 'reason'));
    expect(await read()).toMatchObject([{ edition: 1, reports: { value: 65 } }]);
    const { result } = (await publish(2023, 'June was corrected.')).data;
    expect(result).toMatchObject({ edition: 2, correction: 'June was corrected.', reports: { value: 85 } });
    expect(await read()).toMatchObject([{ edition: 2, correction: 'June was corrected.', reports: { value: 85 } }]);
  });
});
