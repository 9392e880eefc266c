import { countedByHour } from './senders.ts';

/**
 * Access codes an hour from one source that may open nothing before it has to take turns: far more than people mistype, since of
 * a mistyped code its check digit is wrong and it does not count.
 */
export const MISSES_PER_HOUR = 100;
/**
 * How long a turn is, in milliseconds. So one source tries some 3,700 codes an hour at most. Of 10^15 codes perhaps 10^7 are in
 * use: it takes 10^8 tries to open one, three years of them, or eight months from a whole IPv6 network.
 */
const TURN_MS = 1_000;
/** For how long a code waits for its turn at most, in milliseconds: honest people behind the same address are to be answered still. */
export const LONGEST_WAIT_MS = 5_000;

type Turn = {
  waitMs: number;
  /** Says that the code opened something: it was no guess. */
  opened: () => void;
};

const sendersOf = countedByHour(() => ({ misses: 0, nextTurnAt: 0 }));

/**
 * When this source may try an access code, or null where too many of its codes wait already. A code that could be one of ours
 * counts as a miss until it has opened something, so that no guess runs ahead of the count; one that could not opens nothing
 * and counts for nothing, but waits like the others.
 */
export function turnFor(source: string, couldOpen: boolean, now: Date): Turn | null {
  const at = now.getTime();
  const senders = sendersOf(source, now);
  const guessers = senders.filter(({ misses, size }) => misses >= MISSES_PER_HOUR * size);
  const turnAt = Math.max(at, ...guessers.map(({ nextTurnAt }) => nextTurnAt));
  if (turnAt > at + LONGEST_WAIT_MS) return null;

  for (const guesser of guessers) guesser.nextTurnAt = Math.max(at, guesser.nextTurnAt) + TURN_MS / guesser.size;
  const count = (misses: number) => {
    if (couldOpen) for (const sender of senders) sender.misses += misses;
  };
  count(1);
  return { waitMs: turnAt - at, opened: () => count(-1) };
}
