import { type Base, type Dimension, dimensionNames, dimensions } from './definitions.ts';

/** Tables of so many keys that those of 0 are left out. */
const LONG: readonly Dimension[] = ['LANGUAGE', 'HOSTING_COUNTRY'];

export type ExactCell = { key: string; count: number };
export type ExactTable = { by: Dimension; of: Base; cells: ExactCell[] };
export type SummedCells = { reports: number; assessed: number; actionable: number; tables: ExactTable[] };

/** The totals and the fixed tables of some months together, from rows of the shape of `monthly_cells`. */
export function tablesOf(cells: { by: string; key: string; count: number }[]): SummedCells {
  const sums = new Map<string, number>();
  for (const { by, key, count } of cells) sums.set(`${by} ${key}`, (sums.get(`${by} ${key}`) ?? 0) + count);
  const sumOf = (by: string, key = '') => sums.get(`${by} ${key}`) ?? 0;
  return {
    reports: sumOf('REPORTS'),
    assessed: sumOf('ASSESSED'),
    actionable: sumOf('ACTIONABLE'),
    tables: dimensionNames.map((by) => ({
      by,
      of: dimensions[by].of,
      cells: dimensions[by].keys
        .map((key) => ({ key, count: sumOf(by, key) }))
        .filter(({ count }) => count > 0 || !LONG.includes(by)),
    })),
  };
}

/** The months from one to another (first days, both included), such as `2026-10`. */
export function monthsBetween(from: Date, to: Date): string[] {
  const months: string[] = [];
  for (let month = from; month <= to; month = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1)))
    months.push(month.toISOString().slice(0, 7));
  return months;
}
