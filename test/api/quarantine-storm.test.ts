import pg from 'pg';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { caseWork } from '../case/case-work.ts';
import { rows } from '../report/intake.ts';
import { later, quarantineWork } from '../report/quarantine.ts';
import { type Platform, startPlatform } from '../support/platform.ts';

const STORM_MS = 3_000;
const MESSAGES = 20;
const SENDERS = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'];
const address = Array.from({ length: 20 }, (_, n) => `https://storm.example/${n}`).join('\n');

describe('a flood that goes on while analysts release it', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform({ TRUSTED_PROXIES: '1' });
  });

  it('is filed and released without a deadlock', async () => {
    const work = await caseWork(platform);
    const { submitFrom, makeBurst, decide } = quarantineWork(platform, work);
    vi.useFakeTimers({ toFake: ['Date'] });
    // A ticket for each message, got before, so that nobody waits in the storm.
    const tickets: string[][] = [];
    for (const source of SENDERS) {
      await makeBurst(source);
      const refusals = await Promise.all(Array.from({ length: MESSAGES }, () => submitFrom(source, { address })));
      tickets.push(refusals.map(({ ticket }) => ticket));
    }
    later(60);

    const end = performance.now() + STORM_MS;
    const send = async (source: string, n: number) => {
      for (const challenge of tickets[n] ?? []) {
        if (performance.now() > end) return;
        expect(await submitFrom(source, { address, challenge })).toMatchObject({ __typename: 'ReportReceipt' });
      }
    };
    const { prioritiseWaitingCases } = await import('../../src/case/prioritise-cases.ts');
    const analyse = async (as: 'analyst' | 'analyst2') => {
      while (performance.now() < end) {
        const waiting = await rows(`SELECT DISTINCT quarantine_id AS id FROM reports WHERE standing = 'QUARANTINED'`);
        for (const { id } of waiting) {
          expect(await decide('releaseQuarantine', { quarantine: id }, as)).toMatchObject({ id });
        }
        await prioritiseWaitingCases(new Date(Date.now() + 2 * 3_600_000));
      }
    };
    await Promise.all([...SENDERS.map(send), analyse('analyst'), analyse('analyst2')]);
    vi.useRealTimers();
    const [filed] = await rows("SELECT sum(report_count)::int AS released FROM cases WHERE host = 'storm.example'");
    expect(filed.released).toBeGreaterThan(0);
    await work.close();
    // A connection tells its deadlocks when it ends at the latest.
    await platform.stop();
    const client = new pg.Client({ connectionString: platform.databaseUrl });
    await client.connect();
    const seen = await client.query('SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()');
    await client.end();
    expect(seen.rows).toEqual([{ deadlocks: 0 }]);
  }, 120_000);
});
