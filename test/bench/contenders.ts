import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IDLE_MS } from '../../src/db.ts';
import type { Operations, ServerEnvironment } from './contender.ts';
import type { Identity } from './identity.ts';
import { type Server, startServerProcess } from './server-process.ts';

const bench = dirname(fileURLToPath(import.meta.url));
const root = join(bench, '../..');
const peersFolder = join(bench, 'peers');
const POOL = '10';
/** Of the bench alone: production takes none that everybody knows. */
const SECRETS = `bench:${Buffer.alloc(32, 7).toString('base64url')}`;

/** Somebody in the comparison: how to start them, and the file that says how to ask them. */
export type Contender = { name: string; operationsFile: string; operations: Operations; start: () => Promise<Server> };

/** The names of all contenders: the limit, the platform, and the peers that there are. */
export function contenderNames(): string[] {
  const peers = existsSync(peersFolder)
    ? readdirSync(peersFolder).filter((name) => existsSync(join(peersFolder, name, 'server.mjs')))
    : [];
  return ['limit', 'platform', ...peers];
}

/**
 * A contender by its name, over this database; `before=<folder>` is the platform of another checkout. A peer's packages are installed
 * where they are missing.
 */
export async function contender(name: string, databaseUrl: string, identity: Identity): Promise<Contender> {
  const [plainName = '', checkout = root] = name.split('=');
  const isPlatform = ['platform', 'before'].includes(plainName);
  const isPeer = !isPlatform && name !== 'limit';
  if (isPeer) installPeers();
  const ownOperations = join(bench, isPlatform ? 'platform-operations.ts' : 'limit-operations.ts');
  const operationsFile = isPeer ? join(peersFolder, name, 'operations.ts') : ownOperations;
  const { operations } = (await import(operationsFile)) as { operations: Operations };
  return { name: plainName, operationsFile, operations, start };

  async function start(): Promise<Server> {
    const port = await freePort();
    const environment: ServerEnvironment = {
      NODE_ENV: 'production',
      DATABASE_URL: databaseUrl,
      DATABASE_POOL: POOL,
      DATABASE_IDLE_MS: String(IDLE_MS),
      HOST: '127.0.0.1',
      PORT: String(port),
      BENCH_JWKS: identity.keysFile,
      OIDC_ISSUER: identity.issuer,
      OIDC_AUDIENCE: identity.audience,
    };
    const common = { name: plainName, port, folder: checkout, environment };
    const [flags, entry] = startCommand(checkout);
    if (isPlatform) return startPlatform({ ...common, args: [...flags, ...entry] }, identity);
    if (name === 'limit')
      return startServerProcess({
        ...common,
        args: [...flags, '--import', 'tsx', join(bench, 'limit-server.ts')],
        ready: 'ready\n',
      });
    return startServerProcess({
      ...common,
      folder: join(peersFolder, name),
      args: [...flags, 'server.mjs'],
      ready: 'ready\n',
    });
  }
}

function startPlatform(
  common: Omit<Parameters<typeof startServerProcess>[0], 'ready'>,
  identity: Identity,
): Promise<Server> {
  return startServerProcess({
    ...common,
    environment: {
      ...common.environment,
      SECRETS,
      PUBLIC_URL: 'https://platform.example',
      TRUSTED_PROXIES: '1',
      // As in a larger deployment, the jobs run in a process of their own: here in none.
      JOBS: 'false',
      NODE_EXTRA_CA_CERTS: identity.certificateFile,
    },
    ready: 'Serving at',
  });
}

/** What `npm start` runs Node with: the bound of the heap, which everybody gets, and what is the platform's own. */
function startCommand(checkout: string): [flags: string[], entry: string[]] {
  const { scripts } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  const words = (scripts.start.split('&&').at(-1) ?? '').trim().split(/\s+/).slice(1);
  const isFlag = (word: string) => word.startsWith('--m');
  return [words.filter(isFlag), words.filter((word) => !isFlag(word))];
}

function installPeers(): void {
  if (existsSync(join(peersFolder, 'node_modules'))) return;
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: peersFolder, stdio: ['ignore', 'ignore', 'inherit'] });
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
