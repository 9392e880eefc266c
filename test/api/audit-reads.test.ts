import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type As, type Platform, send, startPlatform, tokenOf } from '../support/platform.ts';

let platform: Platform;
let client: pg.Client;
let analyst: string;
beforeAll(async () => {
  platform = await startPlatform();
  client = new pg.Client({ connectionString: platform.databaseUrl });
  await client.connect();
  for (let n = 1; n <= 5; n += 1) {
    const input = { portal: 'ke', address: `https://one.example/${n}` };
    await platform.ask('mutation ($input: SubmitReportInput!) { submitReport(input: $input) { __typename } }', {
      input,
    });
  }
  analyst = (await platform.ask('{ viewer { id } }', {}, 'analyst')).data.viewer.id;
  await client.query(`
    UPDATE cases SET next_check_at = now() WHERE number = 'C-000005';
    INSERT INTO appeals (id, reference, received_at, address, case_id)
      SELECT uuidv7(), 'A-1', now(), address, id FROM cases WHERE number = 'C-000004';
    WITH contact AS (
      INSERT INTO contacts (id, kind, name, email, updated_at) VALUES (uuidv7(), 'HOST', 'Host', 'abuse@host.example', now()) RETURNING id
    ), notice AS (
      INSERT INTO notices (id, contact_id, kind, queued_at, send_after) SELECT uuidv7(), id, 'HOST_NOTICE', now(), now() FROM contact RETURNING id
    )
    INSERT INTO actions (id, case_id, episode_id, kind, recipient, queued_at, notice_id)
      SELECT uuidv7(), c.id, e.id, 'HOST_NOTICE', 'Host', now(), n.id
      FROM notice n, cases c JOIN episodes e ON e.case_id = c.id WHERE c.number = 'C-000003'`);
});
afterAll(async () => {
  await client.end();
  await platform.stop();
});

const lastEntry = async () => (await client.query('SELECT * FROM audit_entries ORDER BY id DESC LIMIT 1')).rows[0];
const countEntries = async () => Number((await client.query('SELECT count(*) FROM audit_entries')).rows[0].count);

type Node = { stream: string; seq: string; actor: string; operation: string; action: string; subjects: string[] };
const TRAIL = `query Look($case: String, $account: ID, $first: Int = 50, $after: String) {
  auditTrail(case: $case, account: $account, first: $first, after: $after) {
    edges { cursor node { stream seq at actor operation action subjects detail } }
    pageInfo { hasNextPage endCursor }
  }
}`;
const trail = async (variables: object = {}, as: As = 'supervisor') =>
  (await platform.ask(TRAIL, variables, as)).data.auditTrail;
const nodesOf = (page: { edges: { node: Node }[] }) => page.edges.map(({ node }) => node);

// What shows cases besides `case` and `cases`, and which of them.
const SIMILAR = 'query Look { similarCases(number: "C-000001") { ... on SimilarCases { cases { address } } } }';
const otherReads: [As, action: string, query: string, subjects: string[]][] = [
  ['analyst', 'LIST_SIMILAR_CASES', SIMILAR, ['C-000001', 'C-000002', 'C-000003', 'C-000004', 'C-000005']],
  ['analyst', 'LIST_NOTICES', 'query Look { notices { edges { node { state } } } }', ['C-000003']],
  ['analyst', 'LIST_APPEALS', 'query Look { appeals { edges { node { address } } } }', ['C-000004']],
  ['checker', 'LIST_CHECKS_DUE', 'query Look { checksDue { address } }', ['C-000005']],
];

describe('every read of a case', () => {
  it.each(otherReads)('leaves an entry that names it, where the %s has %s', async (as, action, query, subjects) => {
    const before = await countEntries();
    expect((await platform.ask(query, {}, as)).errors).toEqual([]);
    const left = await lastEntry();
    expect({ ...left, subjects: [...left.subjects].sort() }).toMatchObject({ action, operation: 'Look', subjects });
    expect(left.stream).toBe(left.actor);
    expect(await countEntries()).toBe(before + 1);
  });

  it('leaves an entry, by its number or in a list', async () => {
    await platform.ask('query Why { case(number: "C-000002") { address } }', {}, 'analyst');
    const actor = `account:${analyst}`;
    expect(await lastEntry()).toMatchObject({ stream: 'case:C-000002', actor, operation: 'Why', action: 'READ' });

    await platform.ask('query List { cases(first: 3) { edges { node { address } } } }', {}, 'analyst');
    const { subjects, ...entry } = await lastEntry();
    expect(entry).toMatchObject({ stream: actor, operation: 'List', action: 'LIST_CASES' });
    expect(subjects).toHaveLength(3);
  });

  it('leaves one for each case that is read under names of one’s own', async () => {
    const before = await countEntries();
    await platform.ask(
      '{ a: case(number: "C-000001") { host } b: case(number: "C-000002") { __typename } }',
      {},
      'analyst',
    );
    expect(await countEntries()).toBe(before + 2);
  });

  it('leaves none where there is no such case, or the reader is refused', async () => {
    const before = await countEntries();
    await platform.ask('{ case(number: "C-999999") { address } }', {}, 'analyst');
    for (const as of ['stranger', 'partner-ke', 'admin'] as const)
      for (const query of ['{ case(number: "C-000001") { address } }', ...otherReads.map(([, , read]) => read)])
        await platform.ask(query, {}, as);
    await platform.ask(SIMILAR.replace('C-000001', 'C-999999'), {}, 'analyst');
    expect(await countEntries()).toBe(before);
  });

  it('of the trail itself leaves one too', async () => {
    await trail({ case: 'C-000001' }, 'admin');
    expect(await lastEntry()).toMatchObject({ operation: 'Look', action: 'READ_AUDIT_TRAIL', subjects: ['C-000001'] });
  });
});

