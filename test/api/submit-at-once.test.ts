// A report is filed by one statement. What that statement cannot know beforehand undoes it: then nothing of it is kept.
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { receiptFor, rows, SUBMIT, submit } from '../report/intake.ts';
import { type Platform, send, startPlatform } from '../support/platform.ts';
import { soak } from '../support/soak.ts';
import { statementsOf } from '../support/statements.ts';

/** What one portal is sent as fast as it goes. */
const REPORTS = soak(5_000, 200);

type Statement = { name?: string };

let platform: Platform;
let elsewhere: pg.Client;
let query: pg.Pool['query'];
beforeAll(async () => {
  platform = await startPlatform({ TRUSTED_PROXIES: '1', LOG_LEVEL: 'fatal' });
  elsewhere = new pg.Client({ connectionString: platform.databaseUrl });
  await elsewhere.connect();
  const { pool } = await import('../../src/db.ts');
  query = pool.query.bind(pool);
});
afterEach(async () => {
  const { pool } = await import('../../src/db.ts');
  pool.query = query;
});
afterAll(async () => {
  await elsewhere.end();
  await platform.stop();
});

/** Does something else in the moment in which a report is about to be filed, once. */
async function justBeforeFiling(happens: () => Promise<unknown>): Promise<void> {
  const { pool } = await import('../../src/db.ts');
  const late = async (...args: Parameters<typeof query>) => {
    if ((args[0] as unknown as Statement).name === 'file-submission') {
      pool.query = query;
      await happens();
    }
    return query(...args);
  };
  pool.query = late as unknown as typeof query;
}

const setPortal = (code: string, set: string) => elsewhere.query(`UPDATE portals SET ${set} WHERE code = '${code}'`);
const kept = async () =>
  (
    await elsewhere.query(`SELECT (SELECT count(*)::int FROM submissions) AS submissions, (SELECT count(*)::int FROM reports) AS reports,
      (SELECT count(*)::int FROM cases) AS cases, (SELECT coalesce(sum(report_count), 0)::int FROM cases) AS counted,
      (SELECT count(*)::int FROM episodes) AS episodes, (SELECT count(*)::int FROM graphile_worker.jobs) AS jobs,
      (SELECT count(*)::int FROM audit_entries WHERE action <> 'SEED') AS entries, (SELECT count(*)::int FROM fact_changes) AS facts`)
  ).rows[0];

/** Through one portal, from many sources. */
const from = (n: number, address: string) =>
  send(
    platform.url,
    { query: SUBMIT, variables: { input: { portal: 'world', address } } },
    { 'x-forwarded-for': `203.0.113.${n % 250}` },
  );

describe('a portal that changed since it was read', () => {
  for (const [when, change] of [
    ['before', setPortal],
    ['while the report is on its way', (code: string, set: string) => justBeforeFiling(() => setPortal(code, set))],
  ] as const) {
    it(`${when}, takes no report any more where it was closed`, async () => {
      await receiptFor(platform, 'ke', 'https://open.example/');
      await change('ke', `stage = 'TRANSFERRED', transferred_to = 'https://hotline.example/'`);
      const before = await kept();
      const closed = { __typename: 'PortalClosedError', transferredTo: 'https://hotline.example/' };
      expect(await submit(platform, { portal: 'ke', address: 'https://closed.example/' })).toMatchObject(closed);
      expect(await kept()).toEqual(before);

      await setPortal('ke', `stage = 'LIVE', transferred_to = NULL`);
      await receiptFor(platform, 'ke', 'https://open.example/');
    });

    it(`${when}, has its new settings in what is kept and in what is refused`, async () => {
      await receiptFor(platform, 'ug', 'https://settings.example/');
      await change('ug', `default_language = 'sw', languages = '{sw,fr}'`);
      const address = `https://new-default.example/${when}`.replaceAll(' ', '-');
      await receiptFor(platform, 'ug', address);
      const stored = `SELECT s.language FROM submissions s WHERE pasted_text = $1`;
      expect(await rows(stored, [address])).toEqual([{ language: 'sw' }]);
      const inEnglish = await submit(platform, { portal: 'ug', address: 'https://a.example/', language: 'en' });
      expect(inEnglish.__typename).toBe('InvalidInputError');
      await setPortal('ug', `default_language = 'en', languages = '{en}'`);
      await receiptFor(platform, 'ug', 'https://a.example/', { language: 'en' });
    });

    it(`${when}, keeps nothing where it became a sandbox`, async () => {
      await receiptFor(platform, 'mn', 'https://no-sandbox.example/');
      await change('mn', 'sandbox = true');
      const before = await kept();
      await receiptFor(platform, 'mn', 'https://only-tried.example/');
      expect(await kept()).toEqual(before);
      await setPortal('mn', 'sandbox = false');
    });
  }

  it('is read anew once, and no case number of its reports is lost or doubled', async () => {
    await receiptFor(platform, 'ke', 'https://renamed.example/');
    await setPortal('ke', `name = 'Another name'`);
    const { statements } = await statementsOf(() => receiptFor(platform, 'ke', 'https://renamed.example/'));
    expect(statements.map((statement) => /WITH given|FROM portals WHERE code/.test(statement))).toEqual(
      Array(3).fill(true),
    );
    expect(await rows(`SELECT report_count FROM cases WHERE host = 'renamed.example'`)).toEqual([{ report_count: 2 }]);
    expect((await statementsOf(() => receiptFor(platform, 'ke', 'https://renamed.example/'))).statements).toHaveLength(
      1,
    );
  });
});

