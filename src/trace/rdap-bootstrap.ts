import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { config } from '../config.ts';
import { fetchRegistry } from './fetch-registry.ts';
import { TraceFailed } from './trace-answer.ts';

const FILES = ['dns', 'ipv4', 'ipv6'] as const;
const FRESH_MS = 24 * 3_600_000;
const RETRY_MS = 600_000;

/** RFC 9224: each service is a list of what it covers and a list of its servers. */
const bootstrap = z.object({
  services: z.array(z.tuple([z.array(z.string()), z.array(z.string())], z.unknown())).max(5_000),
});

type Service = { covers: string[]; server: string };

/** Who registers what, by IANA's lists: the servers for names, for addresses, and the hosts of all of them. */
export type Registries = { dns: Service[]; ipv4: Service[]; ipv6: Service[]; hosts: ReadonlySet<string> };

let kept: Registries | undefined;
let readAt = 0;
let triedAt = 0;
let reading: Promise<Registries> | undefined;

/**
 * IANA's lists of registries, read once a day; where that fails, the last ones serve, and it is tried again after ten minutes
 * (`now` in milliseconds). Throws a `TraceFailed`.
 */
export async function registries(now: number, signal: AbortSignal): Promise<Registries> {
  if (kept && now - readAt < FRESH_MS) return kept;
  if (now - triedAt < RETRY_MS) return kept ?? refuse();
  reading ??= readRegistries(signal).finally(() => {
    reading = undefined;
  });
  try {
    kept = await reading;
    readAt = now;
    return kept;
  } catch (error) {
    // What ended by the limit of one trace says nothing about the registry.
    if (!signal.aborted) triedAt = now;
    if (kept) return kept;
    throw error;
  }
}

/** The server that registers a name, by the longest ending that it covers; null for none. */
export function serverOfName(name: string, { dns }: Registries): string | null {
  const labels = name.toLowerCase().split('.');
  for (let from = 0; from < labels.length; from += 1) {
    const ending = labels.slice(from).join('.');
    const service = dns.find(({ covers }) => covers.includes(ending));
    if (service) return service.server;
  }
  return null;
}

/** The server that registers an address, by the narrowest block that it covers; null for none. */
export function serverOfAddress(address: string, { ipv4, ipv6 }: Registries): string | null {
  const parsed = ipaddr.process(address);
  const services = parsed.kind() === 'ipv4' ? ipv4 : ipv6;
  const fitting = services
    .flatMap(({ covers, server }) => covers.map((block) => ({ bits: bitsInCommon(parsed, block), server })))
    .filter(({ bits }) => bits >= 0)
    .sort((a, b) => b.bits - a.bits);
  return fitting[0]?.server ?? null;
}

// The width of a block that holds the address, in bits; -1 of one that does not.
function bitsInCommon(address: ipaddr.IPv4 | ipaddr.IPv6, block: string): number {
  if (!ipaddr.isValidCIDR(block)) return -1;
  const [start, bits] = ipaddr.parseCIDR(block);
  return start.kind() === address.kind() && address.match([start, bits]) ? bits : -1;
}

async function readRegistries(signal: AbortSignal): Promise<Registries> {
  const base = config().rdapBootstrap;
  const own = new URL(base).host;
  const [dns, ipv4, ipv6] = await Promise.all(
    FILES.map(async (name) => {
      const list = await fetchRegistry(`${base}/${name}.json`, (host) => host === own, signal);
      const read = bootstrap.safeParse(list);
      if (!read.success) throw new TraceFailed('UNREADABLE_ANSWER');
      return read.data.services.flatMap(toService);
    }),
  );
  if (!dns || !ipv4 || !ipv6) throw new TraceFailed('UNREADABLE_ANSWER');
  const hosts = new Set([...dns, ...ipv4, ...ipv6].map(({ server }) => new URL(server).host));
  return { dns, ipv4, ipv6, hosts };
}

// Of a service's servers one over https, if it has one; the guard refuses all others outside of tests.
function toService([covers, servers]: [string[], string[], ...unknown[]]): Service[] {
  const usable = servers.filter((server) => URL.canParse(server));
  const server = usable.find((one) => one.startsWith('https:')) ?? usable[0];
  if (!server) return [];
  return [{ covers: covers.map((one) => one.toLowerCase()), server: server.replace(/\/?$/, '/') }];
}

function refuse(): never {
  throw new TraceFailed('REGISTRY_UNREACHABLE');
}
