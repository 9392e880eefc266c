// What a country's figures are is kept in the process, and so is the text that was sent: nobody may be able to tell but by the time it takes.
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertReports, plainReports } from '../support/made-reports.ts';
import { onDay } from '../support/on-day.ts';
import { type Platform, startPlatform, tokenOf } from '../support/platform.ts';
import { insertEdition } from '../support/published-editions.ts';
import { statementsOf } from '../support/statements.ts';

const FIGURES = `query ($country: CountryCode!, $from: YearMonth!, $to: YearMonth!, $more: Boolean = true) {
  countryStatistics(country: $country, from: $from, to: $to) {
    country asOf edition provisional { value hidden }
    months { month edition correction earlier { edition } reports { value hidden display } rates @include(if: $more) { percent } }
    definitions { term text } tables: months { breakdowns { by cells { key label figure { value } } } }
  }
}`;
const span = { from: '2024-01', to: '2024-12' };
// Unusual, and as right: it is for Yoga, which keeps nothing.
const COLD = 'application/json; charset="utf-8"';

let platform: Platform;
let another: pg.Client;
let rollUpFacts: () => Promise<number>;
beforeAll(async () => {
  platform = await startPlatform();
  another = new pg.Client({ connectionString: platform.databaseUrl });
  await another.connect();
  ({ rollUpFacts } = await import('../../src/statistics/roll-up-facts.ts'));
  for (const country of ['KE', 'UG']) {
    for (const month of ['2024-01', '2024-02']) await insertEdition(another, { country, month, reports: 20 });
  }
  for (let n = 0; n < 3; n += 1) await ask('partner-ke');
  const { hotOperation } = await import('../../src/graphql/hot-operations.ts');
  const asked = { query: FIGURES, documentId: undefined, operationName: undefined, variables: undefined };
  expect(hotOperation(asked)?.keptAnswer).toBeTypeOf('function');
});
afterAll(async () => {
  await another.end();
  await platform.stop();
});

