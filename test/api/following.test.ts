import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseWork, caseWork, type Person } from '../case/case-work.ts';
import { type Platform, startPlatform } from '../support/platform.ts';

const HOUR_MS = 3_600_000;

describe('following content until it is gone', () => {
  let platform: Platform;
  let work: CaseWork;
  let analyst: Awaited<ReturnType<CaseWork['colleague']>>;
  beforeAll(async () => {
    platform = await startPlatform({ JOBS: 'false' });
    work = await caseWork(platform);
    analyst = await work.colleague();
  });
  afterAll(async () => {
    await work.close();
    await platform.stop();
  });

  /** Cases that a host was told of so many hours ago, straight into the tables; the job sets when to look at them. */
  const told = async (hoursAgo: number[]): Promise<string[]> => {
    const numbers = await work.makeCases(hoursAgo.length);
    await work.sql(
      `WITH told AS (SELECT number, now() - hours * interval '1 hour' AS at FROM unnest($1::text[], $2::float[]) t(number, hours)),
       moved AS (UPDATE cases c SET state = 'AWAITING_REMOVAL', state_since = t.at FROM told t WHERE c.number = t.number RETURNING c.id, t.at),
       begun AS (UPDATE episodes e SET first_reported = m.at - interval '2 hours', assessed = m.at, host_told = m.at FROM moved m WHERE e.case_id = m.id RETURNING e.id, m.at, m.id AS case_id)
       INSERT INTO actions (id, case_id, episode_id, kind, recipient, sent_by_id, queued_at, sent_at)
       SELECT uuidv7(), case_id, id, 'HOST_NOTICE', 'abuse@host.example', $3, at, at FROM begun`,
      [numbers, hoursAgo, analyst.id],
    );
    const { scheduleMissingChecks } = await import('../../src/case/time-passes.ts');
    await scheduleMissingChecks();
    return numbers;
  };
  const due = async () =>
    (await work.ask('checker', '{ checksDue(first: 500) { number address dueSince lastSeen } }')).checksDue;
  const observe = async (observations: object[], idempotencyKey: string = randomUUID(), as: Person = 'checker') => {
    const query = `mutation ($input: RecordObservationsInput!) { result: recordObservations(input: $input) {
      ... on ObservationBatch { results { case taken fault { code message issues { path code } } } }
      ... on InvalidInputError { code issues { path code } } } }`;
    return (await work.ask(as, query, { input: { observations, idempotencyKey } })).result;
  };
  const read = async (number: string) => {
    const fields = `number state outcome listed episode nextCheckAt observations { seen observedBy { name } }
      traceRuns { state } clocks { episode firstSeenGone minutesToAssess minutesToNotify minutesToRemove minutesFromNoticeToRemoval }`;
    return (await work.ask(analyst, `query ($n: String!) { case(number: $n) { ${fields} } }`, { n: number })).case;
  };
  const countOf = async (number: string) =>
    (await work.sql('SELECT FROM observations o JOIN cases c ON c.id = o.case_id WHERE c.number = $1', [number]))
      .length;
  const hoursFromNow = (time: string) => Math.round((Date.parse(time) - Date.now()) / HOUR_MS);

  it('shows a tool the looks that are due, the longest due first, until it has said what it saw', async () => {
    const [fresh, day, old] = (await told([0.5, 26, 200])) as [string, string, string];
    const numbers = async () =>
      (await due())
        .map(({ number }: { number: string }) => number)
        .filter((number: string) => [fresh, day, old].includes(number));
    expect(await numbers()).toEqual([old, day]);
    expect((await due()).find(({ number }: { number: string }) => number === day)).toEqual({
      number: day,
      address: expect.stringMatching(/^https:\/\/made-\d+\.example\/2$/),
      dueSince: expect.any(String),
      lastSeen: null,
    });
    expect(await observe([{ case: day, seen: 'UP' }])).toEqual({ results: [{ case: day, taken: true, fault: null }] });
    expect(await numbers()).toEqual([old]);
    const seen = await read(day);
    expect(seen).toMatchObject({
      state: 'AWAITING_REMOVAL',
      observations: [{ seen: 'UP', observedBy: { name: 'Tool that looks' } }],
    });
    // A day and two hours after the notice the next look is at the end of the second day.
    expect(hoursFromNow(seen.nextCheckAt)).toBe(22);
  });

  it('records who read which addresses', async () => {
    const [number] = await told([2]);
    await due();
    const [entry] = await work.sql(
      `SELECT subjects FROM audit_entries WHERE action = 'LIST_CHECKS_DUE' AND actor = 'account:' || (SELECT id FROM accounts WHERE subject = 'checker') ORDER BY id DESC LIMIT 1`,
    );
    expect(entry.subjects).toContain(number);
  });

  it('takes each line of a batch by itself, and tells a tool no state of a case', async () => {
    const [up, gone, unmoved, future] = (await told([3, 3, 3, 3])) as [string, string, string, string];
    const unassessed = await work.makeCase();
    const { results } = await observe([
      { case: up, seen: 'UP' },
      { case: 'C-999999', seen: 'UP' },
      { case: unassessed, seen: 'GONE' },
      { case: unmoved, seen: 'MOVED' },
      { case: future, seen: 'UP', at: new Date(Date.now() + HOUR_MS).toISOString() },
      { case: gone, seen: 'GONE' },
    ]);
    const fault = (code: string, ...issues: object[]) => ({ code, message: expect.any(String), issues });
    expect(results).toEqual([
      { case: up, taken: true, fault: null },
      { case: 'C-999999', taken: false, fault: fault('NOT_FOUND') },
      { case: unassessed, taken: false, fault: fault('NOT_FOUND') },
      {
        case: unmoved,
        taken: false,
        fault: fault('INVALID_INPUT', { path: ['input', 'observations', '3', 'movedTo'], code: 'MISMATCH' }),
      },
      {
        case: future,
        taken: false,
        fault: fault('INVALID_INPUT', { path: ['input', 'observations', '4', 'at'], code: 'IN_THE_FUTURE' }),
      },
      { case: gone, taken: true, fault: null },
    ]);
    expect(JSON.stringify(results)).not.toContain('AWAITING');
    expect((await read(gone)).state).toBe('REMOVED');
  });

  it('takes a batch once that is sent again, and refuses another under its key', async () => {
    const [number] = (await told([3])) as [string];
    const key = randomUUID();
    const first = await observe([{ case: number, seen: 'UP' }], key);
    expect(await observe([{ case: number, seen: 'UP' }], key)).toEqual(first);
    const { results } = await observe([{ case: number, seen: 'GONE' }], key);
    expect(results).toMatchObject([{ taken: false, fault: { code: 'IDEMPOTENCY_CONFLICT' } }]);
    expect(await countOf(number)).toBe(1);
  });

  it('takes 1 to 100 at once', async () => {
    const line = { case: 'C-999999', seen: 'UP' };
    expect((await observe(Array(100).fill(line))).results).toHaveLength(100);
    for (const lines of [[], Array(101).fill(line)])
      expect(await observe(lines)).toMatchObject({
        code: 'INVALID_INPUT',
        issues: [{ path: ['input', 'observations'] }],
      });
  });

  it('looks again a day after content was gone, whoever says so earlier', async () => {
    const [number] = (await told([3])) as [string];
    await observe([{ case: number, seen: 'GONE' }]);
    expect(hoursFromNow((await read(number)).nextCheckAt)).toBe(24);
    await observe([{ case: number, seen: 'GONE' }], randomUUID(), analyst);
    expect(hoursFromNow((await read(number)).nextCheckAt)).toBe(24);
    await work.sql(
      `UPDATE observations SET at = at - interval '20 hours' WHERE case_id = (SELECT id FROM cases WHERE number = $1)`,
      [number],
    );
    await observe([{ case: number, seen: 'GONE' }], randomUUID(), analyst);
    expect(hoursFromNow((await read(number)).nextCheckAt)).toBe(13 * 24 - 20);
  });

  it('takes a tool’s word only for what is due, and takes nothing off the URL list by it until the second look', async () => {
    const [due, later] = (await told([3, 0])) as [string, string];
    await work.sql('UPDATE cases SET listed = true WHERE number = ANY ($1)', [[due, later]]);
    const gone = [due, later].map((number) => ({ case: number, seen: 'GONE' }));
    const { results } = await observe(gone);
    expect(results).toMatchObject([{ taken: true }, { taken: false, fault: { code: 'NOT_FOUND' } }]);
    expect(await read(due)).toMatchObject({ state: 'REMOVED', listed: true });
    expect(await read(later)).toMatchObject({ state: 'AWAITING_REMOVAL', listed: true });

    expect((await observe(gone)).results).toMatchObject([{ taken: false }, { taken: false }]);
    await work.sql('UPDATE cases SET next_check_at = now() WHERE number = $1', [due]);
    expect((await observe(gone)).results).toMatchObject([{ taken: true }, { taken: false }]);
    expect(await read(due)).toMatchObject({ state: 'REMOVED', listed: false });
    // A person looked: that is enough at once.
    await observe(gone, randomUUID(), analyst);
    expect(await read(later)).toMatchObject({ state: 'REMOVED', listed: false });
  });

  it('looks twice more after the case is closed, and content that is still gone stays closed', async () => {
    const [number] = (await told([3])) as [string];
    await observe([{ case: number, seen: 'GONE' }]);
    await work.step(analyst, 'closeCase', number, { outcome: 'REMOVED' });
    expect(hoursFromNow((await read(number)).nextCheckAt)).toBe(30 * 24);
    await observe([{ case: number, seen: 'GONE' }], randomUUID(), analyst);
    expect(await read(number)).toMatchObject({ state: 'CLOSED', outcome: 'REMOVED', episode: 1 });
    await observe([{ case: number, seen: 'UP' }], randomUUID(), analyst);
    expect(await read(number)).toMatchObject({ state: 'AWAITING_ASSESSMENT', episode: 2, nextCheckAt: null });
  });

  it('is not gone because somebody enters late what they saw before it was up', async () => {
    const [number] = (await told([5])) as [string];
    const ago = (hours: number) => new Date(Date.now() - hours * HOUR_MS).toISOString();
    const { results } = await observe(
      [
        { case: number, seen: 'UP', at: ago(1) },
        { case: number, seen: 'GONE', at: ago(2) },
        { case: number, seen: 'UP', at: ago(3) },
      ],
      randomUUID(),
      analyst,
    );
    expect(results).toMatchObject([
      { taken: true },
      { taken: false, fault: { issues: [{ code: 'TOO_EARLY' }] } },
      { taken: true },
    ]);
    expect(await read(number)).toMatchObject({ state: 'AWAITING_REMOVAL' });
  });

  it('has the host of moved content found anew', async () => {
    const [number] = (await told([3])) as [string];
    await observe([{ case: number, seen: 'MOVED', movedTo: 'NL' }]);
    expect(await read(number)).toMatchObject({
      state: 'AWAITING_ACTION',
      nextCheckAt: null,
      traceRuns: [{ state: 'QUEUED' }],
    });
  });

  it('rests while the police hold a case, and goes on after', async () => {
    const [number] = (await told([3])) as [string];
    await work.claim(analyst, number);
    await work.step(analyst, 'holdCase', number);
    expect((await read(number)).nextCheckAt).toBeNull();
    await work.step(analyst, 'releaseHold', number);
    expect(hoursFromNow((await read(number)).nextCheckAt)).toBe(-2);
  });

  it('goes on with what nothing could be done about while it is on the URL list, until it is gone', async () => {
    const [number] = (await told([3])) as [string];
    await work.sql('UPDATE cases SET listed = true WHERE number = $1', [number]);
    expect(await work.step(analyst, 'closeCase', number)).toMatchObject({ state: 'CLOSED', listed: true });
    expect((await read(number)).nextCheckAt).not.toBeNull();
    await observe([{ case: number, seen: 'UP' }]);
    expect(await read(number)).toMatchObject({ state: 'CLOSED', outcome: 'NO_ACTION_POSSIBLE', listed: true });
    await observe([{ case: number, seen: 'GONE' }], randomUUID(), analyst);
    expect(await read(number)).toMatchObject({ state: 'REMOVED', outcome: null, listed: false, episode: 1 });
    const [episode] = await work.sql(
      'SELECT closed, outcome, first_seen_gone FROM episodes WHERE case_id = (SELECT id FROM cases WHERE number = $1)',
      [number],
    );
    expect(episode).toEqual({ closed: null, outcome: null, first_seen_gone: expect.any(Date) });
  });

  it('has a clock for every episode, in whole minutes, from the raw times', async () => {
    const [number] = (await told([3])) as [string];
    await observe([{ case: number, seen: 'GONE' }]);
    await observe([{ case: number, seen: 'UP' }], randomUUID(), analyst);
    const never = {
      minutesToAssess: null,
      minutesToNotify: null,
      minutesToRemove: null,
      minutesFromNoticeToRemoval: null,
    };
    expect((await read(number)).clocks).toEqual([
      {
        episode: 1,
        firstSeenGone: expect.any(String),
        minutesToAssess: 120,
        minutesToNotify: 120,
        minutesToRemove: 300,
        minutesFromNoticeToRemoval: 180,
      },
      { episode: 2, firstSeenGone: null, ...never },
    ]);
  });
});
