import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { insertReports, plainReports } from './support/made-reports.ts';
import { type As, freePort, type Platform, startPlatform } from './support/platform.ts';
import { until } from './support/spawned.ts';
import { sentIn } from './support/statements.ts';
import { type Replicated, startReplicated } from './support/streaming-replica.ts';

const FIGURES = `{ countryStatistics(country: "KE", from: "2024-01", to: "2024-12") { months { month } } }`;

let servers: Replicated;
let platform: Platform;
let closeReplicas: () => Promise<void>;
beforeAll(async () => {
  servers = await startReplicated();
  platform = await startPlatform({ DATABASE_URL: servers.url });
  const days = [0, 1, 2].map((month) => new Date(Date.UTC(2024, month, 10)));
  await insertReports(
    servers.url,
    days.flatMap((day) => plainReports('ke', day, 20)),
  );
  const { openReplicas } = await import('../src/replicas.ts');
  const silent = `postgresql://nobody@127.0.0.1:${await freePort()}/none`;
  // One is nowhere, and one is no replica at all.
  closeReplicas = await openReplicas([silent, servers.replicaUrl, servers.url], servers.url, 4);
  await until(fromReplica);
});
afterAll(async () => {
  await platform?.stop();
  await closeReplicas?.();
  await servers?.stop();
});

afterEach(async () => {
  await resume();
  await until(fromReplica);
});

const months = async (as: As): Promise<string[]> => {
  const { data, errors } = await platform.ask(FIGURES, {}, as);
  expect(errors).toEqual([]);
  return data.countryStatistics.months.map(({ month }: { month: string }) => month);
};
const publish = (month: string) =>
  platform.ask(`mutation { publishStatistics(month: "${month}") { __typename } }`, {}, 'supervisor');
/** Which servers answer a partner now. */
async function answering(): Promise<string[]> {
  const { sent } = await sentIn(() => months('partner-ke'));
  return sent.filter(({ text }) => text.includes('WITH readable')).map(({ port }) => String(port));
}
const portOf = (url: string) => new URL(url).port;
const fromReplica = async () => isDeepStrictEqual(await answering(), [portOf(servers.replicaUrl)]);
const fromPrimary = async () => isDeepStrictEqual(await answering(), [portOf(servers.url)]);
const pause = () => servers.ask(servers.replicaUrl, 'SELECT pg_wal_replay_pause()');
const resume = () => servers.ask(servers.replicaUrl, 'SELECT pg_wal_replay_resume()');

describe('a read replica', () => {
  it('answers what partners read, and nothing of it reaches the primary', async () => {
    for (let n = 0; n < 5; n += 1) expect(await fromReplica()).toBe(true);
  });

  it('shows a write to whoever wrote at once, and to others once it is there', async () => {
    await pause();
    expect((await publish('2024-01')).errors).toEqual([]);
    expect(await months('supervisor')).toEqual(['2024-01']);
    expect(await months('partner-ke')).toEqual([]);
    await resume();
    await until(async () => (await months('partner-ke')).length === 1);
    expect(await fromReplica()).toBe(true);
  });

  it('is not asked by an account that wrote through another process', async () => {
    await pause();
    await publish('2024-02');
    const [partner] = await servers.ask(servers.url, `SELECT id FROM accounts WHERE subject = 'partner-ke'`);
    const written = 'pg_wal_lsn_diff(pg_current_wal_insert_lsn(), $$0/0$$)';
    expect(await months('partner-ke')).toEqual(['2024-01']);
    await servers.ask(servers.url, `SELECT pg_notify('account_wrote', '${partner?.['id']} ' || ${written})`);
    await until(async () => (await months('partner-ke')).length === 2);
    expect(await months('funder')).toEqual(['2024-01']);
  });

  it('is left out while it is more than five seconds late', async () => {
    await pause();
    await publish('2024-03');
    expect(await months('partner-ke')).toEqual(['2024-01', '2024-02']);
    await sleep(5_000);
    await until(async () => (await months('partner-ke')).length === 3);
  });

  it('may die and come back: answers go on, and it is used again', async () => {
    const answers = { wanted: true, given: 0 };
    const reader = (async () => {
      for (; answers.wanted; answers.given += 1) expect(await months('partner-ke')).toHaveLength(3);
    })();
    await servers.killReplica();
    const { given } = answers;
    await Promise.race([until(() => answers.given > given + 5), reader]);
    answers.wanted = false;
    await reader;
    expect(await fromPrimary()).toBe(true);
    await servers.startReplica();
  });

  it('is not asked while nothing is heard of what others write', async () => {
    await insertReports(servers.url, plainReports('ke', new Date(Date.UTC(2024, 3, 10)), 20));
    await pause();
    await publish('2024-04');
    expect(await months('partner-ke')).toHaveLength(3);
    await servers.ask(servers.url, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'`);
    await sleep(200);
    expect(await months('partner-ke')).toHaveLength(4);
  });
});
