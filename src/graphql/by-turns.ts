import { setTimeout as sleep } from 'node:timers/promises';
import { GraphQLError } from 'graphql';
import { NotFoundError } from '../domain/errors.ts';
import { LONGEST_WAIT_MS, turnFor } from '../report/guess-limit.ts';
import type { Context } from './context.ts';

/**
 * Opens something by a secret that a stranger sent, such as an access code: whoever guesses waits before the next is looked up, whatever it
 * opens, and holds no connection to the database meanwhile. `couldOpen` says whether the secret has the form of one of ours. Throws a
 * TOO_MANY_TRIES error where too many wait already.
 */
export async function byTurns<T>({ source }: Context, couldOpen: boolean, open: () => Promise<T>): Promise<T> {
  // The clock and not the request's time: the fields of one operation may have to wait for each other.
  const turn = turnFor(source(), couldOpen, new Date());
  if (!turn) throw tooManyTries();
  if (turn.waitMs > 0) await sleep(turn.waitMs);
  try {
    const found = await open();
    if (found !== null) turn.opened();
    return found;
  } catch (error) {
    // A fault of the input, for one, says nothing about the secret.
    if (!(error instanceof NotFoundError)) turn.opened();
    throw error;
  }
}

function tooManyTries(): GraphQLError {
  const seconds = LONGEST_WAIT_MS / 1_000;
  return new GraphQLError(`Too many codes are tried from where you are. Try again in ${seconds} seconds.`, {
    extensions: {
      code: 'TOO_MANY_TRIES',
      retryAfterSeconds: seconds,
      http: { status: 429, headers: { 'retry-after': String(seconds) } },
    },
  });
}
