import { AsyncLocalStorage } from 'node:async_hooks';
import type { Viewer } from './account/viewer.ts';
import { ask, listen, openPool, type pool, type Sql, sql } from './db.ts';
import { log, traceOf } from './log.ts';

/** How often each server is asked how far it is. */
const LOOK_EVERY_MS = 100;
/** A replica that has not said for so long how far it is, is left out. */
const SILENT_MS = 1_000;
/** A replica that has not replayed what the primary had so long ago is left out: nobody reads what is older. */
const LATE_MS = 5_000;
/** For how long a replica may take over an answer before the primary is asked instead. */
const ANSWER_MS = 5_000;
const CHANNEL = 'account_wrote';

type Pool = typeof pool;
/** A position in the log of all that was written, in bytes since the database began: what is there at one is there at all later ones. */
type Replica = { pool: Pool; watch: Pool; position: number; seenAt: number; inUse: boolean };

let replicas: Replica[] = [];
let system = '';
/** Where the primary was, from `LATE_MS` ago until now. */
let passed: { at: number; position: number }[] = [];
/** What a replica must have replayed for everybody, and for accounts that wrote (or were told of a change) lately. */
let neededByAll = Number.POSITIVE_INFINITY;
const neededBy = new Map<string, number>();
/** Whether what others write is heard of. */
let listening = false;
let turn = 0;
const chosen = new AsyncLocalStorage<Replica | undefined>();

/** Begins to use read replicas of the open database, `size` connections each; the returned function ends it. */
export async function openReplicas(urls: string[], primaryUrl: string, size: number): Promise<() => Promise<void>> {
  if (urls.length === 0) return async () => undefined;
  replicas = urls.map((url) => {
    return {
      pool: openPool(url, size, ANSWER_MS),
      watch: openPool(url, 1, SILENT_MS),
      position: 0,
      seenAt: 0,
      inUse: false,
    };
  });
  // Connections of their own: where all others are busy, replicas are needed most.
  const watch = openPool(primaryUrl, 1, SILENT_MS);
  const endListening = await listen(CHANNEL, heedNotice, () => {
    listening = false;
    trustNoReplica();
  });
  listening = true;
  const looking = [
    again(() => lookAtPrimary(watch)),
    ...replicas.map((replica, place) => again(() => lookAt(replica, place))),
  ];
  return async () => {
    const opened = [watch, ...replicas.flatMap((replica) => [replica.pool, replica.watch])];
    replicas = [];
    await Promise.all(looking.map((stop) => stop()));
    await Promise.all([endListening(), ...opened.map((one) => one.end())]);
  };
}

/**
 * Runs an operation of GraphQL. What a query asks by `read` may come from a replica that has all that its account wrote; a mutation
 * reads and writes on the primary, and is answered once it is known how far a replica must be for its account from now on.
 */
export function onServers<T>(
  kind: 'query' | 'mutation' | 'subscription',
  viewer: Viewer | null,
  run: () => T | Promise<T>,
): T | Promise<T> {
  if (replicas.length === 0 || kind === 'subscription') return run();
  if (kind === 'query') return chosen.run(pick(viewer), run);
  return Promise.resolve(run()).finally(() => catchUp(viewer));
}

/** From now on what this account reads holds all that is committed now: it wrote, or was told of a change. */
export async function catchUp(viewer: Viewer | null): Promise<void> {
  if (replicas.length === 0 || viewer === null) return;
  try {
    const [row] = await ask<{ position: number }>(
      'catch_up',
      sql`WITH here AS (SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 AS position)
          SELECT position, pg_notify(${CHANNEL}::text, ${viewer.id}::text || ' ' || position) FROM here`,
    );
    need(viewer.id, row?.position ?? Number.POSITIVE_INFINITY);
  } catch (error) {
    log.warn('How far replicas must be is unknown: the primary answers for a while.', traceOf(error));
    trustNoReplica();
  }
}

