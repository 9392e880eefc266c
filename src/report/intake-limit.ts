import { randomUUID } from 'node:crypto';
import { TooManyReportsError } from '../domain/errors.ts';
import { demandAnswer } from './intake-challenge.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * Reports an hour from one source that nothing hinders: three full messages of 20 addresses, more than a person finds in an hour
 * and as much as a school or an office behind one address sends on a busy day. A whole country may share a few addresses of its
 * mobile network: in such an hour its people's devices work for a fifth of a second, or wait for up to a minute.
 */
export const FREE_PER_HOUR = 60;
/**
 * Reports an hour from one source past which they wait in quarantine for one look in bulk: twice as many. None is refused and none
 * is dropped; at worst a busy hour of honest people waits until an analyst has released it.
 */
export const QUARANTINE_PER_HOUR = 120;
/** Tries a minute from one source past which nothing is taken, to protect the server: two and a half times the planned burst of 20 a second (domain.md §11). */
export const MOST_PER_MINUTE = 3_000;

/**
 * Access codes an hour from one source that may open nothing: far more than people mistype. Of 10^15 codes perhaps 10^7 are in
 * use, so whoever guesses needs some 10^8 tries.
 */
export const MISSES_PER_HOUR = 100;

/** Seconds that a ticket makes one wait: at the first challenge, and at most. */
const WAIT_SECONDS = { least: 10, most: 60 } as const;

/** A report that came in freely, remembered so that it can be set aside when the rest of its burst is. */
export type Remembered = { id: string; portalId: string };

/** What was sent in one burst: reports through each portal have a quarantine of their own. */
export type Burst = {
  quarantineOf: (portalId: string) => string;
  /** The reports that came in before the burst was known for one; whoever takes them sets them aside. */
  takeEarlier: () => Remembered[];
  /** Puts them back, where setting them aside failed: the next report of the burst tries again. */
  putBack: (reports: Remembered[]) => void;
};

type Sender = {
  /** Of its hour, which begins with its first try. */
  since: number;
  reports: number;
  minute: number;
  tries: number;
  misses: number;
  earlier: Remembered[];
  burst: Burst | null;
};

// In memory and for this process alone: several processes let as many times more pass, and a restart forgets. The hash by which
// a source is known means nothing after an hour (client-source.ts), and what was kept beside it goes with it.
const senders = new Map<string, Sender>();
let sweptAt = 0;

/**
 * Counts a try of this source (the keyed hash of client-source.ts), be it a report or a failure. Throws a `TooManyReportsError`
 * above `MOST_PER_MINUTE`. A source of null is not limited.
 */
export function countTry(source: string | null, now: Date): void {
  if (source === null) return;
  const sender = senderOf(source, now);
  const minute = Math.floor(now.getTime() / MINUTE_MS);
  sender.tries = sender.minute === minute ? sender.tries + 1 : 1;
  sender.minute = minute;
  if (sender.tries > MOST_PER_MINUTE) throw new TooManyReportsError(MINUTE_MS / 1_000);
  sender.reports += 1;
}

/**
 * Lets a counted try that holds so many `reports` pass: null where they count, the burst where they are to be set aside (above
 * `QUARANTINE_PER_HOUR`). Above `FREE_PER_HOUR` it needs an answered challenge, or throws a `ChallengeRequiredError`. A source of
 * null is not limited.
 */
export async function admit(
  source: string | null,
  reports: number,
  answer: string | null | undefined,
  now: Date,
): Promise<Burst | null> {
  if (source === null) return null;
  const sender = senderOf(source, now);
  if (sender.reports > FREE_PER_HOUR) {
    // The same report comes again with its answer: it is counted then.
    sender.reports -= 1;
    await demandAnswer(answer, waitSeconds(sender.reports), now);
    sender.reports += 1;
  }
  sender.reports += reports - 1;
  if (sender.reports > QUARANTINE_PER_HOUR) sender.burst ??= burstOf(sender);
  return sender.burst;
}

/** Remembers reports that counted, for as long as their source is known: should it turn out to be a burst, they belong to it. */
export function remember(source: string | null, reports: Remembered[], now: Date): void {
  if (source !== null) senderOf(source, now).earlier.push(...reports);
}

/** Counts an access code of this source that opened nothing. */
export function countMiss(source: string | null, now: Date): void {
  if (source !== null) senderOf(source, now).misses += 1;
}

/** Whether so many codes of this source have opened nothing that no other is looked up until its hour is over. */
export function guessesTooMuch(source: string | null, now: Date): boolean {
  return source !== null && senderOf(source, now).misses >= MISSES_PER_HOUR;
}

function senderOf(source: string, now: Date): Sender {
  const at = now.getTime();
  forgetOld(at);
  const known = senders.get(source);
  if (known && at < known.since + HOUR_MS) return known;
  const sender: Sender = { since: at, reports: 0, minute: 0, tries: 0, misses: 0, earlier: [], burst: null };
  senders.set(source, sender);
  return sender;
}

function forgetOld(at: number): void {
  if (at < sweptAt + MINUTE_MS && at >= sweptAt) return;
  sweptAt = at;
  for (const [source, { since }] of senders) if (at >= since + HOUR_MS) senders.delete(source);
}

function burstOf(sender: Sender): Burst {
  const quarantines = new Map<string, string>();
  return {
    quarantineOf: (portalId) => {
      const id = quarantines.get(portalId) ?? randomUUID();
      quarantines.set(portalId, id);
      return id;
    },
    takeEarlier: () => sender.earlier.splice(0),
    putBack: (reports) => {
      sender.earlier.push(...reports);
    },
  };
}

// One second more for every two reports, from the least to the most.
function waitSeconds(reports: number): number {
  const above = Math.max(0, reports - FREE_PER_HOUR);
  return Math.min(WAIT_SECONDS.most, WAIT_SECONDS.least + Math.floor(above / 2));
}
