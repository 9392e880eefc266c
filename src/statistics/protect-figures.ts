import { type MonthCounts, protectCount, protectMonth, RATE_MINIMUM_BASE } from '../domain/disclosure.ts';
import type { CellRow, SpeedRow } from './count-month.ts';
import { dimensionNames, dimensions, speedMeasures } from './definitions.ts';
import type { PublishedMonth } from './published-figures.ts';

type Breakdowns = PublishedMonth['breakdowns'];

/** What may be published of one country's exact counts: figures after disclosure control, and speeds in hours. */
export function protectedFigures(cells: CellRow[], speeds: SpeedRow[]): PublishedMonth {
  const countOf = (by: string, key = '') => cells.find((cell) => cell.by === by && cell.key === key)?.count ?? 0;
  const counts: MonthCounts = {
    reports: countOf('REPORTS'),
    assessed: countOf('ASSESSED'),
    actionable: countOf('ACTIONABLE'),
    breakdowns: dimensionNames.map((by) => ({
      by,
      of: dimensions[by].of,
      cells: dimensions[by].keys.map((key) => ({ key, count: countOf(by, key) })),
    })),
  };
  const month = protectMonth(counts);
  return { ...month, speeds: speedMeasures.map((measure) => protectedSpeed(measure, speeds, month)) };
}

// That a speed is shown says that its base is large, so it is shown under a shown total only.
function protectedSpeed(
  measure: SpeedRow['measure'],
  speeds: SpeedRow[],
  { actionable, breakdowns }: Omit<PublishedMonth, 'speeds'>,
): PublishedMonth['speeds'][number] {
  const none = { measure, median: null, ninetieth: null };
  const speed = speeds.find((row) => row.measure === measure);
  if (!speed || actionable.hidden) return none;
  const base = measure === 'REMOVED' ? publishedRemovals(breakdowns) : protectCount(speed.base).value;
  if (base === null || base < RATE_MINIMUM_BASE) return none;
  return { measure, median: speed.median, ninetieth: speed.ninetieth };
}

// The actionable reports less those removed are those still up, a cell that may be hidden: whether the speed of removal is
// shown must not depend on more than what the cells beside it show.
function publishedRemovals(breakdowns: Breakdowns): number {
  const removal = breakdowns.find(({ by }) => by === 'REMOVAL');
  const removed = removal?.cells.filter(({ key }) => key !== 'STILL_UP') ?? [];
  return removed.reduce((sum, { figure }) => sum + (figure.value ?? 0), 0);
}
