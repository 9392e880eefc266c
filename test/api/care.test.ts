import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CaseWork, caseWork, confirmed, dismissed, type Result } from '../case/case-work.ts';
import { type Platform, startPlatform } from '../support/platform.ts';

type Colleague = Awaited<ReturnType<CaseWork['colleague']>>;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const CARE = `minutesToday dailyMinutes minutesSinceBreak breakDueAt refusal nextClaimAt
  onBreak { reason } workingHours { timeZone days from until } avoids`;
const RESULT = `__typename ... on Care { ${CARE} } ... on Error { code }`;
const ISSUES = '... on InvalidInputError { issues { path code } }';
const day = (ago: number) => new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10);

describe('care', () => {
  let platform: Platform;
  let work: CaseWork;
  let analyst: Colleague;
  beforeAll(async () => {
    platform = await startPlatform();
    work = await caseWork(platform);
    analyst = await work.colleague();
  });
  afterAll(async () => {
    await work.close();
    await platform.stop();
  });
  afterEach(async () => {
    await work.sql('DELETE FROM claims; DELETE FROM breaks');
    await work.sql(
      `UPDATE cases SET state = 'CLOSED', outcome = 'NOT_ACTIONABLE', handed_to_id = NULL, handed_until = NULL`,
    );
  });

  const care = async (person = analyst): Promise<Result> => (await work.ask(person, `{ care { ${CARE} } }`)).care;
  const startBreak = async (reason: string, person = analyst): Promise<Result> =>
    (
      await work.ask(person, `mutation ($r: BreakReason!) { r: startBreak(reason: $r) { ${RESULT} ${ISSUES} } }`, {
        r: reason,
      })
    ).r;
  const endBreak = async (person = analyst): Promise<Result> =>
    (await work.ask(person, `mutation { r: endBreak { ${RESULT} } }`)).r;
  const prefer = async (input: object, person = analyst): Promise<Result> =>
    (
      await work.ask(
        person,
        `mutation ($input: SaveCarePreferencesInput!) { r: saveCarePreferences(input: $input) { ${RESULT} ${ISSUES} } }`,
        {
          input: { avoids: [], ...input },
        },
      )
    ).r;
  /** Held a case from so many minutes ago until so many minutes ago. */
  const held = async (person: Colleague, from: number, until: number, now = Date.now()) =>
    work.sql(
      `INSERT INTO claims (id, case_id, account_id, claimed_at, lease_until, ended_at)
       SELECT uuidv7(), id, $2, $3, $4, $4 FROM cases WHERE number = $1`,
      [await work.makeCase(), person.id, new Date(now - from * MINUTE_MS), new Date(now - until * MINUTE_MS)],
    );

  it('shows a person their own day, and when a break will be due', async () => {
    const nothingYet = { minutesToday: 0, minutesSinceBreak: 0, breakDueAt: null, refusal: null, nextClaimAt: null };
    const noWishes = { dailyMinutes: 240, onBreak: null, workingHours: null, avoids: [] };
    expect(await care()).toEqual({ ...nothingYet, ...noWishes });
    await held(analyst, 20, 0);
    await work.claim(analyst, await work.makeCase());
    const now = await care();
    expect(now).toMatchObject({ minutesSinceBreak: 20, refusal: null });
    const minutes = (Date.parse(now.breakDueAt) - Date.now()) / MINUTE_MS;
    expect(minutes).toBeGreaterThan(28.9);
    expect(minutes).toBeLessThan(30.1);
    expect(await care(await work.colleague())).toMatchObject({ minutesSinceBreak: 0, breakDueAt: null });
  });

  it('says why the next claim must wait, and until when, in the words of the claim itself', async () => {
    await held(analyst, 59, 4);
    const told = await care();
    expect(told).toMatchObject({ refusal: 'BREAK_DUE' });
    await work.makeCase();
    expect(await work.claimNext(analyst)).toMatchObject({ code: 'BREAK_DUE', until: told.nextClaimAt });
  });

  it('keeps what somebody holds for them during a break, and hands out nothing until it ends', async () => {
    const other = await work.colleague();
    const [mine, waiting] = (await work.makeCases(2)) as [string, string];
    await work.claim(analyst, mine);
    expect(await startBreak('MEAL')).toMatchObject({
      onBreak: { reason: 'MEAL' },
      refusal: 'ON_BREAK',
      nextClaimAt: null,
      breakDueAt: null,
    });
    expect((await startBreak('REST')).issues).toEqual([{ path: ['reason'], code: 'ON_BREAK' }]);
    for (const refused of [await work.claimNext(analyst), await work.claim(analyst, waiting)])
      expect(refused).toMatchObject({ __typename: 'BreakDueError', code: 'ON_BREAK', until: null });
    expect(await work.claimNext(other)).toMatchObject({ number: waiting });
    expect(await work.claimNext(other)).toMatchObject({ code: 'QUEUE_EMPTY' });
    expect(await endBreak()).toMatchObject({ onBreak: null, refusal: null });
    expect(await endBreak()).toMatchObject({ code: 'NOT_FOUND' });
    expect(await work.claimNext(analyst)).toMatchObject({ number: mine });
    const trail = await work.sql(`SELECT action, detail FROM audit_entries WHERE action LIKE '%BREAK' ORDER BY id`);
    expect(trail).toEqual([
      { action: 'START_BREAK', detail: '{}' },
      { action: 'END_BREAK', detail: '{}' },
    ]);
  });

  it('hands out nothing that somebody asked not to see; by its number it stays their choice', async () => {
    const person = await work.colleague();
    const [avoided, other] = (await work.makeCases(2)) as [string, string];
    await work.sql(`UPDATE cases SET categories = '{AI_GENERATED_MATERIAL,UNSURE}', priority = 900 WHERE number = $1`, [
      avoided,
    ]);
    expect(await prefer({ avoids: ['AI_GENERATED_MATERIAL', 'AI_GENERATED_MATERIAL'] }, person)).toMatchObject({
      avoids: ['AI_GENERATED_MATERIAL'],
    });
    expect(await work.claimNext(person)).toMatchObject({ number: other });
    expect(await work.claimNext(person)).toMatchObject({ code: 'QUEUE_EMPTY' });
    expect(await work.claim(person, avoided)).toMatchObject({ number: avoided });
  });

  it('hands out nothing outside of somebody’s hours, and says when these begin', async () => {
    const person = await work.colleague();
    const number = await work.makeCase();
    // Two hours that begin in five, by the clock of a place that is three hours ahead.
    const clock = (hours: number) => new Date(Date.now() + (hours + 3) * 60 * MINUTE_MS).toISOString().slice(11, 16);
    const hours = { timeZone: 'Africa/Nairobi', days: [1, 2, 3, 4, 5, 6, 7], from: clock(5), until: clock(7) };
    const told = await prefer({ workingHours: hours }, person);
    expect(told).toMatchObject({ refusal: 'OUTSIDE_HOURS', workingHours: hours });
    const wait = (Date.parse(told.nextClaimAt) - Date.now()) / MINUTE_MS;
    expect(wait).toBeGreaterThan(298);
    expect(wait).toBeLessThanOrEqual(300);
    expect(await work.claimNext(person)).toMatchObject({ code: 'OUTSIDE_HOURS', until: told.nextClaimAt });
    expect(await prefer({ workingHours: { ...hours, from: clock(-1) } }, person)).toMatchObject({ refusal: null });
    expect(await work.claimNext(person)).toMatchObject({ number });
    expect(await prefer({}, person)).toMatchObject({ workingHours: null });
  });

  it('lets somebody ask for less a day than the hotline’s budget, never for more, and names every fault at once', async () => {
    const person = await work.colleague();
    await held(person, 25, 12);
    await work.makeCase();
    expect(await prefer({ dailyMinutes: 60 }, person)).toMatchObject({ dailyMinutes: 60, refusal: null });
    const workingHours = { timeZone: 'Nowhere/Never', days: [0, 8], from: '9', until: '25:00' };
    expect(
      (await prefer({ dailyMinutes: 241, workingHours }, person)).issues.map(({ path }: Result) =>
        path.slice(1).join('.'),
      ),
    ).toEqual([
      'workingHours.timeZone',
      'workingHours.days.0',
      'workingHours.days.1',
      'workingHours.from',
      'workingHours.until',
      'dailyMinutes',
    ]);
    expect((await prefer({ dailyMinutes: 9 }, person)).issues).toHaveLength(1);
    expect(await care(person)).toMatchObject({ dailyMinutes: 60 });
    // The day is that of their time zone: here one where it is about noon, so that all of it lies in today.
    const ahead = 12 - new Date().getUTCHours();
    const timeZone = `Etc/GMT${ahead < 0 ? '+' : '-'}${Math.abs(ahead)}`;
    const always = { timeZone, days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', until: '23:59' };
    const full = await prefer({ dailyMinutes: 13, workingHours: always }, person);
    expect(full).toMatchObject({ refusal: 'DAILY_LIMIT', minutesToday: 13 });
    const untilMidnight = (Date.parse(full.nextClaimAt) - Date.now()) / MINUTE_MS;
    expect(untilMidnight).toBeGreaterThan(10 * 60);
    expect(untilMidnight).toBeLessThanOrEqual(12 * 60);
    expect(await work.claimNext(person)).toMatchObject({ code: 'DAILY_LIMIT', until: full.nextClaimAt });
  });

  it('counts a person’s own work, for them alone', async () => {
    const [person, other] = [await work.colleague(), await work.colleague('SUPERVISOR')];
    const [first, second] = (await work.makeCases(2)) as [string, string];
    await work.assess(person, first, { ...confirmed, requestReview: true });
    await work.assess(other, second, { ...dismissed, requestReview: true });
    await work.review(person, second, dismissed);
    await work.step(person, 'addCaseNote', first);
    await work.sql('UPDATE claims SET claimed_at = claimed_at - $1::interval', ['10 minutes']);
    await startBreak('SUPPORT', person);
    const query = `query ($from: Date!, $to: Date!) { myWork(from: $from, to: $to) {
      casesHeld minutes firstOpinions secondOpinions rulings traces actions observations notes breaks } }`;
    const mine = async (from: number, to: number) =>
      (await work.ask(person, query, { from: day(from), to: day(to) })).myWork;
    // Both cases were held in the same ten minutes and some seconds.
    const counts = {
      casesHeld: 2,
      firstOpinions: 1,
      secondOpinions: 1,
      rulings: 0,
      traces: 0,
      actions: 0,
      observations: 0,
    };
    expect(await mine(1, 0)).toEqual({ ...counts, minutes: 10, notes: 1, breaks: 1 });
    expect(await mine(40, 30)).toMatchObject({ casesHeld: 0, minutes: 0, firstOpinions: 0, notes: 0, breaks: 0 });
    for (const [from, to] of [
      [0, 1],
      [92, 0],
    ] as const) {
      const { errors } = await platform.ask(query, { from: day(from), to: day(to) }, person);
      expect(errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
    }
  });

  it('gives supervisors sums of the team, and nothing of a day with fewer than three at work', async () => {
    const supervisor = await work.colleague('SUPERVISOR');
    const team = [await work.colleague(), await work.colleague(), await work.colleague()] as [
      Colleague,
      Colleague,
      Colleague,
    ];
    await work.sql('UPDATE accounts SET daily_minutes = 30 WHERE id = $1', [team[1].id]);
    const noon = (ago: number) => Date.parse(`${day(ago)}T12:00:00Z`);
    const lengths = [20, 30, 10];
    for (const [index, person] of team.entries()) await held(person, 0, -(lengths[index] ?? 0), noon(3));
    await held(team[0], -10, -25, noon(3)); // overlaps by ten
    for (const person of team.slice(0, 2)) await held(person, 0, -50, noon(2));
    for (const person of team) await held(person, 10, -10, Date.parse(`${day(4)}T00:00:00Z`));
    await work.sql(
      `INSERT INTO breaks (id, account_id, reason, started_at, ended_at)
       SELECT uuidv7(), $1, r::"BreakReason", $2::timestamptz, $2::timestamptz FROM unnest(ARRAY['SUPPORT', 'MEAL', 'MEAL']) r`,
      [team[0].id, `${day(3)}T12:30:00Z`],
    );
    const query = `query ($from: Date!, $to: Date!) { exposureTotals(from: $from, to: $to) { day minutes people reachedBudget breaks { reason count } } }`;
    const totals = (await work.ask(supervisor, query, { from: day(5), to: day(2) })).exposureTotals;
    const nothing = { minutes: null, people: null, reachedBudget: null, breaks: null };
    expect(totals).toEqual([
      { day: day(5), minutes: 30, people: 3, reachedBudget: 0, breaks: [] },
      { day: day(4), minutes: 30, people: 3, reachedBudget: 0, breaks: [] },
      {
        day: day(3),
        minutes: 65,
        people: 3,
        reachedBudget: 1,
        breaks: [
          { reason: 'MEAL', count: 2 },
          { reason: 'SUPPORT', count: 1 },
        ],
      },
      { day: day(2), ...nothing },
    ]);
    expect((await platform.ask(query, { from: day(5), to: day(2) }, analyst)).errors[0]?.extensions.code).toBe(
      'FORBIDDEN',
    );
  });
});
