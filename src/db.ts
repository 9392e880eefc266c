import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { Prisma, PrismaClient } from './generated/prisma/client.ts';
import { log, traceOf } from './log.ts';

const ATTEMPTS = 5;
const RECONNECT_MS = 1_000;
/** A new connection costs tens of milliseconds, and all that is asked is planned on it again: where requests come once a minute, one stays. */
export const IDLE_MS = 10 * 60_000;
/** For how long a request waits in line for a connection before it is told that we are busy: 512 of them have their turn at 35 a second. */
const IN_LINE_MS = 15_000;
/** Postgres's codes for a transaction that lost a race and may simply be run again: serialization failure and deadlock. */
const LOST_RACE = new Set(['40001', '40P01', 'P2034']);
/** How Prisma's adapter and Postgres say that nobody got in: unreachable, full, starting up or shutting down. */
const NOT_CONNECTED = new Set(['DatabaseNotReachable', 'TooManyConnections', '53300', '57P03']);

export type Tx = Prisma.TransactionClient;

/** A piece of a statement, to put into another: what is filled in stays a parameter. */
export type Sql = Prisma.Sql;
export const sql = Prisma.sql;
/** All of these conditions, of which there is at least one. */
export const allOf = (conditions: Sql[]): Sql => Prisma.join(conditions, ' AND ');

/** A whole number as a part of the text, such as a LIMIT: what is filled in Postgres does not plan for. */
export const wholeNumber = (value: number): Sql => sql([String(Math.trunc(value))]);

/** What a JSON column holds where it holds nothing. */
export const NO_JSON = Prisma.DbNull;

/** The one client and the pool under it; set by `openDatabase`, before anything is served. */
export let prisma: PrismaClient;
export let pool: pg.Pool;

/** Opens the one pool of connections (`size` of them at most) that the whole process shares. */
export function openDatabase(url: string, size: number): void {
  pool = openPool(url, size);
  prisma = new PrismaClient({
    adapter: new PrismaPg(pool),
    errorFormat: 'minimal',
    transactionOptions: { maxWait: IN_LINE_MS, timeout: 15_000 },
  });
}

/** A pool beside the one, for replicas and for watching servers; `answerMs` is how long an answer is waited for, where it is limited. */
export function openPool(url: string, size: number, answerMs?: number): pg.Pool {
  const opened = new pg.Pool({
    connectionString: url,
    max: size,
    connectionTimeoutMillis: answerMs ?? IN_LINE_MS,
    idleTimeoutMillis: IDLE_MS,
    keepAlive: true,
    // One that fell silent has then ended after some 20 seconds, and not after two hours.
    keepAliveInitialDelayMillis: 10_000,
    statement_timeout: 15_000,
    query_timeout: answerMs,
    application_name: 'reporting-portals',
    // The adapter reads times without their offset: whatever zone the database prefers, ours is UTC.
    options: '-c TimeZone=UTC',
  });
  const broke = (error: Error) => log.warn('A database connection broke.', traceOf(error));
  opened.on('error', broke);
  opened.on('connect', (client) => client.on('error', broke));
  return opened;
}

/** Closes every connection, after the statements under way have ended. */
export async function closeDatabase(): Promise<void> {
  await prisma.$disconnect();
  if (!pool.ended) await pool.end();
}

/**
 * Runs one statement on the pool, prepared under `name` once a connection: for what is asked so often that Prisma's own work would be
 * the most of it. One name has one text (null: a text that varies, which is not kept). Times come as `Date`s, JSON as what it holds; cast enums,
 * their arrays and days to text.
 */
export async function ask<Row extends object>(name: string | null, { text, values }: Sql): Promise<Row[]> {
  const { rows } = await pool.query<Row>({ name: name ?? undefined, text, values });
  return rows;
}

/** As `ask`, for a statement that writes: a transaction by itself, which runs again as `transaction` does. */
export function write<Row extends object>(name: string | null, statement: Sql): Promise<Row[]> {
  return untilWon(() => ask<Row>(name, statement));
}

