import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireFreePort } from '../src/listen.ts';
import { copyOfTemplate, freePort, tokenOf } from './support/platform.ts';
import { complaints, type Spawned, spawnPlatform, until } from './support/spawned.ts';

/** Three programs start here. */
const SLOW = 180_000;
const ALIASES = 15;
const SUBMISSIONS = `mutation (${Array.from({ length: ALIASES }, (_, n) => `$i${n}: SubmitReportInput!`).join(' ')}) {
  ${Array.from({ length: ALIASES }, (_, n) => `r${n}: submitReport(input: $i${n}) { __typename }`).join(' ')} }`;

const home = mkdtempSync(join(tmpdir(), 'reporting-portals-processes-'));
let running: Spawned;
let port: number;
let database: pg.Client;
beforeAll(async () => {
  port = await freePort();
  const databaseUrl = await copyOfTemplate('seeded');
  database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  running = spawnPlatform([], {
    DATABASE_URL: databaseUrl,
    DATA_DIR: home,
    TMPDIR: home,
    PORT: String(port),
    PROCESSES: '2',
    TRUSTED_PROXIES: '1',
    METRICS_TOKEN: 'only-for-this-test',
    LOG_LEVEL: 'info',
  });
  await running.says('Ctrl-C stops everything.');
}, SLOW);
afterAll(async () => {
  running.kill('SIGKILL');
  await running.ended;
  await database.end();
  rmSync(home, { recursive: true, force: true });
});

/** Sends over a connection of its own, which the next process in turn takes. */
// biome-ignore lint/suspicious/noExplicitAny: an answer's shape is what the test is about.
function send(body: object, headers: Record<string, string> = {}): Promise<any> {
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', path: '/graphql', method: 'POST', agent: false, timeout: 5_000 };
    const sent = request({ ...options, headers: { 'content-type': 'application/json', ...headers } }, (response) =>
      json(response).then(resolve, reject),
    );
    sent.once('timeout', () => sent.destroy(new Error('No answer came.')));
    sent.once('error', reject).end(JSON.stringify(body));
  });
}

/** Reports fifteen addresses from somewhere, and gives what each became. */
async function report(from: string, batch: number): Promise<string[]> {
  const inputs = Array.from({ length: ALIASES }, (_, n) => {
    return [`i${n}`, { portal: 'ke', address: `https://b${batch}-${n}.example/` }] as const;
  });
  const body = { query: SUBMISSIONS, variables: Object.fromEntries(inputs) };
  const { data } = await send(body, { 'x-forwarded-for': from });
  return Object.values<{ __typename: string }>(data).map(({ __typename }) => __typename);
}

function children(): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,command='], { encoding: 'utf8' }).split('\n');
  // The loader has a process of its own.
  const ours = lines.filter(
    (line) => Number(line.trim().split(/\s+/)[1]) === running.pid && line.includes('src/main.ts'),
  );
  return ours.map((line) => Number.parseInt(line, 10)).sort((a, b) => a - b);
}

const errors = () =>
  complaints(running.stderr())
    .map((line) => JSON.parse(line))
    .filter(({ level }) => level >= 50);

describe('two processes behind one port', () => {
  it('both serve, and count together what one source sends, whichever its connections come to', async () => {
    expect(children()).toHaveLength(2);
    for (const from of ['192.0.2.1', '192.0.2.2', '2001:db8::1']) {
      const became: string[] = [];
      for (let batch = 0; batch < 5; batch += 1) became.push(...(await report(from, batch)));
      expect({ from, filed: became.filter((kind) => kind === 'ReportReceipt').length }).toEqual({ from, filed: 60 });
      expect(became.slice(60)).toEqual(Array(ALIASES).fill('ChallengeRequiredError'));
    }
  });

  it('know people by their tokens and tell their metrics as one', async () => {
    const authorization = `Bearer ${await tokenOf('analyst')}`;
    for (let n = 0; n < 4; n += 1) {
      const { data } = await send({ query: '{ viewer { role } }' }, { authorization });
      expect(data).toEqual({ viewer: { role: 'ANALYST' } });
    }
    const tell = async () => {
      const headers = { authorization: 'Bearer only-for-this-test', connection: 'close' };
      return (await fetch(`http://127.0.0.1:${port}/metrics`, { headers })).text();
    };
    const count = (told: string) =>
      /graphql_operation_seconds_count{kind="mutation",outcome="ok"} (\d+)/.exec(told)?.[1];
    expect([count(await tell()), count(await tell())]).toEqual(['15', '15']);
  });

  it('start one again that was killed, while the other answers, and the jobs go on', async () => {
    const [first, second] = children();
    const fate = { failed: 0, longestMs: 0, wanted: true };
    const asking = (async () => {
      for (let since = 0; fate.wanted; await sleep(10)) {
        const failed = await send({ query: '{ __typename }' }).then(
          () => false,
          () => true,
        );
        if (!failed) since = 0;
        else since ||= Date.now();
        fate.failed += Number(failed);
        fate.longestMs = Math.max(fate.longestMs, failed ? Date.now() - since : 0);
      }
    })();
    process.kill(first!, 'SIGKILL');
    // What is handed to a process in the moment of its death is lost, as on any connection that breaks: its sender sends again.
    let tries = 0;
    const filed = () => {
      tries += 1;
      return report(`198.51.100.${tries}`, 100).catch(() => ['nothing']);
    };
    await until(async () => (await filed()).every((kind) => kind === 'ReportReceipt'));
    await until(() => children().length === 2);
    const waiting = `SELECT count(*)::int AS n FROM graphile_worker.jobs WHERE task_identifier = 'prioritise-case'`;
    await until(async () => (await database.query(waiting)).rows[0].n === 0);
    fate.wanted = false;
    await asking;
    expect(fate.failed).toBeLessThan(20);
    expect(fate.longestMs).toBeLessThan(1_000);
    expect(children()).toContain(second);
    expect(children()).not.toContain(first);
    expect(errors()).toEqual([
      expect.objectContaining({ id: 1, code: 'SIGKILL', msg: 'A process ended and is started again.' }),
    ]);
  });

  it('end all together at Ctrl-C, of which a terminal tells each', async () => {
    const before = [...children(), running.pid];
    for (const pid of before) process.kill(pid, 'SIGINT');
    expect(await running.ended).toBe(0);
    for (const pid of before) expect(() => process.kill(pid, 0)).toThrow();
    await requireFreePort('127.0.0.1', port);
    expect(readdirSync(home).filter((name) => name.startsWith('rp-'))).toEqual([]);
    expect(errors()).toHaveLength(1);
  });
});
