import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type CountryResponse, Reader } from 'mmdb-lib';
import { config } from '../config.ts';

/** What the packaged table holds of a block, beside what the library knows of others' forms. */
type Entry = CountryResponse & { country_code?: string };

const require = createRequire(import.meta.url);
let opened: Reader<Entry> | undefined;

/** The country of an address by the registries' and routing tables' public data (ip-location-db, CC0); null where it has none. */
export function countryOfAddress(address: string): string | null {
  const code = database().get(address)?.country_code ?? '';
  // Some entries stand for no country, such as EU or ZZ.
  return /^[A-Z]{2}$/.test(code) && !['EU', 'AP', 'ZZ', 'XX'].includes(code) ? code : null;
}

/** The database and the day on which it was made. */
export function geoDatabaseName(): string {
  return `ip-location-db ${database().metadata.buildEpoch.toISOString().slice(0, 10)}`;
}

// Eight megabytes, read once, by the first process that traces.
function database(): Reader<Entry> {
  if (opened) return opened;
  const packaged = require.resolve('@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb');
  opened = new Reader<Entry>(readFileSync(config().geoDatabase ?? packaged));
  return opened;
}
