// Disclosure control of one country's published month: domain.md §9, in the manner of statistical offices.
//
// The promise: a reader who knows this file, and who is even told the exact count behind every shown figure, cannot
// work out one hidden figure. Rounding is a second wall, never the one that holds. It follows that tables which share
// a total, or narrow each other's totals, cannot be played off against each other.
//
// Why it holds of one edition: each table is treated by its own counts alone, and cells of equal count are treated alike. So
// - small cells that shield each other could be any other small counts of the same sum (see `feasibleRange`);
// - a small cell and the large ones hidden with it may exchange units without any shown cell telling, since what is hidden
//   with it depends on a sum that the exchange leaves as it is (see `hidingRule`);
// - everything below a hidden total could be any table of fewer than ten.
//
// Tables that narrow each other cell by cell (nobody is told, nothing is gone, before it is assessed; whatever is referred was
// told of) show all cells, or no more than which are 0. What a table that shows all says of another is then a bound of 0, or
// one that leaves ten or more on each side: it cuts no small count. A speed tells how many took longer, so it is given only
// beside a table that shows all. A long table leaves out its zeros, and nothing but them: that is the same as showing them.
//
// Why it holds of several editions: a table is left exactly as it was until something that can be seen of it has moved by ten or
// more; what moved by less is in no edition. Then the same cells are hidden as before, so that whatever units they could
// exchange, they could have had exchanged in every edition; or the table is shut for good, of which the ten or more could
// be anywhere. A hidden cell is opened only when it could have been anything before: its total was hidden, and could be
// any of 0 to 9 beside one of 20 or more, or see `canBeToldNow`.
//
// Everything else is computed from these figures (`rate`, `sumMonths`), and so tells no more than they do; and a report belongs to
// one country and month, so that no two of them share a count.
//
// Not covered: a cell that is by definition also a cell of another breakdown (severity PROHIBITED and form
// NON_PHOTOGRAPHIC). And of a month whose total was hidden and later is shown, a zero may be told to have been one before by
// whoever is sure that no opinion was ever changed.

import { type CountCell, firstStand, type HeldTable, isMove, nextStand, shut } from './held-back.ts';
import { SMALL_COUNT_LIMIT, sum } from './hiding-rule.ts';
import { isSmallTerritory } from './small-territories.ts';

/** Shown counts are rounded to the nearest multiple of this. */
const ROUNDING_BASE = 5;
/** Rates and speeds are given on a rounded base of at least this. */
const RATE_MINIMUM_BASE = 50;
/** A total that an edition hid is shown by a later one from this count: it then has grown by ten or more, whatever it was. */
const SHOWN_AGAIN_FROM = 2 * SMALL_COUNT_LIMIT;
/** Tables that narrow each other cell by cell: what was done of a report, and when. */
const LINKED = new Set(['TIME_TO_ASSESS', 'TIME_TO_NOTIFY', 'REMOVAL', 'REFERRAL']);
/** Tables of so many keys that zeros are left out. */
const LONG = new Set(['HOSTING_COUNTRY', 'LANGUAGE']);

/** A figure as published; `value` is null exactly where it is hidden. */
export type Figure = { value: number | null; hidden: boolean };
/** What a breakdown sums to; `notActionable` is assessed less actionable, and is published by its reasons only. */
export type Base = 'reports' | 'assessed' | 'actionable' | 'notActionable';
type Breakdown = { by: string; of: Base; cells: CountCell[] };
/** How long something took over the reports in the cells of the table `by`, but for the keys in `without`; in hours. */
export type SpeedCount = { measure: string; by: string; without: readonly string[]; median: number; ninetieth: number };
export type MonthCounts = {
  reports: number;
  assessed: number;
  actionable: number;
  breakdowns: Breakdown[];
  speeds?: SpeedCount[];
};

/** A published table; `hidden` where all its cells are. A long one lists no cell then, and else leaves out the cells that are 0. */
export type BreakdownFigures = { by: string; of: Base; hidden: boolean; cells: { key: string; figure: Figure }[] };
export type MonthFigures = { reports: Figure; assessed: Figure; actionable: Figure; breakdowns: BreakdownFigures[] };
export type SpeedFigures = { measure: string; median: number | null; ninetieth: number | null };

type HeldTotals = { reports: number; assessed: number; shown: ('reports' | 'assessed')[] };
/** What stands behind an edition's figures, for the next edition of the same month. It is exact and internal: no reader gets it. */
export type HeldBack = {
  totals: HeldTotals;
  verdict: HeldTable;
  tables: Record<string, HeldTable>;
  speeds: SpeedFigures[];
};

/**
 * The figures that may be published of one calendar month of a country (ISO 3166-1 alpha-2), and what the next edition must know of it;
 * `before` is what the edition before held back. Each breakdown lists every key of its dimension, zeros included, in an order
 * that does not depend on the counts. Throws a RangeError on a count that is not a whole number from 0, on more actionable than
 * assessed, on a breakdown that does not sum to its total, and on a dimension given twice (that is a two-way table, which this does
 * not protect).
 */
