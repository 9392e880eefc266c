// Sends secrets that can be told from everything else on every way in, and looks for them in all that the platform leaves behind.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from '../../src/embedded-postgres.ts';
import { freePort } from '../support/platform.ts';
import { type Spawned, spawnPlatform, until } from '../support/spawned.ts';
import { answersToFailures, evidence, failureIds, MACHINE, nowhere, sealed, sendCanaries } from './canary-journey.ts';
import { databaseAsText, tracesOf } from './canary-traces.ts';

const SLOW = 300_000;
const EVIDENCE_COLUMNS = [
  'cases.address',
  'cases.host',
  'cases.registrable_domain',
  'reports.address_as_typed',
  'submissions.pasted_text',
];

describe('what a reporter and their machine say', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'traces-test-'));
  let running: Spawned;
  let client: pg.Client;
  let stopPostgres: () => Promise<void>;
  let metrics = '';
  let log = '';

  beforeAll(async () => {
    const server = await startEmbeddedPostgres({ dataDir });
    stopPostgres = server.stop;
    const port = await freePort();
    const url = `http://localhost:${port}`;
    running = spawnPlatform([], { DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: 'debug', TRUSTED_PROXIES: '1' });
    await running.says('Reporting Portals is running');
    client = new pg.Client({ connectionString: server.url });
    await client.connect();

    await sendCanaries(url, client);
    await Promise.race([until(async () => (await jobsLeft()).length === 0), tellJobsLeft()]);
    metrics = await (await fetch(`${url}/metrics`, { headers: MACHINE })).text();
    running.kill('SIGTERM');
    await running.ended;
    log = running.stdout() + running.stderr() + readFileSync(join(dataDir, 'postgres.log'), 'utf8');
  }, SLOW);
  const jobsLeft = async () =>
    (await client.query('SELECT task_identifier, attempts, run_at, locked_at FROM graphile_worker.jobs')).rows;
  const tellJobsLeft = async () => {
    await sleep(SLOW / 2, null, { ref: false });
    throw new Error(`These jobs do not end: ${JSON.stringify(await jobsLeft())}`);
  };
  afterAll(async () => {
    running?.kill('SIGKILL');
    await running?.ended;
    await client?.end();
    await stopPostgres?.();
    rmSync(dataDir, { recursive: true, force: true });
  }, SLOW);

  it('is in no line of any log, at its most talkative, although every failure is', () => {
    for (const id of failureIds) expect(log).toContain(id);
    expect(log).toContain('violates check constraint "nothing_is_good_enough"');
    expect(tracesOf({ ...nowhere, ...sealed, ...evidence, word: 'canary' }, log)).toEqual([]);
  });

  it('is in no metric', () => {
    expect(metrics).toContain('graphql_operation_seconds_count{kind="mutation",outcome="error"}');
    expect(tracesOf({ ...nowhere, ...sealed, ...evidence, word: 'canary' }, metrics)).toEqual([]);
  });

  it('is not repeated by an answer that refuses it or fails', () => {
    expect(answersToFailures).toHaveLength(12);
    expect(tracesOf({ ...nowhere, ...sealed }, answersToFailures.join('\n'))).toEqual([]);
  });

  it('is in no table: not the machine, not a code, and no confidence in plain; the address only as evidence', async () => {
    const dump = await databaseAsText(client);
    for (const table of [
      'audit_entries.detail',
      'submissions.note',
      'graphile_worker._private_tasks.identifier',
      'quarantines.id',
    ]) {
      expect(dump.get(table), table).toMatch(/\S/);
    }
    const found = [...dump].flatMap(([column, text]) =>
      tracesOf({ ...nowhere, ...sealed }, text).map((trace) => `${column}: ${trace}`),
    );
    expect(found).toEqual([]);
    const holders = [...dump].flatMap(([column, text]) => (tracesOf(evidence, text).length > 0 ? [column] : []));
    expect(holders.sort()).toEqual(EVIDENCE_COLUMNS);
    expect([...dump].filter(([column, text]) => !EVIDENCE_COLUMNS.includes(column) && text.includes('canary'))).toEqual(
      [],
    );
  });

  it('would be found if it were there', () => {
    const bytes = Buffer.from(`before ${nowhere['IPv4 address']} after`);
    for (const text of [
      bytes.toString(),
      bytes.toString('hex'),
      bytes.toString('base64'),
      Buffer.concat([Buffer.alloc(1), bytes]).toString('base64'),
    ]) {
      expect(tracesOf(nowhere, text).join(), text).toContain('IPv4 address');
    }
  });
});
