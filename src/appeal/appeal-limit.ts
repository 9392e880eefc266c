import { TooManyReportsError } from '../domain/errors.ts';
import { countedByHour } from '../report/senders.ts';

/** Appeals an hour from one source: as many as a site's owner writes by hand, and few enough to be read by people. */
const APPEALS_PER_HOUR = 20;
const HOUR_SECONDS = 3_600;

const sendersOf = countedByHour(() => ({ appeals: 0 }));

/** Counts an appeal of this source. Throws a `TooManyReportsError` above `APPEALS_PER_HOUR`. A source of null is not limited. */
export function countAppeal(source: string | null, now: Date): void {
  const senders = sendersOf(source, now);
  if (senders.some(({ appeals, size }) => appeals >= APPEALS_PER_HOUR * size))
    throw new TooManyReportsError(HOUR_SECONDS);
  for (const sender of senders) sender.appeals += 1;
}
