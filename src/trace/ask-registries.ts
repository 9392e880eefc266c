import { getDomain } from 'tldts';
import { contentNetworkOf } from './content-networks.ts';
import { fetchRegistry } from './fetch-registry.ts';
import { addressOfHost } from './public-address.ts';
import { readDomain, readNetwork } from './rdap-answer.ts';
import { type Registries, registries, serverOfAddress, serverOfName } from './rdap-bootstrap.ts';
import { isReserved } from './resolve-host.ts';
import { answerOf, type TraceAnswer, TraceFailed, type TraceFailure } from './trace-answer.ts';

const FRESH_MS = 24 * 3_600_000;
const FAILED_FRESH_MS = 600_000;
const MOST_KEPT = 1_000;
/** Of a host with many addresses, how many are asked about. */
const MOST_ADDRESSES = 2;

type Kept = { until: number; answer: unknown; failure: TraceFailure | null };

/** What registries answered lately, by the address that was asked: they limit how often they may be asked. */
const kept = new Map<string, Kept>();

/**
 * What the registries say (RDAP, RFC 9082 and 9083) of a host's addresses and of its domain: the network and its country, the
 * registrar, and where both take complaints. Throws a `TraceFailed` where neither said anything.
 */
export async function askRegistries(
  host: string,
  addresses: readonly string[],
  now: number,
  signal: AbortSignal,
): Promise<TraceAnswer> {
  if (isReserved(host)) throw new TraceFailed('RESERVED_NAME');
  const all = await registries(now, signal);
  const domain = addressOfHost(host) ? null : getDomain(host, { validateHostname: false });
  const ask = (server: string | null, path: string) => askOne(all, server, path, now, signal);
  const [networks, names] = await Promise.all([
    settle(addresses.slice(0, MOST_ADDRESSES).map((ip) => ask(serverOfAddress(ip, all), `ip/${ip}`))),
    settle(domain ? [ask(serverOfName(domain, all), `domain/${domain}`)] : []),
  ]);
  const found = networks.answers.flatMap(({ server, answer }) => {
    const entry = readNetwork(answer);
    return entry ? [{ ...entry, server }] : [];
  });
  const registered = names.answers.flatMap(({ server, answer }) => {
    const entry = readDomain(answer);
    return entry ? [{ ...entry, server }] : [];
  });
  if (found.length === 0 && registered.length === 0) {
    throw new TraceFailed(networks.failure ?? names.failure ?? 'NOT_REGISTERED');
  }

  const networkName = found.find(({ name }) => name)?.name ?? undefined;
  const numbers = unique(found.flatMap((entry) => entry.networks));
  const contentNetwork = contentNetworkOf({ networks: numbers, networkName: networkName ?? null }) ?? undefined;
  const registrar = registered.find((entry) => entry.registrar)?.registrar ?? undefined;
  return answerOf({
    addresses: addresses.slice(0, MOST_ADDRESSES),
    countries: unique(found.flatMap(({ country }) => country ?? [])),
    networks: numbers,
    abuseContacts: unique(found.flatMap(({ abuse }) => abuse)),
    registrarContacts: unique(registered.flatMap(({ abuse }) => abuse)),
    registries: unique([...found, ...registered].map(({ server }) => new URL(server).host)),
    ...(networkName ? { networkName } : {}),
    ...(contentNetwork ? { contentNetwork } : {}),
    ...(registrar ? { registrar } : {}),
  });
}

type Asked = { server: string; answer: unknown };

async function askOne(
  all: Registries,
  server: string | null,
  path: string,
  now: number,
  signal: AbortSignal,
): Promise<Asked> {
  if (server === null) throw new TraceFailed('NO_REGISTRY');
  const answer = await fetchOnce(`${server}${path}`, all.hosts, now, signal);
  if (answer === null) throw new TraceFailed('NOT_REGISTERED');
  return { server, answer };
}

async function fetchOnce(address: string, hosts: ReadonlySet<string>, now: number, signal: AbortSignal) {
  const earlier = kept.get(address);
  if (earlier && now < earlier.until) {
    if (earlier.failure) throw new TraceFailed(earlier.failure);
    return earlier.answer;
  }
  try {
    const answer = await fetchRegistry(address, (host) => hosts.has(host), signal);
    keep(address, { until: now + (answer === null ? FAILED_FRESH_MS : FRESH_MS), answer, failure: null });
    return answer;
  } catch (error) {
    // What ended by the limit of one trace says nothing about the registry.
    if (error instanceof TraceFailed && error.failure !== 'TIME_LIMIT') {
      keep(address, { until: now + FAILED_FRESH_MS, answer: null, failure: error.failure });
    }
    throw error;
  }
}

function keep(address: string, entry: Kept): void {
  const [oldest] = kept.keys();
  if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  kept.delete(address);
  kept.set(address, entry);
}

async function settle(asked: Promise<Asked>[]): Promise<{ answers: Asked[]; failure: TraceFailure | null }> {
  const settled = await Promise.allSettled(asked);
  const answers = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const reasons = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  const unexpected = reasons.find((reason) => !(reason instanceof TraceFailed));
  if (unexpected) throw unexpected;
  return { answers, failure: (reasons[0] as TraceFailed | undefined)?.failure ?? null };
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
