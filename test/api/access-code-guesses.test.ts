import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MISSES_PER_HOUR } from '../../src/report/intake-limit.ts';
import { receiptFor } from '../report/intake.ts';
import { type Platform, send, startPlatform } from '../support/platform.ts';
import { statementsOf } from '../support/statements.ts';

const STATUS = 'query ($code: String!) { reportStatus(accessCode: $code) { stage } }';
const WITHDRAW = 'mutation ($code: String!) { withdrawContact(accessCode: $code) { __typename } }';
const UNKNOWN = '1111 1111 1111 1111';

describe('whoever guesses access codes', () => {
  let platform: Platform;
  let accessCode: string;
  beforeAll(async () => {
    platform = await startPlatform({ TRUSTED_PROXIES: '1' });
    ({ accessCode } = await receiptFor(platform, 'ke', 'https://guessed.example/'));
  });
  afterAll(async () => {
    vi.useRealTimers();
    await platform.stop();
  });

  const from = (address: string, query: string, code: string) =>
    send(platform.url, { query, variables: { code } }, { 'x-forwarded-for': address });
  const statusPage = (address: string) =>
    fetch(`${platform.url}/ke/en/status`, {
      method: 'POST',
      headers: { 'x-forwarded-for': address },
      body: new URLSearchParams({ accessCode }),
    });

  it('is refused for the rest of an hour, whatever the next code opens and before it is looked up', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    for (let n = 0; n < MISSES_PER_HOUR; n += 2) {
      expect((await from('192.0.2.1', STATUS, UNKNOWN)).data).toEqual({ reportStatus: null });
      expect((await from('192.0.2.1', WITHDRAW, UNKNOWN)).data.withdrawContact.__typename).toBe('NotFoundError');
    }
    for (const code of [accessCode, UNKNOWN]) {
      for (const query of [STATUS, WITHDRAW]) {
        const { statements } = await statementsOf(async () => {
          const { status, data, errors } = await from('192.0.2.1', query, code);
          expect({ status, data: data && Object.values(data), code: errors[0]?.extensions.code }).toMatchObject({
            status: 429,
            code: 'TOO_MANY_TRIES',
          });
        });
        expect(statements).toEqual([]);
      }
    }
    const page = await statusPage('192.0.2.1');
    expect(page.status).toBe(429);
    expect(await page.text()).not.toContain('We have your report');
  });

  it('hinders nobody else, and is let in again after the hour', async () => {
    expect((await from('192.0.2.2', STATUS, accessCode)).data.reportStatus).toEqual({ stage: 'RECEIVED' });
    expect((await statusPage('192.0.2.2')).status).toBe(200);
    vi.setSystemTime(Date.now() + 3_601_000);
    expect((await from('192.0.2.1', STATUS, accessCode)).data.reportStatus).toEqual({ stage: 'RECEIVED' });
  });
});
