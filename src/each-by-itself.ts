import { log, traceOf } from './log.ts';

/** So many failures are no matter of single rows: the database is away, or the code is at fault. */
const MOST_FAILURES = 20;

/**
 * Does `work` for each, in order, so that one that fails every time stops none of those behind it; what failed is logged under
 * `name`. Throws the failure where 20 have failed.
 */
export async function eachByItself<T>(name: string, all: readonly T[], work: (one: T) => Promise<unknown>) {
  let failures = 0;
  for (const one of all) {
    try {
      await work(one);
    } catch (error) {
      failures += 1;
      if (failures === MOST_FAILURES) throw error;
      log.error('One of many could not be looked after; the others were.', { job: name, ...traceOf(error) });
    }
  }
}
