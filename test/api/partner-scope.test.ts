import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { insertReports, plainReports } from '../support/made-reports.ts';
import { onDay } from '../support/on-day.ts';
import { type Answer, type As, type Platform, startPlatform, tokenOf } from '../support/platform.ts';
import { statementsOf } from '../support/statements.ts';

const FIGURES = `query ($country: CountryCode!, $from: YearMonth!, $to: YearMonth!) {
  countryStatistics(country: $country, from: $from, to: $to) {
    country asOf months { month edition reports { value } earlier { edition correction } } provisional { value hidden }
  }
}`;
const EDITION = `query ($country: CountryCode!, $month: YearMonth!, $edition: Int!) {
  publishedEdition(country: $country, month: $month, edition: $edition) { month edition reports { value } }
}`;
const span = { from: '2024-01', to: '2024-12' };
const WHY = 'Reports that came late were added.';

let platform: Platform;
let funder: string;
beforeAll(async () => {
  platform = await startPlatform();
  for (const month of [1, 2, 3]) {
    const at = new Date(Date.UTC(2024, month - 1, 10));
    await insertReports(platform.databaseUrl, [...plainReports('ke', at, 20), ...plainReports('ug', at, 40)]);
    await onDay(Date.UTC(2024, month, 5), () => publish(`2024-0${month}`));
  }
  const { data } = await platform.ask('{ partners { id kind } }', {}, 'admin');
  funder = data.partners.find(({ kind }: { kind: string }) => kind === 'FUNDER').id;
});
afterAll(() => platform.stop());
afterEach(() => {
  vi.useRealTimers();
});

const publish = (month: string, reason: string | null = null) =>
  platform.ask(
    'mutation ($month: YearMonth!, $reason: String) { publishStatistics(month: $month, reason: $reason) { __typename } }',
    { month, reason },
    'supervisor',
  );
const figures = async (country: string, as: As | { token: string }, months: object = span) =>
  (await platform.ask(FIGURES, { country, ...months }, as)).data?.countryStatistics;
const monthsOf = (answer: { months: { month: string; edition: number }[] }) =>
  answer.months.map(({ month, edition }) => `${month} ${edition}`);

const own = 'countryStatistics(country: "KE", from: "2024-01", to: "2024-01") { country }';
const other = own.replace('KE', 'UG');
const edition = 'publishedEdition(country: "UG", month: "2024-01", edition: 1) { edition }';

/** Every way in which a partner of Kenya asks for what is not Kenya’s. */
const attempts: [string, string, object?][] = [
  ['as an argument', `{ ${other} }`],
  ['as a variable', FIGURES, { country: 'UG', ...span }],
  ['as the default of a variable', `query ($c: CountryCode! = "UG") { ${other.replace('"UG"', '$c')} }`],
  ['under other names', `{ a: ${other} b: ${other.replace('UG', 'CD')} }`],
  ['in a fragment', `{ ...F } fragment F on Query { ${other} }`],
  ['in an inline fragment', `{ ... on Query { ... { ${other} } } }`],
  ['behind @include and @skip', `{ ${other.replace(' { country', ' @include(if: true) @skip(if: false) { country')} }`],
  ['with only its type name', `{ ${other.replace('{ country }', '{ __typename }')} }`],
  ['beside public fields', `{ ${other} __typename openData { __typename } }`],
  ['with months that are odd', `{ ${other.replace('"2024-01")', '"1999-01")')} }`],
  ['as an edition', `{ ${edition} }`],
  ['as an edition, by variables', EDITION, { country: 'UG', month: '2024-01', edition: 1 }],
  ['as an edition that there is not', `{ ${edition.replace('edition: 1', 'edition: 99')} }`],
  ['as a group', '{ groupStatistics(from: "2024-01", to: "2024-12") { name } }'],
];

/** Each answer is a refusal, and there is no data but the nulls in its place. */
function expectRefusal({ data, errors }: Answer, what = '') {
  expect(
    Object.values(data ?? {}).filter((value) => value !== null),
    what,
  ).toEqual([]);
  expect(errors.length, what).toBeGreaterThan(0);
  for (const { extensions } of errors) expect(extensions.code, what).toBe('FORBIDDEN');
}

/** Who is known by one statement, and nothing of figures, reports or anything else was touched. */
function expectSignInOnly(statements: string[]) {
  const elsewhere = /statistics|open_data|group_|report|daily_intake|monthly|facts|cases|portals|audit|INSERT|BEGIN/i;
  expect(statements.filter((statement) => elsewhere.test(statement))).toEqual([]);
  expect(statements).toHaveLength(1);
}

