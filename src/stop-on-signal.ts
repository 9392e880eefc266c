import { log, traceOf } from './log.ts';
import { STOP_SIGNALS } from './with-database.ts';

/** What is to be closed at the end, in this order. */
export type Closing = (() => Promise<void>)[];

/** Ends the process when it is told to: the first signal closes everything in order, a second one ends it at once. */
export function stopOnSignal(closing: Closing): void {
  let stopping = false;
  const stop = async () => {
    if (stopping) process.exit(1);
    stopping = true;
    await closeAll(closing);
  };
  for (const signal of STOP_SIGNALS) process.on(signal, stop);
}

/**
 * Ends the process at the word of the one that started it, or with it. A terminal sends its signal to all processes at once: these
 * leave it to the first. What is in `closing` by then is closed in order.
 */
export function stopAtWord(closing: Closing): void {
  for (const signal of STOP_SIGNALS) process.on(signal, () => undefined);
  process.once('message', () => closeAll(closing));
}

async function closeAll(closing: Closing): Promise<void> {
  for (const close of closing)
    await close().catch((error: unknown) => log.error('Something did not stop cleanly.', traceOf(error)));
  process.exit(0);
}

/** Ends the process with a line in the log. Node's own report would print the message, which may hold anything. */
export function exitOnFault(error: unknown): void {
  log.error('A fault that nobody expected ended the process.', traceOf(error));
  process.exit(1);
}
