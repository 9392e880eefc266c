import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Receipt, receiptFor, rows, statusOf } from '../report/intake.ts';
import { type Answer, type Platform, send, startPlatform, tokenOf } from '../support/platform.ts';
import { statementsOf } from '../support/statements.ts';

const ADD = `mutation ($input: AddReportDetailsInput!) {
  addReportDetails(input: $input) { __typename ... on ReportStatus { stage outcome } ... on Error { code message } ... on InvalidInputError { issues { path code } } }
}`;
const WITHDRAW = `mutation ($code: String!) {
  withdrawContact(accessCode: $code) { __typename ... on ReportStatus { stage } ... on Error { code message } }
}`;
const NOT_ACTIONABLE = { verdict: 'NOT_ACTIONABLE', reason: 'OFF_REMIT', siteType: 'WEBSITE' };
const ACTIONABLE = {
  verdict: 'ACTIONABLE',
  severity: 'A',
  youngestAge: 'AGE_7_10',
  sex: 'BOYS',
  form: 'PHOTOGRAPHIC',
  siteType: 'WEBSITE',
  jurisdiction: 'BASELINE',
};
const RECEIVED = { stage: 'RECEIVED', outcome: null };
const IN_PROGRESS = { stage: 'IN_PROGRESS', outcome: null };
const ACTED = { stage: 'COMPLETED', outcome: 'ACTION_TAKEN' };
const NOT_ACTED = { stage: 'COMPLETED', outcome: 'NO_ACTION_POSSIBLE' };

