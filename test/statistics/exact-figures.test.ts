import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertReports, type MadeReport, makeReports, plainReports, seeded } from '../support/made-reports.ts';
import { truthOf } from '../support/month-truth.ts';
import { type As, type Platform, startPlatform, tokenOf } from '../support/platform.ts';
import { statementsOf } from '../support/statements.ts';

const EXACT = `query Look($from: YearMonth!, $to: YearMonth!, $filter: ExactFiguresFilter) {
  exactFigures(from: $from, to: $to, filter: $filter) {
    from to total { ...Period } months { ...Period }
    byCountry { key reports assessed actionable } byPortal { key reports }
    hosts { defangedDomain reports cases actionable }
    backlog { state age cases reports }
    agreement { secondOpinions agreed }
  }
}
fragment Period on ExactPeriod {
  month reports assessed actionable breakdowns { by cells { key count } } speeds { until base medianHours ninetiethHours }
}`;
type Period = Record<'reports' | 'assessed' | 'actionable', number> & { month: string | null } & {
  breakdowns: { by: string; cells: { key: string; count: number }[] }[];
  speeds: { until: string; base: number; medianHours: number; ninetiethHours: number }[];
};
const kenya = { code: 'ke', east: 3 };
const mongolia = { code: 'mn', east: 8 };

let platform: Platform;
let client: pg.Client;
let reports: MadeReport[];
beforeAll(async () => {
  platform = await startPlatform();
  client = new pg.Client({ connectionString: platform.databaseUrl });
  await client.connect();
  const [from, to] = [new Date('2024-03-29T00:00:00Z'), new Date('2024-06-03T00:00:00Z')];
  const random = seeded(11);
  reports = [
    ...makeReports({ portal: 'ke', from, to, count: 260 }, random),
    ...makeReports({ portal: 'mn', from, to, count: 60 }, random),
    ...plainReports('ke', new Date('2024-05-10'), 3),
  ];
  await insertReports(platform.databaseUrl, reports);
  const { rollUpFacts } = await import('../../src/statistics/roll-up-facts.ts');
  await rollUpFacts();
});
afterAll(async () => {
  await client.end();
  await platform.stop();
});

const ask = (filter: object | null, as: As | { token: string } = 'supervisor', span: object = {}) =>
  platform.ask(EXACT, { from: '2024-04', to: '2024-05', filter, ...span }, as);
const exact = async (filter: object | null = null) => (await ask(filter)).data.exactFigures;
const cellsOf = ({ breakdowns }: Period) =>
  Object.fromEntries(
    breakdowns.flatMap(({ by, cells }) =>
      cells.flatMap(({ key, count }) => (count > 0 ? [[`${by} ${key}`, count]] : [])),
    ),
  );
const cellOf = (period: Period, cell: string) => cellsOf(period)[cell] ?? 0;

/** What a period should say by what was made. */
function truth(made: MadeReport[], month: string, portal: typeof kenya) {
  const { counts, speeds } = truthOf(made, month, portal);
  const { breakdowns, ...totals } = counts;
  return {
    ...totals,
    cells: Object.fromEntries(
      breakdowns.flatMap(({ by, cells }) =>
        cells.flatMap(({ key, count }) => (count > 0 ? [[`${by} ${key}`, count]] : [])),
      ),
    ),
    speeds: speeds
      .filter(({ base }) => base > 0)
      .map(({ measure, base, median, ninetieth }) => ({
        until: measure,
        base,
        medianHours: median,
        ninetiethHours: ninetieth,
      })),
  };
}
const said = (period: Period) => {
  const { reports, assessed, actionable, speeds } = period;
  return { reports, assessed, actionable, cells: cellsOf(period), speeds };
};

