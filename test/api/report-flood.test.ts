import { solveChallenge } from 'altcha-lib/v1';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { rows, SUBMIT } from '../report/intake.ts';
import { type Platform, send, startPlatform, tokenOf } from '../support/platform.ts';

const MINUTE_MS = 60_000;
const FREE = 1_200;
const MOST = 3_000;
const MANY = `mutation ($input: SubmitReportInput!) { ${Array.from({ length: 15 }, (_, n) => `r${n}: submitReport(input: $input) { __typename }`).join(' ')} }`;

describe('a flood of reports from one source', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform({ TRUSTED_PROXIES: '1' });
    // The clock stands still, so that a slow machine sends all of it in one minute.
    vi.useFakeTimers({ toFake: ['Date'], now: Math.ceil(Date.now() / MINUTE_MS) * MINUTE_MS });
  });
  afterAll(async () => {
    vi.useRealTimers();
    await platform.stop();
  });

  const from = async (address: string, query: string, input: object, headers = {}) => {
    const { data, errors } = await send(
      platform.url,
      { query, variables: { input: { portal: 'ke', ...input } } },
      { 'x-forwarded-for': address, ...headers },
    );
    expect(errors).toEqual([]);
    return data;
  };
  const submitFrom = async (address: string, input: object, headers = {}) =>
    (await from(address, SUBMIT, input, headers)).submitReport;
  const solve = async (challenge: string) => {
    const { algorithm, challenge: hash, salt, signature, maxnumber } = JSON.parse(challenge);
    const number = (await solveChallenge(hash, salt, algorithm, maxnumber).promise)?.number;
    return Buffer.from(JSON.stringify({ algorithm, challenge: hash, number, salt, signature })).toString('base64');
  };

  it('is asked for a proof of work, while everybody else reports on', async () => {
    // Many in one operation count as many; the proxy's own word is believed, and nothing that stands before it.
    for (let n = 0; n < FREE / 15; n += 1) {
      const answers = await from(`192.0.2.${n}, 198.51.100.1`, MANY, { address: 'words without an address' });
      expect(Object.values(answers)).toEqual(Array(15).fill({ __typename: 'InvalidInputError' }));
    }
    const input = { address: 'https://flood.example/' };
    const refused = await submitFrom('198.51.100.1', input);
    expect(refused).toMatchObject({ __typename: 'ChallengeRequiredError', code: 'CHALLENGE_REQUIRED' });
    expect((await submitFrom('198.51.100.2', input)).__typename).toBe('ReportReceipt');

    const solved = { ...input, challenge: await solve(refused.challenge) };
    expect((await submitFrom('198.51.100.1', solved)).__typename).toBe('ReportReceipt');
    expect((await submitFrom('198.51.100.1', solved)).__typename).toBe('ChallengeRequiredError');
    // Whoever signed in is known.
    const industry = { authorization: `Bearer ${await tokenOf('industry')}` };
    expect((await submitFrom('198.51.100.1', input, industry)).__typename).toBe('ReportReceipt');
    expect(await rows('SELECT report_count FROM cases')).toEqual([{ report_count: 3 }]);
  });

  it('gets the receipt of a report whose answer was lost, by a new proof under the old key', async () => {
    const input = { address: 'https://kept.example/', idempotencyKey: 'a key that nobody else has' };
    const answers = [];
    for (let n = 0; n < 2; n += 1) {
      const { challenge } = await submitFrom('198.51.100.1', input);
      answers.push(await submitFrom('198.51.100.1', { ...input, challenge: await solve(challenge) }));
    }
    expect(answers[0].__typename).toBe('ReportReceipt');
    expect(answers[1]).toEqual(answers[0]);
  });

  it('is sent away for a minute when it does not end, whatever it solves, and then let in again', async () => {
    const input = { address: 'https://flood.example/' };
    for (let n = 0; n < (MOST - 15) / 15; n += 1) await from('198.51.100.3', MANY, { address: '' });
    const { challenge } = await submitFrom('198.51.100.3', input);
    await from('198.51.100.3', MANY, { address: '' });
    const refused = await submitFrom('198.51.100.3', { ...input, challenge: await solve(challenge) });
    expect(refused).toMatchObject({ __typename: 'TooManyReportsError', retryAfterSeconds: 60 });
    vi.setSystemTime(Date.now() + 2 * MINUTE_MS);
    expect((await submitFrom('198.51.100.3', input)).__typename).toBe('ReportReceipt');
  }, 120_000);
});
