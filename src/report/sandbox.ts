import { createHmac } from 'node:crypto';
import { CompactSign } from 'jose';
import type { Address } from '../domain/address.ts';
import { IdempotencyConflictError, PortalClosedError, TooManyReportsError } from '../domain/errors.ts';
import { accessCodeFrom, groupAccessCode, readAccessCode, referenceFrom } from '../domain/receipt.ts';
import { type SandboxScenario, sandboxScenarios, scenarioOf } from '../domain/sandbox-scenarios.ts';
import { derivedKey, derivedKeys } from '../secrets.ts';
import { demandAnswer } from './intake-challenge.ts';

/** How long a ticket of the sandbox takes to count, in seconds: long enough to see that a client waits. */
const WAIT_SECONDS = 5;
const RETRY_AFTER_SECONDS = 60;

type Try = { accessCode: string; receivedOn: Date; reports: { reference: string; address: string }[]; proof: string };

/**
 * What a report through the sandbox portal comes to. It is kept nowhere and counted nowhere. Throws what its first address
 * asks for: `PortalClosedError`, `ChallengeRequiredError` (unless answered), `TooManyReportsError`, `IdempotencyConflictError`.
 */
export async function tryReport(addresses: Address[], answer: string | null | undefined, now: Date): Promise<Try> {
  const scenario = scenarioOf(addresses.map(({ host }) => host));
  await throwAsAsked(scenario, answer, now);
  const day = now.toISOString().slice(0, 10);
  const reports = addresses.map(({ key, raw }) => ({
    reference: referenceFrom(derived(derivedKey('sandbox'), `reference ${key}`)),
    address: raw,
  }));
  return {
    accessCode: groupAccessCode(accessCodeOf(derivedKey('sandbox'), scenario)),
    receivedOn: new Date(day),
    reports,
    proof: await proofOfNothing(
      day,
      reports.map(({ reference }) => reference),
    ),
  };
}

/** The status behind an access code of the sandbox, received today and with nothing answered; null for every other code. */
export function triedStatus(typed: string, now: Date) {
  const code = readAccessCode(typed);
  const keys = derivedKeys('sandbox');
  const scenario = sandboxScenarios.find(
    (candidate) => candidate.status && keys.some((key) => accessCodeOf(key, candidate) === code),
  );
  if (!scenario?.status) return null;
  const answers = { category: null, foundOn: null, seenOn: null, howFound: null, inDanger: null };
  return {
    ...scenario.status,
    receivedOn: new Date(now.toISOString().slice(0, 10)),
    answers: { ...answers, hasNote: false, hasContact: false },
  };
}

async function throwAsAsked({ name, answer }: SandboxScenario, solution: string | null | undefined, now: Date) {
  if (answer === 'ChallengeRequiredError') await demandAnswer(solution, WAIT_SECONDS, now);
  if (answer === 'TooManyReportsError') throw new TooManyReportsError(RETRY_AFTER_SECONDS);
  if (answer === 'IdempotencyConflictError') throw new IdempotencyConflictError();
  if (answer === 'PortalClosedError')
    throw new PortalClosedError(name === 'portal-transferred' ? 'https://hotline.example/' : null);
}

// Derived and not drawn: there are as many codes as scenarios, and any process knows them without a table.
function accessCodeOf(key: Uint8Array, { name }: SandboxScenario): string {
  return accessCodeFrom(derived(key, `access code ${name}`));
}

function derived(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

// In the form of a proof of report, but signed by no key that anyone can check it with: nobody shall pass it off for one.
function proofOfNothing(receivedOn: string, references: string[]): Promise<string> {
  const claims = { statement: 'This was tried in the sandbox. No report was made.', receivedOn, references };
  return new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'HS256', typ: 'sandbox+jws' })
    .sign(derivedKey('sandbox'));
}
