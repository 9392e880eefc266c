import ipaddr from 'ipaddr.js';
import { config } from '../config.ts';
import type { HostPlacement, TraceMethod } from '../domain/where-hosted.ts';
import { askRegistries } from './ask-registries.ts';
import { contentNetworkOf } from './content-networks.ts';
import { countryOfAddress, geoDatabaseName } from './geo-database.ts';
import { addressOfHost } from './public-address.ts';
import { resolveHost, textsOf } from './resolve-host.ts';
import { answerOf, type TraceAnswer, TraceFailed } from './trace-answer.ts';

/** Milliseconds for all methods together. */
export const TIME_LIMIT_MS = 20_000;

/** What one method found, ready to be kept. */
export type MethodResult = {
  method: TraceMethod;
  tool: string;
  placement: HostPlacement;
  country: string | null;
  network: string | null;
  answer: TraceAnswer;
};

/**
 * Asks the name system, routing and the registries where a host is, within `limit` milliseconds. Each method gives a result, if
 * only that it failed and why. The host itself is never connected to.
 */
export async function runMethods(host: string, now: Date, limit = TIME_LIMIT_MS): Promise<MethodResult[]> {
  const signal = AbortSignal.timeout(limit);
  const names = await attempt(() => askNames(host, signal));
  const { addresses } = names;
  const [routing, registration] = await Promise.all([
    attempt(() => askRouting(addresses, signal)),
    attempt(() => askRegistries(host, addresses, now.getTime(), signal)),
  ]);
  return [
    resultOf('DNS', `DNS (c-ares ${process.versions.ares})`, names),
    resultOf('ROUTING', geoDatabaseName(), routing),
    resultOf('REGISTRATION', 'RDAP (RFC 9083)', registration),
  ];
}

async function askNames(host: string, signal: AbortSignal): Promise<TraceAnswer> {
  const literal = addressOfHost(host);
  if (literal) return answerOf({ addresses: [literal] });
  const { addresses, aliases } = await resolveHost(host, signal);
  const contentNetwork = contentNetworkOf({ aliases });
  return answerOf({ addresses, aliases, ...(contentNetwork ? { contentNetwork } : {}) });
}

async function askRouting(addresses: readonly string[], signal: AbortSignal): Promise<TraceAnswer> {
  if (addresses.length === 0) throw new TraceFailed('NO_ADDRESS');
  const countries = [...new Set(addresses.flatMap((address) => countryOfAddress(address) ?? []))];
  // Who announces an address is told by others' servers: that they cannot is no reason to lose the country.
  const networks = await networksOf(addresses, signal).catch(() => []);
  const contentNetwork = contentNetworkOf({ networks });
  const found = { addresses: [...addresses], countries, networks, ...(contentNetwork ? { contentNetwork } : {}) };
  if (countries.length === 1 || contentNetwork) return answerOf(found);
  return answerOf({ ...found, failure: countries.length === 0 ? 'NOT_IN_TABLE' : 'SEVERAL_COUNTRIES' });
}

// By TXT records of the form "13335 | 192.0.2.0/24 | …", as Team Cymru publishes them (team-cymru.com/ip-asn-mapping).
async function networksOf(addresses: readonly string[], signal: AbortSignal): Promise<number[]> {
  const zones = config().routingZones;
  const [address] = addresses;
  if (!zones || address === undefined) return [];
  const parsed = ipaddr.process(address);
  const bytes = parsed.toByteArray();
  const labels =
    parsed.kind() === 'ipv4' ? bytes : bytes.flatMap((byte) => [(byte >> 4).toString(16), (byte & 15).toString(16)]);
  const zone = parsed.kind() === 'ipv4' ? zones[0] : zones[1];
  const texts = await textsOf(`${labels.toReversed().join('.')}.${zone}`, signal);
  const numbers = texts.flatMap((text) => (text.split('|')[0] ?? '').trim().split(/\s+/).map(Number));
  return [...new Set(numbers.filter((number) => Number.isInteger(number) && number > 0 && number < 2 ** 31))];
}

async function attempt(ask: () => Promise<TraceAnswer>): Promise<TraceAnswer> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof TraceFailed) return answerOf({ failure: error.failure });
    throw error;
  }
}

function resultOf(method: TraceMethod, tool: string, answer: TraceAnswer): MethodResult {
  const [country, ...others] = answer.countries;
  const placed = placementOf(answer, country !== undefined && others.length === 0);
  const network = answer.networkName ?? (answer.networks[0] === undefined ? null : `AS${answer.networks[0]}`);
  return { method, tool, placement: placed, country: placed === 'COUNTRY' ? (country ?? null) : null, network, answer };
}

function placementOf({ contentNetwork }: TraceAnswer, oneCountry: boolean): HostPlacement {
  if (contentNetwork) return 'CONTENT_NETWORK';
  return oneCountry ? 'COUNTRY' : 'UNKNOWN';
}
