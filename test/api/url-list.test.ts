import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseWork, caseWork } from '../case/case-work.ts';
import { type Platform, startPlatform } from '../support/platform.ts';

type Colleague = Awaited<ReturnType<CaseWork['colleague']>>;
type Change = { change: string; scope: string; address: string; changedOn: string };

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
      'query ($since: String, $first: Int!) { urlList(since: $since, first: $first) { changes { change scope address changedOn } cursor more } }';
    return (await work.ask('industry', query, { since, first })).urlList;
  };
  const now = async () => {
    let { cursor, more } = await list();
    while (more) ({ cursor, more } = await list(cursor));
    return cursor;
  };
  const since = async (cursor: string) => (await list(cursor)).changes.map(({ change, address }) => [change, address]);
  const confirmed = async (made?: string) => {
    const number = made ?? (await confirmedInTables());
    const [{ address }] = await work.sql('SELECT address FROM cases WHERE number = $1', [number]);
    return {
      number,
      address,
      step: (name: Parameters<CaseWork['step']>[1], more?: object) => work.step(analyst, name, number, more),
      confirmDelisting: () => work.step(colleague, 'unlistAddress', number),
    };
  };

  it('takes a confirmed address on and off, each once, and tells the day only', async () => {
    const cursor = await now();
    const made = await work.confirmedCase(colleague, analyst);
    await work.release(analyst, made);
    const { address, step, confirmDelisting } = await confirmed(made);
    expect(await step('unlistAddress')).toMatchObject({
      code: 'INVALID_TRANSITION',
      message: expect.stringContaining('not on the list'),
    });
    expect(await step('listAddress')).toMatchObject({ listed: true, state: 'AWAITING_ACTION' });
    expect(await step('listAddress')).toMatchObject({ listed: true });
    expect(await since(cursor)).toEqual([['ADDED', address]]);
    expect(await step('unlistAddress')).toMatchObject({ listed: true });
    expect(await confirmDelisting()).toMatchObject({ listed: false });
    expect(await step('unlistAddress')).toMatchObject({ code: 'INVALID_TRANSITION' });
    expect(await since(cursor)).toEqual([
      ['ADDED', address],
      ['REMOVED', address],
    ]);
    const [change] = (await list(cursor)).changes;
    expect(change?.changedOn).toBe(new Date().toISOString().slice(0, 10));
  });

  it('takes an address off by itself when it is seen gone, and not when nothing can be done but blocking', async () => {
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
    expect(await closed.step('closeCase')).toMatchObject({ listed: true, state: 'CLOSED' });
    expect(await since(cursor)).toEqual([
      ['ADDED', gone.address],
      ['ADDED', closed.address],
      ['REMOVED', gone.address],
    ]);
    for (const { step } of [gone, closed])
      expect(await step('listAddress')).toMatchObject({ code: 'INVALID_TRANSITION' });
  });

  it('takes an address that is up off only when a colleague confirms, who may keep it listed', async () => {
    const cursor = await now();
    const { number, address, step } = await confirmed();
    await step('listAddress');
    const proposedBy = async () => {
      const query = 'query ($n: String!) { case(number: $n) { delistingProposedBy { name } } }';
      return (await work.ask(analyst, query, { n: number })).case.delistingProposedBy;
    };
    expect(await step('keepListed')).toMatchObject({ message: expect.stringContaining('Nobody proposes') });
    await step('unlistAddress');
    expect(await proposedBy()).toEqual({ name: analyst.name });
    expect(await step('unlistAddress')).toMatchObject({ message: expect.stringContaining('A colleague confirms') });
    expect(await work.step(colleague, 'keepListed', number)).toMatchObject({ listed: true });
    expect(await proposedBy()).toBeNull();
    await work.step(colleague, 'unlistAddress', number);
    expect(await since(cursor)).toEqual([['ADDED', address]]);
    expect(await step('unlistAddress')).toMatchObject({ listed: false });
    expect(await proposedBy()).toBeNull();
  });

  it('takes nothing on that was assessed in bulk until that can no longer be undone', async () => {
    const number = await confirmedInTables();
    await work.sql(`UPDATE cases SET undo_until = now() + interval '15 minutes' WHERE number = $1`, [number]);
    expect(await work.step(analyst, 'listAddress', number)).toMatchObject({
      code: 'INVALID_TRANSITION',
      message: expect.stringContaining('can be undone until'),
    });
    await work.sql(`UPDATE cases SET undo_until = now() - interval '1 second' WHERE number = $1`, [number]);
    expect(await work.step(analyst, 'listAddress', number)).toMatchObject({ listed: true });
  });

  it('takes a whole domain on and off by a supervisor’s ruling, whichever of its cases it is made on', async () => {
    const cursor = await now();
    const [first, second] = (await Promise.all([confirmedInTables(), confirmedInTables()])) as [string, string];
    const onDomain = (domain: string | null) =>
      work.sql('UPDATE cases SET registrable_domain = $1 WHERE number IN ($2, $3)', [domain, first, second]);
    const rule = (name: 'listDomain' | 'unlistDomain', number: string) => work.step('supervisor', name, number);
    const refusal = (words: string) => ({ code: 'INVALID_TRANSITION', message: expect.stringContaining(words) });

    await onDomain('all-of-it.example');
    expect(await rule('unlistDomain', first)).toMatchObject(refusal('not on the list'));
    expect(await rule('listDomain', first)).toMatchObject({
      listed: false,
      notes: [{ text: 'All of it is the same.', author: { name: 'Chidi Supervisor' } }],
    });
    await rule('listDomain', second);
    expect(await rule('unlistDomain', second)).toMatchObject({ __typename: 'Case' });
    expect((await list(cursor)).changes.map(({ change, scope, address }) => [change, scope, address])).toEqual([
      ['ADDED', 'DOMAIN', 'all-of-it.example'],
      ['REMOVED', 'DOMAIN', 'all-of-it.example'],
    ]);

    // Of the private section of the Public Suffix List: its customers are registrants of their own.
    await onDomain('github.io');
    expect(await rule('listDomain', first)).toMatchObject(refusal('pages of their own'));
    await onDomain(null);
    expect(await rule('listDomain', first)).toMatchObject(refusal('no domain'));
    await onDomain('all-of-it.example');
    await work.sql(`UPDATE cases SET state = 'REMOVED' WHERE number = $1`, [first]);
    expect(await rule('listDomain', first)).toMatchObject(refusal('while the case is REMOVED'));
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
    const { address, step, confirmDelisting } = await confirmed();
    for (let n = 0; n < 3; n += 1) {
      await step('listAddress');
      await step('unlistAddress');
      await confirmDelisting();
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
    for (const statement of ['UPDATE url_list_changes SET at = now()', 'DELETE FROM url_list_changes'])
      await expect(work.sql(statement)).rejects.toThrow('the list is the sequence of its changes');
    await expect(work.sql('TRUNCATE url_list_changes')).rejects.toThrow('the list is the sequence of its changes');
  });

  // Six whole lives through the API would be slow: a second opinion is all that the list asks for.
  async function confirmedInTables(): Promise<string> {
    const number = await work.makeCase();
    await work.sql(
      `INSERT INTO assessments (id, case_id, episode_id, round, assessor_id, at, taxonomy_name, taxonomy_version, verdict, severity, youngest_age, sex, form, jurisdiction)
       SELECT uuidv7(), c.id, e.id, r.round::"AssessmentRound", r.assessor::uuid, now() + r.later * interval '1 millisecond', 'test', 1, 'ACTIONABLE', 'A', 'AGE_3_6', 'BOYS', 'PHOTOGRAPHIC', 'BASELINE'
       FROM cases c JOIN episodes e ON e.case_id = c.id, (VALUES ('FIRST', $2, 0), ('SECOND', $3, 1)) r(round, assessor, later) WHERE c.number = $1`,
      [number, colleague.id, analyst.id],
    );
    await work.sql(`UPDATE cases SET state = 'AWAITING_ACTION' WHERE number = $1`, [number]);
    return number;
  }
});
