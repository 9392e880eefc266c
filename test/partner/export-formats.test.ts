import { describe, expect, it } from 'vitest';
import { csvOf } from '../../src/web/partner/export-csv.ts';
import { jsonStatOf } from '../../src/web/partner/export-json-stat.ts';
import { namesIn } from '../../src/web/partner/export-names.ts';
import { exportRows, type PublishedFigures, type PublishedPeriod } from '../../src/web/partner/export-rows.ts';
import { xlsxOf } from '../../src/web/partner/export-xlsx.ts';
import { partnerMessagesIn } from '../../src/web/partner/messages.ts';
import { cellOf, jsonStat } from '../support/json-stat.ts';
import { readCsv, readXlsx } from '../support/read-tables.ts';

const figure = (value: number | null) => ({ value });
const cell = (key: string, value: number | null, label = key) => ({ key, label, figure: figure(value) });
const month = (period: string, rest: Partial<PublishedPeriod> = {}): PublishedPeriod => ({
  period,
  edition: 1,
  publishedOn: '2026-11-05',
  correction: null,
  definitionsVersion: 2,
  totals: { REPORTS: figure(120), ASSESSED: figure(95), ACTIONABLE: figure(null) },
  breakdowns: [
    { by: 'SOURCE', of: 'REPORTS', hidden: false, cells: [cell('PUBLIC', 120), cell('POLICE', 0)] },
    { by: 'AGE', of: 'ACTIONABLE', hidden: true, cells: [cell('AGE_0_2', null), cell('AGE_3_6', null)] },
    { by: 'LANGUAGE', of: 'REPORTS', hidden: false, cells: [cell('sw', 115), cell('en', null)] },
    { by: 'HOSTING_COUNTRY', of: 'ACTIONABLE', hidden: true, cells: [] },
  ],
  rates: [{ of: 'ACTIONABLE', percent: null }],
  speeds: [{ until: 'ASSESSED', medianHours: 20, ninetiethHours: 70 }],
  ...rest,
});
const definitions = ['reports', 'assessed', 'actionable', 'language', 'rates', 'speeds', 'hidden'].map((term) => ({
  term,
  version: 2,
  text: `What ${term} means.`,
}));
const figuresOf = (periods: PublishedPeriod[], areaName = 'Kenya'): PublishedFigures => ({
  area: 'KE',
  areaName,
  asOf: '2026-11-05',
  definitions,
  periods,
});
const figures = figuresOf([
  month('2026-09', {
    breakdowns: [{ by: 'LANGUAGE', of: 'REPORTS', hidden: true, cells: [] }],
    edition: 2,
    correction: 'Ten reports came late.',
  }),
  month('2026-10'),
]);

const names = namesIn(partnerMessagesIn('en'));
const csv = (of: PublishedFigures) => csvOf(of, exportRows(of, names));
const xlsx = async (of: PublishedFigures) => readXlsx(await xlsxOf(of, exportRows(of, names)));
const stat = (of: PublishedFigures) => jsonStat.parse(jsonStatOf(of, exportRows(of, names)));

describe('figures as CSV', () => {
  it('begin with the byte order mark, and are what RFC 4180 says', () => {
    expect(csv(figures).startsWith('\uFEFFarea,')).toBe(true);
    const lines = readCsv(csv(figures).slice(1));
    expect(lines).toHaveLength(exportRows(figures, names).length);
    expect(lines.find(({ period, key }) => period === '2026-10' && key === 'PUBLIC')).toMatchObject({
      area: 'KE',
      area_name: 'Kenya',
      published_on: '2026-11-05',
      data_as_of: '2026-11-05',
      table: 'SOURCE',
      table_name: 'Who reported',
      label: 'The public',
      value: '120',
      unit: 'REPORTS',
      status: 'SHOWN',
    });
  });

  it('have an empty value, never a number, exactly where a figure is not shown, and say why', () => {
    for (const { value, status, unit, definition } of readCsv(csv(figures).slice(1))) {
      expect(status === 'SHOWN').toBe(/^\d+$/.test(value!));
      if (status !== 'SHOWN')
        expect({ value, unit }).toEqual({ value: '', unit: status === 'HIDDEN' ? 'REPORTS' : 'PERCENT' });
      expect(definition?.includes('What hidden means.')).toBe(status === 'HIDDEN');
    }
  });

  it('carry edition, correction and definition on every line', () => {
    const lines = readCsv(csv(figures).slice(1));
    for (const line of lines) {
      const isFirst = line['period'] === '2026-10';
      expect(line).toMatchObject({ edition: isFirst ? '1' : '2', definitions_version: '2' });
      expect(line['correction']).toBe(isFirst ? '' : 'Ten reports came late.');
      expect(line['definition']).toMatch(/^What \w+ means\./);
    }
    expect(lines.filter(({ key }) => key === 'ALL').map(({ period, table }) => `${period} ${table}`)).toEqual([
      '2026-09 LANGUAGE',
      '2026-10 HOSTING_COUNTRY',
    ]);
  });

  it.each([
    '=HYPERLINK("https://site.example")',
    '+1',
    '-1',
    '@SUM(1)',
    '\t=1',
    '\r=1',
    '  =1',
    '＝1',
    'a;=1',
    'a\n@SUM(1)',
  ])('hold no formula, whoever wrote %j', (words) => {
    const hostile = figuresOf(
      [
        month('2026-10', {
          correction: words,
          breakdowns: [{ by: 'NEW', of: 'REPORTS', hidden: false, cells: [cell('K', 5, words)] }],
        }),
      ],
      words,
    );
    const lines = readCsv(csv(hostile).slice(1));
    for (const line of lines)
      for (const field of Object.values(line))
        for (const part of field.split(/[;\n]/)) expect(part).not.toMatch(/^\s*[=+\-@＝]/);
    expect(lines[0]?.['area_name']?.replaceAll("'", '')).toBe(words);
  });
});

