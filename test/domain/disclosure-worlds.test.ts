import { describe, expect, it } from 'vitest';
import { type BreakdownFigures, type Figure, protectCount, protectMonth } from '../../src/domain/disclosure.ts';
import { soak } from '../support/soak.ts';
import { solve } from './disclosure-solver.ts';
import { cellsWithoutWitness, type Leak } from './disclosure-witness.ts';
import { countsOf, makeWorld, publish, randomFrom, tableNames, type World } from './disclosure-worlds.ts';

const SIZES = [15, 40, 90];

function worldsOf(count: number, seed: number, sizes = SIZES): World[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, (_, index) => makeWorld(sizes[index % sizes.length] ?? 0, random));
}

type Protect = typeof protectMonth;

/** Small counts are hidden, and nothing with them. */
const smallOnly: Protect = (counts, options) => {
  const { month, ...rest } = protectMonth(counts, options);
  const cellOf = ({ key, count }: { key: string; count: number }) => ({
    key,
    figure: count === 0 ? { value: 0, hidden: false } : protectCount(count),
  });
  const breakdowns: BreakdownFigures[] = counts.breakdowns.map(({ by, of, cells }) => {
    return { by, of, hidden: false, cells: cells.map(cellOf) };
  });
  return { ...rest, month: { ...month, actionable: protectCount(counts.actionable), breakdowns } };
};
/** Exact counts of the newest edition, as the difference of two sums of exact counts would give. */
const exactSums: Leak = (world, some) => countsOf(world, world.editions, some).breakdowns;

function attack(protect: Protect, worlds: World[], leak?: Leak) {
  const results = worlds.map((world) => cellsWithoutWitness(protect, world, leak));
  return {
    hidden: results.reduce((sum, { hidden }) => sum + hidden, 0),
    without: results.flatMap(({ without }, index) => without.map((cell) => `world ${index}: ${cell}`)),
  };
}

describe('somebody who puts together all editions of a month of one country', () => {
  it('finds for every hidden cell another world that is published as the very same', () => {
    const { hidden, without } = attack(protectMonth, worldsOf(soak(1500, 60), 11));
    expect(hidden).toBeGreaterThan(soak(80_000, 3000));
    expect(without).toEqual([]);
  }, 600_000);

  it('solves no hidden figure of any edition', () => {
    const months = worldsOf(soak(20_000, 300), 13).flatMap((world) => publish(protectMonth, world));
    expect(months.length).toBeGreaterThan(soak(20_000, 300));
    expect(months.flatMap(({ month }) => solve({ month }))).toEqual([]);
  }, 600_000);

  it('does recover figures where only small counts are hidden, and where exact counts are told', () => {
    expect(attack(smallOnly, worldsOf(3, 14)).without).not.toEqual([]);
    expect(attack(protectMonth, worldsOf(1, 16), exactSums).without).not.toEqual([]);
    const solved = worldsOf(150, 17).map((world) => solve({ month: smallOnly(countsOf(world, 1, tableNames)).month }));
    expect(solved.flat()).not.toEqual([]);
    const months = worldsOf(10, 18).map((world) => {
      const { month } = protectMonth(countsOf(world, 1, tableNames));
      const sums = countsOf(world, 1, tableNames).breakdowns.flatMap(({ by, cells }) =>
        cells.map(({ key, count }) => ({ parts: [`month ${by} ${key}`], low: count, high: count })),
      );
      return solve({ month }, sums);
    });
    expect(months.flat()).not.toEqual([]);
  }, 120_000);
});

describe('usefulness', () => {
  it.each([
    [30, 0.03, 0.1],
    [100, 0.2, 0.5],
    [300, 0.5, 0.8],
    [1000, 0.85, 0.95],
    [5000, 0.97, 0.99],
  ])(
    'of months of some %i reports: at least %f of the cells and %f of the reports in them are shown',
    (size, cells, mass) => {
      const seen = { cells: 0, mass: 0, shown: 0, shownMass: 0, error: 0 };
      for (const world of worldsOf(size > 1000 ? 6 : 20, size, [size])) {
        const counts = countsOf(world, 1, tableNames);
        const { month } = protectMonth(counts);
        for (const { by, cells: exact } of counts.breakdowns) {
          const table = month.breakdowns.find((breakdown) => breakdown.by === by);
          const figures = new Map<string, Figure>(table?.cells.map(({ key, figure }) => [key, figure]));
          for (const { key, count } of exact.filter((cell) => cell.count > 0)) {
            const value = figures.get(key)?.value ?? null;
            seen.cells += 1;
            seen.mass += count;
            if (value === null) continue;
            seen.shown += 1;
            seen.shownMass += count;
            seen.error += Math.abs(value - count);
          }
        }
      }
      const share = (part: number, whole: number) => `${Math.round((100 * part) / whole)} %`;
      process.stdout.write(
        `${size} reports a month: shown ${share(seen.shown, seen.cells)} of the cells that are not 0, ` +
          `${share(seen.shownMass, seen.mass)} of the reports in them, wrong by ${(seen.error / seen.shown).toFixed(2)} each\n`,
      );
      expect(seen.shown / seen.cells).toBeGreaterThan(cells);
      expect(seen.shownMass / seen.mass).toBeGreaterThan(mass);
      expect(seen.error / seen.shown).toBeLessThanOrEqual(2);
    },
  );
});
