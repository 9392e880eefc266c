import { namesIn } from '../client-source.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * How many times as much an IPv6 network (a /48) may do as one household in it (a /64): five busy ones do not hinder the rest,
 * and whoever has the whole network gains no more than by five addresses.
 */
export const NETWORK_SIZE = 5;

/**
 * How many are remembered at most, 300 to 600 bytes each; the half of them that was seen last always is: everybody, as long as no more
 * than 10,000 new ones come in an hour. In a flood from ever new addresses the others are forgotten before their hour is over, so that it
 * does not fill the memory. It gains nothing by that: one that has so many has as many fresh counts, and the network that they share is seen
 * with each of them.
 */
const MOST_SENDERS = 20_000;

/** Of whom a limit speaks, counted since a time. Every limit is multiplied by `size`: 1, or `NETWORK_SIZE`. */
export type Sender<Count> = Count & { size: number; since: number };

/**
 * Gives who stands behind a source (client-source.ts) at a time: its household, then its network where it has one; nobody behind
 * null. What is counted of each begins as `fresh` says with its first request, and is forgotten an hour later, or before it once more
 * than half of `most` others were seen since.
 */
export function countedByHour<Count extends object>(fresh: () => Count, most = MOST_SENDERS) {
  // In memory and for this process alone, which is the one that a source always comes to (share-by-source.ts); a restart forgets.
  // Two halves: whoever is seen is in the newer one, and once that is full the older one is let go.
  let newer = new Map<string, Sender<Count>>();
  let older = newer;
  let sweptAt = 0;

  function forgetOld(at: number): void {
    if (at < sweptAt + MINUTE_MS && at >= sweptAt) return;
    sweptAt = at;
    for (const half of [newer, older])
      for (const [name, { since }] of half) if (at >= since + HOUR_MS) half.delete(name);
  }

  function senderOf([name = '', nameBefore = '']: string[], size: number, at: number): Sender<Count> {
    const known = newer.get(name) ?? older.get(name) ?? newer.get(nameBefore) ?? older.get(nameBefore);
    // No spread, which would make an object of twice the size.
    const kept = known && at < known.since + HOUR_MS ? known : Object.assign(fresh(), { size, since: at });
    for (const half of [newer, older]) half.delete(nameBefore);
    newer.set(name, kept);
    if (newer.size >= most / 2) [older, newer] = [newer, new Map()];
    return kept;
  }

  return (source: string | null, now: Date): Sender<Count>[] => {
    if (source === null) return [];
    forgetOld(now.getTime());
    return namesIn(source).map((names, place) => senderOf(names, place === 0 ? 1 : NETWORK_SIZE, now.getTime()));
  };
}
