import type { GraphQLObjectType } from 'graphql';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type As, type Platform, startPlatform } from '../support/platform.ts';

let platform: Platform;
let client: pg.Client;
const ids = new Map<As, string>();
beforeAll(async () => {
  platform = await startPlatform();
  client = new pg.Client({ connectionString: platform.databaseUrl });
  await client.connect();
  for (const as of ['analyst', 'analyst2', 'supervisor', 'admin'] as const)
    ids.set(as, (await platform.ask('{ viewer { id } }', {}, as)).data.viewer.id);
});
afterAll(async () => {
  await client.end();
  await platform.stop();
});

type Entry = {
  id: string;
  stream: string;
  actor: string;
  operation: string;
  action: string;
  subjects: string[];
  detail: string;
};

/** What `work` answers, and the entries that it left. */
async function entriesOf<T>(work: () => Promise<T>): Promise<{ result: T; entries: Entry[] }> {
  const { rows: before } = await client.query('SELECT coalesce(max(id), 0) AS id FROM audit_entries');
  const result = await work();
  const { rows } = await client.query('SELECT * FROM audit_entries WHERE id > $1 ORDER BY id', [before[0].id]);
  return { result, entries: rows };
}

/** Runs one mutation, named after it in the trail, and expects one entry of this action by this person. */
async function writes(
  as: As,
  mutation: string,
  args: string,
  variables: object,
  action: string,
  fields = '__typename',
) {
  const query = `mutation Why_${mutation}${args ? args.split('|')[0] : ''} { result: ${mutation}${args ? args.split('|')[1] : ''} { __typename ${fields} ... on Error { message } } }`;
  const { result, entries } = await entriesOf(() => platform.ask(query, variables, as));
  expect(result.errors).toEqual([]);
  const actor = as === 'stranger' ? 'stranger' : `account:${ids.get(as)}`;
  const found = entries.map(({ actor, operation, action }) => ({ actor, operation, action }));
  expect(found, result.data.result.message).toEqual([{ actor, operation: `Why_${mutation}`, action }]);
  walked.add(mutation);
  return { ...result.data.result, entry: entries[0]! };
}
const walked = new Set<string>();
const given = (type: string) => `($input: ${type}!)|(input: $input)`;
const onNumber = '($number: String!)|(number: $number)';
const onId = '($id: ID!)|(id: $id)';

