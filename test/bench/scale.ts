import type { Size } from './bench-database.ts';
import { onStage, type Stage } from './compare.ts';
import { type OperationName, operationNames, type Setting } from './contender.ts';
import { measureOne, orderOf, type Round, type Serving } from './measure.ts';
import { tidy } from './setting.ts';
import { markdown, median } from './summary.ts';

const ROUNDS = 5;
const SECONDS = 3;
const WARM_SECONDS = 5;
const DEEP = 70_000;

/** Measures the platform's operations at each of these sizes, one database after another; tells CPU and latency, and their ratios to the first. */
export async function measureScale(
  sizes: Size[],
  only: OperationName[],
  tell: (line: string) => void,
): Promise<string> {
  const found = new Map<Size, Map<OperationName, Round[]>>();
  for (const size of sizes) {
    await onStage({ size, names: ['platform'] }, tell, async (stage) => {
      found.set(size, new Map());
      for (const operation of operationNames.filter((name) => only.includes(name))) {
        tell(`${size}: ${operation}`);
        found.get(size)?.set(operation, await roundsOf(stage, operation, stage.setting));
      }
    });
  }
  const lines = only.flatMap((operation) => {
    const told = (of: (round: Round) => number) =>
      sizes.map((size) => median((found.get(size)?.get(operation) ?? []).map(of)));
    return [
      lineOf(
        `${operation}: CPU ms`,
        told(({ cpuMs }) => cpuMs),
      ),
      lineOf(
        `${operation}: p50 ms`,
        told(({ p50 }) => p50),
      ),
    ];
  });
  return markdown([['', ...sizes, ...sizes.slice(1).map((size) => `${size} to ${sizes[0]}`)], ...lines]);
}

/** Measures a page of the queue at the top and deep down, by turns; tells both and their ratio. */
export async function measureDepth(
  { serving, setting, load, database }: Stage,
  tell: (line: string) => void,
): Promise<string> {
  const { rows } = await database.client.query<{ priority: number; id: string }>(
    'SELECT priority, id FROM cases WHERE report_count > 0 ORDER BY priority DESC, id OFFSET $1 LIMIT 1',
    [DEEP - 1],
  );
  const [last] = rows;
  if (!last) throw new Error(`There are fewer than ${DEEP} cases: take a larger size.`);
  const after = Buffer.from(`${last.priority} ${last.id}`).toString('base64url');
  const lines: string[][] = [];
  for (const one of serving) {
    const rounds: { top: Round[]; deep: Round[] } = { top: [], deep: [] };
    for (let round = 0; round <= ROUNDS; round += 1) {
      tell(`queue of ${one.contender.name} at depth 0 and ${DEEP}: round ${round} of ${ROUNDS}`);
      const top = await measureOne(one.server, database, load, { ...orderOf(one, 'queue', setting), seconds: SECONDS });
      const deep = await measureOne(one.server, database, load, {
        ...orderOf(one, 'queue', { ...setting, after }),
        seconds: SECONDS,
      });
      // The first round warms up.
      if (round > 0) rounds.top.push(top);
      if (round > 0) rounds.deep.push(deep);
    }
    const told = (of: (round: Round) => number) => [median(rounds.top.map(of)), median(rounds.deep.map(of))];
    lines.push(
      lineOf(
        `${one.contender.name}: CPU ms`,
        told(({ cpuMs }) => cpuMs),
      ),
    );
    lines.push(
      lineOf(
        `${one.contender.name}: p50 ms`,
        told(({ p50 }) => p50),
      ),
    );
  }
  return markdown([['page of the queue', 'first', `after ${DEEP}`, 'ratio'], ...lines]);
}

async function roundsOf(
  { serving, load, database }: Stage,
  operation: OperationName,
  setting: Setting,
): Promise<Round[]> {
  const [one] = serving as [Serving];
  const order = orderOf(one, operation, setting);
  await load.run({ ...order, seconds: WARM_SECONDS });
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await tidy(database.client);
    rounds.push(await measureOne(one.server, database, load, { ...order, seconds: SECONDS }));
  }
  const failed = rounds.flatMap(({ failed }) => Object.keys(failed));
  if (failed.length > 0) throw new Error(`${operation} failed: ${[...new Set(failed)].join(', ')}`);
  return rounds;
}

function lineOf(what: string, values: number[]): string[] {
  const [first = 0] = values;
  return [
    what,
    ...values.map((value) => value.toFixed(3)),
    ...values.slice(1).map((value) => (value / first).toFixed(2)),
  ];
}