export function protectMonth(
  counts: MonthCounts,
  { country, before }: { country?: string; before?: HeldBack } = {},
): { month: MonthFigures; speeds: SpeedFigures[]; heldBack: HeldBack } {
  refuseMalformed(counts);
  const { totals, verdict } = standOfTotals(counts, before);
  const isShown: Record<Base, boolean> = {
    reports: totals.shown.includes('reports'),
    assessed: totals.shown.includes('assessed'),
    actionable: isCellShown(verdict, 'actionable'),
    notActionable: isCellShown(verdict, 'notActionable'),
  };
  const standOf = ({ by, of, cells }: Breakdown): HeldTable => {
    if (country !== undefined && isSmallTerritory(country)) return shut;
    const circumstances = { isTotalShown: isShown[of], isLinked: LINKED.has(by) };
    if (before === undefined) return firstStand(cells, circumstances);
    return nextStand(before.tables[by] ?? shut, cells, circumstances);
  };
  const tables = Object.fromEntries(counts.breakdowns.map((breakdown) => [breakdown.by, standOf(breakdown)]));
  const speeds = (counts.speeds ?? []).map((speed) => protectSpeed(speed, tables[speed.by] ?? shut, before));

  // Each total is rounded on its own. The rounded cells of its several breakdowns have several sums, so none of them can
  // stand for it; and no breakdown gets a total of its own, so the total of a table is the sum of its rounded cells.
  const month = {
    reports: isShown.reports ? rounded(totals.reports) : hidden(),
    assessed: isShown.assessed ? rounded(totals.assessed) : hidden(),
    actionable: cellFigure(verdict, 'actionable'),
    breakdowns: counts.breakdowns.map((breakdown) => breakdownFigures(breakdown, tables[breakdown.by] ?? shut)),
  };
  return { month, speeds, heldBack: { totals, verdict, tables, speeds } };
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

// Assessed less actionable is a count that nobody publishes and anybody can take: the two form a table of two cells. So a zero
// beside a large one is shown, with everything below it: the other, or its breakdown, gives it away.
function standOfTotals(counts: MonthCounts, before: HeldBack | undefined): Pick<HeldBack, 'totals' | 'verdict'> {
  const { reports, assessed, actionable } = counts;
  const cells = [
    { key: 'actionable', count: actionable },
    { key: 'notActionable', count: assessed - actionable },
  ];
  if (before === undefined) {
    const shown = (['reports', 'assessed'] as const).filter((total) => counts[total] >= SMALL_COUNT_LIMIT);
    const verdict = firstStand(cells, { isTotalShown: shown.includes('assessed'), isLinked: false });
    return { totals: { reports, assessed, shown }, verdict };
  }
  const shown = (['reports', 'assessed'] as const).filter(
    (total) => counts[total] >= (before.totals.shown.includes(total) ? SMALL_COUNT_LIMIT : SHOWN_AGAIN_FROM),
  );
  const verdict = nextStand(before.verdict, cells, { isTotalShown: shown.includes('assessed'), isLinked: false });
  const isMoved = (['reports', 'assessed'] as const).some((total) =>
    before.totals.shown.includes(total) ? isMove(before.totals[total], counts[total]) : shown.includes(total),
  );
  if (!isMoved && verdict === before.verdict) return before;
  return { totals: { reports, assessed, shown }, verdict };
}

function isCellShown(table: HeldTable, key: string): boolean {
  return table.state === 'OPEN' && !table.hidden.includes(key);
}

function cellFigure(table: HeldTable, key: string): Figure {
  return isCellShown(table, key) ? rounded(table.counts[key] ?? 0) : hidden();
}

function breakdownFigures({ by, of, cells }: Breakdown, table: HeldTable): BreakdownFigures {
  const all = cells.map(({ key }) => ({ key, figure: cellFigure(table, key) }));
  const isHidden = all.every(({ figure }) => figure.hidden);
  if (!LONG.has(by)) return { by, of, hidden: isHidden, cells: all };
  return { by, of, hidden: isHidden, cells: isHidden ? [] : all.filter(({ figure }) => figure.value !== 0) };
}

// Under a table that shows all, and as long as the table stands as it did the speed does. Its base is what the table shows.
function protectSpeed(speed: SpeedCount, table: HeldTable, before: HeldBack | undefined): SpeedFigures {
  const { measure, by, without, median, ninetieth } = speed;
  const earlier = before?.speeds.find((held) => held.measure === measure);
  if (earlier && table === before?.tables[by]) return earlier;
  const keys = Object.keys(table.counts).filter((key) => !without.includes(key));
  const base = sum(keys.map((key) => cellFigure(table, key).value ?? 0));
  const isTold = table.state === 'OPEN' && table.hidden.length === 0 && base >= RATE_MINIMUM_BASE;
  return isTold ? { measure, median, ninetieth } : { measure, median: null, ninetieth: null };
}

function rounded(count: number): Figure {
  return { value: Math.round(count / ROUNDING_BASE) * ROUNDING_BASE, hidden: false };
}

function hidden(): Figure {
  return { value: null, hidden: true };
}

function refuseMalformed(counts: MonthCounts): void {
  refuseUnlessCount(counts.reports);
  refuseUnlessCount(counts.assessed);
  refuseUnlessCount(counts.actionable);
  if (counts.actionable > counts.assessed) throw new RangeError('more actionable than assessed');

  const bases = { ...counts, notActionable: counts.assessed - counts.actionable };
  const seen = new Set<string>();
  for (const { by, of, cells } of counts.breakdowns) {
    if (seen.has(by)) throw new RangeError(`the breakdown by ${by} is given twice`);
    seen.add(by);
    for (const cell of cells) refuseUnlessCount(cell.count);
    if (sum(cells.map((cell) => cell.count)) !== bases[of]) {
      throw new RangeError(`the breakdown by ${by} does not sum to ${of}`);
    }
  }
}

function refuseUnlessCount(count: number): void {
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError('a count is a whole number from 0');
}
