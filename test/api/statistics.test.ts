import { isObjectType } from 'graphql';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { insertReports, plainReports } from '../support/made-reports.ts';
import { onDay } from '../support/on-day.ts';
import { type As, type Platform, startPlatform, tokenOf } from '../support/platform.ts';
import { statementsOf } from '../support/statements.ts';

const FIGURES = `query ($country: CountryCode!, $from: YearMonth!, $to: YearMonth!) {
  countryStatistics(country: $country, from: $from, to: $to) {
    country asOf edition
    months {
      month edition publishedOn definitionsVersion correction earlier { edition }
      reports { value hidden display } assessed { value } actionable { value } rates { of percent display }
      breakdowns { by of hidden cells { key label figure { value hidden display } } } speeds { until medianHours }
    }
    provisional { value hidden display }
    definitions { term text version }
  }
}`;
const span = { from: '2024-01', to: '2024-12' };

let platform: Platform;
let rollUpFacts: () => Promise<number>;
beforeAll(async () => {
  platform = await startPlatform();
  ({ rollUpFacts } = await import('../../src/statistics/roll-up-facts.ts'));
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

const publish = (month: string) =>
  platform.ask(`mutation { publishStatistics(month: "${month}") { __typename } }`, {}, 'supervisor');
const figures = async (country: string, as: As | { token: string }, months: object = span) =>
  (await platform.ask(FIGURES, { country, ...months }, as)).data?.countryStatistics;
const monthsOf = (answer: { months: { month: string; edition: number }[] }) =>
  answer.months.map(({ month, edition }) => `${month} ${edition}`);

describe('the figures of a country', () => {
  it.each<As>(['partner-ke', 'funder', 'supervisor', 'admin'])('are read by %s', async (as) => {
    const kenya = await figures('KE', as);
    expect(monthsOf(kenya).slice(0, 3)).toEqual(['2024-01 1', '2024-02 1', '2024-03 1']);
    expect(kenya).toMatchObject({ country: 'KE', edition: 1, provisional: { display: 'hidden' } });
    expect(kenya.months[0].reports).toEqual({ value: 20, hidden: false, display: '20' });
  });

  it('are read of any country by those who answer for the hotline, and are empty where nothing is published', async () => {
    expect(monthsOf(await figures('UG', 'supervisor')).length).toBeGreaterThanOrEqual(3);
    expect(await figures('FR', 'admin')).toMatchObject({ months: [], edition: 0, provisional: { hidden: true } });
  });

  it('have a readable label beside every key, and a definition beside every term', async () => {
    const { months, definitions } = await figures('KE', 'partner-ke');
    const cells = months[0].breakdowns.flatMap(({ cells }: { cells: { key: string; label: string }[] }) => cells);
    expect(cells.length).toBeGreaterThan(50);
    for (const { key, label } of cells) expect(label === key || label.includes('_'), key).toBe(false);
    for (const { term, text } of definitions) expect(`${term}: ${text}`).toMatch(/^\w+: .{20,}[.)]$/);
    const version = months[0].definitionsVersion;
    expect(new Set(definitions.map((definition: { version: number }) => definition.version))).toEqual(
      new Set([version]),
    );
  });

  it('say when and by which definitions they were published, and what each table breaks down', async () => {
    const [january] = (await figures('KE', 'partner-ke')).months;
    expect(january).toMatchObject({ publishedOn: '2024-02-05', definitionsVersion: 2, correction: null, earlier: [] });
    const of = (by: string) => january.breakdowns.find((table: { by: string }) => table.by === by);
    expect(of('SOURCE')).toMatchObject({ of: 'REPORTS', hidden: false });
    expect(of('REASON')).toMatchObject({ of: 'NOT_ACTIONABLE', hidden: true });
    expect(of('HOSTING_COUNTRY')).toMatchObject({ of: 'ACTIONABLE', hidden: true, cells: [] });
    // A language that nobody wrote in is left out of a table that is shown.
    expect(of('LANGUAGE')).toMatchObject({ hidden: false, cells: [{ key: 'NOT_SAID', figure: { value: 20 } }] });
  });

  it('have shares on a base of 50 or more, in whole percent of what is published', async () => {
    const at = new Date('2024-06-10T09:00:00Z');
    const [plain, known] = [plainReports('ke', at, 45), plainReports('ke', at, 15)];
    for (const report of known) Object.assign(report, { repeated: true, contact: 'KEPT' });
    await insertReports(platform.databaseUrl, [...plain, ...known]);
    await onDay(Date.UTC(2024, 6, 5), () => publish('2024-06'));
    const months = (await figures('KE', 'partner-ke')).months;
    const rates = (month: string) => months.find((one: { month: string }) => one.month === month).rates;
    expect(rates('2024-06')).toEqual([
      { of: 'ACTIONABLE', percent: null, display: 'not given' },
      { of: 'REPEATED', percent: 25, display: '25%' },
      { of: 'ANONYMOUS', percent: 75, display: '75%' },
    ]);
    expect(rates('2024-01').map(({ percent }: { percent: number | null }) => percent)).toEqual([null, null, null]);
  });

  it('are cut to the months that were asked for', async () => {
    expect(monthsOf(await figures('KE', 'partner-ke', { from: '2024-02', to: '2024-02' }))).toEqual(['2024-02 1']);
    expect(monthsOf(await figures('KE', 'partner-ke', { from: '2024-03', to: '2024-05' }))).toEqual(['2024-03 1']);
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
    await rollUpFacts();
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
