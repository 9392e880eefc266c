import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { copyOfTemplate } from './support/platform.ts';

const ID = {
  portal: '019b0000-0000-7000-8000-000000000001',
  partner: '019b0000-0000-7000-8000-000000000002',
  analyst: '019b0000-0000-7000-8000-000000000003',
  colleague: '019b0000-0000-7000-8000-000000000004',
  submission: '019b0000-0000-7000-8000-000000000005',
  case: '019b0000-0000-7000-8000-000000000006',
  episode: '019b0000-0000-7000-8000-000000000007',
  report: '019b0000-0000-7000-8000-000000000008',
};
const ROWS = `
  INSERT INTO portals (id, code, name, time_zone, default_language, languages, updated_at) VALUES ('${ID.portal}', 'xx', 'X', 'UTC', 'en', '{en}', now());
  INSERT INTO partners (id, name, kind, countries, agreement_from, updated_at) VALUES ('${ID.partner}', 'P', 'GOVERNMENT', '{KE}', '2026-01-01', now());
  INSERT INTO accounts (id, subject, name, role, updated_at) VALUES ('${ID.analyst}', 'a', 'A', 'ANALYST', now()), ('${ID.colleague}', 'b', 'B', 'ANALYST', now());
  INSERT INTO submissions (id, portal_id, received_at, pasted_text, access_code_hash, input_hash)
    VALUES ('${ID.submission}', '${ID.portal}', now(), 'typed', sha256('code'), sha256('input'));
  INSERT INTO cases (id, address_digest, address, address_kind, address_rules_version, report_count, portal_ids, first_reported_at, last_reported_at, state_since)
    VALUES ('${ID.case}', sha256('a'), 'https://a.example/', 'WEB', 1, 1, '{${ID.portal}}', now(), now(), now());
  INSERT INTO episodes (id, case_id, number, first_reported) VALUES ('${ID.episode}', '${ID.case}', 1, now());
  INSERT INTO reports (id, reference, submission_id, case_id, portal_id, source, received_at, address_as_typed, repeated)
    VALUES ('${ID.report}', 'R-1', '${ID.submission}', '${ID.case}', '${ID.portal}', 'PUBLIC', now(), 'typed', false);
  INSERT INTO statistics_editions (id, country, month, edition, published_at, published_by, definitions_version, figures)
    VALUES (uuidv7(), 'KE', '2026-01-01', 1, now(), 'a', 1, '{}');
  SELECT audit_append('[{"stream":"case:C-1","actor":"system","operation":"o","action":"A","subjects":[],"detail":"{}","salt":"00"},
                        {"stream":"case:C-1","actor":"system","operation":"o","action":"B","subjects":[],"detail":"{}","salt":"01"}]');`;

const submission = (columns: string, values: string) =>
  `INSERT INTO submissions (id, portal_id, received_at, pasted_text, ${columns}) VALUES (uuidv7(), '${ID.portal}', now(), 'typed', ${values})`;
const opinion = (
  round: string,
  by: string,
  at = 'now()',
  columns = 'verdict, reason',
  values = `'NOT_ACTIONABLE', 'OFF_REMIT'`,
) =>
  `INSERT INTO assessments (id, case_id, episode_id, round, assessor_id, at, taxonomy_name, taxonomy_version, ${columns})
   VALUES (uuidv7(), '${ID.case}', '${ID.episode}', '${round}', '${by}', ${at}, 't', 1, ${values})`;
const claim = (by: string, times = `now(), now() + interval '30 minutes', NULL`) =>
  `INSERT INTO claims (id, case_id, account_id, claimed_at, lease_until, ended_at) VALUES (uuidv7(), '${ID.case}', '${by}', ${times})`;
const account = (role: string, partner: string) =>
  `INSERT INTO accounts (id, subject, name, role, partner_id, updated_at) VALUES (uuidv7(), 'c', 'C', '${role}', ${partner}, now())`;
const trace = (columns: string, values: string) =>
  `INSERT INTO host_traces (id, case_id, episode_id, tool, at, ${columns}) VALUES (uuidv7(), '${ID.case}', '${ID.episode}', 't', now(), ${values})`;
const update = (table: string, change: string) => `UPDATE ${table} SET ${change}`;

