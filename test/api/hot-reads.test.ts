import { type GraphQLObjectType, type GraphQLSchema, getNamedType, isLeafType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseWork, caseWork, confirmed } from '../case/case-work.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { statementsOf } from '../support/statements.ts';

const QUEUE = `query Queue($after: String) { cases(first: 50, after: $after) { edges { node {
  number state priority address defangedAddress host reportCount portalCount firstReportedAt lastReportedAt version inDanger categories
  reports(first: 3) { edges { node { reference receivedAt country source portal { code name } } } }
  assessments { round verdict severity at assessor { name } } claim { by { name } claimedAt leaseUntil } } }
  pageInfo { hasNextPage endCursor } } }`;
const SIGN_IN = /\bsubject\b/;

describe('the operations that come most often', () => {
  let platform: Platform;
  let work: CaseWork;
  let analyst: Awaited<ReturnType<CaseWork['colleague']>>;
  let number: string;
  let closed: string;
  beforeAll(async () => {
    platform = await startPlatform();
    work = await caseWork(platform);
    analyst = await work.colleague();
    number = await work.makeCase();
    await work.addReports(number, 3);
    await work.claim(analyst, number);
    await work.step(analyst, 'addCaseNote', number);
    await work.step(analyst, 'assessCase', number, { assessment: { ...confirmed, note: 'Words.' } });
    await work.step(analyst, 'recordTrace', number);
    await work.step(analyst, 'recordObservation', number, { seen: 'UP' });
    await work.sql(
      `UPDATE cases SET host = 'xn--bcher-kva.example', look_alike = 'plain.example', in_danger = true, categories = '{OTHER}', site_types = '{FORUM}',
         reporting_countries = '{KE}', handed_to_id = $2, handed_until = now() + interval '1 hour', review_reasons = '{REQUESTED}',
         state = 'ON_HOLD', held_from = 'AWAITING_REMOVAL', held_until = now() + interval '1 day' WHERE number = $1`,
      [number, analyst.id],
    );
    closed = await work.makeCase();
    await work.claim(analyst, closed);
    await work.step(analyst, 'assessCase', closed);
    await work.makeCases(60);
  });
  afterAll(async () => {
    await work.close();
    await platform.stop();
  });

  /** All fields of a type that ask for nothing, as texts, those of its own objects one by one below them. */
  function fieldsOf(type: GraphQLObjectType, depth: number): string[] {
    return Object.values(type.getFields()).flatMap((field) => {
      const named = getNamedType(field.type);
      if (isLeafType(named)) return [field.name];
      if (!isObjectType(named) || depth === 0) return [];
      return fieldsOf(named, depth - 1).map((below) => `${field.name} { ${below} }`);
    });
  }
  const keysOf = (text: string) => text.split(/[{} ]+/).filter(Boolean);
  const inside = (value: unknown, [key, ...below]: string[]): unknown => {
    if (key === undefined || value === null || value === undefined) return value;
    if (Array.isArray(value)) return value.map((each) => inside(each, [key, ...below]));
    return inside((value as Record<string, unknown>)[key], below);
  };

  it('tell of every field alone what they tell of it among all others', async () => {
    const { schema } = (await import('../../src/graphql/schema.ts')) as { schema: GraphQLSchema };
    const ask = async (fields: string): Promise<unknown> => {
      const both = `one: case(number: "${number}") { ${fields} } other: case(number: "${closed}") { ${fields} }`;
      const { one, other } = await work.ask(analyst, `{ ${both} }`);
      return [one, other];
    };
    // Connections lie two deep, and what a report names one more.
    const every = fieldsOf(schema.getType('Case') as GraphQLObjectType, 4);
    const roots = [...new Set(every.map((text) => keysOf(text)[0] ?? ''))].filter((root) => root !== 'history');
    // Of what is read whole, one field will do.
    const texts = roots.flatMap((root) => {
      const own = every.filter((text) => keysOf(text)[0] === root);
      return ['assessments', 'claim', 'reports'].includes(root) ? own : own.slice(0, 1);
    });
    expect(texts.length).toBeGreaterThan(90);
    const leaves = texts.filter((text) => !text.includes('{')).join(' ');
    const among = new Map<string, unknown>();
    for (const root of roots) {
      const own = texts.filter((text) => keysOf(text)[0] === root);
      for (let n = 0; n < own.length; n += 8) {
        const whole = await ask(`${leaves} ${own.slice(n, n + 8).join(' ')}`);
        for (const text of own.slice(n, n + 8)) among.set(text, inside(whole, keysOf(text)));
      }
    }
    for (const text of texts) expect([text, inside(await ask(text), keysOf(text))]).toEqual([text, among.get(text)]);
  });

  const cost = async (query: string, variables: object = {}) => {
    const { statements, result } = await statementsOf(() => work.ask(analyst, query, variables));
    return { statements: statements.filter((text) => !SIGN_IN.test(text)), result };
  };

  it('cost one statement for a page of the queue, whatever the number of rows, and one for a case, with the record of the look', async () => {
    const first = await cost(QUEUE);
    expect(first.result.cases.edges).toHaveLength(50);
    expect(first.statements.length, first.statements.join('\n')).toBe(1);
    const { hasNextPage, endCursor } = first.result.cases.pageInfo;
    expect(hasNextPage).toBe(true);
    const next = await cost(QUEUE, { after: endCursor });
    expect(next.result.cases.edges).toHaveLength(12);
    expect(next.statements).toHaveLength(1);
    expect(
      (await cost(`{ case(number: "${number}") { number assessments { assessor { name } } } }`)).statements,
    ).toHaveLength(1);
  });

  it('cost three statements for a claim with the case, and two for its release; one less where its number is all that is asked', async () => {
    const claimed = await cost('mutation { claimNextCase { ... on Case { number claim { by { name } } } } }');
    expect(claimed.result.claimNextCase.claim).toEqual({ by: { name: analyst.name } });
    expect(claimed.statements.length, claimed.statements.join('\n')).toBe(3);
    const released = await cost(
      'mutation ($n: String!) { releaseCase(number: $n) { ... on Case { number claim { claimedAt } } } }',
      {
        n: claimed.result.claimNextCase.number,
      },
    );
    expect(released.result.releaseCase).toEqual({ number: claimed.result.claimNextCase.number, claim: null });
    expect(released.statements).toHaveLength(2);
    const bare = await cost('mutation { claimNextCase { __typename ... on Case { number } } }');
    expect(bare.result.claimNextCase).toEqual({ __typename: 'Case', number: claimed.result.claimNextCase.number });
    expect(bare.statements, bare.statements.join('\n')).toHaveLength(2);
    const back = await cost(
      'mutation ($n: String!) { releaseCase(number: $n) { __typename ... on Case { number } } }',
      {
        n: bare.result.claimNextCase.number,
      },
    );
    expect(back.result.releaseCase).toEqual(bare.result.claimNextCase);
    expect(back.statements, back.statements.join('\n')).toHaveLength(1);
  });
});
