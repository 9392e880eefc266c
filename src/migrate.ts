// Prisma's own schema engine, as WebAssembly and over our driver: the CLI would download a binary. It writes the usual
// `_prisma_migrations`, so the ordinary CLI can go on from there.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  isDriverAdapterError,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import type { DiffTarget, MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import { ExpectedFailure } from './expected-failure.ts';

// The engine's own lock, which the ordinary CLI takes too. The engine gives up on it after 10 s; we wait for our turn.
const LOCK = 'SELECT pg_advisory_lock(72707369)';
const APPLIED = 'SELECT migration_name, finished_at IS NOT NULL FROM _prisma_migrations WHERE rolled_back_at IS NULL';
const NO_FILTERS = { externalTables: [], externalEnums: [] };
const PRISMA_DIR = fileURLToPath(new URL('../prisma', import.meta.url));
const MIGRATIONS_DIR = join(PRISMA_DIR, 'migrations');

/** The database could not be brought up to date; the message names the migration and the remedy, and never the URL or any data. */
export class MigrationError extends ExpectedFailure {
  override name = 'MigrationError';
}

/**
 * Applies the migrations that the database lacks, in the order of their names, one process at a time, each whole or not at
 * all unless its SQL commits by itself; returns the names applied. Throws `MigrationError`.
 */
export function migrate(databaseUrl: string, migrationsDir = MIGRATIONS_DIR): Promise<string[]> {
  return withDatabase(databaseUrl, async (database) => {
    const list = readMigrations(migrationsDir);
    if (await isUpToDate(database, list)) return [];

    await database.executeRaw({ sql: LOCK, args: [], argTypes: [] });
    const engine = await loadEngine(database);
    try {
      const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList: list, filters: NO_FILTERS });
      return appliedMigrationNames;
    } catch (error) {
      throw await explained(error, database);
    } finally {
      engine.free();
    }
  });
}

/**
 * Marks a failed migration as undone, so that the next `migrate` tries it again: what `prisma migrate resolve --rolled-back`
 * does. The caller has made sure that nothing of it is left. Throws `MigrationError`.
 */
export function markMigrationRolledBack(databaseUrl: string, migrationName: string): Promise<void> {
  return withDatabase(databaseUrl, async (database) => {
    await database.executeRaw({ sql: LOCK, args: [], argTypes: [] });
    if (!(await failedMigrations(database)).includes(migrationName)) {
      throw new MigrationError(`Migration ${migrationName} is not in a failed state in this database.`);
    }
    const engine = await loadEngine(database);
    await engine.markMigrationRolledBack({ migrationName }).finally(() => engine.free());
  });
}

/**
 * Writes `<UTC time>_<name>/migration.sql` with what changed in `schema.prisma` since the last draft, and beside it a copy of
 * the schema, from which the next draft starts; needs no database. Returns the file's path, or nothing if no SQL is needed.
 */
