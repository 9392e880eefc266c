import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseWork, caseWork, confirmed, dismissed, type Step, steps } from '../case/case-work.ts';
import { type Platform, startPlatform } from '../support/platform.ts';

type Colleague = Awaited<ReturnType<CaseWork['colleague']>>;
const reviewed = { requestReview: true };
const names = Object.keys(steps) as Step[];
const needAClaim: Step[] = [
  'assessCase',
  'reviewCase',
  'ruleOnCase',
  'traceHost',
  'recordTrace',
  'holdCase',
  'notifyHost',
  'referCase',
];

describe('assessments', () => {
  let platform: Platform;
  let work: CaseWork;
  let first: Colleague;
  let second: Colleague;
  let supervisor: Colleague;
  beforeAll(async () => {
    platform = await startPlatform();
    work = await caseWork(platform);
    [first, second, supervisor] = [await work.colleague(), await work.colleague(), await work.colleague('SUPERVISOR')];
  });
  afterAll(async () => {
    await work.close();
    await platform.stop();
  });

  it.each(['assessCase', 'reviewCase', 'ruleOnCase'] as const)(
    'tell every fault of an opinion at once: %s',
    async (name) => {
      const assessment = {
        verdict: 'ACTIONABLE',
        reason: 'OFF_REMIT',
        severity: 'PROHIBITED',
        form: 'PHOTOGRAPHIC',
        coerced: true,
        note: 'word '.repeat(900),
      };
      const { code, issues } = await work.step(supervisor, name, await work.makeCase(), { assessment });
      expect(code).toBe('INVALID_INPUT');
      expect(
        issues.map((issue: { path: string[]; code: string }) => [issue.path.join('.'), issue.code]).sort(),
      ).toEqual([
        ['input.assessment.coerced', 'MISMATCH'],
        ['input.assessment.jurisdiction', 'REQUIRED'],
        ['input.assessment.note', 'TOO_LONG'],
        ['input.assessment.reason', 'NOT_ALLOWED'],
        ['input.assessment.severity', 'MISMATCH'],
        ['input.assessment.sex', 'REQUIRED'],
        ['input.assessment.youngestAge', 'REQUIRED'],
      ]);
    },
  );

  it('tell every fault of an opinion that is not actionable, too', async () => {
    const assessment = { verdict: 'NOT_ACTIONABLE', severity: 'A', selfGenerated: true, commercial: 'DIRECT' };
    const { issues } = await work.step(first, 'assessCase', await work.makeCase(), { assessment });
    expect(issues.map(({ path }: { path: string[] }) => path.at(-1)).sort()).toEqual([
      'commercial',
      'reason',
      'selfGenerated',
      'severity',
    ]);
  });

  it('and every other step refuse a version that is not the present one', async () => {
    const number = await work.makeCase();
    await work.step(first, 'addCaseNote', number);
    await work.step(first, 'addCaseNote', number);
    await work.claim(supervisor, number);
    for (const name of names) {
      for (const version of [2, 4]) {
        const stale = await work.step(supervisor, name, number, { version });
        expect(stale, name).toMatchObject({ __typename: 'StaleCaseError', code: 'STALE_CASE', currentVersion: 3 });
      }
      expect(await work.step(supervisor, name, 'C-999999', { version: 3 }), name).toMatchObject({ code: 'NOT_FOUND' });
    }
    expect(await work.read(number)).toMatchObject({ version: 3, state: 'AWAITING_ASSESSMENT' });
    await work.release(supervisor, number);
  });

  it('and other steps with the material need a claim', async () => {
    const number = await work.makeCase();
    for (const name of needAClaim)
      expect(await work.step(supervisor, name, number), name).toMatchObject({ code: 'NOT_CLAIMED' });
    await work.claim(second, number);
    for (const name of needAClaim)
      expect(await work.step(supervisor, name, number), name).toMatchObject({ code: 'NOT_CLAIMED' });
    await work.release(second, number);
  });

  it('move a case as the second opinion says', async () => {
    const opinions = [
      {
        one: confirmed,
        two: { ...confirmed, youngestAge: 'AGE_11_13', sex: 'BOTH' },
        state: 'AWAITING_ACTION',
        outcome: null,
      },
      { one: dismissed, two: { ...dismissed, reason: 'LEGAL_ADULT' }, state: 'CLOSED', outcome: 'NOT_ACTIONABLE' },
      { one: confirmed, two: dismissed, state: 'DISPUTED', outcome: null },
      { one: dismissed, two: confirmed, state: 'DISPUTED', outcome: null },
      { one: confirmed, two: { ...confirmed, severity: 'A' }, state: 'DISPUTED', outcome: null },
    ];
    for (const { one, two, state, outcome } of opinions) {
      const number = await work.makeCase();
      expect(await work.assess(first, number, { ...one, ...reviewed })).toMatchObject({
        state: 'AWAITING_REVIEW',
        clock: { assessed: null },
      });
      const after = await work.review(second, number, two);
      expect(after).toMatchObject({ state, outcome, reviewReasons: ['REQUESTED'] });
      expect(after.clock.assessed === null).toBe(state === 'DISPUTED');
      expect(after.assessments.map(({ round }: { round: string }) => round)).toEqual(['FIRST', 'SECOND']);
      if (state === 'AWAITING_ACTION') await work.release(second, number);
    }
  });

  it('that differ are ruled on by a supervisor who gave neither', async () => {
    for (const [ruling, state] of [
      [confirmed, 'AWAITING_ACTION'],
      [dismissed, 'CLOSED'],
    ] as const) {
      const number = await work.makeCase();
      await work.assess(first, number, { ...confirmed, ...reviewed });
      await work.review(supervisor, number, dismissed);
      const impartial = await work.colleague('SUPERVISOR');
      await work.claim(impartial, number);
      expect(await work.step(supervisor, 'ruleOnCase', number)).toMatchObject({ code: 'NOT_CLAIMED' });
      expect(await work.step(impartial, 'reviewCase', number)).toMatchObject({ code: 'INVALID_TRANSITION' });
      const ruled = await work.step(impartial, 'ruleOnCase', number, { assessment: ruling });
      expect(ruled).toMatchObject({
        state,
        assessments: [{}, {}, { round: 'RULING', assessor: { name: impartial.name } }],
      });
      expect(ruled.clock.assessed).not.toBeNull();
    }
  });

  it('of an analyst in training always need a second one', async () => {
    const trainee = await work.colleague('ANALYST', { inTraining: true });
    for (const opinion of [confirmed, dismissed, dismissed]) {
      const number = await work.makeCase();
      expect(await work.assess(trainee, number, opinion)).toMatchObject({ state: 'AWAITING_REVIEW' });
      expect((await work.review(second, number, opinion)).reviewReasons).toContain('ANALYST_IN_TRAINING');
      await work.release(second, number);
    }
  });

  it.each([
    ['AGE_16_17', { youngestAge: 'AGE_16_17' }],
    ['UNDETERMINED_AGE', { youngestAge: 'UNDETERMINED' }],
    ['AI_OR_NON_PHOTOGRAPHIC', { form: 'AI_GENERATED' }],
    ['AI_OR_NON_PHOTOGRAPHIC', { form: 'NON_PHOTOGRAPHIC', severity: 'PROHIBITED' }],
  ])('need a second one for the trigger %s', async (trigger, answers) => {
    const number = await work.makeCase();
    expect(await work.assess(first, number, { ...confirmed, ...answers })).toMatchObject({
      state: 'AWAITING_REVIEW',
      reviewReasons: [],
    });
    const after = await work.review(second, number, { ...confirmed, ...answers });
    expect(after.reviewReasons).toContain(trigger);
    await work.release(second, number);
  });

  it('let nothing out before a second opinion that is owed, in whatever order it is tried', async () => {
    const out: Step[] = [
      'notifyHost',
      'referCase',
      'listAddress',
      'recordTrace',
      'traceHost',
      'holdCase',
      'closeCase',
      'recordObservation',
      'releaseHold',
      'unlistAddress',
      'reopenCase',
    ];
    const number = await work.makeCase();
    const tryAll = async (holder: Colleague, other: Colleague) => {
      for (const name of out) {
        expect(await work.step(holder, name, number), name).toMatchObject({ code: 'INVALID_TRANSITION' });
        expect(await work.step(other, name, number), name).not.toMatchObject({ __typename: 'Case' });
      }
      const seenUp = await work.step(holder, 'recordObservation', number, { seen: 'UP' });
      const referred = await work.step(holder, 'referCase', number, { to: 'POLICE' });
      for (const result of [seenUp, referred]) expect(result).toMatchObject({ code: 'INVALID_TRANSITION' });
    };
    await work.claim(first, number);
    await tryAll(first, second);
    await work.assess(first, number, { ...confirmed, ...reviewed });
    await work.claim(second, number);
    await tryAll(second, first);
    await work.review(second, number, dismissed);
    await work.claim(supervisor, number);
    await tryAll(supervisor, second);
    for (const table of ['actions', 'url_list_changes', 'host_traces', 'observations'])
      expect(
        await work.sql(`SELECT FROM ${table} t JOIN cases c ON c.id = t.case_id WHERE c.number = $1`, [number]),
      ).toEqual([]);
    expect(await work.step(supervisor, 'ruleOnCase', number, { assessment: confirmed })).toMatchObject({
      state: 'AWAITING_ACTION',
    });
    expect(await work.step(supervisor, 'notifyHost', number)).toMatchObject({ state: 'AWAITING_REMOVAL' });
    await work.release(supervisor, number);
  });
});
