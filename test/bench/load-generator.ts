// A process of its own, so that what it costs is not the servers': the parent tells it what to send, and hears how long it took.
import type { Operation, Operations, Setting, Turn } from './contender.ts';
import { openConnection } from './http-connection.ts';

/** What the parent asks for. `operations` is the file that exports them. */
export type LoadOrder = {
  setting: Setting;
  operations: string;
  operation: keyof Operations;
  port: number;
  clients: number;
  /** Until so many seconds are over, or so many turns are done. */
  seconds?: number;
  turns?: number;
  /** Turns a second, of all clients together; as fast as they can where left out. */
  pace?: number;
};

/** What came of it: `failed` tells how often which fault came, and nothing of an answer. */
export type LoadResult = {
  turns: number;
  seconds: number;
  /** Milliseconds of a turn. */
  p50: number;
  p99: number;
  longest: number;
  failed: Record<string, number>;
};

// Beside each other no two processes may report the same address.
let serial = (process.pid % 10_000) * 10_000_000;

process.on('message', (order: LoadOrder) => {
  run(order).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ fault: error instanceof Error ? error.message : 'unknown' }),
  );
});

async function run(order: LoadOrder): Promise<LoadResult> {
  const { operations } = (await import(order.operations)) as { operations: Operations };
  const operation = operations[order.operation];
  if (!operation) throw new Error(`${order.operations} has no ${order.operation}.`);
  const start = performance.now();
  const end = start + (order.seconds ?? Number.POSITIVE_INFINITY) * 1_000;
  const times: number[] = [];
  const failed: Record<string, number> = {};
  let begun = 0;

  async function client(number: number): Promise<void> {
    const connection = await openConnection(order.port);
    while (performance.now() < end && begun < (order.turns ?? Number.POSITIVE_INFINITY)) {
      const due = order.pace ? start + (begun * 1_000) / order.pace : 0;
      begun += 1;
      if (due > performance.now()) await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
      serial += 1;
      const from = performance.now();
      const fault = await takeTurn(
        operation as Operation,
        order.setting,
        { serial, client: number, answers: [] },
        connection,
      );
      times.push(performance.now() - from);
      if (fault) failed[fault] = (failed[fault] ?? 0) + 1;
    }
    connection.close();
  }

  await Promise.all(Array.from({ length: order.clients }, (_, number) => client(number)));
  const sorted = Float64Array.from(times).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  const seconds = (performance.now() - start) / 1_000;
  return { turns: times.length, seconds, p50: at(0.5), p99: at(0.99), longest: at(1), failed };
}

async function takeTurn(
  { asks, must = [] }: Operation,
  setting: Setting,
  turn: Turn,
  connection: Awaited<ReturnType<typeof openConnection>>,
): Promise<string | null> {
  for (const ask of asks) {
    const { status, body } = await connection.send(ask(setting, turn));
    if (status !== 200) return `status ${status} ${codeIn(body)}`;
    if (body.includes('"errors":')) return `errors ${codeIn(body)}`;
    if (!must.every((text) => body.includes(text))) return `not as expected ${codeIn(body)}`;
    if (asks.length > 1) turn.answers.push(JSON.parse(body.toString()));
  }
  return null;
}

const codeIn = (body: Buffer) => /"code":"(\w+)"/.exec(body.toString())?.[1] ?? '';
