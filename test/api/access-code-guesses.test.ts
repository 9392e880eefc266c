import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { accessCodeFrom } from '../../src/domain/receipt.ts';
import { receiptFor } from '../report/intake.ts';
import { type Answer, type Platform, send, startPlatform } from '../support/platform.ts';
import { statementsOf } from '../support/statements.ts';

const MISSES_PER_HOUR = 100;
/** Answered at once above it, and in the five seconds for which one waits at most. */
const TURNS = 6;
const ALIASES = 15;
const STATUS = 'query ($code: String!) { reportStatus(accessCode: $code) { stage } }';
const WITHDRAW = 'mutation ($code: String!) { withdrawContact(accessCode: $code) { __typename } }';
const DETAILS = `mutation ($code: String!) {
  addReportDetails(input: { accessCode: $code, details: { howFound: LINK } }) { __typename ... on Error { code } } }`;
const aliases = Array.from({ length: ALIASES }, (_, n) => n);
const MANY = `query (${aliases.map((n) => `$c${n}: String!`).join(' ')}) {
  ${aliases.map((n) => `s${n}: reportStatus(accessCode: $c${n}) { stage }`).join(' ')} }`;
const RECEIVED = { reportStatus: { stage: 'RECEIVED' } };

const unknownCode = () => accessCodeFrom(randomBytes(16));
const malformedCode = () => {
  const code = unknownCode();
  return `${code.slice(0, -1)}${(Number(code.at(-1)) + 1) % 10}`;
};

describe('whoever guesses access codes', () => {
  let platform: Platform;
  let accessCode: string;
  beforeAll(async () => {
    platform = await startPlatform({ TRUSTED_PROXIES: '1' });
    ({ accessCode } = await receiptFor(platform, 'ke', 'https://guessed.example/'));
  });
  beforeEach(() => {
    // The clock stands still, so that a slow machine's turns are those of one moment.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  });
  afterEach(() => vi.useRealTimers());
  afterAll(() => platform.stop());

  const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000);
  const from = (address: string, query: string, code: string) =>
    send(platform.url, { query, variables: { code } }, { 'x-forwarded-for': address });
  /** Fifteen in one operation. */
  const manyFrom = (address: string, codeOf: () => string) => {
    const variables = Object.fromEntries(aliases.map((n) => [`c${n}`, codeOf()]));
    return send(platform.url, { query: MANY, variables }, { 'x-forwarded-for': address });
  };
  const missFrom = async (address: string) => {
    for (let n = 0; n < 6; n += 1) await manyFrom(address, unknownCode);
    for (let n = 6 * ALIASES; n < MISSES_PER_HOUR; n += 2) {
      const asked = await from(address, STATUS, unknownCode());
      const withdrawn = await from(address, WITHDRAW, unknownCode());
      expect([asked.data.reportStatus, withdrawn.data.withdrawContact.__typename]).toEqual([null, 'NotFoundError']);
    }
  };
  const statusPage = (address: string, code = accessCode) =>
    fetch(`${platform.url}/ke/en/status`, {
      method: 'POST',
      headers: { 'x-forwarded-for': address },
      body: new URLSearchParams({ accessCode: code }),
    });
  const secondsOf = async (work: () => Promise<unknown>) => {
    const begun = performance.now();
    await work();
    return (performance.now() - begun) / 1_000;
  };

  it('gets a hundred answers and then one a second, also to 960 guesses at once, while others wait with them for seconds', async () => {
    const guesses = await Promise.all(Array.from({ length: 64 }, () => manyFrom('192.0.2.1', unknownCode)));
    const told = guesses.flatMap(({ data, errors }: Answer) => {
      expect(errors.every(({ extensions }) => extensions.code === 'TOO_MANY_TRIES')).toBe(true);
      return Object.values(data ?? {}).slice(0, ALIASES - errors.length);
    });
    expect(told).toEqual(Array(MISSES_PER_HOUR + TURNS).fill(null));

    // An honest neighbour who comes while the last of them has its turn waits for the next.
    later(5);
    const seconds = await secondsOf(async () => {
      expect((await from('192.0.2.1', STATUS, accessCode)).data).toEqual(RECEIVED);
    });
    expect(seconds).toBeGreaterThan(0.9);
    later(2);
    const page = await statusPage('192.0.2.1');
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('We have your report')]);
  }, 30_000);

  it('holds no connection while it waits, and is sent away before anything is looked up when too many wait', async () => {
    await missFrom('192.0.2.2');
    const { pool } = await import('../../src/db.ts');
    const answer = manyFrom('192.0.2.2', unknownCode);
    await sleep(1_000);
    // Some wait for four seconds more.
    await vi.waitFor(() => expect(pool.totalCount - pool.idleCount).toBe(0), 2_000);
    expect((await answer).errors).toHaveLength(ALIASES - TURNS);

    // The clock stood still: their turns are still to come.
    for (const code of [accessCode, unknownCode(), malformedCode()]) {
      for (const query of [STATUS, WITHDRAW, DETAILS]) {
        const { statements } = await statementsOf(async () => {
          const { status, errors } = await from('192.0.2.2', query, code);
          expect([status, errors[0]?.extensions]).toEqual([429, { code: 'TOO_MANY_TRIES', retryAfterSeconds: 5 }]);
        });
        expect(statements).toEqual([]);
      }
    }
    const page = await statusPage('192.0.2.2');
    expect([page.status, await page.text()]).toEqual([429, expect.not.stringContaining('We have your report')]);
  }, 30_000);

  it('is slowed whatever the next code opens, and nobody else is; after the hour it begins anew', async () => {
    await missFrom('192.0.2.3');
    for (const code of [accessCode, unknownCode(), malformedCode()]) {
      later(10);
      await from('192.0.2.3', STATUS, code);
      const seconds = await secondsOf(() => from('192.0.2.3', STATUS, code));
      expect(seconds).toBeGreaterThan(0.9);
      expect(seconds).toBeLessThan(2.5);
    }
    expect((await from('192.0.2.4', STATUS, accessCode)).data).toEqual(RECEIVED);
    expect((await statusPage('192.0.2.4')).status).toBe(200);
    later(3_601);
    for (let n = 0; n < 2 * TURNS; n += 1) expect((await from('192.0.2.3', STATUS, accessCode)).data).toEqual(RECEIVED);
  }, 30_000);

  it('is nobody who mistypes: a code whose check digit is wrong counts for nothing, nor does one that opens a report', async () => {
    for (let n = 0; n < 10; n += 1) {
      expect((await manyFrom('192.0.2.5', malformedCode)).errors).toEqual([]);
      expect((await manyFrom('192.0.2.5', () => accessCode)).errors).toEqual([]);
    }
    const { statements } = await statementsOf(() => from('192.0.2.5', STATUS, malformedCode()));
    expect(statements.length).toBeGreaterThan(0);
    expect((await manyFrom('192.0.2.5', () => accessCode)).errors).toEqual([]);
  });
});
