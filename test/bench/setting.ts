import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { Setting } from './contender.ts';
import type { Identity } from './identity.ts';

const ANALYSTS = 32;
const KNOWN = 5_000;
const WHOLE_CASES = 100;
const COUNTRY = 'KE';
/** Of the first cases of the queue, one in so many is held by a colleague. */
const HELD = { of: 400, oneIn: 4 };

/** Makes the accounts and claims that a run needs, and gives the facts that its requests are made of. */
export async function makeSetting(client: pg.Client, identity: Identity): Promise<Setting> {
  await client.query(
    `INSERT INTO accounts (id, subject, name, role, updated_at)
     SELECT gen_random_uuid(), 'bench-analyst-' || n, 'Analyst ' || n, 'ANALYST', now() FROM generate_series(0, ${ANALYSTS}) n
     ON CONFLICT DO NOTHING`,
  );
  await holdSome(client);
  const portals = await client.query<{ code: string }>(
    `SELECT code FROM portals WHERE NOT sandbox AND country IS NOT NULL AND stage::text IN ('LIVE', 'SOFT_LAUNCH') AND audience = 'PUBLIC' ORDER BY code`,
  );
  // Of cases that are open: a report of one that is closed opens it again, which is more work, and once only.
  const known = await client.query<{ address: string }>(
    `SELECT address FROM cases WHERE state IN ('AWAITING_ASSESSMENT', 'AWAITING_REMOVAL') AND number LIKE 'C-B%'
     ORDER BY id LIMIT ${KNOWN}`,
  );
  const analysts = Array.from({ length: ANALYSTS }, (_, n) => `bench-analyst-${n + 1}`);
  const accounts = await client.query<{ id: string }>(
    'SELECT id FROM accounts WHERE subject = ANY ($1) ORDER BY array_position($1, subject)',
    [analysts],
  );
  return {
    run: randomBytes(4).toString('hex'),
    portals: portals.rows.map(({ code }) => code),
    known: known.rows.map(({ address }) => address),
    newAddresses: true,
    country: COUNTRY,
    ...(await publishedYear(client)),
    caseNumbers: await wholeCases(client),
    after: null,
    analysts: await Promise.all(analysts.map((subject) => identity.tokenOf(subject))),
    analystIds: accounts.rows.map(({ id }) => id),
    partner: await identity.tokenOf('partner-ke'),
  };
}

/** Lets a colleague hold some of the first cases of the queue for as long as a run takes, and takes back all else that a run claimed. */
async function holdSome(client: pg.Client): Promise<void> {
  await forgetClaims(client, true);
  await client.query(
    `INSERT INTO claims (id, case_id, account_id, claimed_at, lease_until)
     SELECT gen_random_uuid(), id, (SELECT id FROM accounts WHERE subject = 'bench-analyst-0'), now(), now() + interval '12 hours'
     FROM (SELECT id, row_number() OVER (ORDER BY priority DESC, id) AS place FROM cases WHERE state <> 'CLOSED' AND report_count > 0
           ORDER BY priority DESC, id LIMIT ${HELD.of}) first WHERE place % ${HELD.oneIn} = 0`,
  );
}

async function forgetClaims(client: pg.Client, all = false): Promise<void> {
  await client.query(
    `DELETE FROM claims WHERE account_id IN (SELECT id FROM accounts WHERE subject LIKE 'bench-analyst-%' AND ($1 OR subject <> 'bench-analyst-0'))`,
    [all],
  );
}

/**
 * Does between rounds what time and the jobs do in life: nobody has claimed a thousand cases in a day, the reports' jobs are done, and
 * what changed is counted.
 */
export async function tidy(client: pg.Client): Promise<void> {
  await forgetClaims(client);
  await client.query('DELETE FROM graphile_worker._private_jobs');
  await client.query('TRUNCATE fact_changes');
  await client.query('VACUUM ANALYZE claims');
}

async function publishedYear(client: pg.Client): Promise<{ from: string; to: string }> {
  const { rows } = await client.query<{ from: string; to: string }>(
    `SELECT to_char(max(month) - interval '11 months', 'YYYY-MM') AS from, to_char(max(month), 'YYYY-MM') AS to
     FROM statistics_editions WHERE country = $1`,
    [COUNTRY],
  );
  const [year] = rows;
  if (!year?.to) throw new Error('No figures are published.');
  return year;
}

/** Cases of which everything is recorded: reports, two opinions, traces, messages, a look. */
async function wholeCases(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ number: string }>(
    `SELECT number FROM cases c WHERE state = 'CLOSED' AND report_count = 14
       AND (SELECT count(*) FROM assessments a WHERE a.case_id = c.id) = 2 AND (SELECT count(*) FROM actions a WHERE a.case_id = c.id) = 2
       AND EXISTS (SELECT FROM observations o WHERE o.case_id = c.id) ORDER BY id LIMIT ${WHOLE_CASES}`,
  );
  if (rows.length === 0) throw new Error('There is no case that has everything.');
  return rows.map(({ number }) => number);
}
