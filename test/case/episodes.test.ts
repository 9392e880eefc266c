import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Platform, startPlatform } from '../support/platform.ts';
import { type CaseWork, caseWork, confirmed, dismissed } from './case-work.ts';

type Colleague = Awaited<ReturnType<CaseWork['colleague']>>;
const DAY_MS = 86_400_000;

describe('a case that comes back', () => {
  let platform: Platform;
  let work: CaseWork;
  let analyst: Colleague;
  let colleague: Colleague;
  let supervisor: Colleague;
  beforeAll(async () => {
    platform = await startPlatform();
    work = await caseWork(platform);
    [analyst, colleague] = [await work.colleague(), await work.colleague()];
    supervisor = await work.colleague('SUPERVISOR');
  });
  afterAll(async () => {
    await work.close();
    await platform.stop();
  });

  const removedCase = async () => {
    const number = await work.confirmedCase(colleague, analyst);
    await work.step(analyst, 'recordTrace', number);
    await work.step(analyst, 'notifyHost', number);
    expect(await work.step(analyst, 'recordObservation', number)).toMatchObject({ state: 'REMOVED' });
    return number;
  };
  // It was seen gone a day ago, and is seen gone again now.
  const seenGoneAgain = async (number: string) => {
    await work.sql(
      `UPDATE observations SET at = at - interval '1 day' WHERE case_id = (SELECT id FROM cases WHERE number = $1)`,
      [number],
    );
    await work.step(analyst, 'recordObservation', number, { seen: 'GONE' });
  };
  const confirmRemovals = async (number: string, days: number) => {
    const { confirmRemovals: confirm } = await import('../../src/case/time-passes.ts');
    await confirm(new Date(Date.now() + days * DAY_MS));
    return work.read(number);
  };

  it('is closed when it has stayed gone for 14 days, not before, and was seen gone twice', async () => {
    const number = await removedCase();
    expect(await confirmRemovals(number, 20)).toMatchObject({ state: 'REMOVED', outcome: null });
    await seenGoneAgain(number);
    expect(await confirmRemovals(number, 13.99)).toMatchObject({ state: 'REMOVED', outcome: null });
    expect(await confirmRemovals(number, 14.01)).toMatchObject({ state: 'CLOSED', outcome: 'REMOVED' });
    const [entry] = await work.sql(
      `SELECT actor, operation FROM audit_entries WHERE stream = $1 AND action = 'CONFIRM_REMOVAL'`,
      [`case:${number}`],
    );
    expect(entry).toEqual({ actor: 'system', operation: 'CONFIRM_REMOVAL' });
  });

  it.each([
    ['seen up', false, (number: string) => work.step(analyst, 'recordObservation', number, { seen: 'UP' })],
    [
      'seen up after it was closed',
      true,
      (number: string) => work.step(analyst, 'recordObservation', number, { seen: 'UP' }),
    ],
    ['reported again', false, reportAgain],
    ['reported again after it was closed', true, reportAgain],
    ['opened again by hand after it was closed', true, (number: string) => work.step(analyst, 'reopenCase', number)],
  ])(
    'begins a new episode when %s, with a clock of its own and the earlier opinions beside it',
    async (_how, closed, comesBack) => {
      const number = await removedCase();
      if (closed) {
        await seenGoneAgain(number);
        await confirmRemovals(number, 15);
      }
      const before = await work.read(number, colleague);
      await comesBack(number);
      const after = await work.read(number, colleague);
      expect(after).toMatchObject({
        state: 'AWAITING_ASSESSMENT',
        outcome: null,
        episode: 2,
        reviewReasons: [],
        version: before.version + 1,
      });
      expect(after.clock).toEqual({
        episode: 2,
        firstReported: after.clock.firstReported,
        assessed: null,
        traced: null,
        policeTold: null,
        hostTold: null,
        hotlineTold: null,
        firstSeenGone: null,
      });
      expect(after.clock.firstReported > before.clock.firstSeenGone).toBe(true);
      expect(after.assessments).toEqual(before.assessments);

      // And the same people work it to removal a second time.
      await work.assess(colleague, number, { ...confirmed, requestReview: true });
      expect((await work.read(number, analyst)).assessments).toEqual(before.assessments);
      expect((await work.review(analyst, number, confirmed)).assessments).toHaveLength(4);
      await work.claim(analyst, number);
      await work.step(analyst, 'notifyHost', number);
      expect(await work.step(analyst, 'recordObservation', number)).toMatchObject({
        state: 'REMOVED',
        clock: { episode: 2, firstSeenGone: expect.any(String) },
      });
      const [first] = await work.sql(
        'SELECT first_seen_gone FROM episodes e JOIN cases c ON c.id = e.case_id WHERE c.number = $1 AND e.number = 1',
        [number],
      );
      expect(first.first_seen_gone.toISOString()).toBe(before.clock.firstSeenGone);
    },
  );

  it('is up in the episode that this begins', async () => {
    const number = await removedCase();
    await work.step(analyst, 'recordObservation', number, { seen: 'UP' });
    const seen = await work.sql(
      `SELECT e.number AS episode, o.seen FROM observations o JOIN episodes e ON e.id = o.episode_id JOIN cases c ON c.id = o.case_id
       WHERE c.number = $1 ORDER BY o.at`,
      [number],
    );
    expect(seen).toEqual([
      { episode: 1, seen: 'GONE' },
      { episode: 2, seen: 'UP' },
    ]);
  });

  it('is not up again because somebody enters late what they saw before it went', async () => {
    const number = await removedCase();
    const { clock } = await work.read(number);
    const at = new Date(Date.parse(clock.firstSeenGone) - 60_000).toISOString();
    const late = await work.step(analyst, 'recordObservation', number, { seen: 'UP', at });
    expect(late).toMatchObject({ code: 'INVALID_INPUT', issues: [{ path: ['input', 'at'], code: 'TOO_EARLY' }] });
    expect(await work.read(number)).toMatchObject({ state: 'REMOVED', episode: 1 });
  });

  it('was not gone before it was reported', async () => {
    const number = await work.confirmedCase(colleague, analyst);
    const { clock } = await work.read(number);
    const at = new Date(Date.parse(clock.firstReported) - 1_000).toISOString();
    const early = await work.step(analyst, 'recordObservation', number, { seen: 'GONE', at });
    expect(early).toMatchObject({ issues: [{ path: ['input', 'at'], code: 'TOO_EARLY' }] });
    await work.release(analyst, number);
  });

  it('does not come back to work for another report of what is not actionable', async () => {
    const number = await work.makeCase();
    await work.assess(colleague, number, { verdict: 'NOT_ACTIONABLE', reason: 'OFF_REMIT', requestReview: true });
    await work.review(analyst, number, { verdict: 'NOT_ACTIONABLE', reason: 'OFF_REMIT' });
    await reportAgain(number);
    expect(await work.read(number)).toMatchObject({ state: 'CLOSED', outcome: 'NOT_ACTIONABLE', episode: 1 });
    await work.sql(
      `UPDATE episodes SET assessed = assessed - interval '91 days' WHERE case_id = (SELECT id FROM cases WHERE number = $1)`,
      [number],
    );
    await reportAgain(number);
    expect(await work.read(number)).toMatchObject({ state: 'AWAITING_ASSESSMENT', episode: 2 });
  });

  it('is, also where nothing was removed, worked a second time by hand with the same people in any part', async () => {
    const number = await work.makeCase();
    await work.assess(colleague, number, { ...dismissed, requestReview: true });
    expect(await work.review(analyst, number, dismissed)).toMatchObject({ state: 'CLOSED' });
    const again = await work.step(colleague, 'reopenCase', number);
    expect(again).toMatchObject({ state: 'AWAITING_ASSESSMENT', outcome: null, episode: 1, clock: { assessed: null } });
    expect(again.assessments).toHaveLength(2);
    await work.sql('UPDATE cases SET priority = 1000 WHERE number = $1', [number]);
    expect(await work.claimNext(colleague)).toMatchObject({ number });
    await work.step(colleague, 'assessCase', number, { assessment: { ...confirmed, requestReview: true } });
    expect(await work.claimNext(analyst)).toMatchObject({
      number,
      assessments: [{ round: 'FIRST' }, { round: 'SECOND' }],
    });
    await work.step(analyst, 'reviewCase', number, { assessment: confirmed });
    await work.release(analyst, number);
    await work.claim(colleague, number);
    expect(await work.step(colleague, 'notifyHost', number)).toMatchObject({ state: 'AWAITING_REMOVAL' });
    expect(await work.step(colleague, 'recordObservation', number)).toMatchObject({ state: 'REMOVED', outcome: null });
  });

  it('is neither confirmed by an earlier round’s opinions, nor are their authors barred', async () => {
    const number = await work.makeCase();
    await work.assess(colleague, number, { ...dismissed, requestReview: true });
    await work.review(supervisor, number, dismissed);
    await work.step(colleague, 'reopenCase', number);
    await work.assess(colleague, number, { ...confirmed, requestReview: true });
    await work.review(analyst, number, dismissed);
    await work.claim(supervisor, number);
    expect(await work.step(supervisor, 'ruleOnCase', number, { assessment: dismissed })).toMatchObject({
      state: 'CLOSED',
    });
    await work.step(colleague, 'reopenCase', number);
    expect(await work.assess(colleague, number, confirmed)).toMatchObject({ state: 'AWAITING_ACTION' });
    expect(await work.step(colleague, 'listAddress', number)).toMatchObject({ code: 'INVALID_TRANSITION' });
    expect(await work.sql('SELECT FROM url_list_changes')).toEqual([]);
  });

  async function reportAgain(number: string) {
    const [{ address }] = await work.sql('SELECT address FROM cases WHERE number = $1', [number]);
    const query = 'mutation ($input: SubmitReportInput!) { submitReport(input: $input) { __typename } }';
    const { submitReport } = await work.ask('stranger', query, { input: { portal: 'ke', address } });
    expect(submitReport.__typename).toBe('ReportReceipt');
  }
});
