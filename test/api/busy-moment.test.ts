import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SUBMIT } from '../report/intake.ts';
import { type Platform, startPlatform } from '../support/platform.ts';

/** What 512 connections that report at once wait for on a machine that takes 80 reports a second. */
const CROWD_MS = 6_500;

let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.stop());

it('while every connection is taken for some seconds nobody is turned away, in whatever way they ask', async () => {
  const { pool } = await import('../../src/db.ts');
  const taken: pg.PoolClient[] = [];
  while (taken.length < 10) taken.push(await pool.connect());
  setTimeout(() => {
    for (const client of taken) client.release();
  }, CROWD_MS);

  const input = { portal: 'ke', address: 'https://crowd.example/' };
  const pause = 'mutation { startBreak(reason: REST) { __typename } }';
  const [report, codes, rest] = await Promise.all([
    platform.ask(SUBMIT, { input }),
    platform.ask('{ portals { code } }'),
    platform.ask(pause, {}, 'analyst'),
  ]);
  expect([report, codes, rest].flatMap(({ errors }) => errors)).toEqual([]);
  expect(report.data.submitReport.__typename).toBe('ReportReceipt');
});