export async function draftMigration(
  name: string,
  { prismaDir = PRISMA_DIR, now = new Date() } = {},
): Promise<string | undefined> {
  if (!/^[a-z0-9]+(_[a-z0-9]+)*$/.test(name))
    throw new MigrationError('Name a migration in small letters, as in add_holds.');
  const schema = readFileSync(join(prismaDir, 'schema.prisma'), 'utf8');
  const migrationsDir = join(prismaDir, 'migrations');
  mkdirSync(migrationsDir, { recursive: true });
  const names = migrationNames(migrationsDir);
  const copies = names.map((each) => join(migrationsDir, each, 'schema.prisma')).filter((path) => existsSync(path));
  const last = copies.at(-1);
  if (names.length > 0 && !last) {
    throw new MigrationError(
      'No migration has a schema.prisma beside it: copy the schema as it then was to the last one.',
    );
  }

  const engine = await loadEngine(databaseOfNoUse());
  const from: DiffTarget = last ? datamodel(readFileSync(last, 'utf8')) : { tag: 'empty' };
  const diff = await engine
    .diff({ from, to: datamodel(schema), script: true, exitCode: true, filters: NO_FILTERS })
    .finally(() => engine.free());
  if (diff.exitCode === 0) return undefined;

  const folder = join(migrationsDir, `${now.toISOString().replace(/\D/g, '').slice(0, 14)}_${name}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'migration.sql'), diff.stdout ?? '');
  writeFileSync(join(folder, 'schema.prisma'), schema);
  writeFileSync(join(migrationsDir, 'migration_lock.toml'), 'provider = "postgresql"\n');
  return join(folder, 'migration.sql');
}

type Database = SqlDriverAdapter & { scriptError?: unknown };

/** One connection, kept open to the end: the lock belongs to it. */
async function withDatabase<Result>(url: string, work: (database: Database) => Promise<Result>): Promise<Result> {
  const pool = { connectionString: url, max: 1, idleTimeoutMillis: 0, connectionTimeoutMillis: 10_000 };
  const database: Database = await new PrismaPg(pool).connect();
  // The adapter cuts a script at every semicolon, also within functions and quotes. A query without arguments goes to
  // PostgreSQL as it is, and is one transaction.
  database.executeScript = async (sql) => {
    try {
      await database.executeRaw({ sql, args: [], argTypes: [] });
    } catch (error) {
      database.scriptError = error;
      await database.executeRaw({ sql: 'ROLLBACK', args: [], argTypes: [] }).catch(() => {});
      throw error;
    }
  };
  try {
    return await work(database);
  } catch (error) {
    if (error instanceof MigrationError) throw error;
    throw new MigrationError(`The migrations could not be applied: the database answered ${codeOf(error)}.`);
  } finally {
    await database.dispose();
  }
}

/** Spares a start with nothing to do the engine's 0.3 s. Anything but "each one finished" is left to the engine's own checks. */
async function isUpToDate(database: Database, list: MigrationList): Promise<boolean> {
  try {
    const { rows } = await database.queryRaw({ sql: APPLIED, args: [], argTypes: [] });
    const finished = new Map(rows.map(([name, isFinished]) => [name, isFinished === true]));
    return [...finished.values()].every(Boolean) && list.migrationDirectories.every(({ path }) => finished.has(path));
  } catch (error) {
    if (isDriverAdapterError(error) && error.cause.kind === 'TableDoesNotExist') return false;
    throw error;
  }
}

async function explained(error: unknown, database: Database): Promise<MigrationError> {
  const [failed] = await failedMigrations(database);
  if (!failed) return new MigrationError(`The migrations could not be applied: ${codeOf(error)}.`);
  const remedy = `then mark it with \`migrate --rolled-back ${failed}\` and migrate again`;
  if (database.scriptError) {
    const undone = 'PostgreSQL undid it, unless its SQL commits by itself';
    return new MigrationError(
      `Migration ${failed} failed: ${codeOf(database.scriptError)}. ${undone}. Mend it, ${remedy}.`,
    );
  }
  return new MigrationError(`Migration ${failed} failed or was cut off earlier. Undo what it left, ${remedy}.`);
}

async function failedMigrations(database: Database): Promise<unknown[]> {
  const { rows } = await database.queryRaw({ sql: APPLIED, args: [], argTypes: [] });
  return rows.flatMap(([name, isFinished]) => (isFinished === true ? [] : [name]));
}

/** SQLSTATE or Prisma's code. Only a syntax or naming error (class 42) keeps its text: others may quote data. */
function codeOf(error: unknown): string {
  if (!isDriverAdapterError(error))
    return error instanceof Error && 'code' in error ? String(error.code) : 'an unknown error';
  const { kind, originalCode, originalMessage } = error.cause;
  if (!originalCode) return kind;
  return originalCode.startsWith('42') ? `${originalCode}, ${originalMessage}` : originalCode;
}

function migrationNames(dir: string): string[] {
  const entries = readdirSync(dir, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
}

function readMigrations(dir: string): MigrationList {
  const lock = join(dir, 'migration_lock.toml');
  return {
    baseDir: dir,
    lockfile: { path: 'migration_lock.toml', content: existsSync(lock) ? readFileSync(lock, 'utf8') : null },
    shadowDbInitScript: '',
    migrationDirectories: migrationNames(dir).map((name) => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok', value: readFileSync(join(dir, name, 'migration.sql'), 'utf8') },
      },
    })),
  };
}

function datamodel(content: string): DiffTarget {
  return { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content }] };
}

/** The engine asks for the server's version before it compares two schemas, and for nothing else. */
function databaseOfNoUse(): SqlDriverAdapter {
  const { Boolean: Bool, Text, Int32 } = ColumnTypeEnum;
  const answer = {
    columnNames: ['exists', 'version', 'numeric_version'],
    columnTypes: [Bool, Text, Int32],
    rows: [[true, 'PostgreSQL 18.0', 180_000]],
  };
  const unused = () => Promise.reject(new Error('not connected'));
  return {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    queryRaw: async () => answer,
    executeRaw: unused,
    executeScript: unused,
    startTransaction: unused,
    dispose: async () => {},
  };
}

async function loadEngine(database: SqlDriverAdapter): Promise<SchemaEngine> {
  glueLoading ??= loadGlue();
  const { SchemaEngine } = await glueLoading;
  const factory: SqlMigrationAwareDriverAdapterFactory = {
    provider: 'postgres',
    adapterName: database.adapterName,
    connect: async () => database,
    connectToShadowDb: () => Promise.reject(new Error('no shadow database')),
  };
  return SchemaEngine.new({ datamodels: undefined }, () => {}, bindMigrationAwareSqlAdapterFactory(factory));
}

type Glue = typeof import('@prisma/schema-engine-wasm/schema_engine_bg');
let glueLoading: Promise<Glue> | undefined;

/** Once a process: the glue holds one instance in a variable. Node can't yet import `.wasm` as the package's main file does. */
async function loadGlue(): Promise<Glue> {
  const glue = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const file = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const wasm = await WebAssembly.compile(readFileSync(file.replace(/\.js$/, '.wasm')));
  const { exports } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': { ...glue } });
  glue.__wbg_set_wasm(exports);
  const start = exports['__wbindgen_start'];
  if (typeof start === 'function') start();
  return glue;
}
