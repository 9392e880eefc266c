import { isObjectType } from 'graphql';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { insertReports, plainReports } from '../support/made-reports.ts';
import { type As, type Platform, startPlatform, tokenOf } from '../support/platform.ts';
import { statementsOf } from '../support/statements.ts';

const FIGURES = `query ($country: CountryCode!, $from: YearMonth!, $to: YearMonth!) {
  countryStatistics(country: $country, from: $from, to: $to) {
    country asOf edition
    months { month edition reports { value hidden display } breakdowns { by cells { key label figure { display } } } speeds { until medianHours } }
    provisional { value hidden display }
    definitions { term text }
  }
}`;
const span = { from: '2024-01', to: '2024-12' };

let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform();
  for (const month of [1, 2, 3]) {
    const at = new Date(Date.UTC(2024, month - 1, 10));
    await insertReports(platform.databaseUrl, [...plainReports('ke', at, 20), ...plainReports('ug', at, 40)]);
    await onDay(Date.UTC(2024, month, 5), () => publish(`2024-0${month}`));
  }
});
afterAll(() => platform.stop());
afterEach(() => {
  vi.useRealTimers();
});

/** Does something on another day. */
async function onDay<T>(time: number, work: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ['Date'], now: time });
  try {
    return await work();
  } finally {
    vi.useRealTimers();
  }
}
const publish = (month: string) =>
  platform.ask(`mutation { publishStatistics(month: "${month}") { __typename } }`, {}, 'supervisor');
const figures = async (country: string, as: As | { token: string }, months: object = span) =>
  (await platform.ask(FIGURES, { country, ...months }, as)).data?.countryStatistics;
const monthsOf = (answer: { months: { month: string; edition: number }[] }) =>
  answer.months.map(({ month, edition }) => `${month} ${edition}`);

describe('the figures of a country', () => {
  it.each<As>(['partner-ke', 'funder', 'supervisor', 'admin'])('are read by %s', async (as) => {
    const kenya = await figures('KE', as);
    expect(monthsOf(kenya)).toEqual(['2024-01 1', '2024-02 1', '2024-03 1']);
    expect(kenya).toMatchObject({ country: 'KE', asOf: '2024-04-05', edition: 1, provisional: { display: 'hidden' } });
    expect(kenya.months[0].reports).toEqual({ value: 20, hidden: false, display: '20' });
  });

  it('are read of any country by those who answer for the hotline, and are empty where nothing is published', async () => {
    expect(monthsOf(await figures('UG', 'supervisor'))).toHaveLength(3);
    expect(await figures('FR', 'admin')).toMatchObject({ months: [], edition: 0, provisional: { hidden: true } });
  });

  it('have a readable label beside every key, and a definition beside every term', async () => {
    const { months, definitions } = await figures('KE', 'partner-ke');
    const cells = months[0].breakdowns.flatMap(({ cells }: { cells: { key: string; label: string }[] }) => cells);
    expect(cells.length).toBeGreaterThan(50);
    for (const { key, label } of cells) expect(label === key || label.includes('_'), key).toBe(false);
    for (const { term, text } of definitions) expect(`${term}: ${text}`).toMatch(/^\w+: .{20,}\.$/);
  });

  it('are cut to the months that were asked for', async () => {
    expect(monthsOf(await figures('KE', 'partner-ke', { from: '2024-02', to: '2024-02' }))).toEqual(['2024-02 1']);
    expect(monthsOf(await figures('KE', 'partner-ke', { from: '2024-03', to: '2033-12' }))).toEqual(['2024-03 1']);
  });

  it('cost two statements, sign-in among them, for one month as for ten years', async () => {
    const token = await tokenOf('partner-ke');
    for (const months of [
      { from: '2024-01', to: '2024-01' },
      { from: '2020-01', to: '2029-12' },
    ]) {
      const { statements, result } = await statementsOf(() => figures('KE', { token }, months));
      expect(result.months.length).toBeGreaterThan(0);
      expect(statements).toHaveLength(2);
    }
  });

  it.each([
    ['2024-02', '2024-01'],
    ['2020-01', '2030-01'],
  ])('are refused from %s to %s with a sentence that helps', async (from, to) => {
    const { data, errors } = await platform.ask(FIGURES, { country: 'KE', from, to }, 'partner-ke');
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(errors[0]?.message).toMatch(/1 to 120 months/);
  });
});

describe('the running month', () => {
  it('shows its rounded total to the end of yesterday, where the portal is', async () => {
    const day = (text: string) => plainReports('ke', new Date(text), 12);
    await insertReports(platform.databaseUrl, [
      ...day('2025-06-30T20:59:00Z'), // still June in Nairobi
      ...day('2025-06-30T21:00:00Z'), // the first of July
      ...day('2025-07-02T20:59:00Z'), // the second
      ...day('2025-07-02T21:00:00Z'), // the third
    ]);
    const provisional = (now: string) =>
      onDay(Date.parse(now), async () => (await figures('KE', 'partner-ke')).provisional.display);
    expect(await provisional('2025-06-30T20:59:00Z')).toBe('hidden');
    expect(await provisional('2025-06-30T23:00:00Z')).toBe('hidden');
    expect(await provisional('2025-07-02T20:00:00Z')).toBe('10');
    expect(await provisional('2025-07-02T20:59:59Z')).toBe('10');
    expect(await provisional('2025-07-03T20:59:59Z')).toBe('25');
    expect(await provisional('2025-07-31T20:59:59Z')).toBe('35');
    expect(await provisional('2025-07-31T21:00:00Z')).toBe('hidden');
  });
});

