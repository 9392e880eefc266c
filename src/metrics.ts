import type { ExecutionArgs } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { operationToRun } from './graphql/reached-fields.ts';
import { measureJobs } from './jobs/job-metrics.ts';

/** What the process measures of itself. Labels are of our own words only: no name that a client sends. */
export const metrics = new Registry();
collectDefaultMetrics({ register: metrics });
measureJobs(metrics);

const operations = new Histogram({
  name: 'graphql_operation_seconds',
  help: 'Seconds from parsed to answered, by kind of operation and outcome.',
  labelNames: ['kind', 'outcome'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  registers: [metrics],
});

/** A Yoga plugin that times every operation. */
export function countOperations(): Plugin {
  return {
    onExecute({ args }: { args: ExecutionArgs }) {
      const end = operations.startTimer();
      const kind = operationToRun(args.document, args.operationName)?.operation ?? 'query';
      return {
        onExecuteDone({ result }) {
          const failed = Symbol.asyncIterator in result ? false : Boolean(result.errors?.length);
          end({ kind, outcome: failed ? 'error' : 'ok' });
        },
      };
    },
  };
}
