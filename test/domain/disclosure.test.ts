import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Figure, MonthCounts, MonthFigures } from '../../src/domain/disclosure.ts';
import { displayFigure, protectCount, protectMonth, rate } from '../../src/domain/disclosure.ts';
import { feasibleRange } from '../../src/domain/hiding-rule.ts';

type Breakdown = MonthCounts['breakdowns'][number];

const total = (counts: number[]) => counts.reduce((sum, count) => sum + count, 0);

function breakdown(by: string, of: Breakdown['of'], ...counts: number[]): Breakdown {
  return { by, of, cells: counts.map((count, index) => ({ key: `k${index}`, count })) };
}

/** A month whose reports have these breakdowns. */
function monthOf(...tables: number[][]): MonthCounts {
  const breakdowns = tables.map((counts, index) => breakdown(`d${index}`, 'reports', ...counts));
  return { reports: total(tables[0] ?? []), assessed: 100, actionable: 50, breakdowns };
}

/** The published values of one table of reports. */
function shownOf(...counts: number[]): (number | null)[] {
  const [published] = protectMonth(monthOf(counts)).month.breakdowns;
  return published!.cells.map((cell) => cell.figure.value);
}

describe('one table', () => {
  it.each([
    ['rounds to the nearest 5', [100, 58, 41, 12, 13], [100, 60, 40, 10, 15]],
    ['hides small cells that shield each other, and no more', [204, 60, 6, 5, 41], [205, 60, null, null, 40]],
    ['hides the smallest other cell with a lone small one', [300, 3, 120, 61], [300, null, 120, null]],
    ['hides all other cells of the smallest count alike', [300, 3, 61, 61], [300, null, null, null]],
    ['hides another where small cells can only be 1 each', [300, 1, 1, 1, 61], [300, null, null, null, null]],
    ['hides another where small cells can only be 9 each', [300, 9, 9, 61], [300, null, null, null]],
    ['hides another where small cells are few even together', [300, 4, 4, 61], [300, null, null, null]],
    ['shows a zero where the total is large', [100, 0, 4, 8, 0], [100, 0, null, null, 0]],
    ['hides a zero where the total is small', [9, 0], [null, null]],
    ['hides a table of nothing', [0, 0], [null, null]],
    ['shows zeros where small cells have no large one to hide with', [9, 9, 0], [null, null, 0]],
    [
      'hides every cell that is no larger than the small one and the smallest other',
      [300, 3, 61, 64, 65],
      [300, null, null, null, 65],
    ],
    [
      'hides another where those hidden leave the small one less than five counts',
      [1, 10, 30, 60],
      [null, null, null, 60],
    ],
    ['shows the only category like its total', [103], [105]],
  ])('%s', (_, counts, shown) => {
    expect(shownOf(...counts)).toEqual(shown);
  });
});