describe('exact figures', () => {
  it.each([
    ['one country', { countries: ['KE'] }, () => reports, kenya],
    ['one portal', { portals: ['mn'] }, () => reports, mongolia],
    [
      'one source',
      { countries: ['KE'], sources: ['POLICE', 'MEMBER'] },
      () => reports.filter(({ source }) => ['POLICE', 'MEMBER'].includes(source)),
      kenya,
    ],
    ['repeated ones', { portals: ['ke'], repeated: true }, () => reports.filter(({ repeated }) => repeated), kenya],
    [
      'anonymous ones',
      { portals: ['ke'], contact: false },
      () => reports.filter(({ contact }) => contact === 'NONE'),
      kenya,
    ],
    ['nobody', { countries: ['KE'], languages: ['fr'] }, () => [], kenya],
  ])('of %s are counted by the definitions of what is published, month by month', async (_, filter, made, portal) => {
    const { months, from, to } = await exact(filter);
    expect({ from, to, months: months.map(({ month }: Period) => month) }).toEqual({
      from: '2024-04',
      to: '2024-05',
      months: ['2024-04', '2024-05'],
    });
    for (const period of months) expect(said(period)).toEqual(truth(made(), period.month, portal));
  });

  it('are exact where the published ones are hidden', async () => {
    const { months } = await exact({ countries: ['KE'] });
    const small = Object.values(cellsOf(months[0])).filter((count) => count < 10);
    expect(small.length).toBeGreaterThan(5);
  });

  it('of all months together are their sums, with speeds over all of them', async () => {
    const { total, months, byCountry, byPortal } = await exact();
    const sum = (of: (period: Period) => number) => months.reduce((all: number, period: Period) => all + of(period), 0);
    expect(total.month).toBeNull();
    expect(total.reports).toBe(sum(({ reports }) => reports));
    expect(cellOf(total, 'SEVERITY A')).toBe(sum((period) => cellOf(period, 'SEVERITY A')));
    expect(total.speeds[0].base).toBe(sum(({ speeds }) => speeds[0]!.base));
    expect(byCountry.map(({ key }: { key: string }) => key)).toEqual(['KE', 'MN']);
    expect(byPortal.reduce((all: number, { reports }: { reports: number }) => all + reports, 0)).toBe(total.reports);
  });

  it.each([
    ['severities', ['A', 'B'], ['SEVERITY A', 'SEVERITY B']],
    ['ages', ['AGE_3_6'], ['AGE AGE_3_6']],
    ['sexes', ['GIRLS'], ['SEX GIRLS']],
    ['forms', ['AI_GENERATED'], ['FORM AI_GENERATED']],
    ['siteTypes', ['WEBSITE'], ['SITE_TYPE WEBSITE']],
    ['hosting', ['NL', 'UNKNOWN'], ['HOSTING_COUNTRY NL', 'HOSTING_COUNTRY UNKNOWN']],
    ['referrals', ['NOT_REFERRED'], ['REFERRAL NOT_REFERRED']],
    ['reasons', ['OFF_REMIT'], ['REASON OFF_REMIT']],
    ['listed', false, ['URL_LIST NOT_LISTED']],
  ])('by %s are as many as the cells of that table', async (name, values, cells) => {
    const [all, some] = [(await exact()).total, (await exact({ [name]: values })).total];
    const expected = cells.reduce((sum, cell) => sum + cellOf(all, cell), 0);
    expect(expected).toBeGreaterThan(0);
    expect(some.reports).toBe(expected);
  });

  it('by verdict, and by standing, are as many as the totals say', async () => {
    const { total } = await exact();
    expect((await exact({ verdicts: ['ACTIONABLE'] })).total.reports).toBe(total.actionable);
    expect((await exact({ verdicts: ['ACTIONABLE', 'NOT_ACTIONABLE'] })).total.reports).toBe(total.assessed);
    expect((await exact({ standings: ['QUARANTINED'] })).total.reports).toBe(0);
    expect((await exact({ sources: [] })).total.reports).toBe(0);
  });

  it('name the hosts that were reported most, defanged', async () => {
    await client.query(`
      UPDATE cases SET registrable_domain = 'one.example' WHERE id IN (SELECT case_id FROM report_facts WHERE month = '2024-04-01' AND country = 'KE')`);
    const { hosts, total } = await exact({ countries: ['KE'] });
    expect(hosts[0].defangedDomain).toBe('one[.]example');
    expect(hosts[0].reports).toBeGreaterThan(hosts[0].cases);
    expect(hosts[0].actionable).toBeLessThanOrEqual(total.actionable);
    const { rows } = await client.query(`
      SELECT count(*)::int AS reports, count(DISTINCT r.case_id)::int AS cases FROM reports r JOIN cases c ON c.id = r.case_id
      WHERE c.registrable_domain = 'one.example' AND r.country = 'KE'
        AND r.received_at + interval '3 hours' >= '2024-04-01Z' AND r.received_at + interval '3 hours' < '2024-06-01Z'`);
    expect(hosts[0]).toMatchObject(rows[0]);
  });

  it('say what waits now, by state and by age, whenever it was reported', async () => {
    await client.query(`
      UPDATE cases SET state = 'CLOSED', outcome = 'NO_ACTION_POSSIBLE', state_since = now();
      UPDATE cases SET state = 'AWAITING_REVIEW', outcome = NULL, state_since = now() - interval '5 days', report_count = 2
        WHERE id IN (SELECT case_id FROM report_facts WHERE country = 'MN' ORDER BY case_id LIMIT 4);
      UPDATE cases SET state = 'AWAITING_ACTION', outcome = NULL, state_since = now() - interval '23 hours'
        WHERE id = (SELECT case_id FROM report_facts WHERE country = 'KE' ORDER BY case_id LIMIT 1)`);
    const review = {
      state: 'AWAITING_REVIEW',
      age: 'DAYS_4_6',
      cases: expect.any(Number),
      reports: expect.any(Number),
    };
    const { backlog } = await exact({ countries: ['MN'] });
    expect(backlog).toEqual([review]);
    expect(backlog[0].reports).toBe(backlog[0].cases * 2);
    expect((await exact()).backlog).toEqual([
      review,
      { state: 'AWAITING_ACTION', age: 'UNDER_1_DAY', cases: 1, reports: 1 },
    ]);
    expect((await exact({ countries: ['UG'] })).backlog).toEqual([]);
  });

  it('say how opinions agreed in these months', async () => {
    const rates = '{ agreementRates(from: "2024-04-01", to: "2024-05-31") { secondOpinions agreed } }';
    const { data } = await platform.ask(rates, {}, 'supervisor');
    expect(data.agreementRates.secondOpinions).toBeGreaterThan(5);
    expect((await exact()).agreement).toEqual(data.agreementRates);
  });
});

