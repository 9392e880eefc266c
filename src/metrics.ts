import type { ExecutionArgs } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { AggregatorRegistry, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
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

/** What this process and others (as JSON) measure, as one text: counts are added up, and what all of them measure alike is told once. */
export async function metricsTogether(others: object[][]): Promise<string> {
  const own: object[] = await metrics.getMetricsAsJSON();
  return AggregatorRegistry.aggregate([own, ...others]).metrics();
}

/** Times one operation until the returned function is told how it ended. */
export function timeOperation(kind: string): (outcome: 'ok' | 'error') => void {
  const end = operations.startTimer();
  return (outcome) => void end({ kind, outcome });
}

/** A Yoga plugin that times every operation. */
export function countOperations(): Plugin {
  return {
    onExecute({ args }: { args: ExecutionArgs }) {
      const ended = timeOperation(operationToRun(args.document, args.operationName)?.operation ?? 'query');
      return {
        onExecuteDone({ result }) {
          const failed = Symbol.asyncIterator in result ? false : Boolean(result.errors?.length);
          ended(failed ? 'error' : 'ok');
        },
      };
    },
  };
}