describe('the tables refuse by themselves', () => {
  let owner: pg.Client;
  beforeAll(async () => {
    owner = new pg.Client({ connectionString: await copyOfTemplate() });
    await owner.connect();
    await owner.query(ROWS);
  });
  afterAll(() => owner.end());
  beforeEach(() => owner.query('ROLLBACK'));

  /** Runs statements that stand and then one, in a transaction that is not kept. */
  const run = async (...statements: string[]) => {
    await owner.query('BEGIN');
    for (const statement of statements) await owner.query(statement);
  };

  it.each<[string, string, string, string[]?]>([
    [
      'an access code that is not hashed',
      'submissions_keep_only_a_hash',
      submission('access_code_hash, input_hash', `'1234567890123456', sha256('i')`),
    ],
    [
      'an idempotency key that is not hashed',
      'submissions_keep_only_hashes',
      submission('access_code_hash, input_hash, idempotency_key_hash', `sha256('n'), sha256('i'), 'key'`),
    ],
    [
      'an API key that is not hashed',
      'api_keys_keep_only_a_hash',
      `INSERT INTO api_keys (id, account_id, label, prefix, hash) VALUES (uuidv7(), '${ID.analyst}', 'l', 'rp_1', 'rp_1_secret')`,
    ],
    [
      'a contact that was removed and is there',
      'submissions_removed_contact_is_gone',
      update('submissions', `contact = 'sealed', contact_removed_at = now()`),
    ],
    ['a closed case without an outcome', 'cases_closed_have_an_outcome', update('cases', `state = 'CLOSED'`)],
    ['an outcome of a case that is open', 'cases_closed_have_an_outcome', update('cases', `outcome = 'REMOVED'`)],
    [
      'a hold without an end',
      'cases_on_hold_have_an_end',
      update('cases', `state = 'ON_HOLD', held_from = 'AWAITING_ACTION'`),
    ],
    [
      'a hold that forgot where it came from',
      'cases_on_hold_have_an_end',
      update('cases', `state = 'ON_HOLD', held_until = now()`),
    ],
    ['the end of a hold where there is none', 'cases_on_hold_have_an_end', update('cases', 'held_until = now()')],
    [
      'an assessment that is edited',
      'superseded by a later one',
      update('assessments', 'disguised = true'),
      [opinion('FIRST', ID.analyst)],
    ],
    ['an assessment that is deleted', 'superseded by a later one', 'DELETE FROM assessments'],
    ['all assessments gone at once', 'superseded by a later one', 'TRUNCATE assessments'],
    [
      'an opinion that is not actionable, without why',
      'assessments_say_why_not',
      opinion('FIRST', ID.analyst, 'now()', 'verdict', `'NOT_ACTIONABLE'`),
    ],
    [
      'an actionable opinion without a classification',
      'assessments_actionable_are_complete',
      opinion('FIRST', ID.analyst, 'now()', 'verdict, severity', `'ACTIONABLE', 'A'`),
    ],
    [
      'a second opinion of the first analyst',
      `never the first analyst`,
      opinion('SECOND', ID.analyst),
      [opinion('FIRST', ID.analyst)],
    ],
    [
      'the same in a later round',
      `never the first analyst`,
      opinion('SECOND', ID.analyst, `now() + interval '4 h'`),
      [
        opinion('FIRST', ID.colleague),
        opinion('SECOND', ID.analyst, `now() + interval '1 h'`),
        opinion('FIRST', ID.analyst, `now() + interval '2 h'`),
      ],
    ],
    ['a second open claim', 'claims_one_open_per_case', claim(ID.colleague), [claim(ID.analyst)]],
    [
      'a claim that ends before it begins',
      'claims_run_forward',
      claim(ID.analyst, `now(), now(), now() - interval '1 s'`),
    ],
    [
      'a published edition that is changed',
      'a correction is a new edition',
      update('statistics_editions', `figures = '{"a":1}'`),
    ],
    ['a published edition that is deleted', 'a correction is a new edition', 'DELETE FROM statistics_editions'],
    ['all editions gone at once', 'a correction is a new edition', 'TRUNCATE statistics_editions'],
    [
      'the same edition twice',
      'statistics_editions_country_month_edition_key',
      `INSERT INTO statistics_editions SELECT uuidv7(), country, month, edition, now(), 'a', 1, '{}' FROM statistics_editions`,
    ],
    ['a report that is deleted', 'a report is never dropped', 'DELETE FROM reports'],
    ['all reports gone at once', 'a report is never dropped', 'TRUNCATE reports'],
    ['a submission that is deleted', 'a report is never dropped', 'DELETE FROM submissions'],
    ['typed text that is changed', 'what was typed is evidence', update('reports', `address_as_typed = 'other'`)],
    [
      'a report that came at another time',
      'what was typed is evidence',
      update('reports', `received_at = now() - interval '1 day'`),
    ],
    ['pasted text that is changed', 'what was typed is evidence', update('submissions', `pasted_text = 'other'`)],
    ['an audit entry that is changed', 'the audit trail is append-only', update('audit_entries', `actor = 'stranger'`)],
    [
      'an audit detail that is changed',
      'the audit trail is append-only',
      update('audit_entries', `detail = '{"a":1}'`),
    ],
    [
      'an audit detail that is forgotten without its salt',
      'the audit trail is append-only',
      update('audit_entries', 'detail = NULL'),
    ],
    [
      'an audit entry that is forgotten and changed',
      'the audit trail is append-only',
      update('audit_entries', `detail = NULL, salt = NULL, actor = 'stranger'`),
    ],
    ['an audit entry that is deleted', 'the audit trail is append-only', `DELETE FROM audit_entries WHERE seq = 2`],
    ['the whole audit trail gone', 'the audit trail is append-only', 'TRUNCATE audit_entries'],
    ['the head of a chain that is deleted', 'the audit trail is append-only', 'DELETE FROM audit_heads'],
    ['a partner’s account without a partner', 'accounts_partner_has_partner', account('PARTNER', 'NULL')],
    ['an analyst of a partner', 'accounts_partner_has_partner', account('ANALYST', `'${ID.partner}'`)],
    [
      'a transferred portal that says not where to',
      'portals_transferred_say_where',
      update('portals', `stage = 'TRANSFERRED'`),
    ],
    [
      'a trace in a country without the country',
      'host_traces_country_where_placed_in_one',
      trace('method, placement', `'DNS', 'COUNTRY'`),
    ],
    [
      'a person’s trace without who and why',
      'host_traces_of_a_person_say_who_and_why',
      trace('method, placement', `'PERSON', 'UNKNOWN'`),
    ],
    [
      'an agreement that ends before it begins',
      'partners_agreement_ends_after_it_begins',
      update('partners', `agreement_until = '2025-01-01'`),
    ],
  ])('%s', async (_what, reason, statement, before = []) => {
    await run(...before);
    await expect(owner.query(statement)).rejects.toThrow(reason);
  });

  it('but let through what is right', async () => {
    await run(
      submission('access_code_hash, input_hash', `sha256('new'), sha256('i')`),
      update('submissions', `contact = NULL, contact_removed_at = now()`),
      opinion('FIRST', ID.analyst),
      opinion('SECOND', ID.colleague, `now() + interval '1 h'`),
      opinion('FIRST', ID.colleague, `now() + interval '2 h'`),
      opinion('SECOND', ID.analyst, `now() + interval '3 h'`),
      update('cases', `state = 'ON_HOLD', held_from = 'AWAITING_ACTION', held_until = now()`),
      update('cases', `state = 'CLOSED', outcome = 'REMOVED', held_from = NULL, held_until = NULL`),
      claim(ID.analyst),
      update('claims', 'ended_at = now()'),
      claim(ID.colleague),
      account('PARTNER', `'${ID.partner}'`),
      `INSERT INTO statistics_editions SELECT uuidv7(), country, month, 2, now(), 'a', 1, '{}', NULL, 'Late assessments.' FROM statistics_editions`,
    );
  });

  it('and let retention forget a detail with its salt, which leaves the digest', async () => {
    await run(update('audit_entries', 'detail = NULL, salt = NULL'));
    const { rows } = await owner.query(
      'SELECT detail, salt, octet_length(detail_digest) AS digest, prev = (SELECT hash FROM audit_entries WHERE seq = 1) AS linked FROM audit_entries ORDER BY seq',
    );
    expect(rows).toEqual([
      { detail: null, salt: null, digest: 32, linked: false },
      { detail: null, salt: null, digest: 32, linked: true },
    ]);
  });
});