describe('a look at exact figures', () => {
  it('costs five statements, sign-in and the record of it among them, whatever the filter', async () => {
    const token = { token: await tokenOf('supervisor') };
    for (const filter of [null, { countries: ['KE'], sources: ['PUBLIC'], severities: ['A'], listed: false }])
      expect((await statementsOf(() => ask(filter, token))).statements).toHaveLength(5);
  });

  it('is on record, with what was asked for and without what came of it', async () => {
    const { id } = (await platform.ask('{ viewer { id } }', {}, 'supervisor')).data.viewer;
    const total = (await exact({ countries: ['KE'], sources: ['POLICE'], repeated: true })).total.reports;
    const { rows } = await client.query(
      'SELECT stream, actor, operation, action, detail FROM audit_entries ORDER BY id DESC LIMIT 1',
    );
    expect(rows[0]).toMatchObject({
      stream: 'statistics',
      actor: `account:${id}`,
      operation: 'Look',
      action: 'READ_EXACT_FIGURES',
    });
    expect(JSON.parse(rows[0].detail)).toEqual({
      months: ['2024-04', '2024-05'],
      filter: ['countries: KE', 'repeated: true', 'sources: POLICE'],
    });
    expect(total).toBeGreaterThan(0);
  });

  it.each<As>(['stranger', 'partner-ke', 'funder', 'industry', 'analyst', 'admin', 'checker'])(
    'is refused to %s, and no table but their account is touched',
    async (as) => {
      const token = as === 'stranger' ? as : { token: await tokenOf(as) };
      const { statements, result } = await statementsOf(() => ask(null, token));
      expect(result.data).toBeNull();
      expect(statements).toHaveLength(as === 'stranger' ? 0 : 1);
    },
  );

  it.each<[string, object, object]>([
    ['months that end before they begin', {}, { from: '2024-05', to: '2024-04' }],
    ['more than two years', {}, { from: '2022-01', to: '2024-01' }],
    ['301 portals', { portals: Array.from({ length: 301 }, () => 'ke') }, {}],
    ['a host by its address', { hosting: ['https://site.example/'] }, {}],
  ])('for %s is refused with words that help, and leaves no record', async (_, filter, span) => {
    const before = await client.query('SELECT count(*) FROM audit_entries');
    const { errors } = await ask(filter, 'supervisor', span);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(errors[0]?.message).not.toContain('site');
    expect((await client.query('SELECT count(*) FROM audit_entries')).rows).toEqual(before.rows);
  });
});
