import { namesIn } from '../client-source.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * How many times as much an IPv6 network (a /48) may do as one household in it (a /64): five busy ones do not hinder the rest,
 * and whoever has the whole network gains no more than by five addresses.
 */
export const NETWORK_SIZE = 5;

/** Of whom a limit speaks. Every limit is multiplied by `size`: 1, or `NETWORK_SIZE`. */
export type Sender<Count> = Count & { size: number };

/**
 * Gives who stands behind a source (client-source.ts) at a time: its household, then its network where it has one; nobody behind
 * null. What is counted of each begins as `fresh` says with its first request, and is forgotten an hour later.
 */
export function countedByHour<Count extends object>(fresh: () => Count) {
  // In memory and for this process alone, which is the one that a source always comes to (share-by-source.ts); a restart forgets.
  const senders = new Map<string, { since: number; sender: Sender<Count> }>();
  let sweptAt = 0;

  function forgetOld(at: number): void {
    if (at < sweptAt + MINUTE_MS && at >= sweptAt) return;
    sweptAt = at;
    for (const [name, { since }] of senders) if (at >= since + HOUR_MS) senders.delete(name);
  }

  function senderOf([name = '', nameBefore = '']: string[], size: number, at: number): Sender<Count> {
    const known = senders.get(name) ?? senders.get(nameBefore);
    const kept = known && at < known.since + HOUR_MS ? known : { since: at, sender: { ...fresh(), size } };
    senders.delete(nameBefore);
    senders.set(name, kept);
    return kept.sender;
  }

  return (source: string | null, now: Date): Sender<Count>[] => {
    if (source === null) return [];
    forgetOld(now.getTime());
    return namesIn(source).map((names, place) => senderOf(names, place === 0 ? 1 : NETWORK_SIZE, now.getTime()));
  };
}
