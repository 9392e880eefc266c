import { z } from 'zod';
import { runTrace } from '../../trace/run-trace.ts';
import { queuedTask } from '../task.ts';

export const traceHostTask = queuedTask('trace-host', z.object({ runId: z.uuid() }), ({ runId }) =>
  runTrace(runId, new Date()),
);
