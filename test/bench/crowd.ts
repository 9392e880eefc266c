import type { Stage } from './compare.ts';
import type { Setting } from './contender.ts';
import type { LoadResult } from './load-generator.ts';
import { orderOf } from './measure.ts';
import { tidy } from './setting.ts';
import { markdown } from './summary.ts';

const WARM_SECONDS = 5;
const MINUTE = { seconds: 60, reports: 5_000 };

/** What crowds do to the platform: many clients and many connections on one address, and many reports through one portal. */
export async function measureCrowds(
  { serving, setting, load, database }: Stage,
  tell: (line: string) => void,
): Promise<string> {
  const lines: string[][] = [];
  for (const one of serving) {
    const order = orderOf(one, 'submit', setting);
    await load.run({ ...order, seconds: WARM_SECONDS });
    const oneAddress: Setting = { ...setting, known: setting.known.slice(0, 1), newAddresses: false };
    const crowds: [what: string, run: () => Promise<LoadResult>][] = [
      ['64 clients, one address', () => load.run({ ...order, setting: oneAddress, clients: 64, turns: 6_400 })],
      ['512 connections, one address', () => load.run({ ...order, setting: oneAddress, clients: 512, turns: 10_240 })],
      [
        `${MINUTE.reports} in a minute, one portal`,
        () =>
          load.run({
            ...order,
            setting: { ...setting, portals: setting.portals.slice(0, 1) },
            clients: 64,
            turns: MINUTE.reports,
            pace: MINUTE.reports / MINUTE.seconds,
          }),
      ],
    ];
    for (const [what, run] of crowds) {
      tell(`${one.contender.name}: ${what}`);
      await tidy(database.client);
      const before = await countReports();
      const { turns, seconds, p50, p99, longest, failed } = await run();
      const kept = (await countReports()) - before;
      const faults = Object.entries(failed).map(([fault, times]) => `${times} × ${fault}`);
      const lost = kept === turns ? [] : [`${kept} of ${turns} kept`];
      lines.push([
        one.contender.name,
        what,
        (turns / seconds).toFixed(0),
        ...[p50, p99, longest].map((ms) => ms.toFixed(1)),
        one.server.memoryMb().toFixed(0),
        [...faults, ...lost].join(', ') || 'none',
      ]);
    }
  }
  return markdown([['who', 'crowd', 'reports/s', 'p50 ms', 'p99 ms', 'longest ms', 'MB', 'failed'], ...lines]);

  async function countReports(): Promise<number> {
    const { rows } = await database.client.query<{ count: number }>('SELECT count(*)::int AS count FROM reports');
    return rows[0]?.count ?? 0;
  }
}