describe('the reason in the trail', () => {
  const read = async (body: { query: string; operationName?: string }) => {
    const before = await countEntries();
    const { errors } = await send(platform.url, body, { authorization: `Bearer ${await tokenOf('analyst')}` });
    const left = (await countEntries()) - before;
    return { left, errors, operation: left > 0 ? String((await lastEntry()).operation) : null };
  };
  const query = '{ case(number: "C-000001") { number } }';

  it('is the name of the operation that ran, of several', async () => {
    const both = `query One ${query} query Two ${query}`;
    expect(await read({ query: both, operationName: 'Two' })).toMatchObject({ left: 1, operation: 'Two' });
  });

  it.each([
    'no such operation',
    "x'); DROP TABLE audit_entries; --",
    'line\nbreak',
    'nul\u0000byte',
    '<script>',
    '__proto__',
    'name'.repeat(1000),
    'canary@mail.example',
  ])('is never a text of the client’s choice: %j', async (operationName) => {
    for (const body of [
      { query, operationName },
      { query: `query Real ${query}`, operationName },
    ]) {
      const { left, operation } = await read(body);
      expect(left === 0 || operation === 'Real' || operation === 'case', String(operation)).toBe(true);
    }
  });

  it('is short, however long the name is', async () => {
    const { left, operation } = await read({ query: `query ${'N'.repeat(3000)} ${query}` });
    expect(left).toBe(1);
    expect(operation?.length).toBeLessThanOrEqual(80);
  });
});

describe('the audit trail', () => {
  it('is paged from the newest on, each entry once, whatever is written meanwhile', async () => {
    const whole = nodesOf(await trail({ first: 100 }));
    const ids = ({ stream, seq }: Node) => `${stream} ${seq}`;
    const seen: Node[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof trail>> = await trail({ first: 3, after });
      expect(page.edges.length).toBeLessThanOrEqual(3);
      seen.push(...nodesOf(page));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after);
    // Reading the first list left an entry that only the pages show.
    expect(seen.slice(1).map(ids)).toEqual(whole.map(ids));
  });

  it('is filtered by case, among it what touched the case besides, and by account', async () => {
    const ofCase = nodesOf(await trail({ case: 'C-000001' }));
    expect(ofCase.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['REPORT', 'READ', 'LIST_CASES', 'READ_AUDIT_TRAIL']),
    );
    for (const { stream, subjects } of ofCase)
      expect(stream === 'case:C-000001' || subjects.includes('C-000001')).toBe(true);

    const ofAnalyst = nodesOf(await trail({ account: analyst }));
    expect(ofAnalyst.length).toBeGreaterThan(3);
    for (const { actor } of ofAnalyst) expect(actor).toBe(`account:${analyst}`);
    const both = nodesOf(await trail({ account: analyst, case: 'C-000001' }));
    expect(both.length).toBeGreaterThan(0);
    expect(both.every(({ actor }) => actor === `account:${analyst}`)).toBe(true);
    expect(await trail({ case: 'C-424242' })).toMatchObject({ edges: [], pageInfo: { hasNextPage: false } });
  });

  it.each([
    [{ case: 'C-1,C-2' }],
    [{ case: 'nul\u0000' }],
    [{ account: 'someone' }],
    [{ first: 0 }],
    [{ first: 101 }],
    [{ after: 'not a cursor' }],
    [{ after: Buffer.from('99999999999999999999').toString('base64url') }],
  ])('refuses %j with a remedy, and records nothing', async (variables) => {
    const before = await countEntries();
    const { data, errors } = await platform.ask(TRAIL, variables, 'supervisor');
    expect({ data, codes: errors.map(({ extensions }) => extensions.code) }).toEqual({
      data: null,
      codes: ['BAD_USER_INPUT'],
    });
    expect(await countEntries()).toBe(before);
  });
});
