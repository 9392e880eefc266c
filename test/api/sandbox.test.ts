import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sandboxScenarios } from '../../src/domain/sandbox-scenarios.ts';
import { solve } from '../report/developers.ts';
import { receiptFor, rows, statusOf, submit } from '../report/intake.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { statementsOf } from '../support/statements.ts';

const NOTHING = { category: null, foundOn: null, seenOn: null, howFound: null, inDanger: null };

describe('the sandbox portal', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform();
  });
  afterAll(() => platform.stop());

  const tried = (name: string, more = {}) => submit(platform, { portal: 'sandbox', address: addressOf(name), ...more });
  const codeOf = async (name: string): Promise<string> => (await tried(name)).accessCode;

  it.each(sandboxScenarios)('answers with $answer at $name', async ({ name, answer }) => {
    expect(await tried(name)).toMatchObject({ __typename: answer });
  });

  it.each(sandboxScenarios.filter(({ answer }) => answer === 'ReportReceipt'))(
    'opens the status of $name by its receipt, the same at each try',
    async ({ name, status }) => {
      const { accessCode, receivedOn, reports } = await tried(name);
      expect(receivedOn).toBe(new Date().toISOString().slice(0, 10));
      expect(reports).toEqual([{ reference: expect.stringMatching(/^R(-[0-9A-Z]{4}){3}$/), address: addressOf(name) }]);
      expect(await tried(name, { idempotencyKey: 'another key, the same code' })).toMatchObject({
        accessCode,
        reports,
      });
      const found = await statusOf(platform, accessCode);
      expect(found).toEqual(status && { receivedOn, ...status });
    },
  );

  it('tells where a portal went that a national hotline took over, and when to come back', async () => {
    expect(await tried('portal-closed')).toMatchObject({ code: 'PORTAL_CLOSED', transferredTo: null });
    expect(await tried('portal-transferred')).toMatchObject({ transferredTo: 'https://hotline.example/' });
    expect(await tried('too-many-reports')).toMatchObject({ retryAfterSeconds: 60 });
  });

  it('takes the report whose challenge was solved, once', async () => {
    const { challenge } = await tried('challenge-required');
    const answer = await solve(challenge);
    expect(await tried('challenge-required', { challenge: answer })).toMatchObject({ __typename: 'ReportReceipt' });
    expect(await tried('challenge-required', { challenge: answer })).toMatchObject({ code: 'CHALLENGE_REQUIRED' });
  });

  it.each([
    ['no address', { address: 'words' }, ['NOT_AN_ADDRESS']],
    ['a language that it does not speak', { language: 'mn' }, ['UNKNOWN_LANGUAGE']],
    ['two faults', { address: '', contactEmail: 'nobody' }, ['INVALID_FORMAT', 'EMPTY']],
  ])('refuses what every portal refuses: %s', async (_what, input, codes) => {
    const { __typename, issues } = await submit(platform, {
      portal: 'sandbox',
      address: addressOf('received'),
      ...input,
    });
    expect(__typename).toBe('InvalidInputError');
    expect(issues.map(({ code }: { code: string }) => code).sort()).toEqual(codes.sort());
  });

  it('takes details and withdraws a contact by its codes, and keeps neither', async () => {
    const accessCode = await codeOf('in-progress');
    const input = { accessCode, details: { note: 'words', inDanger: true }, contactEmail: 'name@host.example' };
    const { data, errors } = await platform.ask(
      `mutation ($input: AddReportDetailsInput!, $accessCode: String!) {
        addReportDetails(input: $input) { ... on ReportStatus { stage answers { ...Answers } } }
        withdrawContact(accessCode: $accessCode) { ... on ReportStatus { stage answers { ...Answers } } }
      }
      fragment Answers on ReportAnswers { category foundOn seenOn howFound inDanger hasNote hasContact }`,
      { input, accessCode },
    );
    const status = { stage: 'IN_PROGRESS', answers: { ...NOTHING, hasNote: false, hasContact: false } };
    expect({ data, errors }).toEqual({ data: { addReportDetails: status, withdrawContact: status }, errors: [] });

    const expired = await platform.ask(
      'mutation ($code: String!) { withdrawContact(accessCode: $code) { ... on Error { code } } }',
      { code: await codeOf('expired') },
    );
    expect(expired.data.withdrawContact).toEqual({ code: 'NOT_FOUND' });
  });

  it('gives a proof that proves nothing', async () => {
    const ask = 'query ($proof: String!) { proofOfReport(proof: $proof) { receivedOn } }';
    const { proof } = await tried('received');
    expect((await platform.ask(ask, { proof })).data).toEqual({ proofOfReport: null });
    const real = await receiptFor(platform, 'ke', 'https://real.example/');
    expect((await platform.ask(ask, { proof: real.proof })).data.proofOfReport).toBeTruthy();
  });

  it('stores nothing: not a row and not an entry of the audit trail, whoever tries', async () => {
    const before = await everything();
    const { statements } = await statementsOf(async () => {
      for (const { name } of sandboxScenarios)
        await tried(name, { details: { note: 'words' }, contactEmail: 'a@b.example' });
      await submit(platform, { portal: 'sandbox', address: 'https://a.example/ https://b.example/' });
    });
    // The portal is looked up, and that is all.
    expect(statements.filter((statement) => !statement.startsWith('SELECT'))).toEqual([]);
    expect(statements.length).toBeLessThanOrEqual(sandboxScenarios.length + 1);
    await submit(platform, { portal: 'sandbox', address: addressOf('received') }, 'analyst');
    expect(await everything()).toEqual(before);
    expect(await rows("SELECT FROM cases WHERE host LIKE '%sandbox.test'")).toEqual([]);
  });

  it('is the only portal where these addresses mean anything', async () => {
    const { accessCode } = await receiptFor(platform, 'ke', addressOf('portal-closed'));
    expect(await statusOf(platform, accessCode)).toMatchObject({ stage: 'RECEIVED' });
  });
});

const addressOf = (name: string) => `https://${name}.sandbox.test/`;

async function everything() {
  const tables = ['submissions', 'reports', 'cases', 'episodes', 'audit_entries', 'repeatable_writes'];
  const counts = tables.map((table) => `SELECT '${table}' AS "table", count(*)::int FROM ${table}`);
  return rows(`${counts.join(' UNION ALL ')} UNION ALL SELECT 'jobs', count(*)::int FROM graphile_worker.jobs`);
}
