import { describe, expect, it } from 'vitest';
import { REGIONS, regionOf } from '../../src/domain/regions.ts';

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const pairs = letters.flatMap((first) => letters.map((second) => first + second));

describe('the region of a country', () => {
  it('is known of the 248 codes of ISO 3166-1 where people live, and of no other pair of letters', () => {
    const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
    const known = pairs.filter((code) => regionOf(code) !== null);
    expect(known).toHaveLength(248);
    expect(known.filter((code) => !names.of(code))).toEqual([]);
    for (const none of ['XX', 'EU', 'UN', 'UK', 'ZZ', 'XA', 'SU', 'YU', 'AQ', 'ke', 'KEN', ''])
      expect(regionOf(none)).toBeNull();
  });

  // The numbers of countries and territories in the United Nations' M49, with Taiwan in Asia.
  it.each([
    ['AFRICA', 60],
    ['AMERICAS', 57],
    ['ASIA', 51],
    ['EUROPE', 51],
    ['OCEANIA', 29],
  ])('is %s for %d of them', (region, count) => {
    expect(REGIONS).toContain(region);
    expect(pairs.filter((code) => regionOf(code) === region)).toHaveLength(count);
  });

  it.each([
    ['KE', 'AFRICA'],
    ['HT', 'AMERICAS'],
    ['TR', 'ASIA'],
    ['CY', 'ASIA'],
    ['RU', 'EUROPE'],
    ['FJ', 'OCEANIA'],
  ])('of %s is %s', (country, region) => {
    expect(regionOf(country)).toBe(region);
  });
});
