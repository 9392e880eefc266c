import { stringify } from 'csv-stringify/sync';
import { definitionOf, type ExportRow, type PublishedFigures } from './export-rows.ts';

/** What a spreadsheet takes for a formula, full-width signs too: at the start of a text, or behind what it may split a line at. */
const FORMULA = /(^|[;\t\r\n])(?=\s*[=+\-@＝＋－＠])/g;

/**
 * Figures as CSV (RFC 4180, after the byte order mark that Excel needs): a line a figure, its value empty where it is hidden, with
 * what it means beside it. No text in it is a formula to a spreadsheet (OWASP, "CSV Injection").
 */
export function csvOf(figures: PublishedFigures, rows: ExportRow[]): string {
  const { area, areaName, asOf } = figures;
  const lines = rows.map((row) => [
    area,
    areaName,
    row.coverage?.countries.join(' ') ?? area,
    row.coverage?.monthsShown ?? null,
    row.period,
    row.edition,
    row.publishedOn,
    asOf,
    row.table,
    row.tableName,
    row.of,
    row.key,
    row.label,
    row.value,
    row.unit,
    row.status,
    row.leftOut,
    row.correction,
    row.definitionsVersion,
    definitionOf(figures, row),
  ]);
  return stringify(lines, {
    bom: true,
    header: true,
    columns: [...csvColumns],
    record_delimiter: 'windows',
    quote_record_delimiter: true,
    cast: { string: (text) => text.replace(FORMULA, "$1'") },
  });
}

/** The columns of the file, in order. Of a sum: `months_shown` of these `countries` are in it, and how many hidden figures are `left_out`. */
const csvColumns = [
  'area',
  'area_name',
  'countries',
  'months_shown',
  'period',
  'edition',
  'published_on',
  'data_as_of',
  'table',
  'table_name',
  'of',
  'key',
  'label',
  'value',
  'unit',
  'status',
  'left_out',
  'correction',
  'definitions_version',
  'definition',
] as const;
