import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type As, type Platform, startPlatform } from '../support/platform.ts';
import { statementsOf } from '../support/statements.ts';

const CREATE = `mutation ($input: CreateOwnKeyInput!) {
  result: createOwnKey(input: $input) {
    __typename
    ... on CreatedOwnKey { secret key { id label prefix createdOn expiresOn lastUsedOn revokedOn } }
    ... on InvalidInputError { issues { path code } }
  }
}`;
const REVOKE =
  'mutation ($id: ID!) { result: revokeOwnKey(id: $id) { __typename ... on OwnKey { revokedOn } ... on Error { code } } }';
const LIST = '{ ownKeys { id prefix revokedOn lastUsedOn } }';
const figures = (country: string) =>
  `{ countryStatistics(country: "${country}", from: "2024-01", to: "2024-01") { country } }`;
const DAY_MS = 86_400_000;

let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.stop());
afterEach(() => {
  vi.useRealTimers();
});

const today = (offset = 0) => new Date(Date.now() + offset * DAY_MS).toISOString().slice(0, 10);
const create = (input: object = {}, as: As | { token: string } = 'partner-ke') =>
  platform.ask(CREATE, { input: { label: 'Charts', expiresOn: today(30), ...input } }, as);
const made = async (input: object = {}) => (await create(input)).data.result;
const read = (secret: string, query = figures('KE')) => platform.ask(query, {}, { token: secret });
const revoke = async (id: string, as: As = 'partner-ke') => (await platform.ask(REVOKE, { id }, as)).data.result;

describe('a key of one’s own', () => {
  it('reads what its maker reads, and no other country', async () => {
    const { secret, key } = await made();
    expect(key).toMatchObject({
      label: 'Charts',
      createdOn: today(),
      expiresOn: today(30),
      lastUsedOn: null,
      revokedOn: null,
    });
    expect(secret.startsWith(`${key.prefix}_`)).toBe(true);
    expect((await read(secret)).data.countryStatistics).toEqual({ country: 'KE' });
    const refused = await statementsOf(() => read(secret, figures('UG')));
    expect(refused.result.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(refused.statements).toHaveLength(1);
  });

  it('makes no further key, but can be revoked with itself', async () => {
    const { secret, key } = await made();
    expect((await create({}, { token: secret })).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect((await platform.ask(REVOKE, { id: key.id }, { token: secret })).data.result).toMatchObject({
      revokedOn: today(),
    });
    expect((await read(secret)).status).toBe(401);
  });

  it('is nobody else’s to see or to revoke', async () => {
    const { secret, key } = await made();
    for (const as of ['partner-ug', 'funder'] as const) {
      expect(await revoke(key.id, as)).toMatchObject({ code: 'NOT_FOUND' });
      expect((await platform.ask(LIST, {}, as)).data.ownKeys).toEqual([]);
    }
    for (const as of ['stranger', 'analyst', 'supervisor', 'admin', 'industry'] as const)
      expect((await platform.ask(LIST, {}, as)).data).toBeNull();
    expect((await read(secret)).errors).toEqual([]);
    expect(await revoke('no id')).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is refused from the next request on once it is revoked, and stays on the list', async () => {
    const { secret, key } = await made();
    expect(await revoke(key.id)).toEqual({ __typename: 'OwnKey', revokedOn: today() });
    expect((await read(secret)).status).toBe(401);
    expect(await revoke(key.id)).toEqual({ __typename: 'OwnKey', revokedOn: today() });
    expect((await platform.ask(LIST, {}, 'partner-ke')).data.ownKeys).toContainEqual({
      id: key.id,
      prefix: key.prefix,
      revokedOn: today(),
      lastUsedOn: null,
    });
  });

  it('works to the end of its last day', async () => {
    const { secret } = await made({ expiresOn: today(1) });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(`${today(2)}T00:00:00Z`) - 1 });
    expect((await read(secret)).status).toBe(200);
    vi.setSystemTime(Date.now() + 1);
    expect((await read(secret)).status).toBe(401);
  });

  it('is made for 400 days at most, and with a name', async () => {
    expect(await made({ expiresOn: today(-1) })).toMatchObject({
      issues: [{ path: ['input', 'expiresOn'], code: 'IN_THE_PAST' }],
    });
    expect(await made({ expiresOn: today(402), label: ' ' })).toMatchObject({
      issues: [{ path: ['input', 'label'] }, { path: ['input', 'expiresOn'], code: 'TOO_LATE' }],
    });
  });

  it('is one of ten that work, also when they are asked for at once', async () => {
    const keys = await Promise.all(Array.from({ length: 14 }, () => made()));
    const { ownKeys } = (await platform.ask(LIST, {}, 'partner-ke')).data;
    const working = ownKeys.filter(({ revokedOn }: { revokedOn: string | null }) => revokedOn === null);
    expect(working).toHaveLength(10);
    expect(keys.filter(({ issues }) => issues?.[0].code === 'TOO_MANY').length).toBeGreaterThanOrEqual(4);
    await revoke(working[0].id);
    expect(await made()).toMatchObject({ __typename: 'CreatedOwnKey' });
  });
});
