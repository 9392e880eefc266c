import { z } from 'zod';
import type { BySignedIn } from '../account/viewer.ts';
import {
  IdempotencyConflictError,
  type InputIssue,
  InvalidInputError,
  InvalidTransitionError,
  NotFoundError,
} from '../domain/errors.ts';
import { readInput } from '../read-input.ts';
import { changeCase } from './change-case.ts';
import { observe, refuseFaults, type Sight } from './record-observation.ts';

const batch = z.object({
  observations: z
    .array(z.unknown())
    .min(1, 'Send at least one observation.')
    .max(100, 'Send at most 100 observations at once, the rest in another batch.'),
  idempotencyKey: z
    .string()
    .min(16, 'Use at least 16 characters that nobody can guess, such as a UUID.')
    .max(200, 'Use at most 200 characters.'),
});

type Given = { observations: (Sight & { case: string })[]; idempotencyKey: string };

/** What came of one observation: `fault` is null where it was taken. */
export type ObservationResult = {
  case: string;
  fault: { code: string; message: string; issues: InputIssue[] } | null;
};

/**
 * Records what was seen of up to 100 cases, each line by itself and in its order, so that one that is refused stops no other. It
 * needs no version: what was seen stays seen. A retry with the same key, also of a batch that was cut half way, records nothing
 * twice. Throws an `InvalidInputError` for faults of the batch.
 */
export async function recordObservations(by: BySignedIn, given: Given, now: Date): Promise<ObservationResult[]> {
  const { idempotencyKey } = readInput(batch, given);
  const results: ObservationResult[] = [];
  for (const [place, { case: number, ...sight }] of given.observations.entries()) {
    const line = { case: number, ...sight, version: 0, idempotencyKey: `${idempotencyKey}\n${place}` };
    try {
      refuseFaults(sight, now);
      const options = { action: 'OBSERVE', claimed: false, anyVersion: true };
      await changeCase(by, line, now, options, (step) => observe(step, by, sight, now));
      results.push({ case: number, fault: null });
    } catch (error) {
      results.push({ case: number, fault: faultOf(error, place) });
    }
  }
  return results;
}

function faultOf(error: unknown, place: number): ObservationResult['fault'] {
  if (error instanceof InvalidInputError) {
    const path = ['input', 'observations', String(place)];
    const issues = error.issues.map((issue) => ({ ...issue, path: [...path, ...issue.path.slice(1)] }));
    return { code: error.code, message: error.message, issues };
  }
  // A tool is told no state of a case.
  if (error instanceof InvalidTransitionError)
    return { code: error.code, message: 'This cannot be recorded of the case as it is now.', issues: [] };
  if (error instanceof NotFoundError || error instanceof IdempotencyConflictError)
    return { code: error.code, message: error.message, issues: [] };
  throw error;
}
