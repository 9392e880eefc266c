import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertReports, plainReports } from '../support/made-reports.ts';
import { type As, type Platform, startPlatform, tokenOf } from '../support/platform.ts';
import { statementsOf } from '../support/statements.ts';

const GROUP = `query ($from: YearMonth!, $to: YearMonth!, $partner: ID) {
  groupStatistics(from: $from, to: $to, partner: $partner) {
    name countries asOf definitions { version }
    months {
      month edition correction countries reports { value leftOut display } assessed { value leftOut }
      breakdowns { by of cells { key label figure { value leftOut } } }
    }
  }
}`;
const span = { from: '2024-01', to: '2024-12' };
const WHY = 'Reports that came late were added.';

let platform: Platform;
let funder: { id: string; name: string };
beforeAll(async () => {
  platform = await startPlatform();
  for (const [month, kenya, uganda] of [
    ['2024-01', 23, 42],
    ['2024-02', 31, 4],
    ['2024-03', 2, 3],
  ] as const) {
    await file('ke', month, kenya);
    await file('ug', month, uganda);
    await publish(month);
  }
  const { data } = await platform.ask('{ partners { id name kind } }', {}, 'admin');
  funder = data.partners.find(({ kind }: { kind: string }) => kind === 'FUNDER');
});
afterAll(() => platform.stop());

const file = (portal: string, month: string, count: number) =>
  insertReports(platform.databaseUrl, plainReports(portal, new Date(`${month}-10T09:00:00Z`), count));
const publish = (month: string, reason: string | null = null) =>
  platform.ask(
    'mutation ($month: YearMonth!, $reason: String) { publishStatistics(month: $month, reason: $reason) { __typename } }',
    { month, reason },
    'supervisor',
  );
const ask = (as: As | { token: string }, variables: object = {}) => platform.ask(GROUP, { ...span, ...variables }, as);
const group = async (as: As | { token: string }, variables: object = {}) =>
  (await ask(as, variables)).data.groupStatistics;
const save = (input: object) =>
  platform.ask(
    'mutation ($input: SavePartnerInput!) { savePartner(input: $input) { ... on Partner { id } } }',
    { input: { id: funder.id, name: funder.name, kind: 'FUNDER', agreementFrom: '2020-01-01', ...input } },
    'admin',
  );

describe('a funder’s group', () => {
  it('is read by the funder, and by those who answer for the hotline, each month of its countries together', async () => {
    const own = await group('funder');
    expect(own).toMatchObject({ name: funder.name, countries: ['KE', 'UG'] });
    expect(own.months.map(({ month, edition }: { month: string; edition: number }) => [month, edition])).toEqual([
      ['2024-01', 1],
      ['2024-02', 1],
      ['2024-03', 1],
    ]);
    for (const as of ['supervisor', 'admin'] as const) expect(await group(as, { partner: funder.id })).toEqual(own);
  });

  it('is the sum of what is published of each country, and says how many figures are hidden', async () => {
    const [january, february, march] = (await group('funder')).months;
    // 23 is published as 25 and 42 as 40: the sum of exact counts would be 65 as well, that of 31 and 4 would not be 30.
    expect(january).toMatchObject({ countries: ['KE', 'UG'], reports: { value: 65, leftOut: 0, display: '65' } });
    expect(february.reports).toEqual({ value: 30, leftOut: 1, display: '30, without 1 hidden' });
    expect(march.reports).toEqual({ value: null, leftOut: 2, display: 'hidden' });
    const source = january.breakdowns.find(({ by }: { by: string }) => by === 'SOURCE');
    expect(source).toMatchObject({ of: 'REPORTS' });
    expect(source.cells).toContainEqual({ key: 'PUBLIC', label: 'public', figure: { value: 65, leftOut: 0 } });
  });

  it('costs two statements, sign-in among them, however long the span', async () => {
    const token = await tokenOf('funder');
    for (const variables of [{ to: '2024-01' }, { from: '2020-01', to: '2029-12' }]) {
      const { statements, result } = await statementsOf(() => group({ token }, variables));
      expect(result.months.length).toBeGreaterThan(0);
      expect(statements).toHaveLength(2);
    }
  });

  it('is corrected with its countries, for the same reason', async () => {
    await file('ke', '2024-01', 30);
    await publish('2024-01', WHY);
    const [january] = (await group('funder')).months;
    expect(january).toMatchObject({ edition: 2, correction: WHY, reports: { value: 95 } });
  });

  it('follows the agreement: a country that is added is in the next edition, a month with one that was taken out is gone', async () => {
    await save({ countries: ['KE', 'UG', 'MN'] });
    expect((await group('funder')).months[1]).toMatchObject({ edition: 1, countries: ['KE', 'UG'] });
    await publish('2024-02');
    const wider = (await group('funder')).months[1];
    expect(wider).toMatchObject({ edition: 2, countries: ['KE', 'MN', 'UG'], reports: { value: 30, leftOut: 2 } });
    expect(wider.correction).toMatch(/countries of the group/);

    await save({ countries: ['KE'] });
    expect((await group('funder')).months).toEqual([]);
    await publish('2024-02');
    const narrow = (await group('funder')).months;
    expect(narrow).toMatchObject([{ month: '2024-02', countries: ['KE'], reports: { value: 30, leftOut: 0 } }]);
    await save({ countries: ['KE', 'UG'] });
  });

  it('is what was published by the last day of an agreement that is over', async () => {
    await save({ countries: ['KE', 'UG'], agreementUntil: '2024-01-31' });
    expect((await group('funder')).months).toEqual([]);
    await save({ countries: ['KE', 'UG'] });
    expect((await group('funder')).months).toHaveLength(3);
  });
});

describe('a group', () => {
  it.each<As>(['stranger', 'partner-ke', 'industry', 'analyst'])('is not for %s', async (as) => {
    for (const variables of [{}, { partner: funder.id }]) {
      const { data, errors } = await ask(as, variables);
      expect({ data, code: errors[0]?.extensions.code }).toEqual({
        data: null,
        code: as === 'stranger' ? 'UNAUTHENTICATED' : 'FORBIDDEN',
      });
    }
  });

  it('is named by those who have none, and is null where there is none', async () => {
    expect(await group('supervisor')).toBeNull();
    const { data } = await platform.ask('{ partners { id kind } }', {}, 'admin');
    const government = data.partners.find(({ kind }: { kind: string }) => kind === 'GOVERNMENT').id;
    for (const partner of [government, 'none', '00000000-0000-4000-8000-000000000000'])
      expect(await group('admin', { partner })).toBeNull();
  });
});
