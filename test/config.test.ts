import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../src/config.ts';

const key = (id: string) => `${id}:${randomBytes(32).toString('base64url')}`;
const sound = {
  NODE_ENV: 'production',
  TRUSTED_PROXIES: '1',
  DATABASE_URL: 'postgresql://app:canary-password@db.example/portals',
  SECRETS: key('k1'),
  OIDC_ISSUER: 'https://sign-in.example/realm',
  PUBLIC_URL: 'https://portals.example',
};

/** The faults that a configuration is refused with; none where it is accepted. */
function faultsOf(env: Record<string, string | undefined>): string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const fault of error.faults) expect(error.message).toContain(`- ${fault}`);
    return error.faults;
  }
}
const namesOf = (env: Record<string, string | undefined>) =>
  faultsOf(env)
    .map((fault) => /^[A-Z_]+/.exec(fault)?.[0])
    .sort();

describe('without any setting', () => {
  it('development runs on the embedded Postgres, at the loopback, with GraphiQL', () => {
    expect(readConfig({})).toMatchObject({
      production: false,
      host: '127.0.0.1',
      port: 4000,
      publicUrl: 'http://localhost:4000',
      dataDir: '.data',
      databaseUrl: null,
      oidcIssuer: null,
      graphiql: true,
      jobs: true,
      // domain.md §5: a random share of 5 %.
      randomReviewPercent: 5,
      statisticsPublishDay: 5,
    });
  });

  it('production names everything that it needs, at once', () => {
    expect(namesOf({ NODE_ENV: 'production' })).toEqual([
      'DATABASE_URL',
      'OIDC_ISSUER',
      'PUBLIC_URL',
      'SECRETS',
      'TRUSTED_PROXIES',
    ]);
  });
});

describe('replicas', () => {
  it('are a list, and a fault in it names neither address nor password', () => {
    const one = 'postgresql://reader:canary-password@replica.example/portals';
    expect(readConfig({ DATABASE_REPLICA_URLS: `${one}, ${one}2` }).databaseReplicaUrls).toEqual([one, `${one}2`]);
    const faults = faultsOf({ DATABASE_REPLICA_URLS: `${one},replica.example/canary-password` });
    expect(faults).toEqual(['DATABASE_REPLICA_URLS: must be postgresql://…, with commas between them']);
  });
});

describe('production', () => {
  it('starts on sound settings, without GraphiQL and open to the network', () => {
    expect(readConfig(sound)).toMatchObject({ production: true, host: '0.0.0.0', graphiql: false });
    expect(readConfig({ ...sound, PUBLIC_URL: 'https://portals.example/' }).publicUrl).toBe('https://portals.example');
  });

  const development = readConfig({}).secrets[0]!;
  const developmentKey = development.bytes.toString('base64url');
  it.each<[string, Record<string, string | undefined>, string[]]>([
    ['the embedded Postgres', { DATABASE_URL: undefined }, ['DATABASE_URL']],
    ['the development key spelt otherwise', { SECRETS: `k9:${developmentKey.slice(0, -1)}F` }, ['SECRETS']],
    ['two keys of one id', { SECRETS: `${key('k1')},${key('k1')}` }, ['SECRETS']],
    [
      'HTTP in capitals',
      { OIDC_ISSUER: 'HTTP://sign-in.example', PUBLIC_URL: 'HTTP://portals.example' },
      ['OIDC_ISSUER', 'PUBLIC_URL'],
    ],
    ['a public address with a path', { PUBLIC_URL: 'https://portals.example/ke' }, ['PUBLIC_URL']],
    ['an empty database URL', { DATABASE_URL: '' }, ['DATABASE_URL']],
    ['another database', { DATABASE_URL: 'mysql://db.example/x' }, ['DATABASE_URL']],
    ['no secrets', { SECRETS: undefined }, ['SECRETS']],
    ['the secret of development', { SECRETS: `development:${developmentKey}` }, ['SECRETS']],
    ['the secret of development under another name', { SECRETS: `k1:${developmentKey}` }, ['SECRETS']],
    ['the secret of development after a good one', { SECRETS: `${sound.SECRETS},k0:${developmentKey}` }, ['SECRETS']],
    ['a secret that is too short', { SECRETS: 'k1:c2hvcnQ' }, ['SECRETS']],
    ['no issuer', { OIDC_ISSUER: undefined }, ['OIDC_ISSUER']],
    ['an http issuer', { OIDC_ISSUER: 'http://sign-in.example' }, ['OIDC_ISSUER']],
    ['an http address for the public', { PUBLIC_URL: 'http://portals.example' }, ['PUBLIC_URL']],
    ['proxies that nobody has counted', { TRUSTED_PROXIES: undefined }, ['TRUSTED_PROXIES']],
    ['GraphiQL', { GRAPHIQL: 'true' }, ['GRAPHIQL']],
    ['a guessable metrics token', { METRICS_TOKEN: 'short' }, ['METRICS_TOKEN']],
  ])('refuses to start on %s', (_, change, names) => {
    expect(namesOf({ ...sound, ...change })).toEqual(names);
  });

  it('lists all faults at once, and none of their values', () => {
    const canaries = {
      PORT: 'canary-port',
      DATABASE_URL: 'canary-database',
      DATABASE_POOL: '0',
      SECRETS: 'canary-secret,k2:canary-key',
      OIDC_ISSUER: 'http://canary-issuer.example',
      OIDC_AUDIENCE: 'canary audience',
      PUBLIC_URL: 'canary-public',
      TRUSTED_PROXIES: 'canary-hops',
      METRICS_TOKEN: 'canary',
      GRAPHIQL: 'canary-flag',
      JOBS: 'canary-jobs',
      LOG_LEVEL: 'canary-level',
    };
    const faults = faultsOf({ ...canaries, NODE_ENV: 'production' });
    const named = new Set(faults.map((fault) => /^[A-Z_]+/.exec(fault)?.[0]));
    expect([...named].sort()).toEqual(Object.keys(canaries).sort());
    expect(faults.join('\n')).not.toContain('canary');
    expect(faultsOf({ ...sound, NODE_ENV: 'canary' }).join()).toMatch(/^NODE_ENV: (?!.*canary)/);
  });
});

describe('a value that is wrong is named, never read as another', () => {
  it.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '4000x'],
    ['PORT', ' 4000'],
    ['PORT', '1e3'],
    ['DATABASE_POOL', '1'],
    ['DATABASE_POOL', '201'],
    ['DATABASE_URL', 'localhost:5432'],
    ['PUBLIC_URL', 'portals.example'],
    ['PUBLIC_URL', 'ftp://portals.example'],
    ['OIDC_AUDIENCE', 'not an address'],
    ['SECRETS', 'no-colon'],
    ['SECRETS', `UPPER:${randomBytes(32).toString('base64url')}`],
    ['SECRETS', `${key('a')},`],
    ['SECRETS', `a:${randomBytes(32).toString('base64')}`],
    ['GRAPHIQL', 'yes'],
    ['JOBS', '1'],
    ['LOG_LEVEL', 'verbose'],
    ['NODE_ENV', 'Production'],
  ])('%s=%s', (name, value) => {
    expect(namesOf({ [name]: value })).toEqual([name]);
  });

  it('an empty setting is one that is left out', () => {
    const empty = Object.fromEntries(['PORT', 'SECRETS', 'OIDC_ISSUER', 'GRAPHIQL', 'JOBS'].map((name) => [name, '']));
    expect(readConfig(empty)).toEqual(readConfig({}));
  });
});
