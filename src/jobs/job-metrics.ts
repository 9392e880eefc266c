import { Gauge, type Registry } from 'prom-client';
import { prisma } from '../db.ts';
import { countJobs, type JobCount } from './list-jobs.ts';

const STATES = ['waiting', 'ready', 'running', 'failed'] as const;

// Both gauges of one scrape share one statement. While the database does not answer there are none.
let asked: Promise<JobCount[]> | undefined;
function counted(): Promise<JobCount[]> {
  asked ??= countJobs()
    .catch(() => [])
    .finally(() => {
      asked = undefined;
    });
  return asked;
}

/** Adds to the metrics what waits: jobs by task and state, how long the oldest ready one has waited, and messages that are not out. */
export function measureJobs(registry: Registry): void {
  new Gauge({
    name: 'jobs',
    help: 'Jobs by task and state: waiting for their time, ready, running, failed for good.',
    labelNames: ['task', 'state'],
    registers: [registry],
    // Counted in the database, so each of several processes says the same.
    aggregator: 'first',
    async collect() {
      const counts = await counted();
      this.reset();
      for (const count of counts) for (const state of STATES) this.set({ task: count.task, state }, count[state]);
    },
  });
  new Gauge({
    name: 'jobs_oldest_ready_seconds',
    help: 'For how long the oldest job that is ready has waited, by task.',
    labelNames: ['task'],
    registers: [registry],
    aggregator: 'first',
    async collect() {
      const counts = await counted();
      this.reset();
      for (const { task, oldestReadySeconds } of counts) this.set({ task }, oldestReadySeconds);
    },
  });
  new Gauge({
    name: 'notices_not_sent',
    help: 'Messages to hosts, police and hotlines that are not out, by state.',
    labelNames: ['state'],
    registers: [registry],
    aggregator: 'first',
    async collect() {
      const states = await prisma.notice
        .groupBy({
          by: ['state'],
          where: { state: { in: ['WAITING', 'SENDING', 'FAILED', 'UNCERTAIN'] } },
          _count: true,
        })
        .catch(() => []);
      this.reset();
      for (const { state, _count } of states) this.set({ state }, _count);
    },
  });
}
