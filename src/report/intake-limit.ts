import { randomUUID } from 'node:crypto';
import { TooManyReportsError } from '../domain/errors.ts';
import { demandAnswer } from './intake-challenge.ts';
import { countedByHour, type Sender as SenderOf } from './senders.ts';

const MINUTE_MS = 60_000;

/**
 * Tries an hour from one source that nothing hinders, each address of a message being one: three full messages of 20, more than a
 * person finds in an hour and as much as a school or an office behind one address sends on a busy day. A whole country may share
 * a few addresses of its mobile network: in such an hour its people's devices work for a fifth of a second, or wait for up to a minute.
 */
export const FREE_PER_HOUR = 60;
/**
 * Reports an hour filed from one source past which they wait in quarantine for one look in bulk: twice as many. None is refused and
 * none is dropped; at worst a busy hour of honest people waits until an analyst has released it. What files nothing sets nothing aside.
 */
export const QUARANTINE_PER_HOUR = 120;
/** Tries a minute from one source past which nothing is taken, to protect the server: two and a half times the planned burst of 20 a second (domain.md §11). */
export const MOST_PER_MINUTE = 3_000;

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

type Sender = SenderOf<{
  /** Of its hour: reports, failures and repetitions. */
  tries: number;
  minute: number;
  triesOfMinute: number;
  /** What it filed and is not set aside. */
  filed: Remembered[];
  burst: Burst | null;
}>;

const sendersOf = countedByHour(
  (): Omit<Sender, 'size' | 'since'> => ({ tries: 0, minute: 0, triesOfMinute: 0, filed: [], burst: null }),
);

// A report of a household is one of its network too: set aside with the one, it is not the other's any more.
const filedBy = new WeakMap<Remembered, Sender[]>();

/**
 * Counts a try of this source, be it a report or a failure. Throws a `TooManyReportsError` above `MOST_PER_MINUTE`. A source of
 * null is not limited.
 */
export function countTry(source: string | null, now: Date): void {
  const minute = Math.floor(now.getTime() / MINUTE_MS);
  // The household comes first: what it is refused does not weigh on its network.
  for (const sender of sendersOf(source, now)) {
    sender.triesOfMinute = sender.minute === minute ? sender.triesOfMinute + 1 : 1;
    sender.minute = minute;
    if (sender.triesOfMinute > MOST_PER_MINUTE * sender.size) throw new TooManyReportsError(MINUTE_MS / 1_000);
    sender.tries += 1;
  }
}

/** Takes a counted try out of its hour: in the sandbox it weighs on nobody's. That of its minute stays, to protect the server. */
export function spareTry(source: string | null, now: Date): void {
  for (const sender of sendersOf(source, now)) sender.tries = Math.max(0, sender.tries - 1);
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
  const senders = sendersOf(source, now);
  const count = (tries: number) => {
    for (const sender of senders) sender.tries += tries;
  };
  if (senders.some(({ tries, size }) => tries > FREE_PER_HOUR * size)) {
    // The same report comes again with its answer: it is counted then.
    count(-1);
    await demandAnswer(answer, Math.max(...senders.map(waitSeconds)), now);
    count(1);
  }
  count(reports - 1);
  return burstOf(senders, reports);
}

/**
 * Remembers reports that were filed to count, for as long as their source is known: should it turn out to be a burst, they belong
 * to it. Gives the burst where it is known for one by now, so that they are set aside at once.
 */
export function remember(source: string | null, reports: Remembered[], now: Date): Burst | null {
  const senders = sendersOf(source, now);
  const filed = reports.map(({ id, portalId }) => ({ id, portalId }));
  for (const report of filed) filedBy.set(report, senders);
  putBack(filed);
  return burstOf(senders, 0);
}

// Either makes a burst, the household or the network; the network's holds what is left of all its households.
function burstOf(senders: Sender[], more: number): Burst | null {
  for (const sender of senders) {
    if (sender.filed.length + more > QUARANTINE_PER_HOUR * sender.size) sender.burst ??= newBurst(sender);
  }
  return senders.findLast(({ burst }) => burst)?.burst ?? null;
}

function newBurst(sender: Sender): Burst {
  const quarantines = new Map<string, string>();
  return {
    quarantineOf: (portalId) => {
      const id = quarantines.get(portalId) ?? randomUUID();
      quarantines.set(portalId, id);
      return id;
    },
    takeEarlier: () => {
      const taken = new Set(sender.filed);
      const owners = new Set([...taken].flatMap((report) => filedBy.get(report) ?? []));
      for (const one of owners) one.filed = one.filed.filter((report) => !taken.has(report));
      return [...taken];
    },
    putBack,
  };
}

function putBack(reports: Remembered[]): void {
  for (const report of reports) {
    // No push, which would make room for sixteen more: most senders file one.
    for (const sender of filedBy.get(report) ?? []) sender.filed = [...sender.filed, report];
  }
}

// One second more for every two tries, from the least to the most.
function waitSeconds({ tries, size }: Sender): number {
  const above = Math.max(0, tries / size - FREE_PER_HOUR);
  return Math.min(WAIT_SECONDS.most, WAIT_SECONDS.least + Math.floor(above / 2));
}