async function post(who: string, variables: object, type = 'application/json'): Promise<string> {
  const token = who.startsWith('rp_') ? who : await tokenOf(who);
  const response = await fetch(`${platform.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': type, authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: FIGURES, variables: { country: 'KE', ...span, ...variables } }),
  });
  return response.text();
}

const withoutLocations = (text: string) => JSON.parse(text, (key, value) => (key === 'locations' ? undefined : value));

/** The answer, of which Yoga must give every byte too, and how many statements it took. */
async function ask(subject: string, variables: object = {}) {
  const { statements, result } = await statementsOf(() => post(subject, variables));
  const cold = await post(subject, variables, COLD);
  const { data, errors } = JSON.parse(result);
  if (errors) expect(withoutLocations(result)).toEqual(withoutLocations(cold));
  else expect(result).toBe(cold);
  return { cost: statements.length, figures: data?.countryStatistics, code: errors?.[0].extensions.code, text: result };
}
const editionsOf = ({ figures }: Awaited<ReturnType<typeof ask>>): string[] =>
  figures.months.map(({ month, edition }: { month: string; edition: number }) => `${month} ${edition}`);

describe('figures that were read before', () => {
  it('cost one statement, the account’s, for every partner of the country', async () => {
    const first = await ask('partner-ke');
    const again = await ask('partner-ke');
    expect([again.cost, again.text]).toEqual([1, first.text]);
    expect(editionsOf(again)).toEqual(['2024-01 1', '2024-02 1']);
    expect(await ask('funder')).toMatchObject({ cost: 1, text: first.text });
  });

  it('cost no more for a key', async () => {
    const { text } = await ask('partner-ke');
    const { data } = await platform.ask('{ accounts { id subject } }', {}, 'admin');
    const account = data.accounts.find(({ subject }: { subject: string }) => subject === 'partner-ke').id;
    const create =
      'mutation ($i: CreateApiKeyInput!) { key: createApiKey(input: $i) { ... on CreatedApiKey { secret } } }';
    const made = await platform.ask(create, { i: { account, label: 'a tool of its own' } }, 'admin');
    const { secret } = made.data.key;
    // The first use of a day is noted.
    await post(secret, {});
    const { statements, result } = await statementsOf(() => post(secret, {}));
    expect([statements.length, result]).toEqual([1, text]);
  });

  it('are other ones for other variables, in the field and below it', async () => {
    const { text } = await ask('partner-ke');
    const later = await ask('partner-ke', { from: '2024-02' });
    expect(editionsOf(later)).toEqual(['2024-02 1']);
    expect((await ask('partner-ke', { more: false })).text).not.toBe(text);
    expect(await ask('partner-ke')).toMatchObject({ cost: 1, text });
    expect((await ask('partner-ke', { to: '2023-12' })).code).toBe('BAD_USER_INPUT');
    expect((await ask('partner-ke', { to: 'soon' })).figures).toBeUndefined();
  });

  it('are nobody else’s', async () => {
    expect(await ask('partner-ug')).toMatchObject({ cost: 1, code: 'FORBIDDEN', figures: undefined });
    expect((await ask('partner-ug', { country: 'UG' })).figures.country).toBe('UG');
    for (const subject of ['analyst', 'industry', 'checker']) {
      expect(await ask(subject)).toMatchObject({ cost: 1, code: 'FORBIDDEN', figures: undefined });
    }
    expect((await ask('partner-ke')).figures.country).toBe('KE');
  });

  it('are refused at once to whom an agreement or an account was taken', async () => {
    const change = (values: string) =>
      another.query(
        `UPDATE partners SET ${values} WHERE id = (SELECT partner_id FROM accounts WHERE subject = 'partner-ke')`,
      );
    await change(`countries = '{UG}'`);
    expect(await ask('partner-ke')).toMatchObject({ cost: 1, code: 'FORBIDDEN' });
    await change(`countries = '{KE}', agreement_from = '2199-01-01'`);
    expect(await ask('partner-ke')).toMatchObject({ cost: 1, code: 'FORBIDDEN' });
    await change(`agreement_from = '2020-01-01'`);
    expect((await ask('partner-ke')).figures.months).toHaveLength(2);
    await another.query(`UPDATE accounts SET disabled_at = now() WHERE subject = 'partner-ke'`);
    expect(await ask('partner-ke')).toMatchObject({ cost: 1, code: 'UNAUTHENTICATED' });
    await another.query(`UPDATE accounts SET disabled_at = NULL WHERE subject = 'partner-ke'`);
    expect((await ask('partner-ke')).figures.months).toHaveLength(2);
  });
});

/** The figures are read once more, as they are now; from then on they are known. */
async function readAnew() {
  const anew = await ask('partner-ke');
  expect(anew.cost).toBe(2);
  for (let n = 0; n < 2; n += 1) expect(await ask('partner-ke')).toMatchObject({ cost: 1, text: anew.text });
  return anew;
}

describe('figures that have changed are read once more', () => {
  it('when a month is published', async () => {
    await insertReports(platform.databaseUrl, plainReports('ke', new Date('2024-03-10T09:00:00Z'), 20));
    const publish = `mutation { publishStatistics(month: "2024-03") { __typename } }`;
    await onDay(Date.UTC(2024, 3, 5), () => platform.ask(publish, {}, 'supervisor'));
    expect(editionsOf(await readAnew())).toEqual(['2024-01 1', '2024-02 1', '2024-03 1']);
  });

  it('when another process has published a correction, from its commit on', async () => {
    await ask('partner-ke');
    await another.query('BEGIN');
    await insertEdition(another, { country: 'KE', month: '2024-01', edition: 2, reports: 25 });
    expect(await ask('partner-ke')).toMatchObject({ cost: 1, figures: { edition: 1 } });
    await another.query('COMMIT');
    const { figures } = await readAnew();
    expect(figures.months[0]).toMatchObject({ edition: 2, reports: { value: 25 }, earlier: [{ edition: 1 }] });
  });

  it('and not when a change was undone', async () => {
    await ask('partner-ke');
    await another.query('BEGIN');
    await insertEdition(another, { country: 'KE', month: '2024-02', edition: 2, reports: 25 });
    await another.query('ROLLBACK');
    expect(await ask('partner-ke')).toMatchObject({ cost: 1, figures: { edition: 2 } });
  });

  it('when reports of the running month were rolled up', async () => {
    await onDay(Date.parse('2024-08-12T12:00:00Z'), async () => {
      await ask('partner-ke');
      await insertReports(platform.databaseUrl, plainReports('ke', new Date('2024-08-02T09:00:00Z'), 20));
      expect(await ask('partner-ke')).toMatchObject({ cost: 1, figures: { provisional: { hidden: true } } });
      await rollUpFacts();
      expect((await readAnew()).figures.provisional).toEqual({ value: 20, hidden: false });
    });
  });

  it('when a portal has another time zone', async () => {
    // Late on the last of July in Nairobi is August in Auckland.
    await onDay(Date.parse('2024-07-31T20:00:00Z'), async () => {
      await ask('partner-ke');
      await another.query(`UPDATE portals SET time_zone = 'Pacific/Auckland' WHERE code = 'ke'`);
      await readAnew();
      await another.query(`UPDATE portals SET time_zone = 'Africa/Nairobi' WHERE code = 'ke'`);
      await readAnew();
      await another.query(`UPDATE portals SET updated_at = now() WHERE code = 'ke'`);
      expect((await ask('partner-ke')).cost).toBe(1);
    });
  });

  it('when a day begins where a portal is', async () => {
    await insertReports(platform.databaseUrl, plainReports('ke', new Date('2024-08-20T09:00:00Z'), 30));
    await rollUpFacts();
    const provisional = (time: string) =>
      onDay(Date.parse(time), async () => (await readAnew()).figures.provisional.value);
    // Midnight in Nairobi.
    expect(await provisional('2024-08-20T20:59:59Z')).toBe(20);
    expect(await provisional('2024-08-20T21:00:00Z')).toBe(50);
    expect(await provisional('2024-08-20T20:59:59Z')).toBe(20);
  });

  it('when an agreement has ended, and who had one for longer sees more', async () => {
    const until = (day: string) =>
      another.query(
        `UPDATE partners SET agreement_until = ${day} WHERE id = (SELECT partner_id FROM accounts WHERE subject = 'partner-ke')`,
      );
    await until(`'2024-08-25'`);
    const provisional = (time: string) =>
      onDay(Date.parse(time), async () => (await readAnew()).figures.provisional.value);
    expect(await provisional('2024-08-25T23:59:59Z')).toBe(50);
    expect(await provisional('2024-08-26T00:00:00Z')).toBeNull();
    const funder = await onDay(Date.parse('2024-08-26T00:00:00Z'), () => ask('funder'));
    expect(funder.figures.provisional.value).toBe(50);
    await until('NULL');
  });
});
