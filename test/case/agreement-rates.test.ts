import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Platform, startPlatform } from '../support/platform.ts';
import { type CaseWork, caseWork, confirmed, dismissed, type Result } from './case-work.ts';

const RATES = `query ($from: Date!, $to: Date!) { agreementRates(from: $from, to: $to) {
  secondOpinions agreed disputed rulings { withFirst withSecond withBoth withNeither owed }
  byTrigger { trigger secondOpinions agreed } byQuestion { question secondOpinions agreed } } }`;

describe('the agreement of second opinions with first ones', () => {
  let platform: Platform;
  let work: CaseWork;
  beforeAll(async () => {
    platform = await startPlatform();
    work = await caseWork(platform);
  });
  afterAll(async () => {
    await work.close();
    await platform.stop();
  });

  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const rates = async (from: string, to: string): Promise<Result> =>
    (await work.ask('supervisor', RATES, { from, to })).agreementRates;
  const asked = { requestReview: true };
  const older = { ...confirmed, youngestAge: 'AGE_14_15' };

  // First opinion, second opinion, ruling: worked out by hand below.
  const rounds: [object, object, object?][] = [
    [confirmed, { ...confirmed, youngestAge: 'AGE_11_13', sex: 'BOYS' }],
    [dismissed, { ...dismissed, reason: 'LEGAL_ADULT' }],
    [
      { ...confirmed, youngestAge: 'AGE_16_17' },
      { ...confirmed, youngestAge: 'AGE_16_17' },
    ],
    [confirmed, dismissed, confirmed],
    [dismissed, confirmed, { ...confirmed, severity: 'A' }],
    [confirmed, { ...confirmed, severity: 'A' }, { ...confirmed, severity: 'A' }],
    [confirmed, older, { ...confirmed, youngestAge: 'AGE_11_13' }],
    [{ ...confirmed, form: 'AI_GENERATED' }, confirmed],
  ];

  it('is given to supervisors in totals that name nobody, by reason, by question and by what was ruled', async () => {
    const [first, second, supervisor] = [
      await work.colleague(),
      await work.colleague(),
      await work.colleague('SUPERVISOR'),
    ];
    const numbers = await work.makeCases(rounds.length);
    for (const [index, [one, two, ruling]] of rounds.entries()) {
      const number = numbers[index]!;
      await work.assess(first, number, { ...one, ...asked });
      await work.review(second, number, two);
      await work.release(second, number);
      if (!ruling) continue;
      await work.claim(supervisor, number);
      await work.step(supervisor, 'ruleOnCase', number, { assessment: ruling });
      await work.release(supervisor, number);
    }
    // A case that begins anew is another round: it takes nothing from the count of the one before.
    await work.step(first, 'reopenCase', numbers[1]!);
    await work.assess(second, numbers[1]!, confirmed);

    const found = await rates(day(-1), day(0));
    expect(found).toMatchObject({
      secondOpinions: 8,
      agreed: 3,
      disputed: 5,
      rulings: { withFirst: 1, withSecond: 1, withBoth: 1, withNeither: 1, owed: 1 },
    });
    const by = (rows: Result[], name: string) =>
      Object.fromEntries(rows.map((row) => [row[name], [row.secondOpinions, row.agreed]]));
    expect(by(found.byQuestion, 'question')).toEqual({
      verdict: [8, 6],
      severity: [5, 4],
      youngestAge: [5, 4],
      form: [5, 4],
    });
    expect(by(found.byTrigger, 'trigger')).toEqual({
      AGE_16_17: [1, 1],
      UNDETERMINED_AGE: [0, 0],
      AI_OR_NON_PHOTOGRAPHIC: [1, 0],
      URL_LIST: [0, 0],
      APPEAL: [0, 0],
      REQUESTED: [8, 3],
      RANDOM_SHARE: [0, 0],
      ANALYST_IN_TRAINING: [0, 0],
    });
    for (const { id, name } of [first, second]) {
      expect(JSON.stringify(found)).not.toContain(name);
      expect(JSON.stringify(found)).not.toContain(id);
    }
  });

  it('is of the days asked for, at most a year of them', async () => {
    expect(await rates(day(-30), day(-1))).toMatchObject({ secondOpinions: 0, agreed: 0, disputed: 0 });
    for (const [from, to] of [
      [day(0), day(-1)],
      [day(-400), day(0)],
    ] as const) {
      const { errors } = await platform.ask(RATES, { from, to }, 'supervisor');
      expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
  });
});
