import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { casePriority, type PriorityFacts, reportSources } from '../../src/domain/priority.ts';

const amount = fc.oneof(fc.nat(20), fc.nat(10_000_000));
const facts: fc.Arbitrary<PriorityFacts> = fc.record({
  inDanger: fc.boolean(),
  reports: amount,
  portals: amount,
  oldestReportHours: fc.oneof(amount, fc.double({ min: 0, max: 10_000, noNaN: true })),
  actionableCasesOnHost: amount,
  sources: fc.subarray([...reportSources]).map((sources) => new Set(sources)),
});

const ordinary: PriorityFacts = {
  inDanger: false,
  reports: 1,
  portals: 1,
  oldestReportHours: 0,
  actionableCasesOnHost: 0,
  sources: new Set(['PUBLIC']),
};
const flood = { reports: 1_600_000, portals: 50 };

describe('the priority of a case', () => {
  it('is a whole number from 0 to 1000', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const priority = casePriority(given);
        return Number.isInteger(priority) && priority >= 0 && priority <= 1000;
      }),
    );
  });

  it('is 0 for one fresh report from the public, and 1000 for the worst of everything', () => {
    expect(casePriority(ordinary)).toBe(0);
    const worst = { inDanger: true, oldestReportHours: Infinity, actionableCasesOnHost: Infinity };
    expect(
      casePriority({ ...ordinary, ...worst, reports: Infinity, portals: Infinity, sources: new Set(['POLICE']) }),
    ).toBe(1000);
  });

  it.each(['reports', 'portals', 'oldestReportHours', 'actionableCasesOnHost'] as const)(
    'never falls when %s grows',
    (fact) => {
      fc.assert(
        fc.property(facts, amount, (given, more) => {
          return casePriority({ ...given, [fact]: given[fact] + more }) >= casePriority(given);
        }),
      );
    },
  );

  it('never falls when one more source reports', () => {
    fc.assert(
      fc.property(facts, fc.constantFrom(...reportSources), (given, source) => {
        return casePriority({ ...given, sources: new Set([...given.sources, source]) }) >= casePriority(given);
      }),
    );
  });

  it.each([
    ['reports', 11],
    ['portals', 4],
    ['oldestReportHours', 72],
    ['actionableCasesOnHost', 5],
    ['sources', new Set(['ANALYST'])],
    ['sources', new Set(['MEMBER'])],
    ['sources', new Set(['HOTLINE'])],
    ['sources', new Set(['POLICE'])],
  ] as const)('rises noticeably when %s becomes %o', (fact, value) => {
    expect(casePriority({ ...ordinary, [fact]: value })).toBeGreaterThanOrEqual(20);
  });

  it('puts a child in danger before any case without, whatever else is said of the two', () => {
    fc.assert(
      fc.property(facts, facts, (a, b) => {
        return casePriority({ ...a, inDanger: true }) > casePriority({ ...b, inDanger: false });
      }),
    );
  });

  it('puts a police report before any flood from elsewhere, of the same age and host', () => {
    const withoutPolice = fc.subarray(reportSources.filter((source) => source !== 'POLICE'));
    fc.assert(
      fc.property(facts, amount, amount, withoutPolice, (given, reports, portals, sources) => {
        const police = { ...given, reports: 1, portals: 1, sources: new Set(['POLICE'] as const) };
        return casePriority(police) > casePriority({ ...given, reports, portals, sources: new Set(sources) });
      }),
    );
    const floodFromAMember = { ...ordinary, ...flood, sources: new Set(['MEMBER'] as const) };
    expect(casePriority({ ...ordinary, sources: new Set(['POLICE']) })).toBeGreaterThan(casePriority(floodFromAMember));
  });

  it('gives ever less for each tenfold of reports past the first hundred', () => {
    const at = (reports: number) => casePriority({ ...ordinary, reports });
    const gains = [1, 10, 100, 1000].map((from) => (at(from * 10) - at(from)) / (from * 9));
    expect(gains).toEqual([...gains].sort((a, b) => b - a));
    expect(at(1_000_000) - at(1000)).toBeLessThanOrEqual(1);
  });
});