describe('what an access code opens', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  afterAll(() => platform.stop());

  const report = (address: string, more = {}) => receiptFor(platform, 'ke', address, more);
  const stageOf = async (code: string) => {
    const { stage, outcome } = await statusOf(platform, code);
    return { stage, outcome };
  };
  const caseOf = async (address: string) =>
    (
      await rows('SELECT number, version, state, report_count, episode_number FROM cases WHERE address = $1', [address])
    )[0];
  const add = async (accessCode: string, details: object, more = {}): Promise<Answer['data']> =>
    (await platform.ask(ADD, { input: { accessCode, details, ...more } })).data?.addReportDetails;
  const withdraw = async (code: string): Promise<Answer['data']> =>
    (await platform.ask(WITHDRAW, { code })).data?.withdrawContact;
  const submissionOf = async ({ reports }: Receipt) =>
    (
      await rows('SELECT s.* FROM submissions s JOIN reports r ON r.submission_id = s.id WHERE reference = $1', [
        reports[0]?.reference,
      ])
    )[0];

  // The clock may have been moved, so tokens are minted at its time.
  const step = async (address: string, mutation: string, input: string, more: object, as = 'analyst') => {
    const headers = { authorization: `Bearer ${await tokenOf(as, new Date())}` };
    const { number } = await caseOf(address);
    await send(platform.url, { query: `mutation { claimCase(number: "${number}") { __typename } }` }, headers);
    const { version } = await caseOf(address);
    const { data, errors } = await send(
      platform.url,
      {
        query: `mutation ($input: ${input}!) { result: ${mutation}(input: $input) { __typename ... on Error { message } } }`,
        variables: { input: { case: number, version, ...more } },
      },
      headers,
    );
    expect(errors).toEqual([]);
    expect(data.result).toEqual({ __typename: 'Case' });
  };
  const assess = async (address: string, assessment: object) => {
    await step(address, 'assessCase', 'AssessCaseInput', { assessment });
  };
  const remove = async (address: string) => {
    await assess(address, ACTIONABLE);
    await step(address, 'recordObservation', 'RecordObservationInput', { seen: 'GONE' });
  };

  it('tells a reporter of several addresses how far all of them have come', async () => {
    const { accessCode } = await report('https://first.example/ https://second.example/ https://third.example/');
    const { receivedOn } = await statusOf(platform, accessCode);
    expect(receivedOn).toBe(new Date().toISOString().slice(0, 10));
    expect(await stageOf(accessCode)).toEqual(RECEIVED);
    await assess('https://first.example/', NOT_ACTIONABLE);
    expect(await stageOf(accessCode)).toEqual(IN_PROGRESS);
    await remove('https://second.example/');
    expect(await stageOf(accessCode)).toEqual(IN_PROGRESS);
    await assess('https://third.example/', NOT_ACTIONABLE);
    expect(await stageOf(accessCode)).toEqual(ACTED);
  });

  it('says that no action was possible where none was taken on any address', async () => {
    const { accessCode } = await report('https://none.example/');
    await assess('https://none.example/', NOT_ACTIONABLE);
    expect(await stageOf(accessCode.replaceAll(' ', '-'))).toEqual(NOT_ACTED);
  });

  it('keeps a report completed when the content returns and another reports it: that is a new episode', async () => {
    const first = await report('https://returns.example/');
    await remove('https://returns.example/');
    expect(await stageOf(first.accessCode)).toEqual(ACTED);
    const second = await report('https://returns.example/');
    expect(await caseOf('https://returns.example/')).toMatchObject({
      state: 'AWAITING_ASSESSMENT',
      episode_number: 2,
      report_count: 2,
    });
    expect(await stageOf(second.accessCode)).toEqual(RECEIVED);
    expect(await stageOf(first.accessCode)).toEqual(ACTED);
    await assess('https://returns.example/', NOT_ACTIONABLE);
    expect(await stageOf(second.accessCode)).toEqual(NOT_ACTED);
    expect(await stageOf(first.accessCode)).toEqual(ACTED);
  });

  it('leaves a case closed that was not actionable, counts its reports, and opens it again after 90 days', async () => {
    const address = 'https://closed.example/';
    const first = await report(address);
    await assess(address, NOT_ACTIONABLE);
    const closed = await report(address);
    expect(await caseOf(address)).toMatchObject({ state: 'CLOSED', report_count: 2, episode_number: 1 });
    expect(await stageOf(closed.accessCode)).toEqual(NOT_ACTED);

    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 89 * 86_400_000 });
    await report(address);
    expect(await caseOf(address)).toMatchObject({ state: 'CLOSED', report_count: 3 });
    vi.setSystemTime(Date.now() + 2 * 86_400_000);
    const reopened = await report(address);
    expect(await caseOf(address)).toMatchObject({ state: 'AWAITING_ASSESSMENT', report_count: 4, episode_number: 2 });
    expect(await stageOf(reopened.accessCode)).toEqual(RECEIVED);
    expect(await stageOf(first.accessCode)).toEqual(NOT_ACTED);
  });

  it('tells what was answered so far, but no word of it: whoever finds a receipt reads nothing of its owner', async () => {
    const { accessCode } = await report('https://answers.example/', {
      details: { note: 'canary-note', inDanger: true },
    });
    const answers = async () => {
      const fields = 'category foundOn seenOn howFound inDanger hasNote hasContact';
      const query = `query ($code: String!) { reportStatus(accessCode: $code) { answers { ${fields} } } }`;
      return (await platform.ask(query, { code: accessCode })).data.reportStatus.answers;
    };
    const given = { category: null, foundOn: null, seenOn: null, howFound: null, inDanger: true, hasNote: true };
    expect(await answers()).toEqual({ ...given, hasContact: false });
    const more = { category: 'UNSURE', foundOn: 'FORUM', seenOn: '2026-01-31', howFound: 'LINK', inDanger: false };
    await add(accessCode, more, { contactEmail: 'canary@host.example' });
    expect(await answers()).toEqual({ ...more, hasNote: true, hasContact: true });
    await withdraw(accessCode);
    expect(await answers()).toEqual({ ...more, hasNote: true, hasContact: false });
  });

  it('takes two SQL statements for a status, also of twenty addresses', async () => {
    const many = Array.from({ length: 20 }, (_, n) => `https://count.example/${n}`).join(' ');
    const { accessCode } = await report(many);
    const { statements } = await statementsOf(() => statusOf(platform, accessCode));
    expect(statements).toHaveLength(2);
  });

  it('adds details, keeps what was said before, and puts a further note after the first', async () => {
    const { unseal } = await import('../../src/secrets.ts');
    const receipt = await report('https://details.example/', {
      details: { category: 'UNSURE', howFound: 'SEARCH', note: 'canary-first note' },
    });
    expect(await add(receipt.accessCode, { foundOn: 'FORUM', note: 'canary-second note', inDanger: true })).toEqual({
      __typename: 'ReportStatus',
      ...RECEIVED,
    });
    await add(receipt.accessCode, { note: 'canary-second note' }); // tapped twice
    await Promise.all(
      ['a', 'b', 'c', 'd'].map((letter) => add(receipt.accessCode, { note: `canary at once ${letter}` })),
    );

    const stored = await submissionOf(receipt);
    expect(stored).toMatchObject({ category: 'UNSURE', how_found: 'SEARCH', found_on: 'FORUM', in_danger: true });
    const [first, second, ...rest] = unseal(stored.note).split('\n\n');
    expect([first, second]).toEqual(['canary-first note', 'canary-second note']);
    expect(rest.sort()).toEqual(['a', 'b', 'c', 'd'].map((letter) => `canary at once ${letter}`));
  });

  it('refuses details with faults, all at once, and notes without end', async () => {
    const { accessCode } = await report('https://faults.example/');
    const bad = { note: 'data:image/png;base64,QUJD', seenOn: '2999-01-01' };
    const { issues } = await add(accessCode, bad, { contactEmail: 'nobody' });
    expect(issues.map(({ path }: { path: string[] }) => path.join('.')).sort()).toEqual([
      'input.contactEmail',
      'input.details.note',
      'input.details.seenOn',
    ]);
    const answers = [];
    for (let n = 0; n < 6; n += 1) answers.push(await add(accessCode, { note: `${n} `.repeat(1_900) }));
    expect(answers.slice(0, 5).map(({ __typename }) => __typename)).toEqual(Array(5).fill('ReportStatus'));
    expect(answers[5].issues).toEqual([{ path: ['input', 'details', 'note'], code: 'TOO_LONG' }]);
  });

  it('deletes the contact at once when it is withdrawn, and takes another one later', async () => {
    const receipt = await report('https://contact.example/', { contactEmail: 'canary-one@host.example' });
    expect((await submissionOf(receipt)).contact).not.toBeNull();
    expect(await withdraw(receipt.accessCode)).toEqual({ __typename: 'ReportStatus', stage: 'RECEIVED' });
    expect(await submissionOf(receipt)).toMatchObject({ contact: null, contact_removed_at: expect.any(Date) });
    await add(receipt.accessCode, {}, { contactEmail: 'canary-two@host.example' });
    expect(await submissionOf(receipt)).toMatchObject({ contact: expect.any(Buffer), contact_removed_at: null });
  });
});
