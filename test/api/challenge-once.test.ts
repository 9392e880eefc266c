import { solveChallenge } from 'altcha-lib/v1';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SUBMIT } from '../report/intake.ts';
import { type Platform, send, startPlatform } from '../support/platform.ts';

const FREE = 60;

let platform: Platform;
let elsewhere: pg.Client;
beforeAll(async () => {
  platform = await startPlatform({ TRUSTED_PROXIES: '1' });
  elsewhere = new pg.Client({ connectionString: platform.databaseUrl });
  await elsewhere.connect();
});
afterAll(async () => {
  await elsewhere.end();
  await platform.stop();
});

const submit = async (input: object) => {
  const body = { query: SUBMIT, variables: { input: { portal: 'ke', address: 'https://once.example/', ...input } } };
  return (await send(platform.url, body, { 'x-forwarded-for': '198.51.100.7' })).data.submitReport;
};
const solve = async (challenge: string) => {
  const { algorithm, challenge: hash, salt, signature, maxnumber } = JSON.parse(challenge);
  const number = (await solveChallenge(hash, salt, algorithm, maxnumber).promise)?.number;
  return Buffer.from(JSON.stringify({ algorithm, challenge: hash, number, salt, signature })).toString('base64');
};
/** Renames the portal in the moment in which a report is about to be filed through it, once. */
async function renameBeforeFiling(): Promise<void> {
  const { pool } = await import('../../src/db.ts');
  const query = pool.query.bind(pool);
  const late = async (...args: Parameters<typeof query>) => {
    if ((args[0] as unknown as { name?: string }).name === 'file-submission') {
      pool.query = query;
      await elsewhere.query(`UPDATE portals SET name = name || '.' WHERE code = 'ke'`);
    }
    return query(...args);
  };
  pool.query = late as unknown as typeof query;
}

it('a solved challenge is enough where the portal changes at the moment of filing, and is used up all the same', async () => {
  for (let n = 0; n < FREE; n += 1) await submit({ address: 'words without an address' });
  const { challenge } = await submit({});
  const solved = { challenge: await solve(challenge) };
  await renameBeforeFiling();
  expect((await submit(solved)).__typename).toBe('ReportReceipt');
  expect((await submit(solved)).__typename).toBe('ChallengeRequiredError');
  const { rows } = await elsewhere.query(`SELECT report_count FROM cases WHERE host = 'once.example'`);
  expect(rows).toEqual([{ report_count: 1 }]);
});
