import type { z } from 'zod';
import { log, traceOf } from '../log.ts';

/** A kind of work that runs later. It may run twice, also twice at once, and must not mind. */
export type Task = {
  /** The name under which `later` queues it. */
  name: string;
  /** When it runs by itself, in UTC: minute, hour, day of month, month, day of week. One process of all queues each. */
  schedule?: string;
  run: (payload: unknown) => Promise<void>;
};

/** Makes a task of work that needs nothing told, by a schedule. */
export function scheduledTask(name: string, schedule: string, work: () => Promise<unknown>): Task {
  return { name, schedule, run: () => attempt(name, work) };
}

/** Makes a task that is queued with a payload of this shape; a payload of another shape fails it. */
export function queuedTask<Shape extends z.ZodType>(
  name: string,
  payload: Shape,
  work: (payload: z.output<Shape>) => Promise<unknown>,
): Task {
  return { name, run: (told) => attempt(name, () => work(payload.parse(told))) };
}

/** Why a job failed, as far as the queue and an operator may know: no message, since that may hold somebody's words. */
class JobFailure extends Error {}

// What is thrown from here the queue keeps as the job's last error.
async function attempt(name: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const trace = traceOf(error);
    log.error('A job failed.', { job: name, ...trace });
    throw new JobFailure([trace.name, trace.code].filter(Boolean).join(' '));
  }
}
