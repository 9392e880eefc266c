import { expect } from 'vitest';
import { confirmed } from '../case/case-work.ts';
import type { AuditedWrites } from './audited-writes.ts';

/** Every mutation of the schema once, by what it is about, with what it leaves in the audit trail. */
export const walks: Record<string, (audited: AuditedWrites) => Promise<void>> = {
  'reports and quarantines': async ({ work, writes }) => {
    const report = { portal: 'ke', address: 'https://one.example/', contactEmail: 'reporter@mail.example' };
    const receipt = '... on ReportReceipt { accessCode }';
    const { accessCode } = await writes('stranger', 'submitReport', { input: report }, 'case REPORT', receipt);
    const details = { input: { accessCode, details: { note: 'More words.' } } };
    await writes('stranger', 'addReportDetails', details, 'submission ADD_REPORT_DETAILS');
    await writes('stranger', 'withdrawContact', { accessCode }, 'submission WITHDRAW_CONTACT');

    const reports = [{ address: 'https://batch.example/' }];
    const batch = { portal: 'ke', reports, idempotencyKey: 'a batch of one report' };
    const { entry } = await writes('analyst', 'submitReports', { input: batch }, 'case REPORT');
    const number = entry.stream.slice('case:'.length);

    const quarantine = '00000000-0000-4000-8000-000000000001';
    await work.sql(
      `INSERT INTO quarantines (id, portal_id, opened_at) SELECT $1, id, now() FROM portals WHERE code = 'ke'`,
      [quarantine],
    );
    for (const [mutation, action] of [
      ['releaseQuarantine', 'RELEASE_QUARANTINE'],
      ['markQuarantineMalicious', 'MARK_QUARANTINE_MALICIOUS'],
    ] as const) {
      await work.sql(
        `UPDATE reports SET standing = 'QUARANTINED', quarantine_id = $1 WHERE case_id = (SELECT id FROM cases WHERE number = $2)`,
        [quarantine, number],
      );
      const input = { quarantine, reason: 'One class of a school.' };
      const decided = await writes('analyst', mutation, { input }, `quarantine ${action}`);
      expect(decided.entry).toMatchObject({ stream: `quarantine:${quarantine}`, subjects: [number] });
    }
  },

  'a case, from the first claim to its return': async ({ work, ids, writes, onCase, claim }) => {
    const number = await work.makeCase();
    await work.sql('UPDATE cases SET registrable_domain = host WHERE number = $1', [number]);
    const next = await writes('analyst', 'claimNextCase', {}, 'case CLAIM', '... on Case { number }');
    await writes('analyst', 'releaseCase', { number: next.number }, 'case RELEASE');

    await claim('analyst', number);
    const draft = { input: { case: number, assessment: { severity: 'A', note: 'Half a note.' } } };
    await writes('analyst', 'saveAssessmentDraft', draft, 'case SAVE_DRAFT');
    await onCase('analyst', 'handOverCase', number, { to: ids.get('analyst2'), note: 'Yours now.' }, 'HAND_OVER');
    await claim('analyst2', number);
    await onCase('analyst2', 'assessCase', number, { assessment: { ...confirmed, requestReview: true } }, 'ASSESS');
    await claim('analyst', number);
    await onCase('analyst', 'reviewCase', number, { assessment: { ...confirmed, severity: 'A' } }, 'REVIEW');
    await claim('supervisor', number);
    await onCase('supervisor', 'ruleOnCase', number, { assessment: confirmed }, 'RULE');

    await claim('supervisor', number);
    await onCase('supervisor', 'traceHost', number, {}, 'TRACE');
    const trace = { method: 'PERSON', placement: 'COUNTRY', country: 'NL', reason: 'A register says so.' };
    await onCase('supervisor', 'recordTrace', number, trace, 'TRACE');
    const hold = { until: new Date(Date.now() + 86_400_000).toISOString(), requestedBy: 'Police of Example' };
    await onCase('supervisor', 'holdCase', number, hold, 'HOLD');
    await onCase('analyst', 'releaseHold', number, {}, 'RELEASE_HOLD');
    await claim('supervisor', number);
    await onCase('supervisor', 'holdCase', number, hold, 'HOLD');
    await onCase('supervisor', 'overrideHold', number, { reason: 'A child is in danger.' }, 'OVERRIDE_HOLD');
    await onCase('supervisor', 'setLegalHold', number, { on: true, reason: 'A court asked.' }, 'LEGAL_HOLD');
    await onCase('supervisor', 'setLegalHold', number, { on: false, reason: 'It is over.' }, 'END_LEGAL_HOLD');

    await onCase('analyst', 'listAddress', number, {}, 'LIST');
    await onCase('analyst', 'unlistAddress', number, {}, 'UNLIST');
    await onCase('analyst2', 'keepListed', number, {}, 'KEEP_LISTED');
    await onCase('supervisor', 'listDomain', number, { reason: 'All of it.' }, 'LIST_DOMAIN');
    await onCase('supervisor', 'unlistDomain', number, { reason: 'It was sold.' }, 'UNLIST_DOMAIN');

    await claim('analyst', number);
    await onCase('analyst', 'notifyHost', number, { recipient: 'abuse@host.example' }, 'HOST_NOTICE');
    await onCase('analyst', 'referCase', number, { to: 'POLICE', recipient: 'Police of Example' }, 'POLICE_REFERRAL');
    await onCase('analyst', 'addCaseNote', number, { text: 'Asked again.' }, 'NOTE');
    await work.sql('UPDATE cases SET next_check_at = now() WHERE number = $1', [number]);
    const seen = { observations: [{ case: number, seen: 'UP' }], idempotencyKey: 'a batch of one look' };
    await writes('checker', 'recordObservations', { input: seen }, 'case OBSERVE');
    await onCase('analyst', 'recordObservation', number, { seen: 'GONE' }, 'OBSERVE');
    await onCase('analyst', 'closeCase', number, { outcome: 'REMOVED', reason: 'Gone.' }, 'CLOSE');
    await onCase('analyst', 'reopenCase', number, { reason: 'Somebody asked.' }, 'REOPEN');
  },

  'opinions on several cases at once': async ({ work, writes, onCase, claim }) => {
    const [number = '', other = ''] = await work.makeCases(2);
    await claim('analyst', number);
    const both = { assessment: confirmed, others: [{ case: other, version: 1 }] };
    const bulk = await onCase(
      'analyst',
      'assessSimilarCases',
      number,
      both,
      ['ASSESS', 'ASSESS'],
      '... on BulkAssessment { id }',
    );
    const undone = ['account UNDO_BULK', 'case UNDO_ASSESSMENT', 'case UNDO_ASSESSMENT'];
    const { entry } = await writes('analyst', 'undoBulkAssessment', { id: bulk.id }, undone);
    expect(entry.subjects).toEqual([number, other]);
    await writes('analyst', 'releaseCase', { number }, 'case RELEASE');
  },

  appeals: async ({ work, writes, onCase }) => {
    const number = await work.makeCase();
    const [{ address }] = await work.sql(
      `UPDATE cases SET state = 'AWAITING_ACTION' WHERE number = $1 RETURNING address`,
      [number],
    );
    const appeal = async (more: object): Promise<string> => {
      const input = { reason: 'The page shows flowers.', ...more };
      const receipt = '... on AppealReceipt { reference }';
      const filed = await writes('stranger', 'submitAppeal', { input }, 'appeal SUBMIT_APPEAL', receipt);
      expect(filed.entry).toMatchObject({ stream: `appeal:${filed.reference}`, subjects: [], detail: '{}' });
      return filed.reference;
    };
    await onCase('analyst', 'reviewAppeal', number, { appeal: await appeal({ address }) }, 'APPEAL');
    const nothing = { appeal: await appeal({ address, contactEmail: 'owner@site.example' }), reason: 'Nothing new.' };
    const { entry } = await writes('analyst', 'dismissAppeal', { input: nothing }, 'appeal DISMISS_APPEAL');
    expect(entry.stream).toBe(`appeal:${nothing.appeal}`);
  },

  contacts: async ({ work, writes }) => {
    const host = { kind: 'HOST', name: 'Plain Host', email: 'abuse@host.example', language: 'en' };
    const fields = '... on Contact { id updatedAt }';
    const { entry, id, updatedAt } = await writes(
      'analyst',
      'saveContact',
      { input: host },
      'contact SAVE_CONTACT',
      fields,
    );
    expect(entry.stream).toBe(`contact:${id}`);
    await writes('supervisor', 'approveContact', { input: { id, updatedAt } }, 'contact APPROVE_CONTACT');

    const number = await work.makeCase();
    await work.sql(
      `INSERT INTO host_traces (id, case_id, episode_id, method, tool, placement, country, answer, at)
       SELECT uuidv7(), c.id, e.id, 'REGISTRATION', 'test', 'COUNTRY', 'NL', '{"abuseContacts": ["abuse@found.example"]}', now()
       FROM cases c JOIN episodes e ON e.case_id = c.id WHERE c.number = $1`,
      [number],
    );
    const proposed = await writes('analyst', 'proposeHostContact', { case: number }, 'contact PROPOSE_CONTACT', fields);
    const again = await writes('analyst2', 'proposeHostContact', { case: number }, 'contact FIND_CONTACT', fields);
    for (const { entry } of [proposed, again])
      expect(entry).toMatchObject({ stream: `contact:${proposed.id}`, subjects: [number] });
    await writes('supervisor', 'retireContact', { id: proposed.id }, 'contact RETIRE_CONTACT');
  },

  'notices on their way': async ({ work, writes, onCase, claim }) => {
    const number = await work.makeCase();
    await work.sql(`UPDATE cases SET state = 'AWAITING_ACTION' WHERE number = $1`, [number]);
    const [contact] = await work.sql(
      'SELECT id FROM contacts WHERE approved_at IS NOT NULL AND retired_at IS NULL LIMIT 1',
    );
    await claim('analyst', number);
    await onCase('analyst', 'notifyHost', number, { contact: contact.id }, 'HOST_NOTICE');
    const [{ id, line }] = await work.sql(
      'SELECT notice_id AS id, id AS line FROM actions WHERE notice_id IS NOT NULL',
    );
    const decided = async (mutation: string, more: object, actions: string[]) => {
      const entries = ['notice NOTICE_DECIDED', ...actions.map((action) => `case ${action}`)];
      const { entry } = await writes('analyst', mutation, { id, ...more }, entries);
      expect(entry.stream).toBe(`notice:${id}`);
    };

    // As a worker that died while it sent leaves it.
    await work.sql(
      `UPDATE notices SET state = 'UNCERTAIN', message_id = 'm', attempts = 1, attempted_at = now() WHERE id = $1`,
      [id],
    );
    await decided('resolveNotice', { sent: true }, ['NOTICE_RESOLVED', 'NOTICE_SENT']);
    await decided('acknowledgeNotice', {}, ['NOTICE_ACKNOWLEDGED']);
    const { linkToken } = await import('../../src/notice/notice-token.ts');
    const answer = { input: { token: linkToken(id), answers: [{ line, answer: 'RECEIVED' }] } };
    const answered = await writes('stranger', 'answerHostNotice', answer, 'case HOST_ANSWER');
    expect(answered.entry.stream).toBe(`case:${number}`);
    await work.sql(`UPDATE notices SET state = 'FAILED', failed_at = now(), failure = 'refused 5.1.1' WHERE id = $1`, [
      id,
    ]);
    await decided('retryNotice', {}, ['NOTICE_RETRIED']);
  },

  // What somebody asks for themselves leaves no word of what it is.
  'care and filters of one’s own': async ({ work, ids, writes, claim }) => {
    const privately = async (mutation: string, variables: object, entries: string[], fields = '') => {
      const done = await writes('analyst', mutation, variables, entries, fields);
      expect(done.entry).toMatchObject({ stream: `account:${ids.get('analyst')}`, subjects: [], detail: '{}' });
      return done;
    };
    const wishes = { avoids: ['OTHER'], dailyMinutes: 200 };
    await privately('saveCarePreferences', { input: wishes }, ['account SAVE_CARE_PREFERENCES']);
    await work.sql('UPDATE claims SET ended_at = now() WHERE ended_at IS NULL');
    await claim('analyst', await work.makeCase());
    await privately('startBreak', { reason: 'REST' }, ['account START_BREAK', 'case RELEASE']);
    await privately('endBreak', {}, ['account END_BREAK']);

    const filter = { name: 'Of one host', filter: { host: 'site.example' } };
    const saved = await privately(
      'saveFilter',
      { input: filter },
      ['account SAVE_FILTER'],
      '... on SavedFilter { id }',
    );
    await privately('deleteFilter', { id: saved.id }, ['account DELETE_FILTER']);
  },

  'webhooks and monthly mails': async ({ work, ids, writes }) => {
    const created = '... on CreatedWebhook { webhook { id } }';
    const delivery = '... on WebhookDelivery { id }';
    const hook = { input: { url: 'https://partner.example/hook' } };
    const { webhook, entry } = await writes('partner-ke', 'saveWebhook', hook, 'partner SAVE_WEBHOOK', created);
    expect(JSON.parse(entry.detail)).toEqual({ webhook: webhook.id });
    const test = await writes('partner-ke', 'testWebhook', { id: webhook.id }, 'partner TEST_WEBHOOK', delivery);
    await work.sql('UPDATE webhook_deliveries SET failed_at = now()');
    await writes('partner-ke', 'replayWebhook', { delivery: test.id }, 'partner REPLAY_WEBHOOK');
    await writes('partner-ke', 'deleteWebhook', { id: webhook.id }, 'partner DELETE_WEBHOOK');

    const mail = { input: { email: 'reader@partner.example', language: 'en' } };
    const saved = await writes('partner-ke', 'saveBriefing', mail, 'account SAVE_BRIEFING');
    expect(saved.entry).toMatchObject({ stream: `account:${ids.get('partner-ke')}`, detail: '{"language":"en"}' });
    const [{ id }] = await work.sql('SELECT id FROM briefings');
    const { linkTokenOf } = await import('../../src/link-token.ts');
    const confirm = { token: linkTokenOf('briefing-confirm', id) };
    await writes('stranger', 'confirmBriefing', confirm, 'account CONFIRM_BRIEFING');
    await writes('partner-ke', 'stopOwnBriefing', {}, 'account STOP_BRIEFING');
    await work.sql('UPDATE briefings SET stopped_at = NULL');
    const stop = { token: linkTokenOf('briefing-stop', id) };
    await writes('stranger', 'stopBriefing', stop, 'account STOP_BRIEFING');
  },

  'embeds and own keys': async ({ ids, writes }) => {
    const expiresOn = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const embed = { input: { country: 'KE', origin: 'https://ministry.example', expiresOn } };
    const { id } = await writes('partner-ke', 'createEmbed', embed, 'partner CREATE_EMBED', '... on Embed { id }');
    const { entry } = await writes('partner-ke', 'revokeEmbed', { id }, 'partner REVOKE_EMBED');
    expect(JSON.parse(entry.detail)).toEqual({ embed: id });
    const key = { input: { label: 'Charts', expiresOn } };
    const created = '... on CreatedOwnKey { key { id } }';
    const made = await writes('partner-ke', 'createOwnKey', key, 'account CREATE_OWN_KEY', created);
    const revoked = await writes('partner-ke', 'revokeOwnKey', { id: made.key.id }, 'account REVOKE_OWN_KEY');
    expect(revoked.entry.stream).toBe(`account:${ids.get('partner-ke')}`);
  },

  'jobs that failed': async ({ work, writes }) => {
    const [{ id }] = await work.sql(`SELECT id::text FROM graphile_worker.add_job('end-holds', '{}')`);
    for (const [as, mutation, action] of [
      ['supervisor', 'retryJob', 'RETRY_JOB'],
      ['admin', 'dropJob', 'DROP_JOB'],
    ] as const) {
      await work.sql(`UPDATE graphile_worker._private_jobs SET attempts = 1, last_error = 'Error' WHERE id = $1`, [id]);
      const { entry } = await writes(as, mutation, { id }, `jobs ${action}`);
      expect(JSON.parse(entry.detail)).toEqual({ task: 'end-holds', attempts: 1 });
    }
  },

  'figures, portals, partners and accounts': async ({ work, writes }) => {
    await writes('supervisor', 'publishStatistics', { month: '2024-01' }, 'statistics PUBLISH');
    // The other months of the year, as the first.
    await work.sql(`
      INSERT INTO statistics_editions (id, country, month, edition, published_at, published_by, definitions_version, figures)
      SELECT uuidv7(), country, month + make_interval(months => n), 1, published_at, published_by, definitions_version, figures
      FROM statistics_editions, generate_series(1, 11) n`);
    const year = await writes('admin', 'publishOpenData', { year: 2024 }, 'open-data PUBLISH_OPEN_DATA');
    expect(year.entry).toMatchObject({ stream: 'open-data:2024' });
    const portal = { code: 'zz', name: 'Z', timeZone: 'Africa/Nairobi', defaultLanguage: 'en', languages: ['en'] };
    await writes('admin', 'savePortal', { input: portal }, 'portal SAVE_PORTAL');
    await writes('admin', 'setPortalStage', { input: { code: 'zz', stage: 'LIVE' } }, 'portal SET_PORTAL_STAGE');
    const partner = { name: 'P', kind: 'CHARITY', countries: ['KE'], agreementFrom: '2026-01-01' };
    await writes('admin', 'savePartner', { input: partner }, 'partner SAVE_PARTNER');

    const account = { input: { subject: 's', name: 'S', role: 'ANALYST' } };
    const { id, entry } = await writes(
      'admin',
      'saveAccount',
      account,
      'account SAVE_ACCOUNT',
      '... on Account { id }',
    );
    expect(entry.stream).toBe(`account:${id}`);
    const key = { input: { account: id, label: 'L' } };
    const made = await writes(
      'admin',
      'createApiKey',
      key,
      'account CREATE_API_KEY',
      '... on CreatedApiKey { key { id } }',
    );
    await writes('admin', 'revokeApiKey', { id: made.key.id }, 'account REVOKE_API_KEY');
    await writes('admin', 'disableAccount', { id: id.toUpperCase() }, 'account DISABLE_ACCOUNT');
  },
};
