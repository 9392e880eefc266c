import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFINITIONS_VERSION, definitionsOf } from '../../src/statistics/definition-texts.ts';
import {
  baseOf,
  countedLanguages,
  dimensionNames,
  dimensions,
  publishedDimensions,
} from '../../src/statistics/definitions.ts';
import { readMonth } from '../../src/statistics/published-figures.ts';

describe('the definitions of published figures', () => {
  // Whoever changes what a figure means makes a new version, with a new line here, and leaves the others alone.
  it.each([
    [1, '5648b38da135a946'],
    [2, '62870c7ca5461159'],
  ])('of version %i are for ever', (version, hash) => {
    const text = JSON.stringify(definitionsOf(version));
    expect(createHash('sha256').update(text).digest('hex').slice(0, 16)).toBe(hash);
  });

  it('are those of the newest version today, and there are no others', () => {
    expect(definitionsOf(DEFINITIONS_VERSION).length).toBeGreaterThan(10);
    for (const version of [0, DEFINITIONS_VERSION + 1]) expect(() => definitionsOf(version)).toThrow(RangeError);
  });
});

describe('the tables of a month', () => {
  it('name each key once, and a base for each table that was ever published', () => {
    for (const by of dimensionNames) expect(new Set(dimensions[by].keys).size, by).toBe(dimensions[by].keys.length);
    for (const by of publishedDimensions) expect(['reports', 'actionable', 'notActionable']).toContain(baseOf(by));
    expect(dimensions.HOSTING_COUNTRY.keys).toHaveLength(249 + 4);
  });

  it('count the languages of the pages by themselves', () => {
    const pages = readdirSync(new URL('../../src/web/locales', import.meta.url)).map((file) =>
      file.replace('.json', ''),
    );
    expect([...countedLanguages]).toEqual(pages.sort());
  });

  it('of version 1 are read in the shape of today', () => {
    const [shown, hidden] = [
      { value: 20, hidden: false },
      { value: null, hidden: true },
    ];
    const totals = { reports: shown, assessed: hidden, actionable: hidden, speeds: [] };
    const table = { by: 'HOSTING', cells: [{ key: 'UNKNOWN', figure: hidden }] };
    const source = { by: 'SOURCE', cells: [{ key: 'PUBLIC', figure: shown }] };
    expect(readMonth({ ...totals, breakdowns: [source, table] }).breakdowns).toEqual([
      { ...source, of: 'reports', hidden: false },
      { ...table, of: 'actionable', hidden: true },
    ]);
  });
});
