import { randomUUID } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { isBusy } from '../db.ts';
import { log, traceOf } from '../log.ts';

/**
 * What a client is told of an error. What we say on purpose is a GraphQLError and goes out as it is; all else may hold anything,
 * so the client gets an id and the log what is safe.
 */
export function maskError(error: unknown): Error {
  if (error instanceof GraphQLError && (!error.originalError || error.originalError instanceof GraphQLError))
    return error;
  const thrown = error instanceof GraphQLError ? error.originalError : error;
  if (isBusy(thrown)) return busy();
  const id = randomUUID();
  log.error('A request failed.', { id, ...traceOf(thrown) });
  return new GraphQLError('Something failed on our side. If it lasts, tell us this id.', {
    ...(error instanceof GraphQLError ? { nodes: error.nodes ?? null, path: error.path ?? null } : {}),
    extensions: { code: 'INTERNAL_SERVER_ERROR', id },
  });
}

function busy(): GraphQLError {
  log.warn('A request found no connection to the database.');
  return new GraphQLError('The platform is busy. Send this again in a few seconds, with the same idempotency key.', {
    extensions: { code: 'BUSY', http: { status: 503, headers: { 'retry-after': '5' } } },
  });
}