describe('a partner', () => {
  const own = 'countryStatistics(country: "KE", from: "2024-01", to: "2024-01") { country }';
  const other = own.replace('KE', 'UG');

  it.each<[string, string, object?]>([
    ['as an argument', `{ ${other} }`],
    ['as a variable', FIGURES, { country: 'UG', ...span }],
    ['as the default of a variable', `query ($c: CountryCode! = "UG") { ${other.replace('"UG"', '$c')} }`],
    ['under other names', `{ a: ${other} b: ${other.replace('UG', 'CD')} }`],
    ['in a fragment', `{ ...F } fragment F on Query { ${other} }`],
    ['in an inline fragment', `{ ... on Query { ... { ${other} } } }`],
    ['with only its type name', `{ ${other.replace('{ country }', '{ __typename }')} }`],
    ['beside public fields', `{ ${other} __typename }`],
    ['with months that are odd', `{ ${other.replace('"2024-01")', '"1999-01")')} }`],
  ])('is refused another country %s, and nothing is read beyond sign-in', async (_, query, variables) => {
    const token = await tokenOf('partner-ke');
    const { statements, result } = await statementsOf(() => platform.ask(query, variables, { token }));
    expect(result.data).toBeNull();
    expect(result.errors.length).toBeGreaterThan(0);
    for (const { extensions } of result.errors) expect(extensions.code).toBe('FORBIDDEN');
    expect(statements).toHaveLength(1);
  });

  it('is refused all where one of two countries is not its own', async () => {
    const { data, errors } = await platform.ask(`{ mine: ${own} theirs: ${other} }`, {}, 'partner-ke');
    expect({ data, codes: errors.map(({ extensions }) => extensions.code) }).toEqual({
      data: null,
      codes: ['FORBIDDEN'],
    });
  });

  it.each<As>(['stranger', 'industry', 'analyst'])('is not %s: refused whatever the country', async (as) => {
    for (const country of ['KE', 'UG', 'FR'])
      expect((await platform.ask(FIGURES, { country, ...span }, as)).data).toBeNull();
  });

  it('whose agreement has ended reads what was published by its last day, and no running month', async () => {
    await agreement('ended', { agreementFrom: '2024-01-01', agreementUntil: '2024-03-05' });
    const token = { token: await tokenOf('ended') };
    // March was published after the end; a correction of January too.
    await insertReports(platform.databaseUrl, plainReports('ke', new Date('2024-01-20T09:00:00Z'), 30));
    await publish('2024-01');
    expect(monthsOf(await figures('KE', 'partner-ke'))).toEqual(['2024-01 2', '2024-02 1', '2024-03 1']);
    const left = await figures('KE', token);
    expect(monthsOf(left)).toEqual(['2024-01 1', '2024-02 1']);
    expect(left).toMatchObject({ asOf: '2024-03-05', provisional: { value: null, hidden: true } });
  });

  it('reads the running month to the last day of its agreement', async () => {
    await insertReports(platform.databaseUrl, plainReports('ke', new Date('2024-08-02T09:00:00Z'), 20));
    await agreement('ends-soon', { agreementFrom: '2024-01-01', agreementUntil: '2024-08-10' });
    const provisional = (now: string) =>
      onDay(
        Date.parse(now),
        async () => (await figures('KE', { token: await tokenOf('ends-soon') })).provisional.value,
      );
    expect(await provisional('2024-08-10T23:59:59Z')).toBe(20);
    expect(await provisional('2024-08-11T00:00:00Z')).toBeNull();
  });

  it('whose agreement has not begun is refused', async () => {
    await agreement('not-yet', { agreementFrom: '2199-01-01' });
    const { data, errors } = await platform.ask(
      FIGURES,
      { country: 'KE', ...span },
      { token: await tokenOf('not-yet') },
    );
    expect({ data, code: errors[0]?.extensions.code }).toEqual({ data: null, code: 'FORBIDDEN' });
  });

  async function agreement(subject: string, dates: object) {
    const partner = { name: subject, kind: 'GOVERNMENT', countries: ['KE'], ...dates };
    const save = 'mutation ($p: SavePartnerInput!) { savePartner(input: $p) { ... on Partner { id } } }';
    const { data } = await platform.ask(save, { p: partner }, 'admin');
    const account = { subject, name: subject, role: 'PARTNER', partner: data.savePartner.id };
    await platform.ask(
      'mutation ($a: SaveAccountInput!) { saveAccount(input: $a) { __typename } }',
      { a: account },
      'admin',
    );
  }
});

describe('time', () => {
  it('is no finer than the day in any type that the public or a partner can read', async () => {
    const { schema } = await import('../../src/graphql/schema.ts');
    const { permissions } = await import('../../src/graphql/permissions.ts');
    const { isStatisticsReader, isUrlListReader } = await import('../../src/graphql/rules.ts');
    const { allow } = await import('../../src/graphql/shield.ts');
    const open = Object.values(schema.getTypeMap()).filter(
      (type) =>
        isObjectType(type) &&
        [allow, isStatisticsReader, isUrlListReader].includes(permissions[type.name] as typeof allow) &&
        // What went wrong: its only time says when an analyst’s break is over.
        type.name !== 'BreakDueError',
    );
    expect(open.length).toBeGreaterThan(15);
    const fine = open.flatMap((type) =>
      isObjectType(type)
        ? Object.values(type.getFields())
            .filter((field) => String(field.type).includes('DateTime'))
            .map((field) => `${type.name}.${field.name}`)
        : [],
    );
    expect(fine).toEqual([]);
  });

  it('is no finer than the day in what partners are answered', async () => {
    const all = JSON.stringify([await figures('KE', 'partner-ke'), await figures('UG', 'funder')]);
    expect(all).toContain('2024-04-05');
    expect(all).not.toMatch(/\d\d:\d\d/);
  });
});
