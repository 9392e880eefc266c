import { type ExportRow, type PublishedFigures, WHOLE_TABLE } from './export-rows.ts';

/** Tables of so many keys that those of 0 are left out, unless the table is hidden whole. */
const LEAVES_OUT_ZEROS = ['LANGUAGE', 'HOSTING_COUNTRY'];
/** Marks of cells without a value, as Eurostat writes them. */
const MARKS = { HIDDEN: 'c', NOT_GIVEN: ':' } as const;

/**
 * Figures as JSON-stat 2.0 (https://json-stat.org/full/): a collection with a dataset a table, each by area, time and the table's
 * keys. A cell without a value is null, and its status says why.
 */
export function jsonStatOf(figures: PublishedFigures, rows: ExportRow[]): object {
  const { asOf, areaName, definitions } = figures;
  const tables = [...new Set(rows.map(({ table }) => table))];
  return {
    version: '2.0',
    class: 'collection',
    label: areaName,
    updated: asOf,
    extension: { definitions },
    link: {
      item: tables.map((name) =>
        datasetOf(
          figures,
          rows.filter(({ table }) => table === name),
        ),
      ),
    },
  };
}

function datasetOf({ area, areaName, asOf }: PublishedFigures, rows: ExportRow[]): object {
  const [{ table, tableName, of, unit }] = rows as [ExportRow];
  const periods = [...new Map(rows.map((row) => [row.period, row])).values()];
  const named = new Map(rows.map(({ key, label }) => [key, label]));
  // It stands for the cells that other periods name.
  if (named.size > 1) named.delete(WHOLE_TABLE);
  const keys = [...named.keys()];
  const cells = periods.flatMap(({ period }) => {
    const known = new Map(rows.filter((row) => row.period === period).map((row) => [row.key, row]));
    const left = known.size > 0 && LEAVES_OUT_ZEROS.includes(table) ? zero : absent;
    return keys.map((key) => cellOf(known.get(key) ?? known.get(WHOLE_TABLE)) ?? left);
  });
  return {
    version: '2.0',
    class: 'dataset',
    label: `${areaName}: ${tableName}`,
    updated: asOf,
    id: ['area', 'time', table],
    size: [1, periods.length, keys.length],
    role: { geo: ['area'], time: ['time'], metric: [table] },
    dimension: {
      area: { label: 'area', category: { index: [area], label: { [area]: areaName } } },
      time: { label: 'time', category: { index: periods.map(({ period }) => period) } },
      [table]: {
        label: tableName,
        category: {
          index: keys,
          label: Object.fromEntries(named),
          unit: Object.fromEntries(keys.map((key) => [key, { label: unit.toLowerCase(), decimals: 0 }])),
        },
      },
    },
    value: cells.map(({ value }) => value),
    status: Object.fromEntries(cells.flatMap(({ mark }, index) => (mark ? [[index, mark]] : []))),
    extension: {
      of,
      status: { label: { c: 'hidden by disclosure control', ':': 'not available' } },
      leftOut: Object.fromEntries(cells.flatMap(({ leftOut }, index) => (leftOut ? [[index, leftOut]] : []))),
      editions: periods.map(({ period, edition, publishedOn, correction, definitionsVersion, coverage }) => ({
        period,
        edition,
        publishedOn,
        correction,
        definitionsVersion,
        ...coverage,
      })),
    },
  };
}

type Cell = { value: number | null; mark: string | null; leftOut: number | null };
const zero: Cell = { value: 0, mark: null, leftOut: null };
const absent: Cell = { value: null, mark: MARKS.NOT_GIVEN, leftOut: null };

function cellOf(row: ExportRow | undefined): Cell | null {
  if (!row) return null;
  return { value: row.value, mark: row.status === 'SHOWN' ? null : MARKS[row.status], leftOut: row.leftOut };
}
