import { Resolver } from 'node:dns/promises';
import { config } from '../config.ts';
import { TraceFailed } from './trace-answer.ts';

const LONGEST_CHAIN = 8;
/** Milliseconds that one question waits for one server, and how often it is asked. */
const TIMEOUT_MS = 2_000;
const TRIES = 2;
/** Names that no public server can know (RFC 2606, 6761, 6762, 7686): they are asked of servers of one's own only. */
const RESERVED = /(?:^|\.)(?:example|test|invalid|localhost|local|onion|internal)$/;

export type ResolvedHost = { addresses: string[]; aliases: string[] };

/**
 * The addresses of a host by the name system, and the names that it is an alias of. Nothing is ever connected to. Throws a
 * `TraceFailed`, of code TIME_LIMIT where the signal ended it.
 */
export async function resolveHost(host: string, signal: AbortSignal): Promise<ResolvedHost> {
  if (isReserved(host)) throw new TraceFailed('RESERVED_NAME');
  return withResolver(signal, async (resolver) => {
    const [aliases, v4, v6] = await Promise.all([
      aliasesOf(resolver, host),
      resolver.resolve4(host).catch(none),
      resolver.resolve6(host).catch(none),
    ]);
    const addresses = [...v4, ...v6];
    if (addresses.length === 0) throw new TraceFailed('NO_ADDRESS');
    return { addresses, aliases };
  });
}

/** The texts of a name's TXT records; none where it has none. Throws a `TraceFailed`. */
export function textsOf(name: string, signal: AbortSignal): Promise<string[]> {
  return withResolver(signal, async (resolver) =>
    (await resolver.resolveTxt(name).catch(none)).map((parts) => parts.join('')),
  );
}

/** Whether a name is one that the public name system cannot know, and no servers of one's own are set. */
export function isReserved(host: string): boolean {
  return config().dnsServers === null && RESERVED.test(host);
}

async function withResolver<T>(signal: AbortSignal, ask: (resolver: Resolver) => Promise<T>): Promise<T> {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  const servers = config().dnsServers;
  if (servers) resolver.setServers(servers);
  const cancel = () => resolver.cancel();
  signal.addEventListener('abort', cancel);
  try {
    signal.throwIfAborted();
    return await ask(resolver);
  } catch (error) {
    if (signal.aborted) throw new TraceFailed('TIME_LIMIT');
    throw failureOf(error);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

async function aliasesOf(resolver: Resolver, host: string): Promise<string[]> {
  const aliases: string[] = [];
  for (let name: string | undefined = host; name !== undefined; ) {
    [name] = (await resolver.resolveCname(name).catch(none)).map((alias) => alias.toLowerCase());
    if (name === undefined) break;
    if (aliases.includes(name) || aliases.length === LONGEST_CHAIN) throw new TraceFailed('ENDLESS_ALIASES');
    aliases.push(name);
  }
  return aliases;
}

// No record of this kind is an answer; that the name does not exist, or that nobody answers, is a failure.
function none(error: unknown): never[] {
  if ((error as { code?: string }).code === 'ENODATA') return [];
  throw error;
}

function failureOf(error: unknown): unknown {
  const { code } = error as { code?: string };
  if (code === 'ENOTFOUND' || code === 'EBADNAME') return new TraceFailed('NO_SUCH_NAME');
  if (code === 'ETIMEOUT' || code === 'ECONNREFUSED' || code === 'ESERVFAIL' || code === 'EREFUSED') {
    return new TraceFailed('NAME_SERVERS_UNREACHABLE');
  }
  return code?.startsWith('E') ? new TraceFailed('UNREADABLE_ANSWER') : error;
}
