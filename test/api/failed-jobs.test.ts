import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseWork, caseWork } from '../case/case-work.ts';
import { type As, type Platform, startPlatform } from '../support/platform.ts';

let platform: Platform;
let work: CaseWork;

beforeAll(async () => {
  platform = await startPlatform();
  work = await caseWork(platform);
});
afterAll(async () => {
  await work.close();
  await platform.stop();
});

const JOB = 'id task attempts maxAttempts failure failedAt triesAgainAt';
const list = async (as: As) => (await work.ask(as, `{ failedJobs { ${JOB} } }`)).failedJobs;
const change = async (what: 'retryJob' | 'dropJob', id: string, as: As = 'supervisor') =>
  (
    await work.ask(
      as,
      `mutation ($id: ID!) { job: ${what}(id: $id) { __typename ... on FailedJob { ${JOB} } ... on Error { code } } }`,
      { id },
    )
  ).job;

/** Jobs whose payload tells no case, run by a real worker until each has failed once. */
async function fail(howMany: number): Promise<void> {
  await work.sql(
    `SELECT graphile_worker.add_job('prioritise-case', '{"caseId": "https://words.example/"}', max_attempts := n) FROM generate_series(1, $1::int) n`,
    [howMany],
  );
  const { startWorker } = await import('../../src/jobs/worker.ts');
  const worker = await startWorker();
  const left = `SELECT FROM graphile_worker.jobs WHERE last_error IS NULL`;
  for (let waiting = true; waiting; ) waiting = (await work.sql(left)).length > 0;
  await worker.stop();
}

describe('jobs that failed', () => {
  it('are listed without a word of what they are about, are tried again, or are dropped', async () => {
    const before = Date.now();
    await fail(2);
    for (const as of ['supervisor', 'admin'] as const) {
      const jobs = await list(as);
      expect(jobs).toHaveLength(2);
      expect(JSON.stringify(jobs)).not.toContain('words');
    }
    const jobs = await list('admin');
    const [given, again] = [1, 2].map((most) =>
      jobs.find(({ maxAttempts }: { maxAttempts: number }) => maxAttempts === most),
    );
    expect(given).toMatchObject({ task: 'prioritise-case', attempts: 1, failure: 'ZodError', triesAgainAt: null });
    expect(new Date(given.failedAt).getTime()).toBeGreaterThanOrEqual(before - 1_000);
    expect(new Date(given.failedAt).getTime()).toBeLessThanOrEqual(Date.now());
    expect(new Date(again.triesAgainAt).getTime()).toBeGreaterThan(before);

    expect(await change('retryJob', given.id)).toMatchObject({ __typename: 'FailedJob', attempts: 0 });
    expect(
      await work.sql('SELECT attempts FROM graphile_worker.jobs WHERE id = $1 AND run_at <= now()', [given.id]),
    ).toEqual([{ attempts: 0 }]);
    expect(await change('dropJob', again.id, 'admin')).toMatchObject({ __typename: 'FailedJob', id: again.id });
    expect(await change('dropJob', again.id)).toEqual({ __typename: 'NotFoundError', code: 'NOT_FOUND' });
    for (const id of ['x', '99999999']) expect(await change('retryJob', id)).toMatchObject({ code: 'NOT_FOUND' });
    const trail = await work.sql(`SELECT action, detail FROM audit_entries WHERE stream = 'jobs' ORDER BY seq`);
    expect(trail).toEqual([
      { action: 'RETRY_JOB', detail: '{"task":"prioritise-case","attempts":1}' },
      { action: 'DROP_JOB', detail: '{"task":"prioritise-case","attempts":1}' },
    ]);
  });
});

describe('metrics', () => {
  it('tell how many jobs wait, are ready, run and have failed, for how long, and what is not sent, in two statements', async () => {
    await work.sql('DELETE FROM graphile_worker._private_jobs');
    await work.sql(`
      SELECT graphile_worker.add_job('end-holds', run_at := now() + interval '1 hour');
      SELECT graphile_worker.add_job('end-holds', run_at := now() - interval '90 seconds');
      SELECT graphile_worker.add_job('send-notice'); SELECT graphile_worker.add_job('send-notice');
      UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = 'x' WHERE id = (SELECT max(id) FROM graphile_worker._private_jobs);
      SELECT graphile_worker.permanently_fail_jobs(ARRAY[(SELECT max(id) - 1 FROM graphile_worker._private_jobs)])`);
    const read = async () => (await fetch(`${platform.url}/metrics`)).text();
    const metrics = await read();
    for (const line of [
      'jobs{task="end-holds",state="waiting"} 1',
      'jobs{task="end-holds",state="ready"} 1',
      'jobs{task="send-notice",state="running"} 1',
      'jobs{task="send-notice",state="failed"} 1',
    ])
      expect(metrics).toContain(line);
    expect(Number(/jobs_oldest_ready_seconds\{task="end-holds"\} ([\d.]+)/.exec(metrics)?.[1])).toBeGreaterThan(89);
    await work.sql('DELETE FROM graphile_worker._private_jobs');
    expect(await read()).not.toContain('end-holds');
  });
});
