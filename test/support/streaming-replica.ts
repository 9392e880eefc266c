import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runMigrations } from 'graphile-worker';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/embedded-postgres.ts';
import { migrate } from '../../src/migrate.ts';
import { openPostgresCluster } from '../../src/postgres-cluster.ts';
import { freePort } from './platform.ts';
import { until } from './spawned.ts';

/** A database and a real replica of it, which follows it by streaming. */
export type Replicated = {
  url: string;
  replicaUrl: string;
  ask: (url: string, text: string) => Promise<Record<string, unknown>[]>;
  /** Ends the replica as a power cut does. */
  killReplica: () => Promise<void>;
  startReplica: () => Promise<void>;
  stop: () => Promise<void>;
};

/** Starts a migrated database of its own and a replica beside it: a copy of its folder that follows it. */
export async function startReplicated(): Promise<Replicated> {
  const home = mkdtempSync(join(tmpdir(), 'reporting-portals-replica-'));
  const [first, second] = [join(home, 'primary'), join(home, 'replica')];
  const before = await startEmbeddedPostgres({ dataDir: first });
  await migrate(before.url);
  await runMigrations({ connectionString: before.url });
  await before.stop();
  execFileSync('cp', ['-a', first, second]);
  const primary = await startEmbeddedPostgres({ dataDir: first });

  const { port: primaryPort, username, password } = new URL(primary.url);
  const cluster = await openPostgresCluster(second);
  const port = await freePort();
  writeFileSync(join(cluster.folder, 'standby.signal'), '');
  const follow = `host=127.0.0.1 port=${primaryPort} user=${username} password=${decodeURIComponent(password)}`;
  appendFileSync(join(cluster.folder, 'postgresql.auto.conf'), `primary_conninfo = '${follow}'\n`);
  const replicaUrl = cluster.urlAt(port);
  let child: ChildProcess;

  const startReplica = async () => {
    const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories='];
    child = cluster.run('postgres', ['-D', cluster.folder, ...settings.flatMap((setting) => ['-c', setting])]);
    await until(() =>
      ask(replicaUrl, 'SELECT 1').then(
        () => true,
        () => false,
      ),
    );
  };
  const endReplica = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  await startReplica();
  return {
    url: primary.url,
    replicaUrl,
    ask,
    // Postgres's own word for it: no goodbye, no checkpoint.
    killReplica: () => endReplica('SIGQUIT'),
    startReplica,
    stop: async () => {
      await endReplica('SIGINT');
      await primary.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function ask(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
