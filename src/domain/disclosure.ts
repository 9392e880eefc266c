// Disclosure control of one country's published month: domain.md §9, in the manner of statistical offices.
//
// The promise: a reader who knows this file, and who is even told the exact count behind every shown figure, cannot
// work out one hidden figure. Rounding is a second wall, never the one that holds. It follows that tables which share
// a total, or narrow each other's totals, cannot be played off against each other.
//
// Why it holds: each table is treated by its own counts alone, and cells of equal count are treated alike. So
// - small cells that shield each other could be any other small counts of the same sum (see `feasibleRange`);
// - a small cell and the large one hidden with it could be each other: the swapped table is published identically;
// - a table hidden whole could be any rearrangement, and if all its cells are alike, one of them less and another more;
// - everything below a hidden total could be any table of fewer than ten.
//
// Not covered: a cell that is by definition also a cell of another breakdown (severity PROHIBITED and form
// NON_PHOTOGRAPHIC), and what several countries, overlapping areas or editions tell together.

/** Counts below this are hidden: 1 to 9, and 0 where the total is itself below it. */
const SMALL_COUNT_LIMIT = 10;
/** Shown counts are rounded to the nearest multiple of this. */
const ROUNDING_BASE = 5;
/** Rates are given on a rounded base of at least this. */
export const RATE_MINIMUM_BASE = 50;
/** So many counts at least must be possible for small cells that are hidden with nothing but each other. */
const SHIELD_WIDTH = 5;

/** A figure as published; `value` is null exactly where it is hidden. */
export type Figure = { value: number | null; hidden: boolean };
export type CountCell = { key: string; count: number };
/** What a breakdown sums to; `notActionable` is assessed less actionable, and is published by its reasons only. */
type Base = 'reports' | 'assessed' | 'actionable' | 'notActionable';
type Breakdown = { by: string; of: Base; cells: CountCell[] };
export type MonthCounts = { reports: number; assessed: number; actionable: number; breakdowns: Breakdown[] };
type BreakdownFigures = { by: string; cells: { key: string; figure: Figure }[] };
export type MonthFigures = { reports: Figure; assessed: Figure; actionable: Figure; breakdowns: BreakdownFigures[] };

/**
 * The figures that may be published of one country's calendar month. Each breakdown lists every key of its dimension,
 * zeros included, in an order that does not depend on the counts: a missing or moved key would tell what is hidden.
 * Throws a RangeError on a count that is not a whole number from 0, on more actionable than assessed, on a breakdown
 * that does not sum to its total, and on a dimension given twice (that is a two-way table, which this does not protect).
 */
export function protectMonth(counts: MonthCounts): MonthFigures {
  refuseMalformed(counts);
  // Each total is rounded on its own. The rounded cells of its several breakdowns have several sums, so none of them can
  // stand for it; and no breakdown gets a total of its own, so the total of a table is the sum of its rounded cells.
  const totals = {
    reports: protectCount(counts.reports),
    assessed: protectCount(counts.assessed),
    actionable: protectVerdict(counts, counts.actionable),
  };
  const bases: Record<Base, Figure> = {
    ...totals,
    notActionable: protectVerdict(counts, baseCount(counts, 'notActionable')),
  };
  const breakdowns = counts.breakdowns.map(({ by, of, cells }) => {
    const isHidden = bases[of].hidden ? () => true : hidingRule(cells.map((cell) => cell.count));
    return { by, cells: cells.map(({ key, count }) => ({ key, figure: isHidden(count) ? hidden() : rounded(count) })) };
  });
  return { ...totals, breakdowns };
}

/** A figure that stands alone, such as the running month's total: rounded, or hidden below ten, zero included. */
export function protectCount(count: number): Figure {
  refuseUnlessCount(count);
  return count < SMALL_COUNT_LIMIT ? hidden() : rounded(count);
}

/** The part in whole percent of the base, from published values; null where either is hidden or the base is below 50. */
export function rate(part: Figure, base: Figure): number | null {
  if (part.value === null || base.value === null || base.value < RATE_MINIMUM_BASE) return null;
  return Math.round((100 * part.value) / base.value);
}

/** The figure in words. A cell hidden to shield another must read like a small one, so there is one word for both. */
export function displayFigure(figure: Figure): string {
  return figure.value === null ? 'hidden' : String(figure.value);
}

/** The counts that each of some small cells (1 to 9 each) may have, for a reader who knows how many they are and their sum. */
export function feasibleRange(smallCells: number, sum: number): { min: number; max: number } {
  const largestSmall = SMALL_COUNT_LIMIT - 1;
  const others = smallCells - 1;
  return { min: Math.max(1, sum - others * largestSmall), max: Math.min(largestSmall, sum - others) };
}

// Assessed less actionable is a count that nobody publishes and anybody can take: the two form a table of two cells. So a zero
// beside a large one is shown, with everything below it: the other, or its breakdown, gives it away.
function protectVerdict(counts: MonthCounts, count: number): Figure {
  if (counts.assessed < SMALL_COUNT_LIMIT) return hidden();
  const isHidden = hidingRule([counts.actionable, baseCount(counts, 'notActionable')]);
  return isHidden(count) ? hidden() : rounded(count);
}

function baseCount(counts: MonthCounts, of: Base): number {
  return of === 'notActionable' ? counts.assessed - counts.actionable : counts[of];
}

/** Which counts of a table are hidden. It answers by count and not by cell, so that equal cells cannot differ. */
function hidingRule(counts: number[]): (count: number) => boolean {
  const small = counts.filter(isSmall);
  if (small.length === 0) return () => false;
  if (shieldEachOther(small)) return isSmall;

  const large = counts.filter((count) => count >= SMALL_COUNT_LIMIT);
  if (large.length === 0) return () => true;
  const smallestLarge = Math.min(...large);
  return (count) => isSmall(count) || count === smallestLarge;
}

// One cell never does; 1 and 1, or 9 and 9, are each the only small counts of their sum; 4 and 4 are a small count together.
function shieldEachOther(small: number[]): boolean {
  const together = sum(small);
  const { min, max } = feasibleRange(small.length, together);
  return together >= SMALL_COUNT_LIMIT && max - min + 1 >= SHIELD_WIDTH;
}

function isSmall(count: number): boolean {
  return count > 0 && count < SMALL_COUNT_LIMIT;
}

function rounded(count: number): Figure {
  return { value: Math.round(count / ROUNDING_BASE) * ROUNDING_BASE, hidden: false };
}

function hidden(): Figure {
  return { value: null, hidden: true };
}

function sum(counts: number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function refuseMalformed(counts: MonthCounts): void {
  refuseUnlessCount(counts.reports);
  refuseUnlessCount(counts.assessed);
  refuseUnlessCount(counts.actionable);
  if (counts.actionable > counts.assessed) throw new RangeError('more actionable than assessed');

  const seen = new Set<string>();
  for (const { by, of, cells } of counts.breakdowns) {
    if (seen.has(by)) throw new RangeError(`the breakdown by ${by} is given twice`);
    seen.add(by);
    for (const cell of cells) refuseUnlessCount(cell.count);
    if (sum(cells.map((cell) => cell.count)) !== baseCount(counts, of)) {
      throw new RangeError(`the breakdown by ${by} does not sum to ${of}`);
    }
  }
}

function refuseUnlessCount(count: number): void {
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError('a count is a whole number from 0');
}
