import { Logger } from 'graphile-worker';
import { log, traceOf } from '../log.ts';

type Meta = { error?: unknown; failure?: boolean };

// The library's messages may hold a payload or an error's words: only the level and the task's name are ours to keep.
// A task that failed has told so itself.
/** What graphile-worker says, as far as it may be told. */
export const jobLog = new Logger((scope) => (level, _message, meta) => {
  const { error, failure } = (meta ?? {}) as Meta;
  if (level !== 'error' || failure) return;
  log.error('The job queue met a fault.', { job: scope.taskIdentifier, ...traceOf(error) });
});
