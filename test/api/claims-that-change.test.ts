import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseWork, caseWork, type Result } from '../case/case-work.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { until } from '../support/spawned.ts';

const CLAIM = 'mutation { claimNextCase { __typename ... on Case { number } ... on Error { code } } }';

describe('in the moment of a claim', () => {
  let platform: Platform;
  let work: CaseWork;
  let other: pg.Client;
  beforeAll(async () => {
    platform = await startPlatform();
    work = await caseWork(platform);
    other = new pg.Client({ connectionString: platform.databaseUrl });
    await other.connect();
  });
  afterAll(async () => {
    await other.end();
    await work.close();
    await platform.stop();
  });

  /** Runs `change` after the claim has seen its cases, and before it takes one: it waits for the row of whoever claims. */
  async function claimWhile(change: (numbers: string[]) => Promise<unknown>): Promise<Result> {
    const numbers = await work.makeCases(3);
    const person = await work.colleague();
    await work.sql(`UPDATE accounts SET avoids = '{GROOMING_OR_EXTORTION}' WHERE id = $1`, [person.id]);
    await other.query('BEGIN');
    await other.query('SELECT FROM accounts FOR NO KEY UPDATE');
    const claim = work.ask(person, CLAIM);
    const waits = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    await until(async () => (await work.sql(waits)).length > 0);
    await change(numbers);
    await other.query('COMMIT');
    return (await claim).claimNextCase;
  }

  it('a case whose reports are all set aside is handed to nobody', async () => {
    const setAside = `UPDATE cases SET report_count = 0, portal_ids = '{}', priority = 0 WHERE number = ANY ($1)`;
    const result = await claimWhile((numbers) => work.sql(setAside, [numbers]));
    expect(result).toMatchObject({ code: 'QUEUE_EMPTY' });
  });

  it('a case of which a report says what the person avoids is left to others, and the next is theirs', async () => {
    const say = `UPDATE cases SET categories = '{GROOMING_OR_EXTORTION}' WHERE number = ANY ($1)`;
    const made: string[] = [];
    const result = await claimWhile((numbers) => {
      made.push(...numbers);
      return work.sql(say, [numbers.slice(0, 2)]);
    });
    expect(result).toEqual({ __typename: 'Case', number: made[2] });
  });
});
