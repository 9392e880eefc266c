import { termOf } from './names.ts';

/** A figure as the platform publishes it; null where it is hidden. `leftOut`: how many hidden ones a sum leaves out. */
type Figure = { value: number | null; leftOut?: number };
type Table = { by: string; of: string; hidden: boolean; cells: { key: string; label: string; figure: Figure }[] };

/** What is published of one area in one period, as the GraphQL API gives it. */
export type PublishedPeriod = {
  /** Such as `2026-10`, or `2026` for a year. */
  period: string;
  edition: number;
  publishedOn: string;
  /** Why there is an edition above 1. */
  correction: string | null;
  definitionsVersion: number;
  /** What a sum is over, where it is one: the countries, and how many of their months show their reports. */
  coverage?: { countries: string[]; monthsShown: number };
  totals: { REPORTS: Figure; ASSESSED: Figure; ACTIONABLE: Figure };
  breakdowns: Table[];
  rates: { of: string; percent: number | null }[];
  speeds: { until: string; medianHours: number | null; ninetiethHours: number | null }[];
};

/** Everything that an export holds of one area: a country, or the network. */
export type PublishedFigures = {
  area: string;
  areaName: string;
  asOf: string;
  definitions: { term: string; version: number; text: string }[];
  periods: PublishedPeriod[];
};

/** How tables and cells are called in the reader's language. */
export type Names = { table: (by: string) => string; cell: (by: string, key: string, label: string) => string };

/** SHOWN, HIDDEN by disclosure control, or NOT_GIVEN: a rate or speed on too small a base. */
export type Status = 'SHOWN' | 'HIDDEN' | 'NOT_GIVEN';
export type Unit = 'REPORTS' | 'PERCENT' | 'HOURS';

/** One figure with all that is needed to read it right. `value` is null wherever it is not shown. */
export type ExportRow = Pick<
  PublishedPeriod,
  'period' | 'edition' | 'publishedOn' | 'correction' | 'definitionsVersion' | 'coverage'
> & {
  table: string;
  tableName: string;
  /** What the cells of the table add up to, such as `ACTIONABLE`. */
  of: string;
  key: string;
  label: string;
  value: number | null;
  unit: Unit;
  status: Status;
  leftOut: number | null;
};

/** Stands for every cell of a table that is hidden whole and lists none. */
export const WHOLE_TABLE = 'ALL';

/** Every published figure in one long list, by period, table and cell. */
export function exportRows({ periods }: PublishedFigures, names: Names): ExportRow[] {
  return periods.flatMap((period) => rowsOf(period, names));
}

function rowsOf(period: PublishedPeriod, names: Names): ExportRow[] {
  const { edition, publishedOn, correction, definitionsVersion, coverage } = period;
  const common = {
    period: period.period,
    edition,
    publishedOn,
    correction,
    definitionsVersion,
    ...(coverage && { coverage }),
  };
  const row = (
    table: string,
    of: string,
    unit: Unit,
    key: string,
    label: string,
    value: number | null,
    leftOut = 0,
  ): ExportRow => ({
    ...common,
    table,
    tableName: names.table(table),
    of,
    key,
    label: names.cell(table, key, label),
    value,
    unit,
    status: statusOf(value, unit),
    leftOut: leftOut || null,
  });
  const totals = Object.entries(period.totals).map(([key, { value, leftOut }]) =>
    row('TOTAL', 'REPORTS', 'REPORTS', key, key, value, leftOut),
  );
  const cells = period.breakdowns.flatMap(({ by, of, hidden, cells }) =>
    hidden && cells.length === 0
      ? [row(by, of, 'REPORTS', WHOLE_TABLE, WHOLE_TABLE, null)]
      : cells.map(({ key, label, figure }) => row(by, of, 'REPORTS', key, label, figure.value, figure.leftOut)),
  );
  const rates = period.rates.map(({ of, percent }) => row('RATE', 'REPORTS', 'PERCENT', of, of, percent));
  const speeds = period.speeds.flatMap(({ until, medianHours, ninetiethHours }) => [
    row('MEDIAN', 'ACTIONABLE', 'HOURS', until, until, medianHours),
    row('NINETIETH', 'ACTIONABLE', 'HOURS', until, until, ninetiethHours),
  ]);
  return [...totals, ...cells, ...rates, ...speeds];
}

function statusOf(value: number | null, unit: Unit): Status {
  if (value !== null) return 'SHOWN';
  return unit === 'REPORTS' ? 'HIDDEN' : 'NOT_GIVEN';
}

/** What a row means, in the words and the version that it was published with; and why it is hidden, where it is. */
export function definitionOf({ definitions }: PublishedFigures, row: ExportRow): string {
  const { definitionsVersion, status } = row;
  const textOf = (term: string) =>
    definitions.find((definition) => definition.term === term && definition.version === definitionsVersion)?.text;
  const own = termsOf(row)
    .map(textOf)
    .find((text) => text !== undefined);
  const reason = status === 'HIDDEN' ? textOf('hidden') : undefined;
  return [own, reason].filter((text) => text !== undefined).join(' ');
}

// The terms that may define it, nearest first.
function termsOf({ table, key, of }: ExportRow): string[] {
  if (table === 'TOTAL') return [key.toLowerCase()];
  if (table === 'RATE') return ['rates'];
  if (table === 'MEDIAN' || table === 'NINETIETH') return ['speeds'];
  return [termOf(table), termOf(of)];
}