/**
 * Asks as `ask` does (null: a text that varies, which is not kept prepared), on the replica of the present query where it has one. Only for what reads, and may be
 * `LATE_MS` behind for whoever wrote nothing lately. A replica that fails is left out until it is looked at again, and the primary answers.
 */
export async function read<Row extends object>(name: string | null, statement: Sql): Promise<Row[]> {
  const replica = chosen.getStore();
  if (!replica || !isInUse(replica)) return ask(name, statement);
  try {
    const { text, values } = statement;
    return (await replica.pool.query<Row>({ name: name ?? undefined, text, values })).rows;
  } catch (error) {
    replica.seenAt = 0;
    log.warn('A replica did not answer: the primary does.', traceOf(error));
    return ask(name, statement);
  }
}

/** Whether there are replicas: what one query reads is then not what another finds elsewhere. */
export function hasReplicas(): boolean {
  return replicas.length > 0;
}

/** Whether the present query reads from the primary, so that what it leaves behind can be left by the same statement. */
export function readsFromPrimary(): boolean {
  const replica = chosen.getStore();
  return !replica || !isInUse(replica);
}

function pick(viewer: Viewer | null): Replica | undefined {
  const needed = Math.max(neededByAll, (viewer && neededBy.get(viewer.id)) ?? 0);
  const able = replicas.filter((replica) => isInUse(replica) && replica.position >= needed);
  turn += 1;
  return able[turn % able.length];
}

function isInUse({ position, seenAt }: Replica): boolean {
  return Date.now() - seenAt < SILENT_MS && position >= neededByAll;
}

function need(account: string, position: number): void {
  neededBy.set(account, Math.max(position, neededBy.get(account) ?? 0));
}

// Another process wrote for an account. Without words some of what others said is unknown.
function heedNotice(words?: string): void {
  const [account, position] = words?.split(' ') ?? [];
  if (account && position) {
    need(account, Number(position));
  } else {
    listening = true;
    trustNoReplica();
  }
}

// Until a replica has all that the primary has at the next look.
function trustNoReplica(): void {
  passed = [];
  neededByAll = Number.POSITIVE_INFINITY;
}

type Place = { system: string; follows: boolean; position: number };
const PLACE = sql`SELECT system_identifier::text AS system, pg_is_in_recovery() AS follows, pg_wal_lsn_diff(
  CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END, '0/0')::float8 AS position
  FROM pg_control_system()`;

async function placeOf(watch: Pool): Promise<Place> {
  const { rows } = await watch.query<Place>({ name: 'place', text: PLACE.text });
  if (!rows[0]) throw new Error('A server is at one place.');
  return rows[0];
}

async function lookAtPrimary(watch: Pool): Promise<void> {
  const [at, before] = [Date.now(), passed];
  const place = await placeOf(watch).catch(() => null);
  if (!place || !listening) return trustNoReplica();
  if (passed !== before) return;
  system = place.system;
  passed.push({ at, position: place.position });
  const late = passed.findLastIndex((past) => past.at <= at - LATE_MS);
  passed.splice(0, Math.max(0, late));
  neededByAll = passed[0]?.position ?? Number.POSITIVE_INFINITY;
  for (const [account, needed] of neededBy) if (needed <= neededByAll) neededBy.delete(account);
}

async function lookAt(replica: Replica, place: number): Promise<void> {
  const at = Date.now();
  const seen = await placeOf(replica.watch).catch(() => null);
  // One that follows another database, or none any more, is no replica of ours.
  if (seen?.follows && seen.system === system) Object.assign(replica, { position: seen.position, seenAt: at });
  const inUse = isInUse(replica);
  if (inUse !== replica.inUse) log.info(inUse ? 'A replica is used.' : 'A replica is left out.', { id: place + 1 });
  replica.inUse = inUse;
}

/** Does `work` over and over, with a pause, until the returned function is called. */
function again(work: () => Promise<void>): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const round = async () => {
    await work();
    if (!stopped) timer = setTimeout(next, LOOK_EVERY_MS).unref();
  };
  let present = round();
  const next = () => {
    present = round();
  };
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await present;
  };
}
