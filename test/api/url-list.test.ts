import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseWork, caseWork } from '../case/case-work.ts';
import { type Platform, startPlatform } from '../support/platform.ts';

type Colleague = Awaited<ReturnType<CaseWork['colleague']>>;
type Change = { change: string; address: string; changedOn: string };

describe('the URL list', () => {
  let platform: Platform;
  let work: CaseWork;
  let analyst: Colleague;
  let colleague: Colleague;
  beforeAll(async () => {
    platform = await startPlatform();
    work = await caseWork(platform);
    [analyst, colleague] = [await work.colleague(), await work.colleague()];
  });
  afterAll(async () => {
    await work.close();
    await platform.stop();
  });

  const list = async (
    since?: string | null,
    first = 1000,
  ): Promise<{ changes: Change[]; cursor: string; more: boolean }> => {
    const query =
      'query ($since: String, $first: Int!) { urlList(since: $since, first: $first) { changes { change address changedOn } cursor more } }';
    return (await work.ask('industry', query, { since, first })).urlList;
  };
  const now = async () => {
    let { cursor, more } = await list();
    while (more) ({ cursor, more } = await list(cursor));
    return cursor;
  };
  const since = async (cursor: string) => (await list(cursor)).changes.map(({ change, address }) => [change, address]);
  const confirmed = async () => {
    const number = await work.confirmedCase(colleague, analyst);
    await work.release(analyst, number);
    const [{ address }] = await work.sql('SELECT address FROM cases WHERE number = $1', [number]);
    return {
      number,
      address,
      step: (name: Parameters<CaseWork['step']>[1], more?: object) => work.step(analyst, name, number, more),
    };
  };

  it('takes a confirmed address on and off, each once, and tells the day only', async () => {
    const cursor = await now();
    const { address, step } = await confirmed();
    expect(await step('unlistAddress')).toMatchObject({
      code: 'INVALID_TRANSITION',
      message: expect.stringContaining('not on the list'),
    });
    expect(await step('listAddress')).toMatchObject({ listed: true, state: 'AWAITING_ACTION' });
    expect(await step('listAddress')).toMatchObject({ listed: true });
    expect(await since(cursor)).toEqual([['ADDED', address]]);
    expect(await step('unlistAddress')).toMatchObject({ listed: false });
    expect(await step('unlistAddress')).toMatchObject({ code: 'INVALID_TRANSITION' });
    expect(await since(cursor)).toEqual([
      ['ADDED', address],
      ['REMOVED', address],
    ]);
    const [change] = (await list(cursor)).changes;
    expect(change?.changedOn).toBe(new Date().toISOString().slice(0, 10));
  });

  it('takes an address off by itself when it is seen gone, or the case is closed, and not before', async () => {
    const cursor = await now();
    const gone = await confirmed();
    const closed = await confirmed();
    for (const { number, step } of [gone, closed]) {
      await step('listAddress');
      await work.claim(analyst, number);
      await step('notifyHost');
      await step('recordObservation', { seen: 'UP' });
      await step('recordObservation', { seen: 'MOVED', movedTo: 'DE' });
      await step('holdCase');
      expect(await step('releaseHold')).toMatchObject({ listed: true });
    }
    expect(await gone.step('recordObservation', { seen: 'GONE' })).toMatchObject({ listed: false, state: 'REMOVED' });
    expect(await closed.step('closeCase')).toMatchObject({ listed: false, state: 'CLOSED' });
    expect(await since(cursor)).toEqual([
      ['ADDED', gone.address],
      ['ADDED', closed.address],
      ['REMOVED', gone.address],
      ['REMOVED', closed.address],
    ]);
    for (const { step } of [gone, closed])
      expect(await step('listAddress')).toMatchObject({ code: 'INVALID_TRANSITION' });
  });

  it('takes an address on again when it is up and confirmed again, not before', async () => {
    const { number, address, step } = await confirmed();
    const cursor = await now();
    await step('listAddress');
    await step('recordObservation', { seen: 'GONE' });
    await step('recordObservation', { seen: 'UP' });
    expect(await step('listAddress')).toMatchObject({ code: 'INVALID_TRANSITION' });
    const opinion = {
      verdict: 'ACTIONABLE',
      severity: 'A',
      youngestAge: 'AGE_3_6',
      sex: 'BOYS',
      form: 'PHOTOGRAPHIC',
      jurisdiction: 'BASELINE',
    };
    await work.assess(colleague, number, { ...opinion, requestReview: true });
    expect(await step('listAddress')).toMatchObject({ code: 'INVALID_TRANSITION', stateNow: 'AWAITING_REVIEW' });
    await work.review(analyst, number, opinion);
    expect(await step('listAddress')).toMatchObject({ listed: true });
    expect(await since(cursor)).toEqual([
      ['ADDED', address],
      ['REMOVED', address],
      ['ADDED', address],
    ]);
    await work.release(analyst, number);
  });

  it('is followed page by page with a cursor, which stays good', async () => {
    const start = await now();
    const { address, step } = await confirmed();
    for (let n = 0; n < 3; n += 1) {
      await step('listAddress');
      await step('unlistAddress');
    }
    const seen: string[] = [];
    let page = await list(start, 4);
    expect(page).toMatchObject({ more: true });
    seen.push(...page.changes.map(({ change }) => change));
    page = await list(page.cursor, 4);
    expect(page).toMatchObject({ more: false });
    seen.push(...page.changes.map(({ change }) => change));
    expect(seen).toEqual(['ADDED', 'REMOVED', 'ADDED', 'REMOVED', 'ADDED', 'REMOVED']);
    expect(await list(page.cursor)).toEqual({ changes: [], cursor: page.cursor, more: false });
    await step('listAddress');
    expect(await since(page.cursor)).toEqual([['ADDED', address]]);
    for (const whole of [await list(), await list('')]) expect(whole.changes.length).toBeGreaterThanOrEqual(7);
  });

  it('loses no change to a reader who asks while others are being made', async () => {
    const start = await now();
    const cases = await Promise.all(Array.from({ length: 6 }, () => confirmedInTables()));
    const addresses = new Set<string>();
    let open = true;
    const reading = (async () => {
      for (let cursor = start; open || addresses.size < 6; ) {
        const page = await list(cursor, 2);
        for (const { address } of page.changes) addresses.add(address);
        cursor = page.cursor;
        if (!open && page.changes.length === 0) return;
      }
    })();
    await Promise.all(cases.map((number) => work.step(analyst, 'listAddress', number)));
    open = false;
    await reading;
    expect(addresses.size).toBe(6);
  });

  it.each([{ since: 'not a cursor of ours' }, { first: 0 }, { first: 1001 }])('refuses %o', async (variables) => {
    const query = 'query ($since: String, $first: Int! = 10) { urlList(since: $since, first: $first) { cursor } }';
    const { errors } = await platform.ask(query, variables, 'industry');
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  });

  it('keeps what it said: its changes cannot be edited', async () => {
    for (const statement of [
      'UPDATE url_list_changes SET at = now()',
      'DELETE FROM url_list_changes',
      'TRUNCATE url_list_changes',
    ])
      await expect(work.sql(statement)).rejects.toThrow('the list is the sequence of its changes');
  });

  // Six whole lives through the API would be slow: a second opinion is all that the list asks for.
  async function confirmedInTables(): Promise<string> {
    const number = await work.makeCase();
    await work.sql(
      `INSERT INTO assessments (id, case_id, episode_id, round, assessor_id, at, taxonomy_name, taxonomy_version, verdict, severity, youngest_age, sex, form, jurisdiction)
       SELECT uuidv7(), c.id, e.id, r.round::"AssessmentRound", r.assessor::uuid, now() + r.later * interval '1 second', 'test', 1, 'ACTIONABLE', 'A', 'AGE_3_6', 'BOYS', 'PHOTOGRAPHIC', 'BASELINE'
       FROM cases c JOIN episodes e ON e.case_id = c.id, (VALUES ('FIRST', $2, 0), ('SECOND', $3, 1)) r(round, assessor, later) WHERE c.number = $1`,
      [number, colleague.id, analyst.id],
    );
    await work.sql(`UPDATE cases SET state = 'AWAITING_ACTION' WHERE number = $1`, [number]);
    return number;
  }
});