describe('a case that had ended', () => {
  const endOf = (host: string) =>
    `WITH gone AS (UPDATE episodes SET first_seen_gone = now() WHERE case_id = (SELECT id FROM cases WHERE host = '${host}'))
     UPDATE cases SET state = 'REMOVED', state_since = now() WHERE host = '${host}'`;
  const found = async (host: string) =>
    rows(
      `SELECT state, episode_number, report_count,
              (SELECT array_agg(action ORDER BY seq) FROM audit_entries WHERE stream = 'case:' || number) AS trail
       FROM cases WHERE host = $1`,
      [host],
    );
  const openedAgain = {
    state: 'AWAITING_ASSESSMENT',
    episode_number: 2,
    report_count: 2,
    trail: ['REPORT', 'REPORT', 'REPORT_AGAIN'],
  };

  it('is opened again by a report, also one of several addresses, and each is counted once', async () => {
    await receiptFor(platform, 'ke', 'https://ended.example/ https://going-on.example/');
    await rows(endOf('ended.example'));
    await receiptFor(platform, 'ke', 'https://going-on.example/ https://ended.example/ https://new.example/');
    expect(await found('ended.example')).toEqual([openedAgain]);
    expect(await found('going-on.example')).toMatchObject([{ report_count: 2, trail: ['REPORT', 'REPORT'] }]);
    expect(await found('new.example')).toMatchObject([{ report_count: 1, episode_number: 1, trail: ['REPORT'] }]);
  });

  it('is opened again too where it ends while the report is on its way', async () => {
    await receiptFor(platform, 'ke', 'https://ending.example/');
    await elsewhere.query('BEGIN');
    await elsewhere.query(endOf('ending.example'));
    const reported = receiptFor(platform, 'ke', 'https://ending.example/');
    const waits = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
    while ((await rows(waits)).length === 0);
    await elsewhere.query('COMMIT');
    await reported;
    expect(await found('ending.example')).toEqual([openedAgain]);
  });
});

describe('many reports at once', () => {
  it('of one address by 64 clients are one case, with every report, its entry and one job', async () => {
    const answers = await Promise.all(Array.from({ length: 64 }, (_, n) => from(n, 'https://one.example/page')));
    expect(new Set(answers.map(({ data }) => data?.submitReport.__typename))).toEqual(new Set(['ReportReceipt']));
    const [one] = await rows(`SELECT id, number, report_count FROM cases WHERE host = 'one.example'`);
    expect(one.report_count).toBe(64);
    expect(await rows('SELECT FROM audit_entries WHERE stream = $1', [`case:${one.number}`])).toHaveLength(64);
    expect(await rows('SELECT FROM graphile_worker.jobs WHERE key = $1', [`prioritise:${one.id}`])).toHaveLength(1);
  });

  it('through one portal, and of the same addresses in every order, meet no error', async () => {
    const addresses = Array.from({ length: 8 }, (_, n) => `https://crosswise.example/${n}`);
    const turned = (n: number) => [...addresses.slice(n % 8), ...addresses.slice(0, n % 8)];
    const pasted = (n: number) =>
      n % 10 ? `https://many.example/${n}` : (n % 20 ? turned(n / 10).reverse() : turned(n / 10)).join(' ');
    // From twenty clients at a time, so that on a slow machine nobody waits too long for a connection.
    const refused: unknown[] = [];
    let next = 0;
    const client = async () => {
      for (let n = next++; n < REPORTS; n = next++) {
        const { data, errors } = await from(n, pasted(n));
        if (data?.submitReport.__typename !== 'ReportReceipt') refused.push(data ?? errors);
      }
    };
    await Promise.all(Array.from({ length: 20 }, client));
    expect(refused).toEqual([]);
    expect(await rows(`SELECT DISTINCT report_count FROM cases WHERE host = 'crosswise.example'`)).toEqual([
      { report_count: REPORTS / 10 },
    ]);
    const { verifyChains } = await import('../../src/audit/verify-chains.ts');
    expect((await verifyChains()).faults).toEqual([]);
  }, 120_000);
});

