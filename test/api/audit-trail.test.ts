import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type As, type Platform, startPlatform } from '../support/platform.ts';
import { walks } from './audited-walks.ts';
import { type AuditedWrites, auditedWrites } from './audited-writes.ts';

let platform: Platform;
let audited: AuditedWrites;
beforeAll(async () => {
  platform = await startPlatform();
  audited = await auditedWrites(platform);
});
afterAll(async () => {
  await audited.work.close();
  await platform.stop();
});

describe('every write', () => {
  it.each(Object.entries(walks))('of %s leaves entries that say who, what and why', (_about, walk) => walk(audited));

  it('of the schema was among them', () => {
    expect(audited.forgotten()).toEqual([]);
  });

  it('says nothing of an address, a free text or a contact', async () => {
    const [{ all }] = await audited.work.sql("SELECT string_agg(a::text, ' ') AS all FROM audit_entries a");
    const addresses = ['one.example', 'batch.example', 'made-', 'site.example', 'found.example'];
    const people = ['reporter@', 'owner@', 'abuse@', 'Police of', 'Plain Host'];
    const given = [
      'More words',
      'One class',
      'Half a note',
      'Yours now',
      'A register',
      'A child',
      'A court',
      'It is over',
    ];
    const later = [
      'All of it',
      'It was sold',
      'Asked again',
      'Gone.',
      'Somebody asked',
      'flowers',
      'Nothing new',
      'Of one host',
    ];
    for (const words of [...addresses, ...people, ...given, ...later]) expect(all).not.toContain(words);
  });

  it('that fails leaves no entry', async () => {
    const missing = { case: 'C-999999', version: 1 };
    const unknown = '00000000-0000-4000-8000-000000000000';
    const stale = { case: 'C-000001', version: 99 };
    const failing: [As, string][] = [
      ['stranger', 'submitReport(input: { portal: "none", address: "https://one.example/" })'],
      ['stranger', 'submitReport(input: { portal: "ke", address: "no address" })'],
      ['stranger', 'withdrawContact(accessCode: "0000 0000 0000 0000")'],
      ['analyst', 'claimCase(number: "C-999999")'],
      ['analyst2', 'releaseCase(number: "C-000001")'],
      ['analyst', `traceHost(input: ${literal(missing)})`],
      ['analyst', `unlistAddress(input: ${literal(stale)})`],
      ['analyst', `addCaseNote(input: ${literal({ ...stale, text: 'Late.' })})`],
      ['analyst', `saveAssessmentDraft(input: ${literal({ case: 'C-999999', assessment: {} })})`],
      ['analyst', `undoBulkAssessment(id: "${unknown}")`],
      ['stranger', 'submitAppeal(input: { address: "no address", reason: "Words." })'],
      ['analyst', 'dismissAppeal(input: { appeal: "none", reason: "Words." })'],
      ['supervisor', `retireContact(id: "${unknown}")`],
      ['analyst', 'proposeHostContact(case: "C-999999")'],
      ['analyst', `retryNotice(id: "${unknown}")`],
      ['stranger', 'answerHostNotice(input: { token: "none", answers: [] })'],
      ['analyst', 'endBreak'],
      ['analyst', `deleteFilter(id: "${unknown}")`],
      ['supervisor', 'dropJob(id: "999999")'],
      ['supervisor', 'publishStatistics(month: "2999-01")'],
      ['admin', 'publishOpenData(year: 2998)'],
      ['admin', 'setPortalStage(input: { code: "none", stage: LIVE })'],
      ['admin', 'disableAccount(id: "none")'],
      ['admin', 'saveAccount(input: { subject: "admin", name: "Taken", role: ANALYST })'],
      ['admin', 'revokeApiKey(id: "none")'],
    ];
    for (const [as, call] of failing) {
      const { result, entries } = await audited.entriesOf(() =>
        platform.ask(`mutation { result: ${call} { __typename ... on Error { code } } }`, {}, as),
      );
      expect(result.errors, call).toEqual([]);
      expect(result.data.result, call).toMatchObject({ code: expect.stringMatching(/^[A-Z_]+$/) });
      expect(entries, call).toEqual([]);
    }
  });

  const literal = (input: object) => JSON.stringify(input).replaceAll(/"(\w+)":/g, '$1:');
});
