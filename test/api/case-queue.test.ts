import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseWork, caseWork } from '../case/case-work.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { statementsOf } from '../support/statements.ts';

type Colleague = Awaited<ReturnType<CaseWork['colleague']>>;
const QUEUE = `query Queue($first: Int!, $after: String, $filter: CaseFilter) {
  cases(first: $first, after: $after, filter: $filter) {
    edges { cursor node {
      number state version priority defangedAddress host reportCount portalCount lastReportedAt
      reports(first: 3) { edges { node { reference receivedAt portal { code name } category inDanger } } }
      assessments { round verdict assessor { name } }
      claim { by { name } leaseUntil } handedTo { name } handedUntil inDanger categories siteTypes reportingCountries
    } }
    pageInfo { hasNextPage endCursor }
  }
}`;
const NUMBERS = `query Page($first: Int!, $after: String, $filter: CaseFilter) {
  cases(first: $first, after: $after, filter: $filter) { edges { node { number priority } } pageInfo { hasNextPage endCursor } }
}`;

describe('the queue', () => {
  let platform: Platform;
  let work: CaseWork;
  let analyst: Colleague;
  let colleague: Colleague;
  let flooded: string;
  beforeAll(async () => {
    platform = await startPlatform();
    work = await caseWork(platform);
    [analyst, colleague] = [await work.colleague(), await work.colleague()];
    for (const priority of [500, 100, 300]) await work.makeCases(100, { priority });
    [flooded] = (await work.makeCases(1, { priority: 900 })) as [string];
    await work.addReports(flooded, 10_000);
    for (const { number } of await work.sql('SELECT number FROM cases WHERE priority = 500 ORDER BY id LIMIT 30'))
      await work.addReports(number, 4);
    await work.sql('ANALYZE');
  });
  afterAll(async () => {
    await work.close();
    await platform.stop();
  });

  const page = async (variables: object, person: Colleague = analyst) =>
    (await work.ask(person, NUMBERS, { first: 25, ...variables })).cases;
  const numbersOf = (found: { edges: { node: { number: string } }[] }) => found.edges.map(({ node }) => node.number);
  const expected = async () =>
    (await work.sql('SELECT number FROM cases ORDER BY priority DESC, id')).map(({ number }) => number);

  it('is paged by priority without a gap or a repeat, also where priorities tie and change', async () => {
    const seen: string[] = [];
    const order = await expected();
    for (let after: string | null = null, more = true; more; ) {
      const found = await page({ first: 37, after });
      seen.push(...numbersOf(found));
      ({ hasNextPage: more, endCursor: after } = found.pageInfo);
      // What has been passed, or rises above, does not shift what is still to come.
      if (seen.length === 37) await work.sql('UPDATE cases SET priority = 1000 WHERE number = $1', [seen[3]]);
    }
    expect(seen).toEqual(order);
  });

  it('is filtered by state, host, portal and by who holds a case', async () => {
    const [mine] = (await work.makeCases(1)) as [string];
    const [{ host }] = await work.sql('SELECT host FROM cases WHERE number = $1', [mine]);
    await work.addReports(mine, 1, 'ug');
    await work.claim(analyst, mine);
    expect(numbersOf(await page({ filter: { host: host.toUpperCase() } }))).toEqual([mine]);
    expect(numbersOf(await page({ filter: { portal: 'UG' } }))).toEqual([mine]);
    expect(numbersOf(await page({ filter: { portal: 'nowhere' } }))).toEqual([]);
    expect(numbersOf(await page({ filter: { mine: true } }))).toEqual([mine]);
    expect(numbersOf(await page({ filter: { mine: true } }, colleague))).toEqual([]);
    expect(numbersOf(await page({ filter: { mine: true, states: ['CLOSED', 'REMOVED'] } }))).toEqual([]);
    expect(
      numbersOf(await page({ filter: { mine: true, states: ['AWAITING_ASSESSMENT'], host, portal: 'ug' } })),
    ).toEqual([mine]);
    expect(numbersOf(await page({ filter: { states: [] } }))).toEqual([]);
    await work.release(analyst, mine);
  });

  it.each([5, 25, 100])(
    'takes six statements for a page of %i with reports, opinions and claims, sign-in and audit among them',
    async (first) => {
      await work.ask(analyst, QUEUE, { first });
      const { statements, result } = await statementsOf(() => work.ask(analyst, QUEUE, { first }));
      expect(statements.length, statements.map((text) => text.slice(0, 60)).join('\n')).toBeLessThanOrEqual(6);
      expect(result.cases.edges).toHaveLength(first);
      const top = result.cases.edges.find(({ node }: { node: { number: string } }) => node.number === flooded);
      expect(top.node.reports.edges.map(({ node }: { node: { reference: string } }) => node.reference)).toEqual(
        [1, 2, 3].map((n) => `${flooded}-ke-${n}`),
      );
    },
  );

  it('takes no more than seven where it is filtered by portal, and reads no more rows', async () => {
    const { statements } = await statementsOf(() => work.ask(analyst, QUEUE, { first: 25, filter: { portal: 'ke' } }));
    expect(statements.length).toBeLessThanOrEqual(7);
    expect(
      await rowsRead('reports', () => work.ask(analyst, QUEUE, { first: 25, filter: { portal: 'ug' } })),
    ).toBeLessThan(100);
  });

  it('reads a few reports of each case, however many one of them has', async () => {
    const rows = await rowsRead('reports', () => work.ask(analyst, QUEUE, { first: 100 }));
    expect(rows).toBeGreaterThan(50);
    expect(rows).toBeLessThan(500);
    expect(
      await rowsRead('reports', () =>
        work.ask(
          analyst,
          `query ($n: String!) { case(number: $n) { reports(first: 50) { edges { node { reference } } } } }`,
          { n: flooded },
        ),
      ),
    ).toBeLessThan(200);
    await work.makeCases(5_000);
    await work.sql('ANALYZE cases');
    expect(await rowsRead('cases', () => work.ask(analyst, QUEUE, { first: 5 }))).toBeLessThan(100);
  });

  it('gives the reports of a case newest first, page by page', async () => {
    const query = `query ($n: String!, $first: Int!, $after: String) { case(number: $n) { reports(first: $first, after: $after) { edges { node { reference } } pageInfo { hasNextPage endCursor } } } }`;
    const seen: string[] = [];
    let after: string | null = null;
    const readOn = async () => {
      const { case: found } = await work.ask(analyst, query, { n: flooded, first: 100, after });
      seen.push(...found.reports.edges.map(({ node }: { node: { reference: string } }) => node.reference));
      after = found.reports.pageInfo.endCursor;
    };
    while (seen.length < 1_000) await readOn();
    expect(await rowsRead('reports', readOn)).toBeLessThan(200);
    expect(seen).toEqual(Array.from({ length: 1_100 }, (_, n) => `${flooded}-ke-${n + 1}`));
  });

  it('shows a case with all that hangs on it in six statements, whatever hangs on it', async () => {
    const number = await work.confirmedCase(colleague, analyst);
    await work.addReports(number, 20);
    const query = `query Look($n: String!) { case(number: $n) {
      number address reviewReasons allowedEvents claim { by { name } } clock { firstReported assessed }
      assessments { round note assessor { name } } notes { text author { name } } observations { seen observedBy { name } }
      traces { method country recordedBy { name } } actions { kind recipient sentBy { name } }
      reports(first: 10) { edges { node { reference note portal { code } } } } } }`;
    const count = async () => (await statementsOf(() => work.ask(analyst, query, { n: number }))).statements.length;
    const before = await count();
    for (const name of [
      'recordTrace',
      'notifyHost',
      'addCaseNote',
      'recordTrace',
      'notifyHost',
      'addCaseNote',
    ] as const)
      await work.step(analyst, name, number);
    expect(before).toBeLessThanOrEqual(6);
    expect(await count()).toBe(before);
    await work.release(analyst, number);
  });

  it('leaves a trace of every look: who, why, and at which cases', async () => {
    const found = await page({ first: 3 });
    await work.ask(analyst, 'query WhyIRead($n: String!) { case(number: $n) { number } }', { n: flooded });
    const entries = await work.sql(
      `SELECT operation, action, stream, subjects FROM audit_entries WHERE actor = $1 ORDER BY id DESC LIMIT 2`,
      [`account:${analyst.id}`],
    );
    expect(entries).toEqual([
      { operation: 'WhyIRead', action: 'READ', stream: `case:${flooded}`, subjects: [] },
      { operation: 'Page', action: 'LIST_CASES', stream: `account:${analyst.id}`, subjects: numbersOf(found) },
    ]);
    expect((await work.ask(analyst, '{ case(number: "C-999999") { number } }')).case).toBeNull();
  });

  it.each([
    ['cases', '{ cases(first: 0) { edges { cursor } } }'],
    ['cases', '{ cases(first: 101) { edges { cursor } } }'],
    ...[
      'not one of ours',
      '999999999999999 019b0000-0000-7000-8000-000000000000',
      '-1 019b0000-0000-7000-8000-000000000000',
    ].map((key) => ['cases', `{ cases(after: "${Buffer.from(key).toString('base64url')}") { edges { cursor } } }`]),
    ...['2026-99-99T99:99:99Z 019b0000-0000-7000-8000-000000000000', '2026-01-01T00:00:00Z'].map((key) => [
      'reports',
      `{ cases(first: 1) { edges { node { reports(after: "${Buffer.from(key).toString('base64url')}") { edges { cursor } } } } } }`,
    ]),
  ])('refuses a size out of range and a cursor that is not its own: %s %s', async (_field, query) => {
    const { errors } = await platform.ask(query!, {}, analyst);
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  });

  // What Postgres read from a table, after every connection of the platform has handed in its counts.
  async function rowsRead(table: string, task: () => Promise<unknown>): Promise<number> {
    const { pool } = await import('../../src/db.ts');
    const readSoFar = async () => {
      await Promise.all(
        Array.from({ length: 10 }, () => pool.query('SELECT pg_stat_force_next_flush(), pg_sleep(0.05)')),
      );
      const [row] = await work.sql(
        'SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) AS rows FROM pg_stat_user_tables WHERE relname = $1',
        [table],
      );
      return Number(row.rows);
    };
    const before = await readSoFar();
    await task();
    return (await readSoFar()) - before;
  }
});
