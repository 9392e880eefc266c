import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyOfTemplate, type Platform, startPlatform } from '../support/platform.ts';

describe('on a database that prefers another time zone', () => {
  let platform: Platform;
  beforeAll(async () => {
    const databaseUrl = await copyOfTemplate();
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query(`ALTER DATABASE ${client.database} SET TimeZone = 'Asia/Tokyo'`);
    await client.end();
    platform = await startPlatform({ DATABASE_URL: databaseUrl });
  });
  afterAll(() => platform.stop());

  it('times are what they are', async () => {
    await platform.ask(
      'mutation { submitReport(input: { portal: "ke", address: "https://a.example/" }) { __typename } }',
    );
    const { data } = await platform.ask('{ cases { edges { node { firstReportedAt } } } }', {}, 'analyst');
    const [{ node }] = data.cases.edges;
    expect(Math.abs(Date.now() - new Date(node.firstReportedAt).getTime())).toBeLessThan(60_000);
  });

  it('a character that Postgres cannot store is taken out of every text', async () => {
    const byVariable = await platform.ask(
      'query ($n: String!) { case(number: $n) { number } }',
      { n: 'C-000001\0' },
      'analyst',
    );
    const byLiteral = await platform.ask('{ case(number: "C-00\\u00000001") { number } }', {}, 'analyst');
    for (const { data, errors } of [byVariable, byLiteral]) {
      expect(errors).toEqual([]);
      expect(data.case.number).toBe('C-000001');
    }
  });
});