describe('figures as a workbook', () => {
  it('have sheets of figures, definitions and editions, and hidden cells are empty', async () => {
    const book = await xlsx(figures);
    expect([...book.keys()]).toEqual(['Figures', 'Definitions', 'Editions']);
    const [head = [], ...rows] = book.get('Figures') ?? [];
    const column = (name: string) => head.findIndex(({ value }) => value === name);
    const read = rows.map((row) => ({
      value: row[column('value')]?.value,
      status: row[column('status')]?.value,
      definition: row[column('definition')]?.value,
    }));
    expect(read).toHaveLength(exportRows(figures, names).length);
    for (const { value, status, definition } of read) {
      expect(typeof value === 'number').toBe(status === 'SHOWN');
      if (status !== 'SHOWN') expect(value).toBeNull();
      expect(definition).toMatch(/^What /);
    }
    expect(book.get('Definitions')?.map((row) => row[0]?.value)).toEqual([
      'term',
      ...definitions.map(({ term }) => term),
    ]);
    expect(book.get('Editions')?.map((row) => row.map(({ value }) => value).join('|'))).toEqual([
      'period|edition|published_on|correction|definitions_version|data_as_of',
      '2026-09|2|2026-11-05|Ten reports came late.|2|2026-11-05',
      '2026-10|1|2026-11-05||2|2026-11-05',
    ]);
  });

  it('keep texts as texts, whatever is written in them', async () => {
    const words = '=1+1 <b>&"\u0001\u{FFFF}';
    const book = await xlsx(figuresOf([month('2026-10', { correction: words })], words));
    const cells = [...book.values()].flat(2);
    expect(cells.filter(({ formula }) => formula)).toEqual([]);
    expect(cells.filter(({ value }) => value === '=1+1 <b>&"').length).toBeGreaterThan(1);
  });
});

describe('figures as JSON-stat', () => {
  it('are a dataset a table, whose hidden cells are null and marked', () => {
    const collection = stat(figures);
    expect(cellOf(collection, 'TOTAL', '2026-10', 'REPORTS')).toEqual({ value: 120, status: null });
    expect(cellOf(collection, 'TOTAL', '2026-10', 'ACTIONABLE')).toEqual({ value: null, status: 'c' });
    expect(cellOf(collection, 'AGE', '2026-10', 'AGE_0_2')).toEqual({ value: null, status: 'c' });
    expect(cellOf(collection, 'RATE', '2026-10', 'ACTIONABLE')).toEqual({ value: null, status: ':' });
    expect(cellOf(collection, 'HOSTING_COUNTRY', '2026-10', 'ALL')).toEqual({ value: null, status: 'c' });
    for (const { value, status } of collection.link.item)
      expect(
        value
          .map((found, index) => (found === null ? index : -1))
          .filter((index) => index >= 0)
          .map(String),
      ).toEqual(Object.keys(status));
  });

  it('tell a hidden table, a table that was not published and a left-out 0 apart', () => {
    const sparse = figuresOf([
      ...figures.periods,
      month('2026-11', { breakdowns: [{ by: 'LANGUAGE', of: 'REPORTS', hidden: false, cells: [cell('fr', 10)] }] }),
      month('2026-12', { breakdowns: [] }),
    ]);
    const collection = stat(sparse);
    expect(cellOf(collection, 'LANGUAGE', '2026-09', 'sw')).toEqual({ value: null, status: 'c' });
    expect(cellOf(collection, 'LANGUAGE', '2026-10', 'en')).toEqual({ value: null, status: 'c' });
    expect(cellOf(collection, 'LANGUAGE', '2026-11', 'en')).toEqual({ value: 0, status: null });
    expect(cellOf(collection, 'SOURCE', '2026-12', 'PUBLIC').value).toBeUndefined();
    expect(cellOf(collection, 'LANGUAGE', '2026-11', 'fr')).toEqual({ value: 10, status: null });
  });

  it('carry definitions and editions', () => {
    const collection = stat(figures);
    expect(collection.extension.definitions).toEqual(definitions);
    expect(collection.link.item[0]?.extension['editions']).toEqual([
      {
        period: '2026-09',
        edition: 2,
        publishedOn: '2026-11-05',
        correction: 'Ten reports came late.',
        definitionsVersion: 2,
      },
      { period: '2026-10', edition: 1, publishedOn: '2026-11-05', correction: null, definitionsVersion: 2 },
    ]);
  });
});

describe('sums of published figures', () => {
  it('say how many hidden ones they leave out', async () => {
    const totals = {
      REPORTS: { value: 300, leftOut: 2 },
      ASSESSED: { value: null, leftOut: 4 },
      ACTIONABLE: { value: 0, leftOut: 0 },
    };
    const coverage = { countries: ['KE', 'UG'], monthsShown: 20 };
    const year = {
      ...figures,
      area: 'NETWORK',
      periods: [month('2025', { totals, coverage, breakdowns: [], rates: [], speeds: [] })],
    };
    expect(
      readCsv(csv(year).slice(1)).map((line) => [
        line['countries'],
        line['months_shown'],
        line['value'],
        line['left_out'],
      ]),
    ).toEqual([
      ['KE UG', '20', '300', '2'],
      ['KE UG', '20', '', '4'],
      ['KE UG', '20', '0', ''],
    ]);
    expect(stat(year).link.item[0]?.extension).toMatchObject({ leftOut: { 0: 2, 1: 4 }, editions: [coverage] });
  });
});
