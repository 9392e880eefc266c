import { describe, expect, it } from 'vitest';
import { countryOfAddress, geoDatabaseName } from '../../src/trace/geo-database.ts';

describe('the packaged table of countries', () => {
  it('names the country of nearly every public block, and none of private and documentation addresses', () => {
    const blocks = Array.from({ length: 223 }, (_, n) => countryOfAddress(`${n + 1}.1.1.1`));
    expect(blocks.filter((country) => country !== null).length).toBeGreaterThan(150);
    expect(blocks.filter((country) => country !== null && !/^[A-Z]{2}$/.test(country))).toEqual([]);
    for (const address of ['192.0.2.1', '10.1.1.1', '127.0.0.1', '::1', 'fd00::1']) {
      expect(countryOfAddress(address)).toBeNull();
    }
  });

  it('says of which day it is', () => {
    expect(geoDatabaseName()).toMatch(/^ip-location-db 20\d\d-\d\d-\d\d$/);
  });
});
