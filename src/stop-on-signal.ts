import { log, traceOf } from './log.ts';
import { STOP_SIGNALS } from './with-database.ts';

/** Ends the process when it is told to: the first signal closes everything in order, a second one ends it at once. */
export function stopOnSignal(closing: (() => Promise<void>)[]): void {
  let stopping = false;
  const stop = async () => {
    if (stopping) process.exit(1);
    stopping = true;
    for (const close of closing)
      await close().catch((error: unknown) => log.error('Something did not stop cleanly.', traceOf(error)));
    process.exit(0);
  };
  for (const signal of STOP_SIGNALS) process.on(signal, stop);
}

/** Ends the process with a line in the log. Node's own report would print the message, which may hold anything. */
export function exitOnFault(error: unknown): void {
  log.error('A fault that nobody expected ended the process.', traceOf(error));
  process.exit(1);
}
