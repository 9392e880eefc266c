// What strangers send is compiled only where it can mean nothing else than what graphql-js reads in it.
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Platform, startPlatform, tokenOf } from '../support/platform.ts';

let platform: Platform;
let isHot: (query: string) => boolean;
let analyst: Record<string, string>;
beforeAll(async () => {
  platform = await startPlatform();
  analyst = { authorization: `Bearer ${await tokenOf('analyst')}` };
  const { hotOperation } = await import('../../src/graphql/hot-operations.ts');
  isHot = (query) =>
    hotOperation({ query, documentId: undefined, operationName: undefined, variables: undefined }) !== null;
});
afterAll(() => platform.stop());

// Unusual, and as right: it is for Yoga.
const COLD = { 'content-type': 'application/json; charset="utf-8"' };

async function post(body: object, headers: Record<string, string> = {}) {
  const response = await fetch(`${platform.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.text()).replace(/"id":"[0-9a-f-]{36}"/, '"id":"…"') };
}

async function often(query: string, variables: object = {}, headers: Record<string, string> = {}): Promise<void> {
  for (let n = 0; n < 5; n += 1) await post({ query, variables }, headers);
}

/** The same answer, byte for byte, as that of Yoga; gives it. */
async function expectAlike(body: object, headers: Record<string, string> = {}) {
  const hot = await post(body, headers);
  expect(hot).toEqual(await post(body, { ...headers, ...COLD }));
  return hot;
}

describe('a text in a document', () => {
  // graphql-jit's own mark of a date, which becomes code where it stands in quotes.
  const mark = '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d';
  const code = 'globalThis.injected=true';

  it.each([
    ['plain', `{ portal(code: "${mark}${code}") { code } }`],
    ['escaped', `{ portal(code: "${mark.replace('C', '\\u0043')}${code}") { code } }`],
    ['a block', `{ portal(code: """${mark}${code}""") { code } }`],
    ['a default', `query ($code: String! = "${mark}${code}") { portal(code: $code) { code } }`],
    ['not a number', '{ portal(code: "__MAGIC_NAN__57f286b9_4c20_487f_b409_79804ddcb4f8") { code } }'],
  ])('is never part of a program: %s', async (_what, query) => {
    await often(query);
    expect(isHot(query)).toBe(false);
    await expectAlike({ query });
    expect(globalThis).not.toHaveProperty('injected');
  });

  it('of letters and digits may be', async () => {
    const query = '{ portal(code: "ke") { code } }';
    await often(query);
    expect(isHot(query)).toBe(true);
    await expectAlike({ query });
  });

  it('is no part of one as a name either', async () => {
    for (const name of ['__proto__', `a${mark}1`, '__defineGetter__']) {
      const query = `{ ${name}: portal(code: "ke") { code } }`;
      await often(query);
      expect([isHot(query), (await expectAlike({ query })).status]).toEqual([false, 200]);
    }
  });
});

describe('what graphql-jit would read otherwise', () => {
  const F = 'fragment F on Portal { code name }';
  it.each([
    `query ($a: Boolean!) { y: portal(code: "pk") { ...F @include(if: $a) } x: portal(code: "ke") { ...F } } ${F}`,
    `query ($a: Boolean!) { portal(code: "ke") { ...F @include(if: $a) ...F } } ${F}`,
    `query ($a: Boolean!) { portal(code: "ke") { ...F ...F @skip(if: $a) } } ${F}`,
  ])('is left to Yoga: %s', async (query) => {
    for (const a of [true, false]) await often(query, { a });
    for (const a of [true, false]) await expectAlike({ query, variables: { a } });
  });

  it.each([
    [
      'mutation ($p: String! = "ke", $a: String = "x") { submitReport(input: { portal: $p, address: $a }) { __typename } }',
      { a: null },
    ],
    ['query ($c: String = "ke") { portal(code: $c) { code } }', { c: null }],
  ])('a variable that may be null where it must not: %s', async (query, variables) => {
    await often(query);
    await expectAlike({ query, variables });
  });

  it.each([
    ['query ($s: CaseState! = CLOSED) { cases(filter: { states: [$s] }) { edges { node { number } } } }', { s: null }],
    ['query ($f: CaseFilter) { cases(filter: $f) { edges { node { number } } } }', { f: [] }],
    ['query ($f: CaseFilter) { cases(filter: $f) { edges { node { number } } } }', { f: { states: 7 } }],
  ])('a variable that does not fit: %s', async (query, variables) => {
    await often(query, {}, analyst);
    await expectAlike({ query, variables }, analyst);
  });

  it('extensions that are none', async () => {
    const query = '{ portals { code } }';
    await often(query);
    for (const extensions of ['x', [1], 7]) await expectAlike({ query, extensions });
    await expectAlike({ query, extensions: {} });
  });
});

it('an answer of a fault tells an id and no words, and is logged, as in Yoga', async () => {
  const client = new pg.Client({ connectionString: platform.databaseUrl });
  await client.connect();
  const query = '{ cases(first: 1) { edges { node { number categories } } } }';
  const report = `mutation { submitReport(input: { portal: "ke", address: "https://fault.example/1" }) { __typename } }`;
  expect((await post({ query: report })).body).toContain('ReportReceipt');
  await often(query, {}, analyst);
  expect(isHot(query)).toBe(true);
  await client.query(`ALTER TYPE "ReportCategory" ADD VALUE 'UNHEARD_OF'`);
  await client.query(`UPDATE cases SET categories = '{UNHEARD_OF}'`);
  await client.end();
  const { log } = await import('../../src/log.ts');
  const logged = vi.spyOn(log, 'error').mockImplementation(() => undefined);
  const { body } = await expectAlike({ query }, analyst);
  expect(body).toContain('INTERNAL_SERVER_ERROR');
  expect(body).not.toContain('UNHEARD_OF');
  expect(logged).toHaveBeenCalledTimes(2);
  expect(JSON.stringify(logged.mock.calls)).not.toContain('UNHEARD_OF');
  logged.mockRestore();
});
