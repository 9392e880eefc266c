import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Platform, startPlatform } from '../support/platform.ts';
import { type CaseWork, caseWork, confirmed, dismissed, type Person, type Result } from './case-work.ts';

type Colleague = Awaited<ReturnType<CaseWork['colleague']>>;

const ROW = 'number version state outcome undoUntil assessments { round verdict note } clock { assessed }';
const ERRORS = '... on Error { code } ... on InvalidInputError { issues { path code } }';

describe('near-identical addresses of one host', () => {
  let platform: Platform;
  let work: CaseWork;
  let first: Colleague;
  let second: Colleague;
  beforeAll(async () => {
    platform = await startPlatform();
    work = await caseWork(platform);
    [first, second] = [await work.colleague(), await work.colleague()];
  });
  afterAll(async () => {
    await work.close();
    await platform.stop();
  });

  const similar = async (person: Person, number: string, size = 100): Promise<Result> => {
    const query = `query ($n: String!, $size: Int!) { similarCases(number: $n, first: $size) {
      __typename ... on SimilarCases { more cases { number version } } ... on Error { code } } }`;
    return (await work.ask(person, query, { n: number, size })).similarCases;
  };
  const numbersOf = (cases: { number: string }[]) => cases.map(({ number }) => number).sort();
  const assessAll = async (person: Person, number: string, others: Result[], more: object = {}): Promise<Result> => {
    const [{ version }] = await work.sql('SELECT version FROM cases WHERE number = $1', [number]);
    const query = `mutation ($input: AssessSimilarCasesInput!) { assessSimilarCases(input: $input) {
      __typename ... on BulkAssessment { id at undoUntil undoneAt cases { ${ROW} } } ${ERRORS} } }`;
    const given = others.map((other) => ({ case: other.number, version: other.version }));
    const input = { case: number, version, assessment: confirmed, others: given, ...more };
    return (await work.ask(person, query, { input })).assessSimilarCases;
  };
  const undo = async (person: Person, id: string): Promise<Result> => {
    const query = `mutation ($id: ID!) { undoBulkAssessment(id: $id) {
      __typename ... on UndoneBulk { undone { ${ROW} } left { ${ROW} } } ... on Error { code } } }`;
    return (await work.ask(person, query, { id })).undoBulkAssessment;
  };
  /** So many cases written alike, the first of them claimed. */
  const claimedOf = async (person: Person, howMany: number): Promise<[string, ...string[]]> => {
    const numbers = (await work.makeCases(howMany)) as [string, ...string[]];
    await work.claim(person, numbers[0]);
    return numbers;
  };

  it('are shown before they are touched: those that wait freely for one’s opinion, and no others', async () => {
    const [number, free, claimed, assessed, listed, quarantined, another] = await claimedOf(first, 7);
    await work.claim(second, claimed!);
    await work.assess(second, assessed!, dismissed);
    await work.sql('UPDATE cases SET listed = true WHERE number = $1', [listed]);
    await work.sql('UPDATE cases SET report_count = 0 WHERE number = $1', [quarantined]);
    await work.sql(`UPDATE cases SET address = replace(address, '.example/', '.example/words/') WHERE number = $1`, [
      another,
    ]);
    await work.makeCases(1);
    const found = await similar(first, number);
    expect(found).toMatchObject({ more: false, cases: [{ number: free }] });
    expect(await similar(second, 'C-999999')).toMatchObject({ code: 'NOT_FOUND' });
    const refused = await assessAll(
      first,
      number,
      [claimed, assessed, listed, quarantined].map((n) => ({ number: n, version: 1 })),
    );
    expect(refused.issues.map(({ code }: Result) => code)).toEqual(['NOT_FREE', 'NOT_FREE', 'NOT_FREE', 'NOT_FREE']);
    await work.release(first, number);
    await work.release(second, claimed!);
  });

  it('are assessed at once, each with an opinion, a clock and an entry of its own; a retry is one step', async () => {
    const [number, ...others] = await claimedOf(first, 101);
    const { cases, more } = await similar(first, number);
    expect([cases.length, more, numbersOf(cases)]).toEqual([100, false, others.sort()]);
    expect(await similar(first, number, 99)).toMatchObject({ more: true });
    const again = { version: 1, idempotencyKey: randomUUID() };
    const bulk = await assessAll(first, number, cases, again);
    expect(await assessAll(first, number, cases, again)).toEqual(bulk);
    expect(Date.parse(bulk.undoUntil) - Date.parse(bulk.at)).toBe(15 * 60_000);
    expect(bulk.cases).toHaveLength(101);
    for (const one of bulk.cases) {
      expect(one).toMatchObject({ state: 'AWAITING_ACTION', version: 2, undoUntil: bulk.undoUntil });
      expect([one.assessments, one.clock.assessed]).toEqual([
        [{ round: 'FIRST', verdict: 'ACTIONABLE', note: null }],
        bulk.at,
      ]);
    }
    const [{ entries }] = await work.sql(
      `SELECT count(DISTINCT stream)::int AS entries FROM audit_entries WHERE action = 'ASSESS' AND detail LIKE '%' || $1 || '%'`,
      [bulk.id],
    );
    expect(entries).toBe(101);
    expect(await work.step(first, 'listAddress', number)).toMatchObject({ code: 'INVALID_TRANSITION' });
    await work.release(first, number);
  });

  it('are assessed all or none: each that may not be joined is named', async () => {
    const [number, alike] = await claimedOf(first, 2);
    const [elsewhere] = await work.makeCases(1);
    const before = await work.sql('SELECT * FROM cases ORDER BY id');
    const refused = await assessAll(first, number, [
      { number: alike, version: 7 },
      { number: elsewhere, version: 1 },
      { number: 'C-999999', version: 1 },
    ]);
    expect(refused.issues).toEqual([
      { path: ['input', 'others', '0'], code: 'STALE' },
      { path: ['input', 'others', '1'], code: 'NOT_SIMILAR' },
      { path: ['input', 'others', '2'], code: 'NOT_FOUND' },
    ]);
    const twice = { number: alike, version: 1 };
    expect((await assessAll(first, number, [twice, twice, { number, version: 1 }])).issues).toEqual([
      { path: ['input', 'others', '1'], code: 'DOUBLE' },
      { path: ['input', 'others', '2'], code: 'DOUBLE' },
    ]);
    expect((await assessAll(first, number, [])).issues).toEqual([{ path: ['input', 'others'], code: 'REQUIRED' }]);
    expect(await assessAll(second, number, [twice])).toMatchObject({ code: 'NOT_CLAIMED' });
    expect(await work.sql('SELECT * FROM cases ORDER BY id')).toEqual(before);
    await work.release(first, number);
  });

  it('need a second opinion all or none, blind and each by somebody else', async () => {
    const [number, other] = await claimedOf(first, 2);
    const { cases } = await similar(first, number);
    const bulk = await assessAll(first, number, cases, { assessment: { ...confirmed, form: 'AI_GENERATED' } });
    expect(bulk.cases.map(({ state }: Result) => state)).toEqual(['AWAITING_REVIEW', 'AWAITING_REVIEW']);
    expect((await work.read(other!, second)).assessments).toEqual([]);
    expect(await work.claim(first, other!)).toMatchObject({ code: 'INVALID_TRANSITION' });
    const reviewed = await work.review(second, other!, { ...confirmed, form: 'AI_GENERATED' });
    expect(reviewed).toMatchObject({ state: 'AWAITING_ACTION', reviewReasons: ['AI_OR_NON_PHOTOGRAPHIC'] });
    await work.release(second, other!);
  });

  it('tell their reporters nothing before the time to undo is over', async () => {
    const [number, other] = await claimedOf(first, 2);
    const [{ address }] = await work.sql('SELECT address FROM cases WHERE number = $1', [other]);
    const { submitReport } = await work.ask(
      'stranger',
      'mutation ($input: SubmitReportInput!) { submitReport(input: $input) { ... on ReportReceipt { accessCode } } }',
      { input: { portal: 'ke', address } },
    );
    const stage = async () =>
      (
        await work.ask('stranger', 'query ($c: String!) { reportStatus(accessCode: $c) { stage } }', {
          c: submitReport.accessCode,
        })
      ).reportStatus.stage;
    const { cases } = await similar(first, number);
    expect((await assessAll(first, number, cases, { assessment: dismissed })).cases).toMatchObject([
      { state: 'CLOSED' },
      { state: 'CLOSED' },
    ]);
    expect(await stage()).toBe('RECEIVED');
    await work.sql('UPDATE cases SET undo_until = now() WHERE number = $1', [other]);
    expect(await stage()).toBe('COMPLETED');
  });

  it('are taken by one of two who assess them at the same time', async () => {
    const [number, another, ...others] = await claimedOf(first, 12);
    await work.claim(second, another!);
    const rows = others.map((other) => ({ number: other, version: 1 }));
    const both = await Promise.all([assessAll(first, number, rows), assessAll(second, another!, [...rows].reverse())]);
    expect(both.map(({ __typename }) => __typename).sort()).toEqual(['BulkAssessment', 'InvalidInputError']);
    const [{ opinions }] = await work.sql(
      'SELECT count(*)::int AS opinions FROM assessments a JOIN cases c ON c.id = a.case_id WHERE c.number = ANY ($1)',
      [others],
    );
    expect(opinions).toBe(10);
    await Promise.all([work.release(first, number), work.release(second, another!)]);
  });

  it('can be taken back for a quarter of an hour, but for what has moved on', async () => {
    const [number, plain, taken, told] = await claimedOf(first, 4);
    const bulk = await assessAll(first, number, (await similar(first, number)).cases);
    await work.claim(second, taken!);
    await work.claim(first, told!);
    await work.step(first, 'notifyHost', told!);
    expect(await undo(second, bulk.id)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await undo(first, randomUUID())).toMatchObject({ code: 'NOT_FOUND' });

    const { undone, left } = await undo('supervisor', bulk.id);
    expect([numbersOf(undone), numbersOf(left)]).toEqual([[number, plain].sort(), [taken, told].sort()]);
    for (const one of undone)
      expect(one).toMatchObject({
        state: 'AWAITING_ASSESSMENT',
        undoUntil: null,
        clock: { assessed: null },
        version: 3,
      });
    expect(left.map(({ state }: Result) => state).sort()).toEqual(['AWAITING_ACTION', 'AWAITING_REMOVAL']);
    expect(await undo(first, bulk.id)).toMatchObject({ undone: { length: 2 }, left: { length: 2 } });

    // The opinion stays on record and binds nobody: the case is assessed anew, by the same person too.
    expect(await work.assess(first, plain!, { ...dismissed, requestReview: true })).toMatchObject({
      state: 'AWAITING_REVIEW',
    });
    const after = await work.review(second, plain!, dismissed);
    expect(after).toMatchObject({ state: 'CLOSED', outcome: 'NOT_ACTIONABLE' });
    expect(after.assessments.map(({ verdict }: Result) => verdict)).toEqual([
      'ACTIONABLE',
      'NOT_ACTIONABLE',
      'NOT_ACTIONABLE',
    ]);
    for (const one of [number, told!]) await work.release(first, one);
    await work.release(second, taken!);
  });

  it('are taken out of the messages that wait, when they are taken back', async () => {
    const [number, other] = await claimedOf(first, 2);
    const bulk = await assessAll(first, number, (await similar(first, number)).cases);
    await work.release(first, number);
    await work.sql(
      `WITH host AS (
         INSERT INTO contacts (id, kind, name, email, updated_at) VALUES (uuidv7(), 'HOST', 'Host', 'abuse@host.example', now()) RETURNING id
       ), message AS (
         INSERT INTO notices (id, contact_id, kind, queued_at, send_after) SELECT uuidv7(), id, 'HOST_NOTICE', now(), $2 FROM host RETURNING id
       ), told AS (
         UPDATE cases SET state = 'AWAITING_REMOVAL' WHERE number = $1 RETURNING id
       )
       INSERT INTO actions (id, case_id, episode_id, kind, recipient, queued_at, notice_id)
       SELECT uuidv7(), told.id, e.id, 'HOST_NOTICE', 'Host', now(), message.id
       FROM told, message, episodes e WHERE e.case_id = told.id`,
      [other, bulk.undoUntil],
    );
    expect((await undo(first, bulk.id)).undone).toHaveLength(2);
    const [action] = await work.sql(
      'SELECT sent_at, withdrawn_at FROM actions a JOIN cases c ON c.id = a.case_id WHERE c.number = $1',
      [other],
    );
    expect(action).toEqual({ sent_at: null, withdrawn_at: expect.any(Date) });
  });

  it('are not taken back later', async () => {
    const [number] = await claimedOf(first, 2);
    const bulk = await assessAll(first, number, (await similar(first, number)).cases);
    await work.sql(`UPDATE bulk_assessments SET undo_until = now() - interval '1 second' WHERE id = $1`, [bulk.id]);
    expect(await undo(first, bulk.id)).toMatchObject({ code: 'UNDO_WINDOW_OVER' });
    expect(await work.read(number)).toMatchObject({ state: 'AWAITING_ACTION' });
    await work.release(first, number);
  });
});
