import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type CaseWork, caseWork, confirmed, dismissed } from '../case/case-work.ts';
import { type Platform, startPlatform } from '../support/platform.ts';

const MINUTE_MS = 60_000;

describe('claims', () => {
  let platform: Platform;
  let work: CaseWork;
  let colleagues: Awaited<ReturnType<CaseWork['colleague']>>[];
  beforeAll(async () => {
    platform = await startPlatform();
    work = await caseWork(platform);
    colleagues = await Promise.all(Array.from({ length: 64 }, () => work.colleague()));
  });
  afterAll(async () => {
    await work.close();
    await platform.stop();
  });
  afterEach(async () => {
    vi.useRealTimers();
    await work.sql('DELETE FROM claims');
    await work.sql(
      `UPDATE cases SET state = 'CLOSED', outcome = 'NOT_ACTIONABLE', held_from = NULL, held_until = NULL`,
    );
  });

  const moveLease = (number: string, minutes: number) =>
    work.sql(
      `UPDATE claims SET claimed_at = claimed_at - $2 * interval '1 minute', lease_until = lease_until - $2 * interval '1 minute'
       WHERE ended_at IS NULL AND case_id = (SELECT id FROM cases WHERE number = $1)`,
      [number, minutes],
    );
  const held = async (accountId: string, minutesAgo: [number, number][], now = new Date()) => {
    const number = await work.makeCase();
    for (const [from, to] of minutesAgo) {
      const [start, end] = [from, to].map((minutes) => new Date(now.getTime() - minutes * MINUTE_MS));
      await work.sql(
        `INSERT INTO claims (id, case_id, account_id, claimed_at, lease_until, ended_at)
         SELECT uuidv7(), id, $2, $3, $4, $4 FROM cases WHERE number = $1`,
        [number, accountId, start, end],
      );
    }
  };

  it('give each of 64 cases to one of 64 analysts who ask at once', async () => {
    const numbers = await work.makeCases(64);
    const results = await Promise.all(colleagues.map((colleague) => work.claimNext(colleague)));
    expect(results.map(({ number }) => number).sort()).toEqual(numbers.sort());
  });

  it('tell only those for whom nothing is left that the queue is empty', async () => {
    const numbers = await work.makeCases(12);
    const results = await Promise.all(colleagues.slice(0, 32).map((colleague) => work.claimNext(colleague)));
    const taken = results.filter(({ __typename }) => __typename === 'Case').map(({ number }) => number);
    expect(taken.sort()).toEqual(numbers.sort());
    expect(results.filter(({ code }) => code === 'QUEUE_EMPTY')).toHaveLength(20);
  });

  it('wait for a case that a report is just being added to, rather than call the queue empty', async () => {
    const number = await work.makeCase();
    await work.sql('BEGIN');
    await work.sql('SELECT FROM cases WHERE number = $1 FOR UPDATE', [number]);
    const claimed = work.claimNext(colleagues[0]!);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await work.sql('COMMIT');
    expect(await claimed).toMatchObject({ number });
  });

  it('take the highest priority first, and the older of two equal ones', async () => {
    const [low] = await work.makeCases(1, { priority: 10 });
    const [high] = await work.makeCases(1, { priority: 700 });
    const [older, newer] = await work.makeCases(2, { priority: 300 });
    const order = [];
    for (const colleague of colleagues.slice(0, 4)) order.push((await work.claimNext(colleague)).number);
    expect(order).toEqual([high, older, newer, low]);
  });

  it('last 30 minutes and are renewed by use', async () => {
    const [colleague] = colleagues;
    const number = await work.makeCase();
    const { claim } = await work.claimNext(colleague!);
    expect(Date.parse(claim.leaseUntil) - Date.parse(claim.claimedAt)).toBe(30 * MINUTE_MS);
    for (const use of [() => work.step(colleague!, 'addCaseNote', number), () => work.claim(colleague!, number)]) {
      await moveLease(number, 20);
      const { claim: renewed } = await use();
      expect(Date.parse(renewed.leaseUntil) - Date.now()).toBeGreaterThan(29 * MINUTE_MS);
    }
    expect(await work.sql('SELECT FROM claims')).toHaveLength(1);
  });

  it('are lost when the lease runs out, to the next who asks', async () => {
    const [first, second] = colleagues;
    const number = await work.makeCase();
    await work.claimNext(first!);
    await moveLease(number, 31);
    expect((await work.read(number)).claim).toBeNull();
    expect(await work.step(first!, 'assessCase', number)).toMatchObject({ code: 'NOT_CLAIMED' });
    expect(await work.release(first!, number)).toMatchObject({ code: 'NOT_CLAIMED' });
    expect(await work.claimNext(second!)).toMatchObject({ number, claim: { by: { name: second!.name } } });
    expect(await work.step(first!, 'assessCase', number)).toMatchObject({ code: 'NOT_CLAIMED' });
    const [ended] = await work.sql('SELECT ended_at = lease_until AS at_its_end FROM claims WHERE account_id = $1', [
      first!.id,
    ]);
    expect(ended).toEqual({ at_its_end: true });
  });

  it('are ended by the clock at the time at which the lease ran out, and the trail says so', async () => {
    const { endExpiredClaims } = await import('../../src/case/time-passes.ts');
    const [expired, running] = await work.makeCases(2);
    await work.claim(colleagues[0]!, expired!);
    await work.claim(colleagues[1]!, running!);
    await moveLease(expired!, 45);
    await endExpiredClaims();
    const claims = await work.sql('SELECT ended_at = lease_until AS ended FROM claims ORDER BY lease_until');
    expect(claims).toEqual([{ ended: true }, { ended: null }]);
    const trail = await work.sql(`SELECT stream, actor FROM audit_entries WHERE action = 'LEASE_EXPIRED'`);
    expect(trail).toEqual([{ stream: `case:${expired}`, actor: 'system' }]);
  });

  it('are three at most for one person, also of ten at once', async () => {
    await work.makeCases(10);
    const [colleague] = colleagues;
    const results = await Promise.all(Array.from({ length: 10 }, () => work.claimNext(colleague!)));
    expect(results.filter(({ __typename }) => __typename === 'Case')).toHaveLength(3);
    const refused = results.filter(({ code }) => code === 'CLAIM_LIMIT');
    expect(refused).toHaveLength(7);
    expect(refused[0]).toMatchObject({ limit: 3 });
  });

  it('are three at most also where they come by number and by priority at once', async () => {
    const numbers = await work.makeCases(8);
    const [colleague] = colleagues;
    const results = await Promise.all(
      numbers.flatMap((number) => [work.claim(colleague!, number), work.claimNext(colleague!)]),
    );
    const codes = new Set(results.filter(({ __typename }) => __typename !== 'Case').map(({ code }) => code));
    expect([...codes]).toEqual(['CLAIM_LIMIT']);
    expect(await work.sql('SELECT FROM claims WHERE ended_at IS NULL')).toHaveLength(3);
  });

  it('pause for ten minutes after fifty with cases, and say until when', async () => {
    const [colleague] = colleagues;
    await held(colleague!.id, [
      [65, 40],
      [35, 9],
    ]);
    for (const refused of [await work.claimNext(colleague!), await work.claim(colleague!, await work.makeCase())]) {
      expect(refused).toMatchObject({
        __typename: 'BreakDueError',
        code: 'BREAK_DUE',
        message: expect.stringContaining('break'),
      });
      const minutes = (Date.parse(refused.until) - Date.now()) / MINUTE_MS;
      expect(minutes).toBeGreaterThan(0.5);
      expect(minutes).toBeLessThan(1.1);
    }
    await work.sql(
      `UPDATE claims SET claimed_at = claimed_at - interval '2 minutes', ended_at = ended_at - interval '2 minutes'`,
    );
    expect(await work.claimNext(colleague!)).toMatchObject({ __typename: 'Case' });
  });

  it('end for the day after 240 minutes with cases, in words that thank', async () => {
    const [colleague, other] = colleagues;
    // In the evening, so that the day holds them; and long after, so that no break is due.
    const evening = new Date(new Date().setUTCHours(20, 0, 0, 0));
    await held(
      colleague!.id,
      [
        [600, 500],
        [480, 400],
        [300, 240],
      ],
      evening,
    );
    await held(
      other!.id,
      [
        [600, 500],
        [480, 400],
        [300, 241],
      ],
      evening,
    );
    vi.useFakeTimers({ toFake: ['Date'], now: evening });
    const { tokenOf } = await import('../support/platform.ts');
    const as = async ({ subject, id }: { subject: string; id: string }) => ({ token: await tokenOf(subject), id });
    const refused = await work.claimNext(await as(colleague!));
    expect(refused).toMatchObject({ code: 'DAILY_LIMIT', message: expect.stringContaining('Thank you') });
    expect(new Date(refused.until)).toEqual(new Date(new Date(evening).setUTCHours(24, 0, 0, 0)));
    expect(await work.claimNext(await as(other!))).toMatchObject({ __typename: 'Case' });
  });

  it('are given back by release, and are a colleague’s until then', async () => {
    const [first, second] = colleagues;
    const number = await work.makeCase();
    await work.claim(first!, number);
    expect(await work.claim(second!, number)).toMatchObject({
      __typename: 'AlreadyClaimedError',
      code: 'ALREADY_CLAIMED',
    });
    expect(await work.claimNext(second!)).toMatchObject({ code: 'QUEUE_EMPTY' });
    expect(await work.release(second!, number)).toMatchObject({ code: 'NOT_CLAIMED' });
    expect(await work.release(first!, number)).toMatchObject({ number, claim: null });
    expect(await work.release(first!, number)).toMatchObject({ code: 'NOT_CLAIMED' });
    expect(await work.claimNext(second!)).toMatchObject({ number });
    expect(await work.claim(first!, 'C-999999')).toMatchObject({ code: 'NOT_FOUND' });
    expect(await work.release(first!, 'C-999999')).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('never bring the first analyst their own case for review', async () => {
    const [first, second] = colleagues;
    const number = await work.makeCase();
    expect(await work.assess(first!, number, { ...confirmed, requestReview: true })).toMatchObject({ claim: null });
    expect(await work.claimNext(first!)).toMatchObject({ code: 'QUEUE_EMPTY' });
    expect(await work.claim(first!, number)).toMatchObject({ code: 'INVALID_TRANSITION', stateNow: 'AWAITING_REVIEW' });
    expect(await work.claimNext(second!)).toMatchObject({ number });
  });

  it('bring a dispute to supervisors only, and to none who gave one of its opinions', async () => {
    const [analyst, another] = colleagues;
    const [involved, impartial] = [await work.colleague('SUPERVISOR'), await work.colleague('SUPERVISOR')];
    const number = await work.makeCase();
    await work.assess(analyst!, number, { ...confirmed, requestReview: true });
    expect(await work.review(involved, number, dismissed)).toMatchObject({ state: 'DISPUTED', claim: null });
    for (const person of [analyst!, another!, involved]) {
      expect(await work.claimNext(person)).toMatchObject({ code: 'QUEUE_EMPTY' });
      expect(await work.claim(person, number)).toMatchObject({ code: 'INVALID_TRANSITION', stateNow: 'DISPUTED' });
    }
    expect(await work.claimNext(impartial)).toMatchObject({ number });
  });

  it('stay with the reviewer and with the ruling supervisor while notes are added', async () => {
    const [first, second, other] = colleagues;
    const supervisor = await work.colleague('SUPERVISOR');
    const number = await work.makeCase();
    await work.assess(first!, number, { ...confirmed, requestReview: true });
    await work.claim(second!, number);
    expect(await work.step(second!, 'addCaseNote', number)).toMatchObject({ claim: { by: { name: second!.name } } });
    expect(await work.step(other!, 'addCaseNote', number)).toMatchObject({ claim: { by: { name: second!.name } } });
    await work.step(second!, 'reviewCase', number, { assessment: dismissed });
    await work.claim(supervisor, number);
    expect(await work.step(supervisor, 'addCaseNote', number)).toMatchObject({
      claim: { by: { name: supervisor.name } },
    });
  });
});
