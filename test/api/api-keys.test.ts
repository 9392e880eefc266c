import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Platform, startPlatform, tokenOf } from '../support/platform.ts';
import { statementsOf } from '../support/statements.ts';

const CREATE = `mutation ($input: CreateApiKeyInput!) {
  result: createApiKey(input: $input) {
    __typename
    ... on CreatedApiKey { secret key { id label prefix createdAt expiresOn lastUsedOn revokedAt } }
    ... on InvalidInputError { issues { path code } }
    ... on Error { code }
  }
}`;
const REVOKE = `mutation ($id: ID!) { result: revokeApiKey(id: $id) { __typename ... on ApiKey { revokedAt } ... on Error { code } } }`;
const LIST = '{ accounts { name apiKeys { id label prefix expiresOn lastUsedOn revokedAt } } }';
const VIEWER = '{ viewer { name mayReadUrlList } }';
const DAY_MS = 86_400_000;

let platform: Platform;
let account: string;
beforeAll(async () => {
  platform = await startPlatform();
  account = (await platform.ask('{ viewer { id } }', {}, 'industry')).data.viewer.id;
});
afterAll(() => platform.stop());
afterEach(() => {
  vi.useRealTimers();
});

const create = async (input: object = {}) =>
  (await platform.ask(CREATE, { input: { account, label: 'reads the list', ...input } }, 'admin')).data.result;
const use = (secret: string) => platform.ask(VIEWER, {}, { token: secret });
const listed = async (id: string) => {
  const { data } = await platform.ask(LIST, {}, { token: await tokenOf('admin', new Date()) });
  return data.accounts
    .flatMap(({ apiKeys }: { apiKeys: { id: string }[] }) => apiKeys)
    .find((k: { id: string }) => k.id === id);
};
const today = (offset = 0) => new Date(Date.now() + offset * DAY_MS).toISOString().slice(0, 10);

async function allRows(): Promise<string> {
  const client = new pg.Client({ connectionString: platform.databaseUrl });
  await client.connect();
  const { rows: tables } = await client.query(
    "SELECT table_schema s, table_name t FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')",
  );
  let dump = '';
  for (const { s, t } of tables) {
    const { rows } = await client.query(
      `SELECT row_to_json(x)::text AS row FROM ${pg.escapeIdentifier(s)}.${pg.escapeIdentifier(t)} x`,
    );
    dump += rows.map(({ row }) => row).join('\n');
  }
  await client.end();
  return dump;
}

describe('a key', () => {
  it('signs its account in until it is revoked, then from the next request on no more', async () => {
    const { secret, key } = await create();
    expect((await use(secret)).data.viewer).toEqual({ name: 'Machine of a network operator', mayReadUrlList: true });

    const revoked = (await platform.ask(REVOKE, { id: key.id }, 'admin')).data.result;
    expect(revoked.revokedAt).toMatch(/^\d{4}-/);
    expect(await use(secret)).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect((await platform.ask(REVOKE, { id: key.id }, 'admin')).data.result).toEqual(revoked);
  });

  it('carries 256 random bits behind a prefix by which people know it', async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => create()));
    const random = keys.map(({ secret, key }) => {
      expect(secret).toMatch(/^rp_[a-z0-9]{8}_[A-Za-z0-9_-]{43}$/);
      expect(secret.slice(0, 11)).toBe(key.prefix);
      const bytes = Buffer.from(secret.slice(12), 'base64url');
      expect(bytes).toHaveLength(32);
      return bytes;
    });
    expect(new Set(random.map((bytes) => bytes.toString('hex'))).size).toBe(20);
    const ones = random
      .flatMap((bytes) => [...bytes])
      .reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
    expect(Math.abs(ones / (20 * 256) - 0.5)).toBeLessThan(0.05);
  });

  it('is shown once: no other answer, no table and no audit entry holds it, only a keyed hash', async () => {
    const { secret } = await create();
    await use(secret);
    const random = secret.slice(12);
    const bytes = Buffer.from(random, 'base64url').toString('hex');
    const answers = JSON.stringify([
      await platform.ask(LIST, {}, 'admin'),
      await platform.ask('{ auditTrail(first: 100) { edges { node { operation detail } } } }', {}, 'admin'),
    ]);
    const rows = await allRows();
    expect(rows).toContain(secret.slice(0, 11));
    for (const place of [answers, rows])
      for (const form of [random, bytes, Buffer.from(secret).toString('hex')]) expect(place).not.toContain(form);

    const { createHash } = await import('node:crypto');
    expect(rows).not.toContain(createHash('sha256').update(secret).digest('hex'));
    const { keyedHash } = await import('../../src/secrets.ts');
    expect(rows).toContain(Buffer.from(keyedHash('api-key', secret)).toString('hex'));
  });

  it('has to be whole: one changed character, or its prefix alone, is nobody', async () => {
    const { secret, key } = await create();
    const last = secret.endsWith('A') ? 'B' : 'A';
    for (const wrong of [
      `${secret.slice(0, 20)}${secret[20] === 'x' ? 'y' : 'x'}${secret.slice(21)}`,
      secret.slice(0, -1) + last,
      `${key.prefix}_`,
      `${secret}=`,
    ])
      expect((await use(wrong)).status).toBe(401);
  });

  it('works on the last day that it was given, and not on the next', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { secret, key } = await create({ expiresOn: today() });
    expect(key.expiresOn).toBe(today());
    expect((await use(secret)).status).toBe(200);
    vi.setSystemTime(new Date(`${today(1)}T00:00:01Z`));
    expect((await use(secret)).status).toBe(401);
  });

  it('is refused at once where its account is disabled', async () => {
    const { data } = await platform.ask(
      'mutation { saveAccount(input: { subject: "machine", name: "Machine", role: ANALYST }) { ... on Account { id } } }',
      {},
      'admin',
    );
    const { secret } = await create({ account: data.saveAccount.id });
    expect((await use(secret)).status).toBe(200);
    await platform.ask(
      'mutation ($id: ID!) { disableAccount(id: $id) { __typename } }',
      { id: data.saveAccount.id },
      'admin',
    );
    expect((await use(secret)).status).toBe(401);
  });

  it('notes the day of its use once a day, not at every use', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { secret, key } = await create();
    expect((await listed(key.id)).lastUsedOn).toBeNull();
    const statements = async () => (await statementsOf(() => use(secret))).statements.map((text) => text.split(' ')[0]);
    expect(await statements()).toEqual(['SELECT', 'UPDATE']);
    expect(await statements()).toEqual(['SELECT']);
    expect((await listed(key.id)).lastUsedOn).toBe(today());
    vi.setSystemTime(Date.now() + DAY_MS);
    expect(await statements()).toEqual(['SELECT', 'UPDATE']);
    expect(await statements()).toEqual(['SELECT']);
    expect((await listed(key.id)).lastUsedOn).toBe(today());
  });

  it('is refused to be made with a past day, without a label, or for nobody', async () => {
    expect(await create({ expiresOn: today(-1) })).toMatchObject({
      issues: [{ path: ['input', 'expiresOn'], code: 'IN_THE_PAST' }],
    });
    expect(await create({ label: ' ', account: 'x' })).toMatchObject({
      issues: [{ path: ['input', 'account'] }, { path: ['input', 'label'] }],
    });
    expect(await create({ account: '01890000-0000-7000-8000-000000000000' })).toMatchObject({ code: 'NOT_FOUND' });
    expect((await platform.ask(REVOKE, { id: 'no id' }, 'admin')).data.result).toMatchObject({ code: 'NOT_FOUND' });
  });
});
