import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseWork, caseWork, confirmed, dismissed } from '../case/case-work.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { runCommand } from '../support/spawned.ts';

const DAY_MS = 86_400_000;
const EMAIL = 'somebody@reporter.example';
const WORDS = 'Words of somebody.';
let platform: Platform;
let work: CaseWork;
let retain: (now: Date) => Promise<Record<string, number>>;
const settings = () => ({
  DATABASE_URL: platform.databaseUrl,
  NODE_ENV: 'test',
  AUDIT_ANCHORS_DIR: mkdtempSync(join(tmpdir(), 'anchors-')),
});

beforeAll(async () => {
  platform = await startPlatform();
  work = await caseWork(platform);
  const { applyRetention } = await import('../../src/retention/apply-retention.ts');
  retain = async (now) =>
    Object.fromEntries(
      (await applyRetention({ system: true, operation: 'Test' }, now)).map(({ name, count }) => [name, count]),
    );
});
afterAll(async () => {
  await work.close();
  await platform.stop();
});

let sites = 0;
/** A report with a contact and a note, of as many addresses; the numbers of its cases. */
async function report(addresses = 1): Promise<{ numbers: string[]; accessCode: string }> {
  sites += 1;
  const address = Array.from({ length: addresses }, (_, n) => `https://kept-${sites}.example/${n}`).join('\n');
  const { submitReport } = await work.ask(
    'stranger',
    `mutation ($input: SubmitReportInput!) { submitReport(input: $input) { ... on ReportReceipt { accessCode } ... on Error { message } } }`,
    { input: { portal: 'ke', address, details: { note: WORDS }, contactEmail: EMAIL } },
  );
  const rows = await work.sql(`SELECT number FROM cases WHERE host = 'kept-${sites}.example' ORDER BY number`);
  return { numbers: rows.map(({ number }) => number), accessCode: submitReport.accessCode };
}

const close = async (number: string) => {
  const colleague = await work.colleague();
  await work.claim(colleague, number);
  await work.step(colleague, 'addCaseNote', number, { text: WORDS });
  expect(await work.assess(colleague, number, { ...dismissed, note: WORDS })).toMatchObject({ state: 'CLOSED' });
};
const age = (numbers: string[], days: number) =>
  work.sql(`UPDATE cases SET state_since = now() - $2 * interval '1 day' WHERE number = ANY ($1)`, [numbers, days]);
const setLegalHold = async (number: string, on: boolean) => {
  const [{ version }] = await work.sql('SELECT version FROM cases WHERE number = $1', [number]);
  const input = { case: number, version, on, reason: 'Court of Example, file 7.' };
  const query = `mutation ($input: LegalHoldInput!) { setLegalHold(input: $input) { __typename ... on Case { legalHold notes { text } } } }`;
  return (await work.ask('supervisor', query, { input })).setLegalHold;
};
const wordsOf = async (number: string) => {
  const { case: read } = await work.ask(
    'analyst',
    `query ($n: String!) { case(number: $n) { reports { edges { node { note contactEmail addressAsTyped } } } notes { text } assessments { note verdict } } }`,
    { n: number },
  );
  const [{ node }] = read.reports.edges;
  return {
    contact: node.contactEmail,
    note: node.note,
    caseNotes: read.notes.map(({ text }: { text: string }) => text),
    opinions: read.assessments,
    typed: node.addressAsTyped,
  };
};