describe('every write', () => {
  const confirmed = {
    verdict: 'ACTIONABLE',
    severity: 'B',
    youngestAge: 'AGE_16_17',
    sex: 'GIRLS',
    form: 'PHOTOGRAPHIC',
    siteType: 'FORUM',
    jurisdiction: 'BASELINE',
  };

  it('leaves one entry that says who, what and why', async () => {
    const input = { portal: 'ke', address: 'https://one.example/', contactEmail: 'reporter@mail.example' };
    const receipt = await writes(
      'stranger',
      'submitReport',
      given('SubmitReportInput'),
      { input },
      'REPORT',
      '... on ReportReceipt { accessCode }',
    );
    expect(receipt.entry.stream).toBe('case:C-000001');
    const { accessCode } = receipt;
    await writes(
      'stranger',
      'addReportDetails',
      given('AddReportDetailsInput'),
      { input: { accessCode, details: { note: 'more' } } },
      'ADD_REPORT_DETAILS',
    );
    await writes(
      'stranger',
      'withdrawContact',
      '($code: String!)|(accessCode: $code)',
      { code: accessCode },
      'WITHDRAW_CONTACT',
    );

    let version = 1;
    const number = 'C-000001';
    const onCase = async (as: As, mutation: string, type: string, more: object, action: string) => {
      const change = { input: { case: number, version, ...more } };
      const done = await writes(as, mutation, given(type), change, action, '... on Case { version }');
      expect(done.entry.stream).toBe(`case:${number}`);
      version = done.version;
    };
    const claim = async (as: As) => {
      version = (await writes(as, 'claimCase', onNumber, { number }, 'CLAIM', '... on Case { version }')).version;
    };

    await writes('analyst', 'claimNextCase', '', {}, 'CLAIM');
    await writes('analyst', 'releaseCase', onNumber, { number }, 'RELEASE');
    await claim('analyst');
    await onCase('analyst', 'assessCase', 'AssessCaseInput', { assessment: confirmed }, 'ASSESS');
    await claim('analyst2');
    await onCase(
      'analyst2',
      'reviewCase',
      'AssessCaseInput',
      { assessment: { ...confirmed, severity: 'A' } },
      'REVIEW',
    );
    await claim('supervisor');
    await onCase('supervisor', 'ruleOnCase', 'AssessCaseInput', { assessment: confirmed }, 'RULE');
    const { rows } = await client.query('SELECT state FROM cases');
    expect(rows).toEqual([{ state: 'AWAITING_ACTION' }]);

    await claim('supervisor');
    await onCase('supervisor', 'traceHost', 'CaseInput', {}, 'TRACE');
    const trace = { method: 'PERSON', placement: 'COUNTRY', country: 'NL', reason: 'A register says so.' };
    await onCase('supervisor', 'recordTrace', 'RecordTraceInput', trace, 'TRACE');
    const until = new Date(Date.now() + 86_400_000).toISOString();
    await onCase('supervisor', 'holdCase', 'HoldCaseInput', { until, requestedBy: 'Police of Example' }, 'HOLD');
    await onCase('analyst', 'releaseHold', 'CaseInput', {}, 'RELEASE_HOLD');
    await onCase('analyst', 'listAddress', 'CaseInput', {}, 'LIST');
    await onCase('analyst', 'unlistAddress', 'CaseInput', {}, 'UNLIST');
    await claim('analyst');
    await onCase('analyst', 'notifyHost', 'NotifyHostInput', { recipient: 'abuse@host.example' }, 'HOST_NOTICE');
    await onCase(
      'analyst',
      'referCase',
      'ReferCaseInput',
      { to: 'POLICE', recipient: 'Police of Example' },
      'POLICE_REFERRAL',
    );
    await onCase('analyst', 'addCaseNote', 'AddCaseNoteInput', { text: 'Asked again.' }, 'NOTE');
    await onCase('analyst', 'recordObservation', 'RecordObservationInput', { seen: 'GONE' }, 'OBSERVE');
    await onCase('analyst', 'closeCase', 'CloseCaseInput', { outcome: 'REMOVED', reason: 'Gone.' }, 'CLOSE');
    await onCase('analyst', 'reopenCase', 'ReopenCaseInput', { reason: 'An appeal.' }, 'REOPEN');

    const quarantine = '00000000-0000-4000-8000-000000000001';
    await client.query(
      'INSERT INTO quarantines (id, portal_id, opened_at) SELECT $1, id, now() FROM portals WHERE code = $2',
      [quarantine, 'ke'],
    );
    const decided = { input: { quarantine, reason: 'One class of a school.' } };
    const decisions = [
      ['releaseQuarantine', 'RELEASE_QUARANTINE'],
      ['markQuarantineMalicious', 'MARK_QUARANTINE_MALICIOUS'],
    ] as const;
    for (const [mutation, action] of decisions) {
      await client.query(`UPDATE reports SET standing = 'QUARANTINED', quarantine_id = $1`, [quarantine]);
      const { entry } = await writes('analyst', mutation, given('DecideQuarantineInput'), decided, action);
      expect(entry).toMatchObject({ stream: `quarantine:${quarantine}`, subjects: [number] });
    }

    const batch = {
      portal: 'ke',
      reports: [{ address: 'https://batch.example/' }],
      idempotencyKey: 'a batch of one report',
    };
    await writes('analyst', 'submitReports', given('SubmitReportsInput'), { input: batch }, 'REPORT');

    await writes(
      'supervisor',
      'publishStatistics',
      '($month: YearMonth!)|(month: $month)',
      { month: '2024-01' },
      'PUBLISH',
    );

    const portal = { code: 'zz', name: 'Z', timeZone: 'Africa/Nairobi', defaultLanguage: 'en', languages: ['en'] };
    await writes('admin', 'savePortal', given('SavePortalInput'), { input: portal }, 'SAVE_PORTAL');
    await writes(
      'admin',
      'setPortalStage',
      given('SetPortalStageInput'),
      { input: { code: 'zz', stage: 'LIVE' } },
      'SET_PORTAL_STAGE',
    );
    const partner = { name: 'P', kind: 'CHARITY', countries: ['KE'], agreementFrom: '2026-01-01' };
    await writes('admin', 'savePartner', given('SavePartnerInput'), { input: partner }, 'SAVE_PARTNER');
    const account = { subject: 's', name: 'S', role: 'ANALYST' };
    const saved = await writes(
      'admin',
      'saveAccount',
      given('SaveAccountInput'),
      { input: account },
      'SAVE_ACCOUNT',
      '... on Account { id }',
    );
    expect(saved.entry.stream).toBe(`account:${saved.id}`);
    const made = await writes(
      'admin',
      'createApiKey',
      given('CreateApiKeyInput'),
      { input: { account: saved.id, label: 'L' } },
      'CREATE_API_KEY',
      '... on CreatedApiKey { key { id } }',
    );
    await writes('admin', 'revokeApiKey', onId, { id: made.key.id }, 'REVOKE_API_KEY');
    await writes('admin', 'disableAccount', onId, { id: saved.id.toUpperCase() }, 'DISABLE_ACCOUNT');

    // No mutation of the schema was forgotten here.
    const { schema } = await import('../../src/graphql/schema.ts');
    const type = schema.getMutationType() as GraphQLObjectType;
    expect([...walked].sort()).toEqual(Object.keys(type.getFields()).sort());
  });

  it('says nothing of an address, a free text or a contact', async () => {
    const { rows } = await client.query("SELECT string_agg(a::text, ' ') AS all FROM audit_entries a");
    for (const words of [
      'one.example',
      'reporter@',
      'Asked again',
      'A register',
      'abuse@host',
      'Gone.',
      'An appeal',
      'One class',
    ])
      expect(rows[0].all).not.toContain(words);
  });

  it('that fails leaves no entry', async () => {
    const missing = { case: 'C-999999', version: 1 };
    const stale = { case: 'C-000001', version: 1 };
    const failing: [As, string][] = [
      ['stranger', 'submitReport(input: { portal: "none", address: "https://one.example/" })'],
      ['stranger', 'submitReport(input: { portal: "ke", address: "no address" })'],
      ['stranger', 'withdrawContact(accessCode: "0000 0000 0000 0000")'],
      ['analyst', 'claimCase(number: "C-999999")'],
      ['analyst2', 'releaseCase(number: "C-000001")'],
      ['analyst', `traceHost(input: ${literal(missing)})`],
      ['analyst', `unlistAddress(input: ${literal(stale)})`],
      ['analyst', `addCaseNote(input: ${literal({ ...stale, text: 'Late.' })})`],
      ['supervisor', 'publishStatistics(month: "2999-01")'],
      ['admin', 'setPortalStage(input: { code: "none", stage: LIVE })'],
      ['admin', 'disableAccount(id: "none")'],
      ['admin', 'saveAccount(input: { subject: "admin", name: "Taken", role: ANALYST })'],
      ['admin', 'revokeApiKey(id: "none")'],
    ];
    for (const [as, call] of failing) {
      const { result, entries } = await entriesOf(() =>
        platform.ask(`mutation { result: ${call} { __typename ... on Error { code } } }`, {}, as),
      );
      expect(result.errors, call).toEqual([]);
      expect(result.data.result.code, call).toMatch(/^[A-Z_]+$/);
      expect(entries, call).toEqual([]);
    }
  });

  const literal = (input: object) => JSON.stringify(input).replaceAll(/"(\w+)":/g, '$1:');
});
