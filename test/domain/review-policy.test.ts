import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ageBands, imageForms } from '../../src/domain/assessment.ts';
import { type ReviewFacts, reviewTriggerKinds, reviewTriggers } from '../../src/domain/review-policy.ts';

const plain: ReviewFacts = {
  youngestAge: 'AGE_7_10',
  form: 'PHOTOGRAPHIC',
  urlListChange: false,
  appeal: false,
  requested: false,
  analystInTraining: false,
  drawn: false,
};

describe('what calls for a second opinion', () => {
  it('is nothing in a plain case of an experienced analyst', () => {
    expect(reviewTriggers(plain)).toEqual([]);
    expect(reviewTriggers({ ...plain, youngestAge: null, form: null })).toEqual([]);
  });

  it.each([
    [{ youngestAge: 'AGE_16_17' }, 'AGE_16_17'],
    [{ youngestAge: 'UNDETERMINED' }, 'UNDETERMINED_AGE'],
    [{ form: 'AI_GENERATED' }, 'AI_OR_NON_PHOTOGRAPHIC'],
    [{ form: 'NON_PHOTOGRAPHIC' }, 'AI_OR_NON_PHOTOGRAPHIC'],
    [{ urlListChange: true }, 'URL_LIST'],
    [{ appeal: true }, 'APPEAL'],
    [{ requested: true }, 'REQUESTED'],
    [{ drawn: true }, 'RANDOM_SHARE'],
    [{ analystInTraining: true }, 'ANALYST_IN_TRAINING'],
  ] as const)('is %o alone, as %s', (difference, trigger) => {
    expect(reviewTriggers({ ...plain, ...difference })).toEqual([trigger]);
  });

  it('names all reasons together, in the order of the list', () => {
    const everything: ReviewFacts = {
      youngestAge: 'AGE_16_17',
      form: 'AI_GENERATED',
      urlListChange: true,
      appeal: true,
      requested: true,
      analystInTraining: true,
      drawn: true,
    };
    expect(reviewTriggers(everything)).toEqual(reviewTriggerKinds.filter((kind) => kind !== 'UNDETERMINED_AGE'));
  });

  it('reviews everything by an analyst in training, whatever the opinion', () => {
    const facts = fc.record({
      youngestAge: fc.constantFrom(null, ...ageBands),
      form: fc.constantFrom(null, ...imageForms),
      urlListChange: fc.boolean(),
      appeal: fc.boolean(),
      requested: fc.boolean(),
      analystInTraining: fc.constant(true),
      drawn: fc.boolean(),
    });
    fc.assert(fc.property(facts, (given) => reviewTriggers(given).includes('ANALYST_IN_TRAINING')));
  });
});
