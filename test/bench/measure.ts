import type { BenchDatabase } from './bench-database.ts';
import { type OperationName, operationNames, type Setting } from './contender.ts';
import type { Contender } from './contenders.ts';
import { countStatements } from './count-statements.ts';
import type { LoadGenerator } from './load.ts';
import type { LoadOrder, LoadResult } from './load-generator.ts';
import type { Server } from './server-process.ts';
import { tidy } from './setting.ts';

/** How many ask at once. */
const CLIENTS: Record<OperationName, number> = {
  submit: 16,
  figures: 16,
  figuresFirst: 16,
  queue: 16,
  case: 16,
  claim: 32,
  empty: 16,
};

/** A contender that serves. */
export type Serving = { contender: Contender; server: Server };

/** One round of one operation of one contender. */
export type Round = LoadResult & { perSecond: number; cpuMs: number; databaseMs: number; memoryMb: number };

/** All that was measured of one operation of one contender; `fault` says why it counts for nothing. */
export type Row = {
  operation: OperationName;
  contender: string;
  rounds: Round[];
  statements: number | null;
  fault: string | null;
};

export type Plan = { only: OperationName[]; rounds: number; seconds: number; warmSeconds: number };

/** Somebody's turn: what a load generator is told of it. */
export function orderOf({ contender, server }: Serving, operation: OperationName, setting: Setting): LoadOrder {
  return { setting, operations: contender.operationsFile, operation, port: server.port, clients: CLIENTS[operation] };
}

/**
 * Measures every operation of everybody: each is warmed up and its statements are counted, then come the rounds, in which all have
 * their turn one after another, in another order each time, so that what slows the machine down slows all of them.
 */
export async function measure(
  serving: Serving[],
  setting: Setting,
  database: BenchDatabase,
  load: LoadGenerator,
  { only, rounds, seconds, warmSeconds }: Plan,
  tell: (line: string) => void,
): Promise<Row[]> {
  const pairs = operationNames
    .filter((operation) => only.includes(operation))
    .flatMap((operation) =>
      serving.filter(({ contender }) => contender.operations[operation]).map((one) => ({ operation, one })),
    )
    .map(({ operation, one }) => ({
      one,
      row: { operation, contender: one.contender.name, rounds: [], statements: null, fault: null } as Row,
    }));
  for (const [place, { one, row }] of pairs.entries()) {
    tell(`warming up ${place + 1} of ${pairs.length}: ${row.operation} of ${row.contender}`);
    const order = orderOf(one, row.operation, setting);
    await load.run({ ...order, seconds: warmSeconds });
    row.statements = await countStatements(database.client, load, order);
  }
  for (let round = 0; round < rounds; round += 1) {
    await tidy(database.client);
    for (const [place, { one, row }] of reordered(pairs, round).entries()) {
      tell(`round ${round + 1} of ${rounds}, ${place + 1} of ${pairs.length}: ${row.operation} of ${row.contender}`);
      row.rounds.push(
        await measureOne(one.server, database, load, { ...orderOf(one, row.operation, setting), seconds }),
      );
    }
  }
  for (const { row } of pairs) row.fault = faultIn(row);
  return pairs.map(({ row }) => row);
}

/** Measures one server under one order. */
export async function measureOne(
  server: Server,
  database: Pick<BenchDatabase, 'cpuMs'>,
  load: LoadGenerator,
  order: LoadOrder,
): Promise<Round> {
  const [before, databaseBefore] = [server.cpuMs(), database.cpuMs()];
  const result = await load.run(order);
  return {
    ...result,
    perSecond: result.turns / result.seconds,
    cpuMs: (server.cpuMs() - before) / result.turns,
    databaseMs: (database.cpuMs() - databaseBefore) / result.turns,
    memoryMb: server.memoryMb(),
  };
}

// An operation's contenders stay neighbours, each time with another one first.
function reordered<Pair extends { row: Row }>(pairs: Pair[], round: number): Pair[] {
  const operations = [...new Set(pairs.map(({ row }) => row.operation))];
  const turned = round % 2 === 0 ? operations : operations.toReversed();
  return turned.flatMap((operation) => {
    const all = pairs.filter(({ row }) => row.operation === operation);
    return all.map((_, place) => all[(place + round) % all.length] as Pair);
  });
}

function faultIn({ rounds }: Row): string | null {
  const failed = rounds.flatMap(({ failed }) => Object.entries(failed));
  if (failed.length === 0) return null;
  const count = failed.reduce((sum, [, times]) => sum + times, 0);
  return `${count} failed: ${[...new Set(failed.map(([what]) => what))].join(', ')}`;
}
