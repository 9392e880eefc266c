import type { BreakdownFigures, Figure, MonthFigures } from './disclosure.ts';

/** A sum of published figures: of those that are shown, null where none is, and how many are hidden and so left out. */
export type SummedFigure = { value: number | null; leftOut: number };
/** A table of sums. A key that it does not list is 0 in all tables but the `leftOut` ones, which are hidden whole. */
type SumBreakdown = {
  by: string;
  of: BreakdownFigures['of'];
  leftOut: number;
  cells: { key: string; figure: SummedFigure }[];
};
export type SummedMonths = {
  reports: SummedFigure;
  assessed: SummedFigure;
  actionable: SummedFigure;
  breakdowns: SumBreakdown[];
};

/** The sum of the shown among some published figures. */
function sumFigures(figures: readonly Figure[]): SummedFigure {
  const shown = figures.flatMap(({ value }) => value ?? []);
  const value = shown.length === 0 ? null : shown.reduce((sum, next) => sum + next, 0);
  return { value, leftOut: figures.length - shown.length };
}

/**
 * Several published months added up: of countries, of a year, or both. It is made of published figures only, so that it tells nothing
 * that they do not. A month that lacks a table, being of other definitions, counts as one that hides it whole.
 */
export function sumMonths(months: readonly MonthFigures[]): SummedMonths {
  const tables = new Map(months.flatMap(({ breakdowns }) => breakdowns).map(({ by, of }) => [by, of]));
  return {
    reports: sumFigures(months.map(({ reports }) => reports)),
    assessed: sumFigures(months.map(({ assessed }) => assessed)),
    actionable: sumFigures(months.map(({ actionable }) => actionable)),
    breakdowns: [...tables].map(([by, of]) => ({ by, of, ...sumTables(months.map((month) => tableOf(month, by))) })),
  };
}

function tableOf({ breakdowns }: MonthFigures, by: string): BreakdownFigures | undefined {
  return breakdowns.find((table) => table.by === by);
}

function sumTables(tables: readonly (BreakdownFigures | undefined)[]): Pick<SumBreakdown, 'leftOut' | 'cells'> {
  const keys = new Set(tables.flatMap((table) => table?.cells ?? []).map(({ key }) => key));
  const byKey = tables.map((table) => new Map(table?.cells.map(({ key, figure }) => [key, figure])));
  const figureOf = (key: string, index: number) => byKey[index]?.get(key) ?? unlisted(tables[index]);
  return {
    leftOut: tables.filter((table) => table === undefined || table.hidden).length,
    cells: [...keys].map((key) => ({ key, figure: sumFigures(tables.map((_, index) => figureOf(key, index))) })),
  };
}

// A long table leaves out its zeros; hidden whole, it leaves out everything.
function unlisted(table: BreakdownFigures | undefined): Figure {
  return table === undefined || table.hidden ? { value: null, hidden: true } : { value: 0, hidden: false };
}
