// What a flood does to whoever shares its address or its network, and what it cannot hide behind.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { rows, SUBMIT } from '../report/intake.ts';
import { type Platform, send, startPlatform } from '../support/platform.ts';

const HOUR_SECONDS = 3_600;
const ALIASES = 15;
const MANY = `mutation ($input: SubmitReportInput!) {
  ${Array.from({ length: ALIASES }, (_, n) => `r${n}: submitReport(input: $input) { __typename }`).join(' ')} }`;

// biome-ignore lint/suspicious/noExplicitAny: an answer's shape is what the test is about.
type Data = any;

describe('a flood of reports', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform({ TRUSTED_PROXIES: '1' });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  });
  afterAll(async () => {
    vi.useRealTimers();
    await platform.stop();
  });

  const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000);
  const from = async (address: string, query: string, input: object): Promise<Data> => {
    const variables = { input: { portal: 'ke', ...input } };
    const { data, errors } = await send(platform.url, { query, variables }, { 'x-forwarded-for': address });
    expect(errors).toEqual([]);
    return data;
  };
  const submitFrom = async (address: string, input: object) => (await from(address, SUBMIT, input)).submitReport;
  /** Sends the same input so many times, 15 in an operation. */
  const repeatFrom = async (address: string, times: number, input: object, answer: string) => {
    for (let n = 0; n < times / ALIASES; n += 1) {
      const answers: Data[] = Object.values(await from(address, MANY, input));
      expect(answers).toEqual(Array(ALIASES).fill({ __typename: answer }));
    }
  };
  /** Files reports from one place at once, after the wait that a ticket asks for where one does. */
  const file = async (sent: { source: string; address: string }[]) => {
    const answers = await Promise.all(sent.map(({ source, address }) => submitFrom(source, { address })));
    const again = sent.map((one, n) => ({ ...one, challenge: answers[n].ticket })).filter(({ challenge }) => challenge);
    later(60);
    answers.push(...(await Promise.all(again.map(({ source, ...input }) => submitFrom(source, input)))));
    expect(answers.filter(({ __typename }) => __typename === 'ReportReceipt')).toHaveLength(sent.length);
    return again.length;
  };
  const standings = (host: string) =>
    rows(
      `SELECT standing::text, count(*)::int FROM reports r JOIN cases c ON c.id = r.case_id
       WHERE c.host LIKE '%' || $1 GROUP BY 1`,
      [host],
    );
  const message = (host: string, from: number) =>
    Array.from({ length: 20 }, (_, n) => `https://${host}/${from + n}`).join('\n');

  it('does not set a neighbour’s report aside where it filed nothing: faults, replays and the sandbox are no reports', async () => {
    await repeatFrom('192.0.2.1', 135, { address: 'words without an address' }, 'InvalidInputError');
    expect(await file([{ source: '192.0.2.1', address: 'https://beside-faults.example/' }])).toBe(1);

    const replayed = { address: 'https://replayed.example/', idempotencyKey: 'a key that nobody else has' };
    await repeatFrom('192.0.2.2', 135, replayed, 'ReportReceipt');
    await file([{ source: '192.0.2.2', address: 'https://beside-replays.example/' }]);

    const tried = { portal: 'sandbox', address: 'https://received.sandbox.test/' };
    await repeatFrom('192.0.2.3', 135, tried, 'ReportReceipt');
    await repeatFrom('192.0.2.3', 135, { ...tried, address: 'words' }, 'InvalidInputError');
    // Not even a challenge.
    expect(await file([{ source: '192.0.2.3', address: 'https://beside-tries.example/' }])).toBe(0);

    for (const neighbour of ['beside-faults', 'beside-replays', 'beside-tries'])
      expect(await standings(`${neighbour}.example`)).toEqual([{ standing: 'COUNTED', count: 1 }]);
  });

  it('is set aside to the last report, also those that were being filed when it became known', async () => {
    await repeatFrom('192.0.2.4', 60, { address: 'words' }, 'InvalidInputError');
    const sent = Array.from({ length: 10 }, (_, n) => ({
      source: '192.0.2.4',
      address: message('at-once.example', n * 20),
    }));
    expect(await file(sent)).toBe(10);
    expect(await standings('at-once.example')).toEqual([{ standing: 'QUARANTINED', count: 200 }]);
  });

  it('does not pass in small parts from the many households of one IPv6 network', async () => {
    const sent = Array.from({ length: 33 }, (_, n) => ({
      source: `2001:db8:7:${Math.floor(n / 3)}::1`,
      address: message('spread.example', n * 20),
    }));
    expect(await file(sent)).toBeGreaterThan(10);
    expect(await standings('spread.example')).toEqual([{ standing: 'QUARANTINED', count: 660 }]);
    expect(await file([{ source: '2001:db8:8:1::1', address: 'https://beside-spread.example/' }])).toBe(0);
    expect(await standings('beside-spread.example')).toEqual([{ standing: 'COUNTED', count: 1 }]);
  });

  it('of one household sets nothing of the others of its network aside', async () => {
    const sent = Array.from({ length: 35 }, (_, n) => ({
      source: '2001:db8:9:1::1',
      address: message('one-household.example', n * 20),
    }));
    await file(sent);
    expect(await standings('one-household.example')).toEqual([{ standing: 'QUARANTINED', count: 700 }]);
    await file([{ source: '2001:db8:9:2::1', address: 'https://next-door.example/' }]);
    expect(await standings('next-door.example')).toEqual([{ standing: 'COUNTED', count: 1 }]);
  });

  it('does not begin anew when the key changes under which its source is known', async () => {
    // The key is an hour old at most: at some moment of these two hours it changes between the failures and the report.
    const challenged = [];
    for (let n = 0; n < 4; n += 1) {
      const source = `192.0.2.${100 + n}`;
      await repeatFrom(source, 60, { address: 'words' }, 'InvalidInputError');
      later(HOUR_SECONDS / 2);
      challenged.push((await submitFrom(source, { address: 'https://rotated.example/' })).__typename);
    }
    expect(challenged).toEqual(Array(4).fill('ChallengeRequiredError'));
  });
});
