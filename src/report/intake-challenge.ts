import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createChallenge, verifySolution } from 'altcha-lib/v1';
import { ChallengeRequiredError } from '../domain/errors.ts';
import { derivedKey } from '../secrets.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
/** The largest number that solves a challenge: on average half as many SHA-256, 0.2 s on a slow telephone. */
const CHALLENGE_NUMBERS = 20_000;
const CHALLENGE_MS = 10 * MINUTE_MS;
/** How long a ticket is good once it counts: time to come back to the page, no time to hoard. */
const TICKET_MS = 20 * MINUTE_MS;
const TICKET = /^ticket\.([\w-]{22})\.(\d{10})\.([\w-]{43})$/;

// What was used, by process: another process would take it once more, which costs no more than that one report.
// Kept for two periods, each longer than any answer lives.
const PERIOD_MS = 30 * MINUTE_MS;
let [period, used, usedBefore] = [Number.NaN, new Set<string>(), new Set<string>()];

/** Whether an answer was not used before; it is from now on. */
function isFirstUse(answer: string, now: Date): boolean {
  const at = Math.floor(now.getTime() / PERIOD_MS);
  if (at !== period) [period, usedBefore, used] = [at, at === period + 1 ? used : new Set(), new Set()];
  if (used.has(answer) || usedBefore.has(answer)) return false;
  used.add(answer);
  return true;
}

/**
 * Lets an answer to an earlier challenge pass, once: its solution (base64 of JSON, as ALTCHA's widget makes it) within 10
 * minutes, or its ticket after its wait. Throws a `ChallengeRequiredError` otherwise: with the same ticket and the seconds that
 * are left where it was sent too early, else with a new challenge and a ticket that counts in `waitSeconds`.
 */
export async function demandAnswer(answer: string | null | undefined, waitSeconds: number, now: Date): Promise<void> {
  const ticket = readTicket(answer);
  if (!ticket) {
    if (answer && (await isSolved(answer, now))) return;
    throw new ChallengeRequiredError(await newChallenge(now), newTicket(waitSeconds, now), waitSeconds);
  }
  const leftSeconds = Math.ceil((ticket.notBefore - now.getTime()) / SECOND_MS);
  if (leftSeconds > 0) throw new ChallengeRequiredError(await newChallenge(now), ticket.text, leftSeconds);
  if (now.getTime() < ticket.notBefore + TICKET_MS && isFirstUse(ticket.id, now)) return;
  throw new ChallengeRequiredError(await newChallenge(now), newTicket(waitSeconds, now), waitSeconds);
}

// Signed by a key that all processes of an installation derive alike: one may have set what another checks.
const challengeKey = () => derivedKey('challenge').toString('hex');

async function newChallenge(now: Date): Promise<string> {
  const expires = new Date(now.getTime() + CHALLENGE_MS);
  return JSON.stringify(
    await createChallenge({ hmacKey: challengeKey(), maxnumber: CHALLENGE_NUMBERS, saltLength: 16, expires }),
  );
}

async function isSolved(payload: string, now: Date): Promise<boolean> {
  const challenge = challengeOf(payload);
  if (challenge === null || !(await verifySolution(payload, challengeKey()).catch(() => false))) return false;
  return isFirstUse(challenge, now);
}

function challengeOf(payload: string): string | null {
  try {
    const { challenge } = JSON.parse(atob(payload)) as { challenge?: unknown };
    return typeof challenge === 'string' ? challenge : null;
  } catch {
    return null;
  }
}

// A ticket says nothing of whom it was given to: a random id, from when on it counts (seconds since 1970), and our signature.
function newTicket(waitSeconds: number, now: Date): string {
  const notBefore = Math.floor(now.getTime() / SECOND_MS) + waitSeconds;
  const body = `ticket.${randomBytes(16).toString('base64url')}.${notBefore}`;
  return `${body}.${signature(body).toString('base64url')}`;
}

const signature = (body: string) => createHmac('sha256', derivedKey('challenge')).update(body).digest();

function readTicket(text: string | null | undefined): { text: string; id: string; notBefore: number } | null {
  const [, id, notBefore, signed] = TICKET.exec(text ?? '') ?? [];
  if (!text || !id || !notBefore || !signed) return null;
  const given = Buffer.from(signed, 'base64url');
  if (!timingSafeEqual(given, signature(`ticket.${id}.${notBefore}`))) return null;
  return { text, id, notBefore: Number(notBefore) * SECOND_MS };
}
