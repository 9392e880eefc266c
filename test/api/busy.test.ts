import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SUBMIT } from '../report/intake.ts';
import { type Platform, startPlatform } from '../support/platform.ts';

describe('while every connection is taken', () => {
  let platform: Platform;
  const taken: pg.PoolClient[] = [];
  beforeAll(async () => {
    platform = await startPlatform();
    const { pool } = await import('../../src/db.ts');
    while (taken.length < 10) taken.push(await pool.connect());
  });
  afterAll(async () => {
    for (const client of taken) client.release();
    await platform.stop();
  });

  it('a request is told in time that the platform is busy, and taken again a little later', async () => {
    const input = { portal: 'ke', address: 'https://busy.example/', idempotencyKey: 'a report in a busy minute' };
    const mutation = 'mutation { claimNextCase { __typename } }';
    const [report, query, claim] = await Promise.all([
      platform.ask(SUBMIT, { input }),
      platform.ask('{ portals { code } }'),
      platform.ask(mutation, {}, 'analyst'),
    ]);
    for (const { status, data, errors } of [report, query, claim]) {
      expect({ status, data, code: errors[0]?.extensions.code }).toEqual({ status: 503, data: null, code: 'BUSY' });
    }
    const page = await fetch(`${platform.url}/ke/en`);
    expect(page.status).toBe(503);

    taken.pop()?.release();
    expect((await platform.ask(SUBMIT, { input })).data.submitReport.__typename).toBe('ReportReceipt');
  });
});
