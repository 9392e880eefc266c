import { createChallenge, verifySolution } from 'altcha-lib/v1';
import { ChallengeRequiredError, TooManyReportsError } from '../domain/errors.ts';
import { derivedKey } from '../secrets.ts';

const MINUTE_MS = 60_000;

/**
 * Submissions a minute from one source that nothing hinders: the burst that the platform is planned for, 20 a second (domain.md
 * §11). A whole country may share a few addresses of its mobile network, and a portal's own server may send for all its people.
 */
export const FREE_PER_MINUTE = 1_200;
/** Submissions a minute from one source past which even solved challenges do not help: two and a half times that burst. */
const MOST_PER_MINUTE = 3_000;
/** The largest number that solves a challenge: on average half as many SHA-256. */
const CHALLENGE_NUMBERS = 20_000;
const CHALLENGE_MS = 10 * MINUTE_MS;

/** The present and the last period's value: what is older is forgotten, so that nothing grows for ever. */
function inPeriods<T>(periodMs: number, make: () => T): (now: Date) => { current: T; previous: T } {
  let [period, current, previous] = [Number.NaN, make(), make()];
  return (now) => {
    const at = Math.floor(now.getTime() / periodMs);
    if (at !== period) {
      previous = at === period + 1 ? current : make();
      [period, current] = [at, make()];
    }
    return { current, previous };
  };
}

// In memory and for this process alone: several processes let as many times more pass, and a restart forgets.
const counts = inPeriods(MINUTE_MS, () => new Map<string, number>());
const solved = inPeriods(CHALLENGE_MS, () => new Set<string>());

/**
 * Counts a submission of this source (the keyed hash of client-source.ts) and lets it pass, or throws a
 * `ChallengeRequiredError` (above `FREE_PER_MINUTE`, without a solved challenge) or a `TooManyReportsError` (above
 * `MOST_PER_MINUTE`). A source of null is not limited.
 */
export async function admit(source: string | null, solution: string | null | undefined, now: Date): Promise<void> {
  if (source === null) return;
  const rate = countedRate(source, now);
  if (rate <= FREE_PER_MINUTE) return;
  if (rate > MOST_PER_MINUTE) throw new TooManyReportsError(MINUTE_MS / 1_000);
  if (solution && (await isSolved(solution, now))) return;
  throw new ChallengeRequiredError(await newChallenge(now));
}

// The last 60 seconds, as far as two counts can say: this minute's, and of the last minute's the share not yet past.
function countedRate(source: string, now: Date): number {
  const { current, previous } = counts(now);
  const count = (current.get(source) ?? 0) + 1;
  current.set(source, count);
  const passed = (now.getTime() % MINUTE_MS) / MINUTE_MS;
  return count + (previous.get(source) ?? 0) * (1 - passed);
}

// Signed by a key that all processes of an installation derive alike: one may have set what another checks.
const challengeKey = () => derivedKey('challenge').toString('hex');

async function newChallenge(now: Date): Promise<string> {
  const expires = new Date(now.getTime() + CHALLENGE_MS);
  return JSON.stringify(
    await createChallenge({ hmacKey: challengeKey(), maxnumber: CHALLENGE_NUMBERS, saltLength: 16, expires }),
  );
}

/** Whether a payload (base64 of JSON, as ALTCHA's widget makes it) solves a challenge of ours, in its 10 minutes and for the first time. */
async function isSolved(payload: string, now: Date): Promise<boolean> {
  const challenge = challengeOf(payload);
  if (challenge === null || !(await verifySolution(payload, challengeKey()).catch(() => false))) return false;
  const { current, previous } = solved(now);
  if (current.has(challenge) || previous.has(challenge)) return false;
  current.add(challenge);
  return true;
}

function challengeOf(payload: string): string | null {
  try {
    const { challenge } = JSON.parse(atob(payload)) as { challenge?: unknown };
    return typeof challenge === 'string' ? challenge : null;
  } catch {
    return null;
  }
}