describe('a partner that asks for another country', () => {
  it.each(attempts)('%s is refused, and no table is touched but the account’s', async (_, query, variables) => {
    const token = await tokenOf('partner-ke');
    const { statements, result } = await statementsOf(() => platform.ask(query, variables, { token }));
    expectRefusal(result);
    // What is public may be read beside what is refused.
    expectSignInOnly(statements.filter((statement) => !query.includes('openData') || !statement.includes('open_data')));
  });

  it('is refused the same with an API key, which reads its own', async () => {
    const { data } = await platform.ask('{ accounts { id subject } }', {}, 'admin');
    const account = data.accounts.find(({ subject }: { subject: string }) => subject === 'partner-ke').id;
    const create =
      'mutation ($i: CreateApiKeyInput!) { key: createApiKey(input: $i) { ... on CreatedApiKey { secret } } }';
    const made = await platform.ask(create, { i: { account, label: 'a tool of its own' } }, 'admin');
    const key = { token: made.data.key.secret };
    // The first use of a day is noted.
    expect(monthsOf(await figures('KE', key))).toHaveLength(3);
    for (const [what, query, variables] of attempts.filter(([, query]) => !query.includes('openData'))) {
      const { statements, result } = await statementsOf(() => platform.ask(query, variables, key));
      expectRefusal(result, what);
      expectSignInOnly(statements);
    }
  });

  it('is refused all where one of two countries is not its own', async () => {
    const { data, errors } = await platform.ask(`{ mine: ${own} theirs: ${other} }`, {}, 'partner-ke');
    expect({ data, codes: errors.map(({ extensions }) => extensions.code) }).toEqual({
      data: null,
      codes: ['FORBIDDEN'],
    });
  });

  it('is refused another’s group, though it funds countries itself', async () => {
    await agreement('another-fund', { kind: 'FUNDER', countries: ['KE'], agreementFrom: '2020-01-01' });
    const query = `{ groupStatistics(from: "2024-01", to: "2024-12", partner: "${funder}") { name } }`;
    const token = await tokenOf('another-fund');
    const { statements, result } = await statementsOf(() => platform.ask(query, {}, { token }));
    expectRefusal(result);
    expectSignInOnly(statements);
  });

  it.each<As>(['stranger', 'industry', 'analyst', 'checker'])('is not %s: refused whatever the country', async (as) => {
    for (const country of ['KE', 'UG', 'FR']) {
      expect((await platform.ask(FIGURES, { country, ...span }, as)).data).toBeNull();
      expect((await platform.ask(EDITION, { country, month: '2024-01', edition: 1 }, as)).data).toBeNull();
    }
  });
});

describe('an agreement', () => {
  it('that has ended shows what was published by its last day, each month as it was then, and no running month', async () => {
    await agreement('ended', { agreementFrom: '2024-01-01', agreementUntil: '2024-03-05' });
    const token = { token: await tokenOf('ended') };
    // March was published after the end; a correction of January too.
    await insertReports(platform.databaseUrl, plainReports('ke', new Date('2024-01-20T09:00:00Z'), 30));
    await publish('2024-01', WHY);
    const now = await figures('KE', 'partner-ke');
    expect(monthsOf(now)).toEqual(['2024-01 2', '2024-02 1', '2024-03 1']);
    expect(now.months[0]).toMatchObject({ reports: { value: 50 }, earlier: [{ edition: 1, correction: null }] });
    const left = await figures('KE', token);
    expect(monthsOf(left)).toEqual(['2024-01 1', '2024-02 1']);
    expect(left.months[0]).toMatchObject({ reports: { value: 20 }, earlier: [] });
    expect(left).toMatchObject({ asOf: '2024-03-05', provisional: { value: null, hidden: true } });

    const ofJanuary = async (edition: number, as: As | { token: string }) =>
      (await platform.ask(EDITION, { country: 'KE', month: '2024-01', edition }, as)).data.publishedEdition;
    expect(await ofJanuary(1, token)).toEqual({ month: '2024-01', edition: 1, reports: { value: 20 } });
    expect(await ofJanuary(2, token)).toBeNull();
    expect(await ofJanuary(2, 'partner-ke')).toMatchObject({ reports: { value: 50 } });
  });

  it('shows the running month to its last day', async () => {
    await insertReports(platform.databaseUrl, plainReports('ke', new Date('2024-08-02T09:00:00Z'), 20));
    await (await import('../../src/statistics/roll-up-facts.ts')).rollUpFacts();
    await agreement('ends-soon', { agreementFrom: '2024-01-01', agreementUntil: '2024-08-10' });
    const provisional = (now: string) =>
      onDay(
        Date.parse(now),
        async () => (await figures('KE', { token: await tokenOf('ends-soon') })).provisional.value,
      );
    expect(await provisional('2024-08-10T23:59:59Z')).toBe(20);
    expect(await provisional('2024-08-11T00:00:00Z')).toBeNull();
  });

  it('that has not begun shows nothing', async () => {
    await agreement('not-yet', { kind: 'FUNDER', agreementFrom: '2199-01-01' });
    const token = { token: await tokenOf('not-yet') };
    for (const query of [`{ ${own} }`, `{ ${edition.replace('UG', 'KE')} }`, attempts.at(-1)![1]]) {
      expectRefusal(await platform.ask(query, {}, token));
    }
  });
});

async function agreement(subject: string, terms: object) {
  const partner = { name: subject, kind: 'GOVERNMENT', countries: ['KE'], ...terms };
  const save = 'mutation ($p: SavePartnerInput!) { savePartner(input: $p) { ... on Partner { id } } }';
  const { data } = await platform.ask(save, { p: partner }, 'admin');
  const account = { subject, name: subject, role: 'PARTNER', partner: data.savePartner.id };
  await platform.ask(
    'mutation ($a: SaveAccountInput!) { saveAccount(input: $a) { __typename } }',
    { a: account },
    'admin',
  );
}
