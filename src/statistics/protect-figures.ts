import { type HeldBack, type MonthCounts, protectMonth } from '../domain/disclosure.ts';
import type { CellRow, SpeedRow } from './count-month.ts';
import { dimensionNames, dimensions, type SpeedMeasure, speedMeasures } from './definitions.ts';
import type { StoredMonth } from './published-figures.ts';

/** The table that shows of how many reports a speed was taken, and its cells that are none of them. */
const speedTables = {
  ASSESSED: { by: 'TIME_TO_ASSESS', without: [] },
  NOTIFIED: { by: 'TIME_TO_NOTIFY', without: ['NOT_YET'] },
  REMOVED: { by: 'REMOVAL', without: ['STILL_UP'] },
} as const satisfies Record<SpeedMeasure, { by: string; without: readonly string[] }>;

/**
 * What may be published of one country's exact counts: figures after disclosure control, and speeds in hours. `before` is what
 * the edition before held back; what this one holds back is for the next.
 */
export function protectedFigures(
  cells: CellRow[],
  speeds: SpeedRow[],
  options: { country: string; before?: HeldBack },
): { figures: StoredMonth; heldBack: HeldBack } {
  const { month, speeds: told, heldBack } = protectMonth(countsOf(cells, speeds), options);
  const speedOf = (measure: SpeedMeasure) => {
    const { median = null, ninetieth = null } = told.find((speed) => speed.measure === measure) ?? {};
    return { measure, median, ninetieth };
  };
  return { figures: { ...month, speeds: speedMeasures.map(speedOf) }, heldBack };
}

// In the order of the definitions, zeros included.
function countsOf(cells: CellRow[], speeds: SpeedRow[]): MonthCounts {
  const counted = new Map(cells.map(({ by, key, count }) => [`${by} ${key}`, count]));
  const countOf = (by: string, key = '') => counted.get(`${by} ${key}`) ?? 0;
  return {
    reports: countOf('REPORTS'),
    assessed: countOf('ASSESSED'),
    actionable: countOf('ACTIONABLE'),
    breakdowns: dimensionNames.map((by) => ({
      by,
      of: dimensions[by].of,
      cells: dimensions[by].keys.map((key) => ({ key, count: countOf(by, key) })),
    })),
    speeds: speeds.map(({ measure, median, ninetieth }) => ({ measure, ...speedTables[measure], median, ninetieth })),
  };
}
