import type { Stage } from './compare.ts';
import { type OperationName, operationNames } from './contender.ts';
import { orderOf, type Serving } from './measure.ts';
import { tidy } from './setting.ts';
import { markdown } from './summary.ts';

const LOOK_SECONDS = 5;
/** Minutes in which memory may still settle. */
const SETTLING_MINUTES = 5;

/**
 * Asks the platform for all that it does at half of what it can, one operation after another within each minute; tells its memory and
 * what failed each minute, whether memory grew after the first ones, and how many requests there were.
 */
export async function soak(
  { serving, setting, load, database }: Stage,
  minutes: number,
  tell: (line: string) => void,
): Promise<string> {
  const [one] = serving as [Serving];
  const paces = new Map<OperationName, number>();
  for (const operation of operationNames) {
    tell(`how much ${operation} it can`);
    const { turns, seconds } = await load.run({ ...orderOf(one, operation, setting), seconds: LOOK_SECONDS });
    paces.set(operation, turns / seconds / 2);
  }
  const requests = new Map<OperationName, number>();
  const memory: number[] = [];
  const lines: string[][] = [];
  for (let minute = 1; minute <= minutes; minute += 1) {
    const failed: string[] = [];
    for (const [operation, pace] of paces) {
      const order = { ...orderOf(one, operation, setting), seconds: 60 / paces.size, pace };
      const result = await load.run(order);
      const { asks } = one.contender.operations[operation] ?? { asks: [] };
      requests.set(operation, (requests.get(operation) ?? 0) + result.turns * asks.length);
      failed.push(...Object.entries(result.failed).map(([fault, times]) => `${operation}: ${times} × ${fault}`));
    }
    await tidy(database.client);
    memory.push(one.server.memoryMb());
    const last = [sum([...requests.values()]).toFixed(0), memory.at(-1)?.toFixed(0) ?? '', failed.join(', ') || 'none'];
    lines.push([String(minute), ...last]);
    tell(`minute ${minute} of ${minutes}: ${last[0]} requests, ${last[1]} MB, failed: ${last[2]}`);
  }
  const settled = memory.slice(Math.min(SETTLING_MINUTES, Math.floor(minutes / 3)));
  const half = Math.ceil(settled.length / 2);
  const [early, late] = [settled.slice(0, half), settled.slice(half)].map(
    (part) => sum(part) / Math.max(1, part.length),
  );
  const asked = [...requests].map(([operation, count]) => `${operation} ${count}`).join(', ');
  return `${markdown([['minute', 'requests until then', 'MB', 'failed'], ...lines])}
The first half of it ${early?.toFixed(0)} MB, the second ${late?.toFixed(0)} MB. Requests: ${asked}.`;
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
