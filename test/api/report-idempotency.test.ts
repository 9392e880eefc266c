import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rows, SUBMIT, submit } from '../report/intake.ts';
import { type Platform, send, startPlatform } from '../support/platform.ts';

describe('submitReport under an idempotency key', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform();
  });
  afterAll(() => platform.stop());

  const bytesOf = async (input: object) => {
    const response = await fetch(`${platform.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: SUBMIT, variables: { input } }),
    });
    return response.text();
  };
  const reportsOf = (host: string) =>
    rows(
      `SELECT c.report_count, count(r.id)::int AS reports, count(DISTINCT r.submission_id)::int AS submissions
       FROM cases c JOIN reports r ON r.case_id = c.id WHERE c.host = $1 GROUP BY c.id`,
      [host],
    );
  const once = [{ report_count: 1, reports: 1, submissions: 1 }];

  it('gives a retry the same receipt, byte for byte, and files nothing again', async () => {
    const input = {
      portal: 'ke',
      address: 'https://z.example/ https://a.example/ https://m.example/',
      contactEmail: 'name@host.example',
      idempotencyKey: randomUUID(),
    };
    const first = await bytesOf(input);
    expect(first).toMatch(/"accessCode":"\d{4} \d{4} \d{4} \d{4}".*"proof":"ey/);
    expect(await bytesOf(input)).toBe(first);
    expect(await bytesOf({ ...input, challenge: 'solved in the meantime' })).toBe(first);
    expect(await reportsOf('a.example')).toEqual(once);
  });

  it('gives the same receipt after the portal has closed', async () => {
    const input = { portal: 'mn', address: 'https://closing.example/', idempotencyKey: randomUUID() };
    const first = await bytesOf(input);
    await rows(`UPDATE portals SET stage = 'SUSPENDED' WHERE code = 'mn'`);
    expect(await bytesOf(input)).toBe(first);
    expect((await submit(platform, { ...input, idempotencyKey: randomUUID() })).__typename).toBe('PortalClosedError');
  });

  it('refuses another report under the same key', async () => {
    const input = { portal: 'ke', address: 'https://same-key.example/', idempotencyKey: randomUUID() };
    await submit(platform, input);
    for (const other of [{ address: 'https://other.example/' }, { details: { inDanger: true } }, { language: 'sw' }]) {
      expect(await submit(platform, { ...input, ...other })).toMatchObject({
        __typename: 'IdempotencyConflictError',
        code: 'IDEMPOTENCY_CONFLICT',
      });
    }
    expect(await reportsOf('same-key.example')).toEqual(once);
    // At another portal the key is free: its clients draw their keys by themselves.
    expect((await submit(platform, { ...input, portal: 'ug' })).__typename).toBe('ReportReceipt');
  });

  it('makes two reports of the same input without a key, under different codes', async () => {
    const input = { portal: 'ke', address: 'https://no-key.example/' };
    const codes = [await submit(platform, input), await submit(platform, input)].map(({ accessCode }) => accessCode);
    expect(new Set(codes).size).toBe(2);
  });

  it('makes one submission of twenty retries at once, all with one receipt', async () => {
    const input = {
      portal: 'ke',
      address: 'https://retried.example/1 https://retried.example/2',
      idempotencyKey: randomUUID(),
    };
    const answers = await Promise.all(Array.from({ length: 20 }, () => bytesOf(input)));
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('ReportReceipt');
    expect(await reportsOf('retried.example')).toEqual([...once, ...once]);
  });

  it('finds the report again whose answer was lost on the way', async () => {
    const input = { portal: 'ke', address: 'https://lost.example/', idempotencyKey: randomUUID() };
    // The client hangs up when the report is filed and its answer not yet read.
    const cut = new AbortController();
    const answer = fetch(`${platform.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: SUBMIT, variables: { input } }),
      signal: cut.signal,
    }).then(
      () => 'read',
      () => 'lost',
    );
    while ((await reportsOf('lost.example')).length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    cut.abort();
    await answer;

    const { data } = await send(platform.url, { query: SUBMIT, variables: { input } });
    const [stored] = await rows(`SELECT reference FROM reports WHERE address_as_typed = 'https://lost.example/'`);
    expect(data.submitReport.reports).toEqual([{ reference: stored.reference, address: 'https://lost.example/' }]);
    expect(await reportsOf('lost.example')).toEqual(once);
  });
});
