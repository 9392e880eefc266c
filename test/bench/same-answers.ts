import { isDeepStrictEqual } from 'node:util';
import type pg from 'pg';
import { type Operation, type OperationName, operationNames, type Setting } from './contender.ts';
import type { Contender } from './contenders.ts';
import { openConnection } from './http-connection.ts';
import type { Server } from './server-process.ts';
import { tidy } from './setting.ts';

/** What each operation must leave in the database, in rows of these tables; a submission of a new address and of a known one. */
const TABLES = [
  'cases',
  'episodes',
  'submissions',
  'reports',
  'claims',
  'audit_entries',
  'graphile_worker._private_jobs',
];
const LEFT: Partial<Record<OperationName, number[][]>> = {
  submit: [
    [1, 1, 1, 1, 0, 1, 1],
    [0, 0, 1, 1, 0, 1, 1],
  ],
  figures: [[0, 0, 0, 0, 0, 0, 0]],
  figuresFirst: [[0, 0, 0, 0, 0, 0, 0]],
  queue: [[0, 0, 0, 0, 0, 1, 0]],
  case: [[0, 0, 0, 0, 0, 1, 0]],
  claim: [[0, 0, 0, 0, 1, 2, 0]],
  empty: [[0, 0, 0, 0, 0, 0, 0]],
};

/** What is wrong with an operation of a contender, by `contender operation`; nothing where all give and leave the same. */
export async function answerFaults(
  contenders: { contender: Contender; server: Server }[],
  setting: Setting,
  client: pg.Client,
): Promise<Map<string, string>> {
  const faults = new Map<string, string>();
  await tidy(client);
  // What reads comes first, since what writes changes what is read.
  for (const name of operationNames.toSorted((a, b) => writes(a) - writes(b))) {
    let expected: unknown;
    for (const [place, { contender, server }] of contenders.entries()) {
      const operation = contender.operations[name];
      if (!operation) continue;
      const fault = await faultOf(operation, name, place);
      if (fault) faults.set(`${contender.name} ${name}`, fault);

      async function faultOf(operation: Operation, name: OperationName, place: number): Promise<string | null> {
        for (const [half, left] of (LEFT[name] ?? []).entries()) {
          const before = await counts(client);
          const read = await answerOf(
            operation,
            setting,
            server.port,
            // Everybody reads the same, and nobody reports what another has.
            writes(name) ? place * 2 + half : 0,
          ).catch((error: Error) => error);
          if (read instanceof Error) return read.message;
          const after = await counts(client);
          const rows = after.map((count, index) => count - (before[index] ?? 0));
          if (!isDeepStrictEqual(rows, left)) return `left ${rows} rows instead of ${left} in ${TABLES.join(', ')}`;
          const answer = comparable(name, read);
          if (name === 'submit' || name === 'claim') {
            if (answer !== 'as it should be') return `answered ${JSON.stringify(answer).slice(0, 200)}`;
          } else if (expected === undefined) expected = answer;
          else if (!isDeepStrictEqual(answer, expected))
            return `answers something else than the others: ${difference(expected, answer)}`;
        }
        return null;
      }
    }
  }
  return faults;
}

const LEFT_OUT = new Set(['cursor', 'pageInfo', '__typename']);

const writes = (name: OperationName) => Number(name === 'submit' || name === 'claim');

async function counts(client: pg.Client): Promise<number[]> {
  const { rows } = await client.query<{ count: number }>(
    TABLES.map((table, place) => `SELECT ${place} AS place, count(*)::int AS count FROM ${table}`).join(' UNION ALL ') +
      ' ORDER BY place',
  );
  return rows.map(({ count }) => count);
}

async function answerOf(operation: Operation, setting: Setting, port: number, serial: number): Promise<unknown> {
  const connection = await openConnection(port);
  const turn = { serial, client: 0, answers: [] as unknown[] };
  try {
    for (const ask of operation.asks) {
      const { status, body: bytes } = await connection.send(ask(setting, turn));
      const body = bytes.toString();
      if (status !== 200 || body.includes('"errors":')) throw new Error(`answered ${status} ${body.slice(0, 300)}`);
      turn.answers.push(JSON.parse(body));
    }
    return operation.read(turn.answers);
  } finally {
    connection.close();
  }
}

// biome-ignore lint/suspicious/noExplicitAny: answers of any kind.
function comparable(name: OperationName, read: any): unknown {
  if (name === 'submit') {
    const { accessCode, reports } = read.submitReport;
    return accessCode && reports.length === 1 && /^https:/.test(reports[0].address) ? 'as it should be' : read;
  }
  if (name === 'claim') return read.claimNextCase.number === read.releaseCase.number ? 'as it should be' : read;
  if (name === 'empty') return read;
  return plain(read);
}

/** Without cursors and names of types, with times as milliseconds, and with what has no order in one. */
function plain(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => plain(item));
    return key === 'traces' ? items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : items;
  }
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d[T ]\d\d:/.test(value)) return Date.parse(value);
  if (typeof value !== 'object' || value === null) return value;
  const compared = Object.entries(value).filter(([name]) => !LEFT_OUT.has(name));
  return Object.fromEntries(compared.map(([name, part]) => [name, plain(part, name)]));
}

function difference(expected: unknown, found: unknown, path = ''): string {
  if (isDeepStrictEqual(expected, found)) return '';
  const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
  if (!isObject(expected) || !isObject(found))
    return `${path}: ${JSON.stringify(found)} is not ${JSON.stringify(expected)}`.slice(0, 300);
  for (const key of new Set([...Object.keys(expected), ...Object.keys(found)])) {
    const told = difference(expected[key], found[key], `${path}.${key}`);
    if (told) return told;
  }
  return `${path} differs`;
}
