import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch } from '../report/developers.ts';
import { rows, statusOf } from '../report/intake.ts';
import { type As, type Platform, send, startPlatform } from '../support/platform.ts';
import { statementsOf } from '../support/statements.ts';

const SUBMIT_ALL = `mutation ($input: SubmitReportsInput!) {
  submitReports(input: $input) {
    __typename
    ... on ReportBatch {
      results {
        __typename
        ... on ReportReceipt { accessCode reports { reference address } }
        ... on Error { code }
        ... on InvalidInputError { issues { path code } }
      }
    }
    ... on InvalidInputError { issues { path code message } }
  }
}`;

describe('a batch of reports', () => {
  let platform: Platform;
  let key: string;
  beforeAll(async () => {
    platform = await startPlatform();
    key = await keyOf(platform, 'industry');
  });
  afterAll(() => platform.stop());

  const sendBatch = async (reports: object[], more: object = {}, as: As | { token: string } = { token: key }) => {
    const input = { portal: 'ke', reports, idempotencyKey: randomUUID(), ...more };
    const { data, errors } = await platform.ask(SUBMIT_ALL, { input }, as);
    if (!data) throw new Error(JSON.stringify(errors));
    return data.submitReports;
  };
  const addresses = (host: string, count: number) =>
    Array.from({ length: count }, (_, n) => ({ address: `https://${host}/${n}` }));

  it('of a hundred gives a receipt for each, in its order, and files each as a member’s', async () => {
    const reports = addresses('hundred.example', 100);
    const { statements, result } = await statementsOf(() => sendBatch(reports));
    const lines = result.results.flatMap((receipt: { reports: object[] }) => receipt.reports);
    expect(lines.map(({ address }: { address: string }) => ({ address }))).toEqual(reports);
    expect(new Set(result.results.map(({ accessCode }: { accessCode: string }) => accessCode)).size).toBe(100);
    expect(
      await rows("SELECT source, count(*)::int FROM reports WHERE address_as_typed LIKE '%hundred%' GROUP BY 1"),
    ).toEqual([{ source: 'MEMBER', count: 100 }]);
    expect(await statusOf(platform, result.results[99].accessCode)).toMatchObject({ stage: 'RECEIVED' });
    // Four to sign in and to find the portal, then six a report: each is a transaction of its own.
    expect(statements.length).toBeLessThanOrEqual(4 + 6 * 100);
  });

  it('sent again under its key gets the same receipts, and files nothing again', async () => {
    const [reports, idempotencyKey] = [addresses('again.example', 5), randomUUID()];
    const answers = await Promise.all([1, 2].map(() => sendBatch(reports, { idempotencyKey })));
    answers.push(await sendBatch(reports, { idempotencyKey }));
    expect(answers[0].results).toHaveLength(5);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    expect(await reportsAt('again.example')).toBe(5);

    // What a cut left out is filed by the retry; what has changed is another report.
    const more = await sendBatch([...reports.slice(0, 4), { address: 'https://other.example/' }, ...reports.slice(4)], {
      idempotencyKey,
    });
    expect(more.results.slice(0, 4)).toEqual(answers[0].results.slice(0, 4));
    expect(more.results.slice(4)).toMatchObject([
      { code: 'IDEMPOTENCY_CONFLICT' },
      { reports: [{ address: 'https://again.example/4' }] },
    ]);
    // A key is one account's own.
    const analysts = await sendBatch(reports, { idempotencyKey }, 'analyst');
    expect(analysts.results[0].accessCode).not.toBe(answers[0].results[0].accessCode);
  });

  it('says of each report what was wrong with it, and where in the batch, and files the others', async () => {
    const { results } = await sendBatch([
      { address: 'https://mixed.example/ https://mixed.example/2' },
      { address: 'words', country: 'MN', language: 'mn', details: { note: 'words '.repeat(700) } },
      { address: 'https://mixed.example/3', language: 'sw', details: { inDanger: true } },
    ]);
    expect(results).toMatchObject([
      { __typename: 'ReportReceipt', reports: [{}, {}] },
      { __typename: 'InvalidInputError' },
      { __typename: 'ReportReceipt', reports: [{}] },
    ]);
    const at = (field: string) => ['input', 'reports', '1', ...field.split('.')];
    expect(results[1].issues).toEqual([
      { path: at('details.note'), code: 'TOO_LONG' },
      { path: at('address'), code: 'NOT_AN_ADDRESS' },
      { path: at('language'), code: 'UNKNOWN_LANGUAGE' },
      { path: at('country'), code: 'ANOTHER_COUNTRY' },
    ]);
    expect(await reportsAt('mixed.example')).toBe(3);
  });

  it.each([
    ['no report', { reports: [] }, 'reports', 'TOO_SHORT'],
    ['101 reports', { reports: Array(101).fill({ address: 'https://many.example/' }) }, 'reports', 'TOO_LONG'],
    ['a key that is easy to guess', { idempotencyKey: 'batch 1' }, 'idempotencyKey', 'TOO_SHORT'],
    ['a portal that is not there', { portal: 'nowhere' }, 'portal', 'UNKNOWN_PORTAL'],
    ['a portal that nobody can name', { portal: '\u2028' }, 'portal', 'UNKNOWN_PORTAL'],
  ])('is refused as a whole for %s', async (_what, more, field, code) => {
    const answer = await sendBatch([{ address: 'https://many.example/' }], more);
    expect(answer).toMatchObject({ __typename: 'InvalidInputError', issues: [{ path: ['input', field], code }] });
    expect(await reportsAt('many.example')).toBe(0);
  });

  it('through a closed portal gets that answer for each report, and in the sandbox what each asks for', async () => {
    const closed = await sendBatch(addresses('closed.example', 2), { portal: 'zm' });
    expect(closed.results).toMatchObject([{ code: 'PORTAL_CLOSED' }, { code: 'PORTAL_CLOSED' }]);
    const names = ['received', 'too-many-reports', 'challenge-required', 'idempotency-conflict', 'portal-transferred'];
    const tried = await sendBatch(
      names.map((name) => ({ address: `https://${name}.sandbox.test/` })),
      { portal: 'sandbox' },
    );
    expect(tried.results).toMatchObject([
      { __typename: 'ReportReceipt' },
      { code: 'TOO_MANY_REPORTS' },
      { code: 'CHALLENGE_REQUIRED' },
      { code: 'IDEMPOTENCY_CONFLICT' },
      { code: 'PORTAL_CLOSED' },
    ]);
  });

  it('fits into 64 KiB, with 100 addresses of 500 characters', async () => {
    const reports = Array.from({ length: 100 }, (_, n) => ({ address: `https://long.example/${n}/`.padEnd(500, 'x') }));
    expect((await sendBatch(reports, { portal: 'sandbox' })).results).toHaveLength(100);
  });

  it('is for members whose agreement is in force, and never for a page of another site', async () => {
    const input = { portal: 'ke', reports: addresses('refused.example', 1), idempotencyKey: randomUUID() };
    const codes = async (as: As | { token: string }) =>
      (await platform.ask(SUBMIT_ALL, { input }, as)).errors.map(({ extensions }) => extensions.code);
    expect(await codes('stranger')).toEqual(['UNAUTHENTICATED']);
    for (const as of ['funder', 'partner-ke', 'admin'] as const) expect(await codes(as)).toEqual(['FORBIDDEN']);

    await launch(platform, 'here', { origins: ['https://report.example'] });
    const headers = { origin: 'https://report.example', authorization: `Bearer ${key}` };
    const foreign = await send(platform.url, { query: SUBMIT_ALL, variables: { input } }, headers);
    expect(foreign).toMatchObject({ status: 403, errors: [{ extensions: { code: 'CROSS_SITE_CREDENTIALS' } }] });

    const { prisma } = await import('../../src/db.ts');
    await prisma.partner.updateMany({ where: { kind: 'INDUSTRY' }, data: { agreementUntil: new Date('2026-01-01') } });
    expect(await codes({ token: key })).toEqual(['FORBIDDEN']);
    expect(await reportsAt('refused.example')).toBe(0);
  });
});

async function reportsAt(host: string): Promise<number> {
  const found = await rows('SELECT count(*)::int FROM reports r JOIN cases c ON c.id = r.case_id WHERE c.host = $1', [
    host,
  ]);
  return found[0].count;
}

async function keyOf(platform: Platform, subject: string): Promise<string> {
  const { data } = await platform.ask('{ accounts { id subject } }', {}, 'admin');
  const { id } = data.accounts.find((account: { subject: string }) => account.subject === subject);
  const made = await platform.ask(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { ... on CreatedApiKey { secret } } }',
    { input: { account: id, label: 'batches' } },
    'admin',
  );
  return made.data.createApiKey.secret;
}
