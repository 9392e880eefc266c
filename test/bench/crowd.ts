import type { Stage } from './compare.ts';
import type { Setting } from './contender.ts';
import type { LoadResult } from './load-generator.ts';
import { orderOf, type Serving } from './measure.ts';
import { tidy } from './setting.ts';
import { markdown } from './summary.ts';

const WARM_SECONDS = 5;
const MINUTE = { seconds: 60, reports: 5_000 };
/** Minutes of a soak in which memory may still settle. */
const SETTLING_MINUTES = 5;

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

/** Asks the platform for all that it does at half of what it can, and tells its memory each minute, and whether it grew after the first ones. */
export async function soak(
  { serving, setting, load, database }: Stage,
  minutes: number,
  tell: (line: string) => void,
): Promise<string> {
  const [one] = serving as [Serving];
  const operations = ['submit', 'figures', 'queue', 'case', 'claim'] as const;
  const paces = new Map<string, number>();
  for (const operation of operations) {
    tell(`how much ${operation} it can`);
    const { turns, seconds } = await load.run({ ...orderOf(one, operation, setting), seconds: WARM_SECONDS });
    paces.set(operation, turns / seconds / 2);
  }
  const lines: string[][] = [];
  for (let minute = 1; minute <= minutes; minute += 1) {
    const failed: string[] = [];
    let turns = 0;
    for (const operation of operations) {
      const order = {
        ...orderOf(one, operation, setting),
        seconds: 60 / operations.length,
        pace: paces.get(operation) ?? 1,
      };
      const result = await load.run(order);
      turns += result.turns;
      failed.push(...Object.entries(result.failed).map(([fault, times]) => `${operation}: ${times} × ${fault}`));
    }
    await tidy(database.client);
    const memory = one.server.memoryMb();
    lines.push([String(minute), String(turns), memory.toFixed(0), failed.join(', ') || 'none']);
    tell(`minute ${minute} of ${minutes}: ${memory.toFixed(0)} MB, failed: ${failed.join(', ') || 'none'}`);
  }
  const settled = lines
    .slice(Math.min(SETTLING_MINUTES, Math.floor(lines.length / 3)))
    .map(([, , memory]) => Number(memory));
  const half = Math.ceil(settled.length / 2);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const [early, late] = [mean(settled.slice(0, half)), mean(settled.slice(half))];
  return `${markdown([['minute', 'turns', 'MB', 'failed'], ...lines])}\nThe first half of it ${early.toFixed(0)} MB, the second ${late.toFixed(0)} MB.`;
}
