import { namesIn } from '../client-source.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * How many times as much an IPv6 network (a /48) may do as one household in it (a /64): five busy ones do not hinder the rest,
 * and whoever has the whole network gains no more than by five addresses.
 */
export const NETWORK_SIZE = 5;

/**
 * How many are remembered at most, 300 to 1,000 bytes each: an hour of 14 a second who all are others. Whoever was seen longest ago is
 * then forgotten before the hour is over, so that no flood from ever new addresses fills the memory. It gains nothing by that: one that
 * has so many has as many fresh counts, and the network that they share is seen with each of them.
 */
const MOST_SENDERS = 50_000;

/** Of whom a limit speaks, counted since a time. Every limit is multiplied by `size`: 1, or `NETWORK_SIZE`. */
export type Sender<Count> = Count & { size: number; since: number };

/**
 * Gives who stands behind a source (client-source.ts) at a time: its household, then its network where it has one; nobody behind
 * null. What is counted of each begins as `fresh` says with its first request, and is forgotten an hour later, or where `most` came
 * after it.
 */
export function countedByHour<Count extends object>(fresh: () => Count, most = MOST_SENDERS) {
  // In memory and for this process alone, which is the one that a source always comes to (share-by-source.ts); a restart forgets.
  // Whoever was seen last stands at the end.
  const senders = new Map<string, Sender<Count>>();
  let sweptAt = 0;

  function forgetOld(at: number): void {
    if (at < sweptAt + MINUTE_MS && at >= sweptAt) return;
    sweptAt = at;
    for (const [name, { since }] of senders) if (at >= since + HOUR_MS) senders.delete(name);
  }

  // A tenth at once: to find the first of a Map takes the longer the more were taken away before it.
  function forgetLongestAgo(): void {
    let more = Math.ceil(most / 10);
    for (const name of senders.keys()) {
      if (more === 0) return;
      senders.delete(name);
      more -= 1;
    }
  }

  function senderOf([name = '', nameBefore = '']: string[], size: number, at: number): Sender<Count> {
    const known = senders.get(name) ?? senders.get(nameBefore);
    // No spread, which would make an object of twice the size.
    const kept = known && at < known.since + HOUR_MS ? known : Object.assign(fresh(), { size, since: at });
    senders.delete(nameBefore);
    senders.delete(name);
    senders.set(name, kept);
    if (senders.size > most) forgetLongestAgo();
    return kept;
  }

  return (source: string | null, now: Date): Sender<Count>[] => {
    if (source === null) return [];
    forgetOld(now.getTime());
    return namesIn(source).map((names, place) => senderOf(names, place === 0 ? 1 : NETWORK_SIZE, now.getTime()));
  };
}
