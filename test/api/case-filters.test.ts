import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseWork, caseWork, confirmed, type Result } from '../case/case-work.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { statementsOf } from '../support/statements.ts';

type Colleague = Awaited<ReturnType<CaseWork['colleague']>>;
const FIND = `query Find($filter: CaseFilter, $first: Int, $after: String) { caseCount(filter: $filter) { count orMore }
  cases(filter: $filter, first: $first, after: $after) { edges { node { number } } pageInfo { hasNextPage endCursor } } }`;

describe('the filters of the queue', () => {
  let platform: Platform;
  let work: CaseWork;
  let analyst: Colleague;
  let colleague: Colleague;
  /** One of them differs from the others, by what a test sets. */
  let numbers: string[];
  beforeAll(async () => {
    platform = await startPlatform();
    work = await caseWork(platform);
    [analyst, colleague] = [await work.colleague(), await work.colleague()];
    numbers = await work.makeCases(6, { priority: 50 });
  });
  afterAll(async () => {
    await work.close();
    await platform.stop();
  });

  const find = async (filter: object, person = analyst): Promise<string[]> => {
    const { cases, caseCount } = await work.ask(person, FIND, { filter, first: 100 });
    const found = cases.edges.map(({ node }: Result) => node.number);
    expect(caseCount).toEqual({ count: found.length, orMore: false });
    return found;
  };
  const set = (number: string, what: string) => work.sql(`UPDATE cases SET ${what} WHERE number = $1`, [number]);
  const all = () => [...numbers].sort();

  it.each([
    [
      'state',
      `state = 'ON_HOLD', held_from = 'AWAITING_ACTION', held_until = now() + interval '1 day'`,
      { states: ['ON_HOLD'] },
    ],
    ['registrable domain', `registrable_domain = 'made.example'`, { registrableDomain: 'MADE.example' }],
    ['site type', `site_types = '{FORUM,BLOG}'`, { siteTypes: ['CHAT', 'BLOG'] }],
    ['reporting country', `reporting_countries = '{KE,UG}'`, { reportingCountry: 'UG' }],
    ['hosting country', `hosting_country = 'NL'`, { hostingCountry: 'NL' }],
    ['priority', 'priority = 700', { minPriority: 700 }],
    ['danger', 'in_danger = true', { inDanger: true }],
    ['the URL list', 'listed = true', { listed: true }],
    [
      'age',
      `first_reported_at = '2026-01-02T00:00:00Z'`,
      { reportedBefore: '2026-01-02T00:00:01Z', reportedAfter: '2026-01-02T00:00:00Z' },
    ],
    ['what is due for a look', `next_check_at = now() - interval '1 minute'`, { due: true }],
  ])('find by %s', async (_what, differs, filter) => {
    const [one] = numbers as [string];
    expect(await find(filter)).toEqual([]);
    const before = await work.sql('SELECT * FROM cases WHERE number = $1', [one]);
    await set(one, differs);
    expect(await find(filter)).toEqual([one]);
    expect(await find({ ...filter, host: 'elsewhere.example' })).toEqual([]);
    await work.sql(
      `UPDATE cases c SET (state, held_from, held_until, registrable_domain, site_types, reporting_countries, hosting_country, priority, in_danger, listed, first_reported_at, next_check_at)
         = (SELECT b.state, b.held_from, b.held_until, b.registrable_domain, b.site_types, b.reporting_countries, b.hosting_country, b.priority, b.in_danger, b.listed, b.first_reported_at, b.next_check_at
            FROM jsonb_populate_record(NULL::cases, $2::jsonb - 'address_digest') b) WHERE number = $1`,
      [one, JSON.stringify(before[0])],
    );
    expect((await find({})).sort()).toEqual(all());
  });

  it('take false and null as they are meant: a fact that is not so, and no wish', async () => {
    await set(numbers[0]!, 'in_danger = true');
    expect((await find({ inDanger: false })).sort()).toEqual(numbers.slice(1).sort());
    await set(numbers[0]!, 'in_danger = false');
    const nothing = { due: false, mine: false, waitingForMe: false, handedToMe: false, quarantined: false, host: null };
    expect((await find(nothing)).sort()).toEqual(all());
    await set(numbers[0]!, 'next_check_at = NULL');
  });

  it('find what waits for me: all that claimNextCase would hand to me, and nothing else', async () => {
    const supervisor = await work.colleague('SUPERVISOR');
    const [review, held, avoided, disputed, removal] = (await work.makeCases(5)) as [
      string,
      string,
      string,
      string,
      string,
    ];
    await work.assess(analyst, review, { ...confirmed, requestReview: true });
    await work.claim(colleague, held);
    await set(avoided, `categories = '{UNSURE,GROOMING_OR_EXTORTION}'`);
    await set(disputed, `state = 'DISPUTED'`);
    await set(removal, `state = 'AWAITING_REMOVAL'`);
    await work.sql(`UPDATE accounts SET avoids = '{GROOMING_OR_EXTORTION}' WHERE id = $1`, [analyst.id]);

    expect((await find({ waitingForMe: true })).sort()).toEqual(all());
    expect((await find({ waitingForMe: true }, colleague)).sort()).toEqual([...numbers, review, avoided].sort());
    expect((await find({ waitingForMe: true }, supervisor)).sort()).toEqual(
      [...numbers, review, avoided, disputed].sort(),
    );
    await work.release(colleague, held);
    expect(await find({ waitingForMe: true, minPriority: 0 })).toContain(held);

    await work.sql(`UPDATE cases SET state = 'CLOSED', outcome = 'NOT_ACTIONABLE' WHERE number = ANY ($1)`, [
      [held, ...numbers],
    ]);
    expect(await work.claimNext(analyst)).toMatchObject({ code: 'QUEUE_EMPTY' });
    expect(await work.claim(analyst, avoided)).toMatchObject({ number: avoided });
    await work.sql(`UPDATE cases SET state = 'AWAITING_ASSESSMENT', outcome = NULL WHERE number = ANY ($1)`, [numbers]);
    await work.sql(`UPDATE cases SET state = 'CLOSED', outcome = 'NOT_ACTIONABLE' WHERE number = ANY ($1)`, [
      [review, held, avoided, disputed, removal],
    ]);
    await work.sql('DELETE FROM claims');
  });

  it('leave out what waits in quarantine, and find it where it is asked for', async () => {
    const [waiting] = (await work.makeCases(1)) as [string];
    await work.addReports(waiting, 2);
    await work.sql(
      `WITH opened AS (INSERT INTO quarantines (id, portal_id, opened_at) SELECT uuidv7(), id, now() FROM portals WHERE code = 'ke' RETURNING id)
       UPDATE reports SET standing = 'QUARANTINED', repeated = true, quarantine_id = (SELECT id FROM opened)
       WHERE case_id = (SELECT id FROM cases WHERE number = $1)`,
      [waiting],
    );
    await set(waiting, `report_count = 0, portal_ids = '{}'`);
    expect(await find({})).not.toContain(waiting);
    expect(await find({ quarantined: true })).toEqual([waiting]);
    expect(await find({ quarantined: true, states: ['CLOSED'] })).toEqual([]);
  });

  it('know what reporters say of a case as soon as they have said it', async () => {
    const address = 'https://filters.example/said';
    const submit = async (details: object) =>
      (
        await platform.ask(
          'mutation ($input: SubmitReportInput!) { submitReport(input: $input) { __typename ... on ReportReceipt { accessCode } } }',
          { input: { portal: 'ke', address, details } },
        )
      ).data.submitReport.accessCode;
    const facts = async () =>
      (
        await work.ask(
          analyst,
          `{ cases(filter: { host: "filters.example" }) { edges { node { number inDanger categories siteTypes reportingCountries } } } }`,
        )
      ).cases.edges[0].node;
    const { prioritiseCases } = await import('../../src/case/prioritise-cases.ts');
    const accessCode = await submit({ category: 'AI_GENERATED_MATERIAL', foundOn: 'FORUM' });
    const said = {
      inDanger: false,
      categories: ['AI_GENERATED_MATERIAL'],
      siteTypes: ['FORUM'],
      reportingCountries: ['KE'],
    };
    expect(await facts()).toMatchObject(said);
    await submit({ category: 'OTHER', foundOn: 'BLOG' });
    expect((await facts()).categories.sort()).toEqual(['AI_GENERATED_MATERIAL', 'OTHER']);
    await platform.ask(
      'mutation ($code: String!) { addReportDetails(input: { accessCode: $code, details: { category: UNSURE, inDanger: true } }) { __typename } }',
      { code: accessCode },
    );
    const [{ id }] = await work.sql(`SELECT id FROM cases WHERE host = 'filters.example'`);
    await prioritiseCases([id], new Date());
    const after = await facts();
    expect(after).toMatchObject({ inDanger: true, categories: ['OTHER', 'UNSURE'], siteTypes: ['BLOG', 'FORUM'] });
    expect(await find({ inDanger: true, siteTypes: ['BLOG'] })).toEqual([after.number]);
    await set(
      after.number,
      `state = 'CLOSED', outcome = 'NOT_ACTIONABLE', in_danger = false, reporting_countries = '{}', site_types = '{}'`,
    );
  });

  it('page without a gap and cost as many statements, at most eight, on a page of 5 and of 100', async () => {
    await work.makeCases(150, { priority: 60 });
    const filter = { portal: 'ke', waitingForMe: true, minPriority: 1, reportedAfter: '2020-01-01T00:00:00Z' };
    await work.sql(
      `UPDATE cases SET portal_ids = ARRAY[(SELECT id FROM portals WHERE code = 'ke')] WHERE priority = 60`,
    );
    const seen: string[] = [];
    const counts: number[] = [];
    for (const first of [5, 100, 100]) {
      const after = seen.length > 0 ? cursor : null;
      const { statements, result } = await statementsOf(() => work.ask(analyst, FIND, { filter, first, after }));
      counts.push(statements.length);
      seen.push(...result.cases.edges.map(({ node }: Result) => node.number));
      cursor = result.cases.pageInfo.endCursor;
      expect(result.caseCount).toEqual({ count: 150, orMore: false });
    }
    const expected = await work.sql('SELECT number FROM cases WHERE priority = 60 ORDER BY id');
    expect(seen).toEqual(expected.map(({ number }) => number));
    expect(new Set(counts).size).toBe(1);
    expect(counts[0]).toBeLessThanOrEqual(8);
  });
  let cursor: string | null = null;

  it('are counted to 10,000 and no further', async () => {
    await work.makeCases(10_001, { priority: 3 });
    const count = async (filter: object) =>
      (
        await work.ask(analyst, 'query ($filter: CaseFilter) { caseCount(filter: $filter) { count orMore } }', {
          filter,
        })
      ).caseCount;
    expect(await count({ states: ['AWAITING_ASSESSMENT'] })).toEqual({ count: 10_000, orMore: true });
    expect(await count({ minPriority: 60, states: ['AWAITING_ASSESSMENT'] })).toEqual({ count: 150, orMore: false });
  });
});
