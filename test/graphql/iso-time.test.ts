import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isoTime } from '../../src/graphql/iso-time.ts';

it('a time is written as toISOString writes it', () => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true }), (time) => {
      expect(isoTime(time)).toBe(time.toISOString());
    }),
    { numRuns: 10_000 },
  );
  expect(isoTime(new Date('2026-11-23T23:59:59.999Z'))).toBe('2026-11-23T23:59:59.999Z');
  expect(() => isoTime(new Date(Number.NaN))).toThrow(RangeError);
});