describe('retention', () => {
  it('forgets the contact 90 days and all words a year after the last case of a submission closed, and nothing else', async () => {
    const { numbers } = await report(2);
    const [first = '', second = ''] = numbers;
    await close(first);
    await age([first], 400);
    await retain(new Date());
    expect(await wordsOf(first)).toMatchObject({ contact: EMAIL, note: WORDS, caseNotes: [] });

    await close(second);
    await age([second], 89);
    await retain(new Date());
    expect(await wordsOf(second)).toMatchObject({ contact: EMAIL, note: WORDS, caseNotes: [WORDS] });

    await age([second], 91);
    await retain(new Date());
    expect(await wordsOf(second)).toMatchObject({ contact: null, note: WORDS, opinions: [{ note: WORDS }] });

    await age([second], 366);
    await retain(new Date());
    expect(await wordsOf(second)).toEqual({
      contact: null,
      note: null,
      caseNotes: [],
      opinions: [{ note: null, verdict: 'NOT_ACTIONABLE' }],
      typed: expect.stringContaining('kept-'),
    });
  });

  it('leaves what is open, what was opened again, and what is under a legal hold, until that ends', async () => {
    const [open, again, held] = [await report(), await report(), await report()];
    const [openCase = '', againCase = '', heldCase = ''] = [open, again, held].flatMap(({ numbers }) => numbers);
    const colleague = await work.colleague();
    await work.assess(colleague, openCase, { ...confirmed, note: WORDS });
    await close(againCase);
    await work.step('supervisor', 'reopenCase', againCase);
    await close(heldCase);
    expect(await setLegalHold(heldCase, true)).toEqual({
      __typename: 'Case',
      legalHold: true,
      notes: [{ text: WORDS }, { text: 'Legal hold: Court of Example, file 7.' }],
    });
    await age([openCase, againCase, heldCase], 800);
    await retain(new Date());
    for (const number of [openCase, againCase, heldCase])
      expect(await wordsOf(number), number).toMatchObject({ contact: EMAIL, note: WORDS });

    await setLegalHold(heldCase, false);
    await age([heldCase], 800);
    await retain(new Date());
    expect(await wordsOf(heldCase)).toMatchObject({ contact: null, note: null, caseNotes: [] });
  });

  it('is a supervisor’s to stop', async () => {
    const { errors } = await platform.ask(
      `mutation { setLegalHold(input: { case: "C-000001", version: 1, on: true, reason: "x" }) { __typename } }`,
      {},
      'analyst',
    );
    expect(errors[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('forgets reports that were marked as malicious although nobody assesses them', async () => {
    const { numbers } = await report();
    await work.sql(
      `WITH q AS (INSERT INTO quarantines (id, portal_id, opened_at, decided_at, decided_by_id)
                  SELECT uuidv7(), s.portal_id, now() - interval '92 days', now() - interval '91 days', a.id FROM submissions s, accounts a LIMIT 1 RETURNING id)
       UPDATE reports SET standing = 'MALICIOUS', repeated = true, quarantine_id = q.id FROM q, cases c WHERE c.id = case_id AND c.number = $1`,
      [numbers[0]],
    );
    await retain(new Date());
    expect(await wordsOf(numbers[0] ?? '')).toMatchObject({ contact: null, note: WORDS });
  });

  it('deletes access codes after 730 days, which open nothing by then', async () => {
    const { accessCode } = await report();
    const status = async () =>
      (await platform.ask(`query ($c: String!) { reportStatus(accessCode: $c) { stage } }`, { c: accessCode })).data
        .reportStatus;
    expect(await status()).toMatchObject({ stage: 'RECEIVED' });
    const { 'access codes': codes } = await retain(new Date(Date.now() + 731 * DAY_MS));
    expect(codes).toBe((await work.sql('SELECT FROM submissions')).length);
    expect(await status()).toBeNull();
  });

  it('keeps signed opinions otherwise as they are', async () => {
    for (const change of [`note = 'x'`, `verdict = 'ACTIONABLE', note = NULL`, 'at = now()'])
      await expect(work.sql(`UPDATE assessments SET ${change}`), change).rejects.toThrow(/never allowed/);
  });

  it('works page by page, says what it would do, and leaves counts in an unbroken trail', async () => {
    await work.sql(
      `INSERT INTO submissions (id, portal_id, received_at, pasted_text, input_hash, contact)
       SELECT uuidv7(), p.id, now(), 'typed', sha256('x'), 'sealed' FROM portals p, generate_series(1, 1200) WHERE code = 'ke'`,
    );
    const dry = await runCommand(['retention', '--dry-run'], settings());
    expect(dry.stdout).toMatch(/^Nothing was forgotten. It would be:\n1200 contacts\n0 reporters’ notes\n/);
    expect(await retain(new Date())).toMatchObject({ contacts: 1200 });
    expect(await retain(new Date())).toMatchObject({ contacts: 0 });
    const counts = await work.sql(
      `SELECT detail::json->>'count' AS count FROM audit_entries WHERE stream = 'retention' AND detail::json->>'what' = 'contacts' ORDER BY seq DESC LIMIT 3`,
    );
    expect(counts.map(({ count }) => count).reverse()).toEqual(['500', '500', '200']);
    expect(await runCommand(['audit', 'verify'], settings())).toMatchObject({ code: 0 });
  });
});
