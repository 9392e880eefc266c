import { describe, expect, it } from 'vitest';
import type { Figure, MonthCounts, MonthFigures } from '../../src/domain/disclosure.ts';
import { protectCount, protectMonth } from '../../src/domain/disclosure.ts';
import { soak } from '../support/soak.ts';

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

/**
 * The attacker knows the program, lists every month of a small world, and keeps those that would be published as what
 * was seen. A hidden figure that is the same in all of them is recovered; so is a count of 1 to 9 not actionable, though
 * nobody publishes that. A `told` attacker also knows the exact count behind every shown figure, and so can do all that
 * one who sees only the rounded figures can.
 */
function attack(
  publish: (month: MonthCounts) => MonthFigures,
  world: Iterable<MonthCounts>,
  { told }: { told: boolean },
) {
  const seen = new Map<string, { figures: Figure[]; possible: Set<number>[] }>();
  for (const month of world) {
    const figures = figuresOf(publish(month));
    const counts = [...countsOf(month), month.assessed - month.actionable];
    const key = figures.map((figure, index) => (figure.hidden ? '?' : told ? counts[index] : figure.value)).join();
    const { possible } = seen.get(key) ?? { possible: counts.map(() => new Set<number>()) };
    for (const [index, count] of counts.entries()) possible[index]!.add(count);
    seen.set(key, { figures, possible });
  }

  let hidden = 0;
  const recovered: string[] = [];
  for (const [key, { figures, possible }] of seen) {
    for (const [index, values] of possible.entries()) {
      const [only] = values;
      const isSecret = figures[index]?.hidden ?? (only! > 0 && only! < 10);
      if (isSecret) hidden += 1;
      if (isSecret && values.size === 1) recovered.push(`${key}: figure ${index} is ${only}`);
    }
  }
  return { hidden, recovered };
}

/** Every figure of a month, in the order of `countsOf`. */
function figuresOf({ reports, assessed, actionable, breakdowns }: MonthFigures): Figure[] {
  return [reports, assessed, actionable, ...breakdowns.flatMap(({ cells }) => cells.map((cell) => cell.figure))];
}

function countsOf({ reports, assessed, actionable, breakdowns }: MonthCounts): number[] {
  return [reports, assessed, actionable, ...breakdowns.flatMap(({ cells }) => cells.map((cell) => cell.count))];
}

/** Every list of so many counts that sum to no more than the maximum. */
function* lists(length: number, max: number): Generator<number[]> {
  if (length === 0) return yield [];
  for (let first = 0; first <= max; first++) for (const rest of lists(length - 1, max - first)) yield [first, ...rest];
}

function* oneTable(cells: number, max: number) {
  for (const counts of lists(cells, max)) yield monthOf(counts);
}

function* twoTablesOfOneTotal(cells: number, max: number) {
  for (const counts of lists(cells, max))
    for (let part = 0; part <= total(counts); part++) yield monthOf(counts, [part, total(counts) - part]);
}

function* twoTotals(max: number): Generator<MonthCounts> {
  for (const [actionable, rest] of lists(2, max))
    yield { reports: 100, assessed: actionable! + rest!, actionable: actionable!, breakdowns: [] };
}

function* twoTotalsWithTables(max: number): Generator<MonthCounts> {
  for (const [left, right, rest] of lists(3, max)) {
    const actionable = left! + right!;
    const assessed = actionable + rest!;
    for (let part = 0; part <= assessed; part++) {
      const kinds = breakdown('a', 'actionable', left!, right!);
      const parts = breakdown('b', 'assessed', part, assessed - part);
      yield { reports: 100, assessed, actionable, breakdowns: [kinds, parts] };
    }
  }
}

function* reasons(cells: number, max: number): Generator<MonthCounts> {
  for (const [actionable, ...counts] of lists(cells + 1, max)) {
    const assessed = actionable! + total(counts);
    yield { reports: 100, assessed, actionable: actionable!, breakdowns: [breakdown('r', 'notActionable', ...counts)] };
  }
}

function* reasonsBesideActionable(max: number): Generator<MonthCounts> {
  for (const [left, right, ...counts] of lists(4, max)) {
    const actionable = left! + right!;
    const breakdowns = [breakdown('a', 'actionable', left!, right!), breakdown('r', 'notActionable', ...counts)];
    yield { reports: 100, assessed: actionable + total(counts), actionable, breakdowns };
  }
}

function* reasonsBesideAssessed(max: number): Generator<MonthCounts> {
  for (const { breakdowns, ...totals } of reasons(2, max))
    for (let part = 0; part <= totals.assessed; part++)
      yield { ...totals, breakdowns: [...breakdowns, breakdown('b', 'assessed', part, totals.assessed - part)] };
}

describe('the attacker', () => {
  it.each<[string, () => Iterable<MonthCounts>]>([
    ['a table of 2 cells', () => oneTable(2, soak(90, 60))],
    ['a table of 3 cells', () => oneTable(3, soak(50, 40))],
    ['a table of 4 cells', () => oneTable(4, soak(30, 24))],
    ['two tables of one total, 2 cells and 2', () => twoTablesOfOneTotal(2, soak(40, 32))],
    ['two tables of one total, 3 cells and 2', () => twoTablesOfOneTotal(3, soak(24, 20))],
    ['two totals', () => twoTotals(150)],
    ['two totals with a table each', () => twoTotalsWithTables(soak(26, 22))],
    ['reasons, 2 of them', () => reasons(2, soak(60, 45))],
    ['reasons, 3 of them', () => reasons(3, soak(34, 28))],
    ['reasons beside a table of those actionable', () => reasonsBesideActionable(soak(34, 28))],
    ['reasons beside a table of those assessed', () => reasonsBesideAssessed(soak(26, 22))],
  ])('recovers no hidden figure of %s, even if told the exact count behind every shown one', (_, world) => {
    const { hidden, recovered } = attack((month) => protectMonth(month).month, world(), { told: true });
    expect(hidden).toBeGreaterThan(0);
    expect(recovered).toEqual([]);
  });

  it('does recover figures where small counts are hidden and nothing else is', () => {
    const hideSmallOnly = ({ reports, assessed, actionable, breakdowns }: MonthCounts): MonthFigures => ({
      reports: protectCount(reports),
      assessed: protectCount(assessed),
      actionable: protectCount(actionable),
      breakdowns: breakdowns.map(({ by, of, cells }) => {
        return { by, of, hidden: false, cells: cells.map(({ key, count }) => ({ key, figure: protectCount(count) })) };
      }),
    });
    expect(attack(hideSmallOnly, oneTable(2, 60), { told: false }).recovered).not.toEqual([]);
    expect(attack(hideSmallOnly, oneTable(3, 40), { told: true }).recovered).not.toEqual([]);
    expect(attack(hideSmallOnly, twoTotals(60), { told: true }).recovered).not.toEqual([]);
  });
});
