import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AssessmentAnswers,
  ageBands,
  assessmentFaults,
  commercialities,
  imageForms,
  jurisdictions,
  notActionableReasons,
  sameOpinion,
  severities,
  sexesSeen,
  siteTypes,
  verdicts,
} from '../../src/domain/assessment.ts';

const actionable: AssessmentAnswers = {
  verdict: 'ACTIONABLE',
  reason: null,
  severity: 'B',
  youngestAge: 'AGE_11_13',
  sex: 'GIRLS',
  form: 'PHOTOGRAPHIC',
  selfGenerated: true,
  coerced: true,
  commercial: 'DIRECT',
  disguised: true,
  siteType: 'FORUM',
  jurisdiction: 'BASELINE',
};

const notActionable: AssessmentAnswers = {
  verdict: 'NOT_ACTIONABLE',
  reason: 'OFF_REMIT',
  severity: null,
  youngestAge: null,
  sex: null,
  form: null,
  selfGenerated: null,
  coerced: null,
  commercial: null,
  disguised: null,
  siteType: 'WEBSITE',
  jurisdiction: null,
};

const nullable = <T>(values: readonly T[]) => fc.constantFrom<T | null>(null, ...values);
const answers: fc.Arbitrary<AssessmentAnswers> = fc.record({
  verdict: fc.constantFrom(...verdicts),
  reason: nullable(notActionableReasons),
  severity: nullable(severities),
  youngestAge: nullable(ageBands),
  sex: nullable(sexesSeen),
  form: nullable(imageForms),
  selfGenerated: nullable([true, false]),
  coerced: nullable([true, false]),
  commercial: nullable(commercialities),
  disguised: nullable([true, false]),
  siteType: nullable(siteTypes),
  jurisdiction: nullable(jurisdictions),
});

const summary = (given: AssessmentAnswers) => assessmentFaults(given).map((fault) => `${fault.path} ${fault.code}`);

describe('the faults of an assessment', () => {
  it('finds none in a full actionable opinion', () => {
    expect(assessmentFaults(actionable)).toEqual([]);
  });

  it('finds none in an actionable opinion that leaves flags and site type unanswered', () => {
    const bare = { selfGenerated: null, coerced: null, commercial: null, disguised: null, siteType: null };
    expect(assessmentFaults({ ...actionable, ...bare })).toEqual([]);
  });

  it('finds none in a not-actionable opinion with a reason and a site type', () => {
    expect(assessmentFaults(notActionable)).toEqual([]);
  });

  it('accepts flags that are denied in a not-actionable opinion', () => {
    const denied = { selfGenerated: false, coerced: false, disguised: false, commercial: 'NONE' } as const;
    expect(assessmentFaults({ ...notActionable, ...denied })).toEqual([]);
  });

  it('names every missing answer of an actionable opinion at once', () => {
    const empty: AssessmentAnswers = { ...notActionable, verdict: 'ACTIONABLE' };
    expect(summary(empty)).toEqual([
      'reason NOT_ALLOWED',
      'severity REQUIRED',
      'youngestAge REQUIRED',
      'sex REQUIRED',
      'form REQUIRED',
      'jurisdiction REQUIRED',
    ]);
  });

  it('names every answer that a not-actionable opinion may not carry at once', () => {
    expect(summary({ ...actionable, verdict: 'NOT_ACTIONABLE' })).toEqual([
      'reason REQUIRED',
      'severity NOT_ALLOWED',
      'youngestAge NOT_ALLOWED',
      'sex NOT_ALLOWED',
      'form NOT_ALLOWED',
      'jurisdiction NOT_ALLOWED',
      'selfGenerated NOT_ALLOWED',
      'coerced NOT_ALLOWED',
      'disguised NOT_ALLOWED',
      'commercial NOT_ALLOWED',
    ]);
  });

  it('lets severity PROHIBITED go with the non-photographic form alone, and that form with no other severity', () => {
    const fitting = severities.flatMap((severity) =>
      imageForms
        .filter((form) => assessmentFaults({ ...actionable, severity, form }).length === 0)
        .map((form) => `${severity} ${form}`),
    );
    expect(fitting).toEqual([
      'A PHOTOGRAPHIC',
      'A AI_GENERATED',
      'B PHOTOGRAPHIC',
      'B AI_GENERATED',
      'C PHOTOGRAPHIC',
      'C AI_GENERATED',
      'PROHIBITED NON_PHOTOGRAPHIC',
    ]);
  });

  it.each([false, null])('says that coercion is of self-generated images when these are %s', (selfGenerated) => {
    expect(summary({ ...actionable, selfGenerated, coerced: true })).toEqual(['coerced MISMATCH']);
  });

  it('reports faults of different kinds together', () => {
    const muddled: AssessmentAnswers = { ...actionable, sex: null, severity: 'PROHIBITED', selfGenerated: false };
    expect(summary(muddled)).toEqual(['sex REQUIRED', 'severity MISMATCH', 'coerced MISMATCH']);
  });

  it('names in every message the field at fault, and puts a remedy after a colon', () => {
    fc.assert(
      fc.property(answers, (given) => {
        for (const fault of assessmentFaults(given)) {
          expect(fault.path).toHaveLength(1);
          expect(fault.message).toMatch(new RegExp(`^${fault.path[0]} .+: .+`));
        }
      }),
    );
  });

  it('is silent only where the rules of the question set hold, stated here in other words', () => {
    const classified = (given: AssessmentAnswers) =>
      [given.severity, given.youngestAge, given.sex, given.form, given.jurisdiction].filter(
        (answer) => answer !== null,
      );
    const sound = (given: AssessmentAnswers) =>
      given.verdict === 'ACTIONABLE'
        ? given.reason === null &&
          classified(given).length === 5 &&
          (given.severity === 'PROHIBITED') === (given.form === 'NON_PHOTOGRAPHIC') &&
          !(given.coerced && !given.selfGenerated)
        : given.reason !== null &&
          classified(given).length === 0 &&
          !(given.selfGenerated || given.coerced || given.disguised) &&
          (given.commercial ?? 'NONE') === 'NONE';
    // Fully random answers are almost never sound: start from a sound set and change up to two of its answers.
    const nearlySound = fc
      .tuple(
        fc.constantFrom(actionable, notActionable),
        answers,
        fc.subarray(Object.keys(actionable), { maxLength: 2 }),
      )
      .map(([base, other, keys]): AssessmentAnswers => {
        const changed = Object.entries(other).filter(([key]) => keys.includes(key));
        return { ...base, ...Object.fromEntries(changed) };
      });
    fc.assert(
      fc.property(nearlySound, (given) => (assessmentFaults(given).length === 0) === sound(given)),
      { numRuns: 2000 },
    );
  });
});

