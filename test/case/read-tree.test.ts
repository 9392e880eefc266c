import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getDatamodel } from '../../src/generated/pothos.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { type CaseWork, caseWork } from './case-work.ts';

const { models } = getDatamodel().datamodel;
const fieldsOf = (model: string) => models[model]?.fields ?? [];
/** What belongs to a case and to nobody else, and leads to people, portals and contacts. */
const relationsOf = (model: string) =>
  fieldsOf(model).filter(({ kind, type }) => kind === 'object' && type !== 'Case' && model !== 'Account');
const isListed = (model: string) => fieldsOf(model).some(({ name }) => name === 'id');

/** Any part of what Prisma can be asked of a model, two relations deep. */
function treeOf(model: string, depth: number): fc.Arbitrary<object> {
  const relations = depth === 0 ? [] : relationsOf(model).filter(({ type }) => depth === 2 || isListed(type));
  const below = Object.fromEntries(
    relations.map(({ name, type, isList }) => {
      const order = isListed(type)
        ? { orderBy: fc.constant({ id: 'asc' as const }), take: fc.integer({ min: 0, max: 3 }) }
        : {};
      const args = isList ? fc.record(order, { requiredKeys: isListed(type) ? ['orderBy'] : [] }) : fc.constant({});
      return [name, fc.tuple(treeOf(type, depth - 1), args).map(([tree, given]) => ({ ...tree, ...given }))];
    }),
  );
  return fc.record(below, { requiredKeys: [] }).map((include) => (Object.keys(include).length > 0 ? { include } : {}));
}

describe('a row read with all that belongs to it, in one statement', () => {
  let platform: Platform;
  let work: CaseWork;
  let numbers: string[];
  let readCases: typeof import('../../src/case/read-cases.ts').readCases;
  let db: typeof import('../../src/db.ts');
  beforeAll(async () => {
    platform = await startPlatform();
    work = await caseWork(platform);
    readCases = (await import('../../src/case/read-cases.ts')).readCases;
    db = await import('../../src/db.ts');
    const analyst = await work.colleague();
    numbers = await work.makeCases(3, { priority: 7 });
    for (const number of numbers) {
      await work.addReports(number, 3);
      await work.claim(analyst, number);
      await work.step(analyst, 'addCaseNote', number);
    }
    const [first = '', second = ''] = numbers;
    await work.step(analyst, 'assessCase', first);
    await work.step(analyst, 'assessCase', second, {
      assessment: {
        verdict: 'ACTIONABLE',
        severity: 'B',
        youngestAge: 'AGE_7_10',
        sex: 'GIRLS',
        form: 'PHOTOGRAPHIC',
        jurisdiction: 'BASELINE',
      },
    });
    await work.step(analyst, 'recordTrace', second);
    await work.step(analyst, 'recordObservation', second, { seen: 'UP' });
  });
  afterAll(async () => {
    await work.close();
    await platform.stop();
  });

  const byPrisma = (tree: object) =>
    db.prisma.case.findMany({
      ...tree,
      where: { number: { in: numbers } },
      orderBy: { number: 'asc' },
      relationLoadStrategy: 'join',
    });
  const atOnce = (query: object, enough = new Map<string, Set<string>>()) =>
    readCases({ query, enough }, db.sql`cases t WHERE t.number = ANY (${numbers}) ORDER BY t.number`);

  it('is the row that Prisma gives, with the very same values', async () => {
    expect(await atOnce({})).toEqual(await byPrisma({}));
    await fc.assert(
      fc.asyncProperty(treeOf('Case', 2), async (tree) => {
        expect(await atOnce(tree)).toEqual(await byPrisma(tree));
      }),
      { numRuns: 40 },
    );
  });

  it('is so for conditions, and for what only Prisma knows', async () => {
    const now = new Date();
    const trees: object[] = [
      {
        include: { claims: { where: { endedAt: null, leaseUntil: { gt: now } }, include: { account: true }, take: 1 } },
      },
      { include: { claims: { where: { endedAt: null, leaseUntil: { lte: now } } } } },
      {
        select: {
          number: true,
          reports: { select: { reference: true }, orderBy: [{ receivedAt: 'desc' }, { id: 'desc' }] },
        },
      },
      { include: { reports: { where: { portal: { code: 'ke' } }, orderBy: { id: 'asc' } } } },
      { include: { _count: { select: { reports: true } } } },
    ];
    for (const tree of trees) expect(await atOnce(tree)).toEqual(await byPrisma(tree));
  });

  it('reads of a model only the columns that are enough', async () => {
    const enough = new Map([
      ['Case', new Set(['number'])],
      ['Account', new Set(['name'])],
    ]);
    const query = { include: { claims: { include: { account: true } } } };
    const [found] = await atOnce(query, enough);
    expect(found).toEqual({
      number: numbers[0],
      claims: [expect.objectContaining({ account: { name: 'Colleague 1' } })],
    });
  });

  it('knows the names of all tables and columns that it can be led to', async () => {
    const named = await work.sql(
      `SELECT table_name || '.' || column_name AS name FROM information_schema.columns WHERE table_schema = 'public'`,
    );
    const columns = new Set(named.map(({ name }) => name));
    const underscored = (name: string) => name.replace(/(?<!^)[A-Z]/g, '_$&').toLowerCase();
    const reached = new Set(['Case']);
    for (const model of reached) for (const { type } of relationsOf(model)) reached.add(type);
    expect(reached.size).toBeGreaterThan(15);
    for (const model of reached) {
      for (const { name, kind } of fieldsOf(model)) {
        if (kind !== 'object') expect(columns).toContain(`${underscored(model)}s.${underscored(name)}`);
      }
    }
  });
});