describe('a job that waits already', () => {
  const jobOf = async (host: string) =>
    rows(
      `SELECT j.id, j.attempts, j.revision, j.run_at <= now() AS due FROM graphile_worker.jobs j
       JOIN cases c ON j.key = 'prioritise:' || c.id WHERE c.host = $1`,
      [host],
    );
  const report = (host: string) => receiptFor(platform, 'world', `https://${host}/`);
  const change = (host: string, set: string) =>
    rows(
      `UPDATE graphile_worker._private_jobs j SET ${set} FROM cases c WHERE j.key = 'prioritise:' || c.id AND c.host = $1`,
      [host],
    );

  it('is the job of a further report; one that is under way or has failed is not', async () => {
    await report('waiting.example');
    const [first] = await jobOf('waiting.example');
    await report('waiting.example');
    expect(await jobOf('waiting.example')).toEqual([first]);

    await change('waiting.example', `attempts = 3, run_at = now() + interval '1 hour'`);
    await report('waiting.example');
    expect(await jobOf('waiting.example')).toMatchObject([{ id: first.id, attempts: 0, due: true }]);

    await change('waiting.example', `locked_at = now(), locked_by = 'a worker'`);
    await report('waiting.example');
    const [second, ...more] = await jobOf('waiting.example');
    expect([second.id === first.id, second.attempts, more]).toEqual([false, 0, []]);
  });

  it('does not begin before the report that counts on it is to be seen', async () => {
    await report('counted-on.example');
    const [{ id }] = await jobOf('counted-on.example');
    const [{ number }] = await rows(`SELECT number FROM cases WHERE host = 'counted-on.example'`);
    // Its entry must wait, and so the whole report.
    await elsewhere.query('BEGIN');
    await elsewhere.query('SELECT FROM audit_heads WHERE stream = $1 FOR UPDATE', [`case:${number}`]);
    const reported = report('counted-on.example');
    const free = 'SELECT FROM graphile_worker._private_jobs WHERE id = $1 FOR UPDATE SKIP LOCKED';
    while ((await rows(free, [id])).length > 0);
    await elsewhere.query('COMMIT');
    await reported;
    expect(await rows(free, [id])).toHaveLength(1);
  });
});

describe('reports on their way when connections die', () => {
  it('are each kept whole or not at all', async () => {
    const before = await kept();
    const kill = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                  WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'active'`;
    let waiting = true;
    const killing = (async () => {
      for (; waiting; await setTimeout(5)) await elsewhere.query(kill);
    })();
    let sent = 0;
    let given = 0;
    // On a fast machine sixty may all be kept between two of these.
    while (given === sent && sent < 600) {
      const answers = await Promise.all(Array.from({ length: 60 }, () => from(sent, `https://cut-${sent++}.example/`)));
      given += answers.filter(({ data }) => data?.submitReport?.__typename === 'ReportReceipt').length;
    }
    waiting = false;
    await killing;
    expect(given).toBeLessThan(sent);
    const after = await kept();
    const more = after.reports - before.reports;
    expect(more).toBeGreaterThanOrEqual(given);
    for (const what of ['submissions', 'cases', 'counted', 'episodes', 'jobs', 'entries'] as const) {
      expect([what, after[what] - before[what]]).toEqual([what, more]);
    }
  });
});