describe('whether two opinions agree', () => {
  it('calls an opinion the same as itself, in either order for any two', () => {
    fc.assert(fc.property(answers, answers, (a, b) => sameOpinion(a, a) && sameOpinion(a, b) === sameOpinion(b, a)));
  });

  it('never takes one verdict for the other', () => {
    expect(sameOpinion(actionable, notActionable)).toBe(false);
    expect(sameOpinion(actionable, { ...actionable, verdict: 'NOT_ACTIONABLE' })).toBe(false);
  });

  it('lets the reasons of two not-actionable opinions differ', () => {
    expect(sameOpinion(notActionable, { ...notActionable, reason: 'LEGAL_ADULT' })).toBe(true);
  });

  it.each([{ severity: 'A' }, { form: 'AI_GENERATED' }, { severity: 'PROHIBITED', form: 'NON_PHOTOGRAPHIC' }] as const)(
    'is a dispute when actionable opinions differ by %o',
    (difference) => {
      expect(sameOpinion(actionable, { ...actionable, ...difference })).toBe(false);
    },
  );

  it.each([
    { sex: 'BOTH' },
    { selfGenerated: false, coerced: false },
    { commercial: 'NONE' },
    { disguised: false },
    { siteType: 'CHAT' },
    { jurisdiction: 'NATIONAL' },
  ] as const)('is no dispute when actionable opinions differ by %o', (difference) => {
    expect(sameOpinion(actionable, { ...actionable, ...difference })).toBe(true);
  });

  it.each([
    ['AGE_0_2', ['AGE_0_2', 'AGE_3_6']],
    ['AGE_3_6', ['AGE_0_2', 'AGE_3_6', 'AGE_7_10']],
    ['AGE_7_10', ['AGE_3_6', 'AGE_7_10', 'AGE_11_13']],
    ['AGE_11_13', ['AGE_7_10', 'AGE_11_13', 'AGE_14_15']],
    ['AGE_14_15', ['AGE_11_13', 'AGE_14_15', 'AGE_16_17']],
    ['AGE_16_17', ['AGE_14_15', 'AGE_16_17']],
    ['UNDETERMINED', ['UNDETERMINED']],
  ] as const)('takes %s for the same youngest age as %j only', (youngestAge, same) => {
    const agreeing = ageBands.filter((other) =>
      sameOpinion({ ...actionable, youngestAge }, { ...actionable, youngestAge: other }),
    );
    expect(agreeing).toEqual(same);
  });
});