/** Runs `work` in one transaction, again from the start (at most five times) where it lost a race to another. */
export function transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  return untilWon(() => prisma.$transaction(work));
}

async function untilWon<T>(attemptIt: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptIt();
    } catch (error) {
      if (attempt === ATTEMPTS || !lostRace(error)) throw error;
    }
  }
}

function lostRace(error: unknown): boolean {
  return LOST_RACE.has(databaseCode(error) ?? '');
}

/** The name of the unique index that a write ran into (or its columns), or null where the error is another. */
export function violatedUnique(error: unknown): string | null {
  if (error instanceof pg.DatabaseError) return error.code === '23505' ? (error.constraint ?? '') : null;
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return null;
  if (databaseCode(error) !== '23505' && error.code !== 'P2002') return null;
  return JSON.stringify(error.meta ?? {});
}

/** The code by which Postgres (SQLSTATE) or Prisma names an error of the database; null for any other error. */
export function databaseCode(error: unknown): string | null {
  if (error instanceof pg.DatabaseError) return error.code ?? null;
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return null;
  return causeOf(error)?.originalCode ?? error.code;
}

function causeOf(error: Prisma.PrismaClientKnownRequestError): { kind?: string; originalCode?: string } | undefined {
  const { driverAdapterError } = (error.meta ?? {}) as { driverAdapterError?: { cause?: object } };
  return driverAdapterError?.cause;
}

/**
 * Whether a failure is that no connection, or no transaction, was to be had in time, or that the database is away or starting:
 * the same request may work a little later. Never one whose connection broke on the way, since it may have been kept.
 */
export function isBusy(error: unknown): boolean {
  if (error instanceof pg.DatabaseError && NOT_CONNECTED.has(error.code ?? '')) return true;
  if (error instanceof Error && 'syscall' in error && error.syscall === 'connect') return true;
  if (error instanceof Prisma.PrismaClientKnownRequestError) {
    const { kind, originalCode } = causeOf(error) ?? {};
    if (NOT_CONNECTED.has(kind ?? '') || NOT_CONNECTED.has(originalCode ?? '')) return true;
  }
  // Prisma has one code (P2028) for every fault of a transaction, and none for pg's.
  return (
    error instanceof Error &&
    /Unable to start a transaction|timeout exceeded when trying to connect|terminated due to connection timeout/.test(
      error.message,
    )
  );
}

/**
 * Calls `onNotice` with the words of every notification on a channel, from any process, until the returned function is called; without
 * words after a broken connection, when some may have been missed. That it broke is told by `onBroken`.
 */
export async function listen(
  channel: string,
  onNotice: (words?: string) => void,
  onBroken: () => void = () => undefined,
): Promise<() => Promise<void>> {
  let client: pg.Client | undefined;
  let stopped = false;

  const connect = async () => {
    const next = new pg.Client({ ...pool.options, keepAlive: true });
    next.on('notification', ({ payload }) => onNotice(payload));
    const end = () => next.end().catch(() => undefined);
    next.on('error', end);
    try {
      await next.connect();
      await next.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      await end();
      throw error;
    }
    // Not before: one that never opened also ends, and is tried again already.
    next.once('end', () => {
      if (stopped) return;
      onBroken();
      setTimeout(reconnect, RECONNECT_MS).unref();
    });
    client = next;
    if (stopped) await end();
  };
  const reconnect = () => {
    if (stopped) return;
    // What happened in between is unknown, so whoever listens is told once to look again.
    connect().then(
      () => onNotice(),
      (error: unknown) => {
        log.warn('Listening for notifications failed; trying again.', traceOf(error));
        setTimeout(reconnect, RECONNECT_MS).unref();
      },
    );
  };

  await connect();
  return async () => {
    stopped = true;
    await client?.end();
  };
}