describe('totals', () => {
  it('hides every cell under a hidden total, and no other', () => {
    const breakdowns = [breakdown('severity', 'actionable', 8, 0), breakdown('siteType', 'assessed', 25, 15)];
    const month = protectMonth({ reports: 200, assessed: 40, actionable: 8, breakdowns });
    expect(figuresOf(month.month).map((figure) => figure.value)).toEqual([200, 40, null, null, null, 25, 15]);
  });

  it('hides the actionable total, and its breakdowns, where those not actionable are few', () => {
    const breakdowns = [breakdown('sex', 'actionable', 30, 30)];
    const few = protectMonth({ reports: 100, assessed: 67, actionable: 60, breakdowns });
    expect(figuresOf(few.month).map((figure) => figure.value)).toEqual([100, 65, null, null, null]);
    const none = protectMonth({ reports: 100, assessed: 60, actionable: 60, breakdowns });
    expect(figuresOf(none.month).map((figure) => figure.value)).toEqual([100, 60, 60, 30, 30]);
  });

  it('shows a verdict that nothing got, and the zeros below it, where much was assessed', () => {
    const all = [breakdown('sex', 'actionable', 30, 30), breakdown('reason', 'notActionable', 0, 0)];
    const kept = protectMonth({ reports: 100, assessed: 60, actionable: 60, breakdowns: all });
    expect(figuresOf(kept.month).map((figure) => figure.value)).toEqual([100, 60, 60, 30, 30, 0, 0]);
    const none = [breakdown('sex', 'actionable', 0, 0), breakdown('reason', 'notActionable', 40, 20)];
    const dropped = protectMonth({ reports: 100, assessed: 60, actionable: 0, breakdowns: none });
    expect(figuresOf(dropped.month).map((figure) => figure.value)).toEqual([100, 60, 0, 0, 0, 40, 20]);
    const few = protectMonth({ reports: 100, assessed: 9, actionable: 9, breakdowns: [] });
    expect(figuresOf(few.month).map((figure) => figure.value)).toEqual([100, null, null]);
  });

  it.each<[string, Partial<MonthCounts>]>([
    ['a negative count', { breakdowns: [breakdown('source', 'assessed', 101, -1)] }],
    ['a broken count', { reports: 10.5 }],
    ['a count that is no number', { reports: Number.NaN }],
    ['more actionable than assessed', { actionable: 101 }],
    ['a breakdown that sums to more than its total', { breakdowns: [breakdown('source', 'reports', 100, 100)] }],
    ['reasons that sum to all assessed', { breakdowns: [breakdown('reason', 'notActionable', 60, 40)] }],
    ['a breakdown that sums to less', { breakdowns: [breakdown('source', 'reports', 100, 98)] }],
    ['a dimension twice', { breakdowns: [breakdown('sex', 'reports', 199), breakdown('sex', 'assessed', 100)] }],
  ])('refuses %s', (_, fault) => {
    const month = { reports: 199, assessed: 100, actionable: 50, breakdowns: [] };
    expect(() => protectMonth(month)).not.toThrow();
    expect(() => protectMonth({ ...month, ...fault })).toThrow(RangeError);
  });
});

describe('figures that stand alone', () => {
  it.each([
    [0, null],
    [1, null],
    [9, null],
    [10, 10],
    [12, 10],
    [13, 15],
    [229_328, 229_330],
  ])('publishes %i as %s', (count, value) => {
    expect(protectCount(count)).toEqual({ value, hidden: value === null });
  });

  it('gives a rate in whole percent of rounded values, on a rounded base of 50 or more', () => {
    expect(rate(protectCount(33), protectCount(98))).toBe(35);
    expect(rate(protectCount(20), protectCount(48))).toBe(40);
    expect(rate(protectCount(20), protectCount(47))).toBeNull();
    expect(rate(protectCount(4), protectCount(98))).toBeNull();
  });

  it('uses one word for every hidden figure', () => {
    const words = figuresOf(protectMonth(monthOf([300, 3, 61])).month).map(displayFigure);
    expect(words).toEqual(['365', '100', '50', '300', 'hidden', 'hidden']);
  });

  it('knows which counts small cells of a known sum may have', () => {
    expect(feasibleRange(2, 2)).toEqual({ min: 1, max: 1 });
    expect(feasibleRange(2, 18)).toEqual({ min: 9, max: 9 });
    expect(feasibleRange(3, 24)).toEqual({ min: 6, max: 9 });
  });
});

/** Every figure of a month. */
function figuresOf({ reports, assessed, actionable, breakdowns }: MonthFigures): Figure[] {
  return [reports, assessed, actionable, ...breakdowns.flatMap(({ cells }) => cells.map((cell) => cell.figure))];
}

