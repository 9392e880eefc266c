import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseWork, caseWork, type Result } from '../case/case-work.ts';
import { type Platform, startPlatform } from '../support/platform.ts';

const VALUES = 'states portal host minPriority inDanger reportedAfter waitingForMe siteTypes';
const SAVE = `mutation ($input: SaveFilterInput!) { result: saveFilter(input: $input) {
  __typename ... on SavedFilter { id name filter { ${VALUES} } } ... on InvalidInputError { issues { path code } } } }`;

describe('saved filters', () => {
  let platform: Platform;
  let work: CaseWork;
  let analyst: Awaited<ReturnType<CaseWork['colleague']>>;
  let colleague: typeof analyst;
  beforeAll(async () => {
    platform = await startPlatform();
    work = await caseWork(platform);
    [analyst, colleague] = [await work.colleague(), await work.colleague()];
  });
  afterAll(async () => {
    await work.close();
    await platform.stop();
  });

  const save = async (name: string, filter: object = {}, person = analyst): Promise<Result> =>
    (await work.ask(person, SAVE, { input: { name, filter } })).result;
  const saved = async (person = analyst): Promise<Result[]> =>
    (await work.ask(person, `{ savedFilters { id name filter { ${VALUES} } } }`)).savedFilters;
  const forget = async (id: string, person = analyst): Promise<Result> =>
    (
      await work.ask(
        person,
        'mutation ($id: ID!) { result: deleteFilter(id: $id) { __typename ... on SavedFilter { name } } }',
        { id },
      )
    ).result;

  it('come back as they were saved, ready to be sent again, to nobody but their owner', async () => {
    const filter = {
      states: ['AWAITING_ACTION', 'ON_HOLD'],
      portal: 'ke',
      minPriority: 200,
      inDanger: false,
      reportedAfter: '2026-01-01T00:00:00.000Z',
      waitingForMe: true,
    };
    const kept = { ...filter, host: null, siteTypes: null };
    expect(await save(' Mine ', filter)).toMatchObject({ name: 'Mine', filter: kept });
    const [found] = await saved();
    expect(found.filter).toEqual(kept);
    await work.ask(analyst, 'query ($filter: CaseFilter) { cases(filter: $filter) { edges { cursor } } }', {
      filter: found.filter,
    });
    expect(await saved(colleague)).toEqual([]);
    expect(await forget(found.id, colleague)).toMatchObject({ __typename: 'NotFoundError' });
    expect(await saved()).toHaveLength(1);
  });

  it('are replaced by another of the same name, and forgotten when they are deleted', async () => {
    const before = (await saved())[0];
    expect(await save('Mine', { host: 'site.example' })).toMatchObject({ id: before.id });
    expect(await save('Mine', {}, colleague)).not.toMatchObject({ id: before.id });
    expect((await saved()).map(({ filter }) => filter.host)).toEqual(['site.example']);
    expect(await forget(before.id)).toEqual({ __typename: 'SavedFilter', name: 'Mine' });
    expect(await forget(before.id)).toMatchObject({ __typename: 'NotFoundError' });
    expect(await forget('no id')).toMatchObject({ __typename: 'NotFoundError' });
    expect(await saved()).toEqual([]);
  });

  it('are 50 at most, and one of them can still be changed then', async () => {
    await work.sql(
      `INSERT INTO saved_filters (id, account_id, name, filter) SELECT uuidv7(), $1, 'Filter ' || n, '{}' FROM generate_series(1, 49) n`,
      [analyst.id],
    );
    const results = await Promise.all(['A', 'B', 'C'].map((name) => save(name)));
    expect(results.filter(({ __typename }) => __typename === 'SavedFilter')).toHaveLength(1);
    expect(results.find(({ issues }) => issues).issues).toEqual([{ path: ['input', 'name'], code: 'TOO_MANY' }]);
    expect(await save('Filter 7', { portal: 'ug' })).toMatchObject({ filter: { portal: 'ug' } });
  });

  it('need a name of words', async () => {
    expect((await save(' ', {}, colleague)).issues).toEqual([{ path: ['input', 'name'], code: 'TOO_SHORT' }]);
    expect((await save('x'.repeat(81), {}, colleague)).issues).toEqual([{ path: ['input', 'name'], code: 'TOO_LONG' }]);
  });
});
