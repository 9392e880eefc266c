import writeExcelFile, { type Cell, type Sheet } from 'write-excel-file/node';
import { definitionOf, type ExportRow, type PublishedFigures } from './export-rows.ts';

/** What XML 1.0 cannot say: a file with one of these opens in no spreadsheet. */
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** Figures as an Excel workbook: the figures, what they mean, and which editions they are of. Texts are texts, never formulas. */
export function xlsxOf(figures: PublishedFigures, rows: ExportRow[]): Promise<Buffer> {
  const { areaName, asOf, definitions, periods } = figures;
  const sheets: Sheet<never>[] = [
    sheetOf(
      'Figures',
      [16, 10, 24, 24, 30, 10, 10, 12, 10, 60],
      [
        ['area', 'period', 'table', 'key', 'label', 'value', 'unit', 'status', 'left_out', 'definition'],
        ...rows.map((row) => [
          areaName,
          row.period,
          row.tableName,
          row.key,
          row.label,
          row.value,
          row.unit,
          row.status,
          row.leftOut,
          definitionOf(figures, row),
        ]),
      ],
    ),
    sheetOf(
      'Definitions',
      [20, 10, 100],
      [['term', 'version', 'text'], ...definitions.map(({ term, version, text }) => [term, version, text])],
    ),
    sheetOf(
      'Editions',
      [12, 10, 16, 60, 20, 16],
      [
        ['period', 'edition', 'published_on', 'correction', 'definitions_version', 'data_as_of'],
        ...periods.map(({ period, edition, publishedOn, correction, definitionsVersion }) => [
          period,
          edition,
          publishedOn,
          correction,
          definitionsVersion,
          asOf,
        ]),
      ],
    ),
  ];
  return writeExcelFile(sheets).toBuffer();
}

function sheetOf(
  sheet: string,
  widths: number[],
  [heading = [], ...lines]: (string | number | null)[][],
): Sheet<never> {
  return {
    sheet,
    columns: widths.map((width) => ({ width })),
    stickyRowsCount: 1,
    data: [
      heading.map((name): Cell => ({ value: String(name), fontWeight: 'bold' })),
      ...lines.map((line) => line.map(cellOf)),
    ],
  };
}

function cellOf(value: string | number | null): Cell {
  if (value === null) return null;
  return typeof value === 'number' ? { value, type: Number } : { value: value.replace(NOT_XML, ''), type: String };
}