describe('every table', () => {
  const anyCount = fc.oneof(fc.nat({ max: 14 }), fc.nat({ max: 60 }), fc.nat({ max: 5000 }));
  const anyTable = fc.array(anyCount, { minLength: 1, maxLength: 15 });
  const tableWithTotal = anyTable.filter((counts) => total(counts) >= 10);

  it('shows only multiples of 5 within 2 of the count, and no count of 1 to 9', () => {
    const check = fc.property(anyTable, (counts) => {
      for (const [index, value] of shownOf(...counts).entries()) {
        if (value === null) continue;
        expect(value % 5).toBe(0);
        expect(Math.abs(value - counts[index]!)).toBeLessThanOrEqual(2);
        expect([1, 2, 3, 4, 5, 6, 7, 8, 9]).not.toContain(counts[index]);
      }
    });
    fc.assert(check);
  });

  it('hides no cell alone, and no cells that are 1 to 9 together, under a shown total', () => {
    const check = fc.property(tableWithTotal, (counts) => {
      const shown = shownOf(...counts);
      const hidden = counts.filter((_, index) => shown[index] === null);
      expect(hidden.length).not.toBe(1);
      if (hidden.length > 0) expect(total(hidden)).toBeGreaterThanOrEqual(10);
    });
    fc.assert(check);
  });

  it('has for each hidden cell a twin of the same total that differs there and is published the same', () => {
    const check = fc.property(tableWithTotal, (counts) => {
      const shown = shownOf(...counts);
      const hidden = [...counts.keys()].filter((index) => shown[index] === null);
      const isPublishedTheSame = (twin: number[]) => String(shownOf(...twin)) === String(shown);
      for (const cell of hidden)
        expect(hidden.some((other) => twins(counts, cell, other).some(isPublishedTheSame))).toBe(true);
    });
    fc.assert(check);
  });

  it('treats cells of equal count alike, wherever they stand', () => {
    const check = fc.property(anyTable, (counts) => {
      expect(shownOf(...counts.toReversed())).toEqual(shownOf(...counts).toReversed());
    });
    fc.assert(check);
  });

  it('is shown whole where no cell is small', () => {
    const largeOrNone = fc.oneof(fc.constant(0), fc.integer({ min: 10, max: 5000 }));
    const check = fc.property(fc.array(largeOrNone, { minLength: 1 }), (counts) => {
      if (total(counts) > 0) expect(shownOf(...counts)).not.toContain(null);
    });
    fc.assert(check);
  });

  /** The table with two cells swapped, or with one unit moved between them. */
  function twins(counts: number[], one: number, other: number): number[][] {
    return [counts[other]! - counts[one]!, 1, -1]
      .filter((step) => step !== 0 && one !== other)
      .map((step) => counts.with(one, counts[one]! + step).with(other, counts[other]! - step))
      .filter((twin) => Math.min(...twin) >= 0);
  }
});

describe('usefulness', () => {
  // Shares of the kind that hotlines publish, in per mille: one or two large categories and a tail.
  const dimensions = [
    [860, 60, 40, 20, 15, 5],
    [300, 220, 450, 30],
    [10, 60, 380, 400, 100, 40, 10],
    [240, 300, 100, 120, 80, 40, 30, 20, 20, 10, 10, 10, 10, 10],
  ];

  it.each([
    [30, 0.25],
    [100, 0.6],
    [500, 0.85],
    [2000, 0.9],
    [20_000, 0.99],
  ])('shows of months of some %i reports at least %f of the cells that are 10 or more', (reports, floor) => {
    const swing = fc.sample(fc.integer({ min: 700, max: 1300 }), { seed: 9, numRuns: 3000 }).values();
    let large = 0;
    let shown = 0;
    for (const shares of Array.from({ length: 80 }, () => dimensions).flat()) {
      const counts = shares.map((share) => Math.round((reports * share * swing.next().value!) / 1_000_000));
      large += counts.filter((count) => count >= 10).length;
      shown += shownOf(...counts).filter((value) => value !== null && value > 0).length;
    }
    expect(shown / large).toBeGreaterThan(floor);
  });
});
