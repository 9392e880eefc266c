import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseWork, caseWork, confirmed, dismissed, type Person, type Result } from '../case/case-work.ts';
import { type Platform, send, startPlatform } from '../support/platform.ts';

type Colleague = Awaited<ReturnType<CaseWork['colleague']>>;

const SUBMIT = `mutation ($input: SubmitAppealInput!) { submitAppeal(input: $input) {
  __typename ... on AppealReceipt { reference receivedOn } ... on Error { code } ... on InvalidInputError { issues { path code } } } }`;
const CASE = `number version state outcome listed reviewReasons assessments { round verdict } claim { by { name } } appeals { state }`;
const ERRORS = '... on Error { code message } ... on InvalidInputError { issues { path code } }';
const REASON = 'We checked the page and it shows flowers.';

describe('an appeal', () => {
  let platform: Platform;
  let work: CaseWork;
  let first: Colleague;
  let second: Colleague;
  let third: Colleague;
  let fourth: Colleague;
  beforeAll(async () => {
    platform = await startPlatform({ TRUSTED_PROXIES: '1' });
    work = await caseWork(platform);
    [first, second] = [await work.colleague(), await work.colleague()];
    [third, fourth] = [await work.colleague(), await work.colleague()];
  });
  afterAll(async () => {
    await work.close();
    await platform.stop();
  });

  let sources = 0;
  const newSource = () => {
    sources += 1;
    return `198.51.100.${sources}`;
  };
  const submit = async (input: object, source = newSource()): Promise<Result> => {
    const variables = { input: { reason: REASON, ...input } };
    const { data, errors } = await send(platform.url, { query: SUBMIT, variables }, { 'x-forwarded-for': source });
    expect(errors).toEqual([]);
    return data.submitAppeal;
  };
  const addressOf = async (number: string): Promise<string> =>
    (await work.sql('SELECT address FROM cases WHERE number = $1', [number]))[0].address;
  const appeals = async (state: string | null = null, more = ''): Promise<Result> =>
    (
      await work.ask(
        'analyst',
        `query ($state: AppealState) { appeals(state: $state ${more}) { pageInfo { hasNextPage endCursor } edges { node {
           reference address reason contactEmail state dismissal decidedAt decidedBy { name } case { number version } } } } }`,
        { state },
      )
    ).appeals;
  const reviewIt = async (person: Person, appeal: string, number: string, more: object = {}): Promise<Result> => {
    const [{ version }] = await work.sql('SELECT version FROM cases WHERE number = $1', [number]);
    const query = `mutation ($input: ReviewAppealInput!) { reviewAppeal(input: $input) { __typename ... on Case { ${CASE} } ${ERRORS} } }`;
    return (await work.ask(person, query, { input: { appeal, case: number, version, ...more } })).reviewAppeal;
  };
  const dismiss = async (appeal: string, reason = 'It says nothing of the page.'): Promise<Result> => {
    const query = `mutation ($input: DismissAppealInput!) { dismissAppeal(input: $input) { __typename ... on Appeal { state dismissal decidedBy { name } } ${ERRORS} } }`;
    return (await work.ask(third, query, { input: { appeal, reason } })).dismissAppeal;
  };
  const stateOf = async (reference: string) =>
    (await appeals(null, 'first: 100')).edges.find(({ node }: Result) => node.reference === reference).node;
  /** A listed case that two colleagues confirmed and nobody holds, and an appeal against it. */
  const appealed = async (): Promise<[number: string, reference: string]> => {
    const number = await work.confirmedCase(first, second);
    await work.step(second, 'listAddress', number);
    await work.release(second, number);
    return [number, (await submit({ address: await addressOf(number) })).reference];
  };

  it('is answered alike whether or not the address is known, and its words are sealed', async () => {
    const number = await work.makeCase();
    const answers = [];
    for (const address of [await addressOf(number), 'https://nobody-reported.example/']) {
      const { reference, ...rest } = await submit({ address, contactEmail: 'owner@site.example' });
      expect(reference).toMatch(/^A(-[0-9A-Z]{4}){3}$/);
      answers.push(rest);
    }
    expect(answers[0]).toEqual({ __typename: 'AppealReceipt', receivedOn: new Date().toISOString().slice(0, 10) });
    expect(answers[1]).toEqual(answers[0]);
    const { edges } = await appeals('WAITING');
    expect(edges.map(({ node }: Result) => [node.case?.number ?? null, node.reason, node.contactEmail])).toEqual([
      [number, REASON, 'owner@site.example'],
      [null, REASON, 'owner@site.example'],
    ]);
    const rows = await work.sql('SELECT reason, contact FROM appeals');
    for (const { reason, contact } of rows)
      expect(`${reason.toString()}${contact.toString()}`).not.toMatch(/flowers|owner@/);
    const trail = JSON.stringify(await work.sql(`SELECT * FROM audit_entries WHERE stream LIKE 'appeal:%'`));
    expect(trail).not.toMatch(/flowers|owner@|nobody-reported|made-/);
  });

  it('is of one address with a reason, and every fault is told at once', async () => {
    const address = 'https://one.example/ https://two.example/';
    const refused = await submit({ address, reason: ' ', contactEmail: 'nobody', idempotencyKey: 'short' });
    expect(refused.issues.map(({ path, code }: Result) => `${path.at(-1)} ${code}`).sort()).toEqual([
      'address TOO_MANY',
      'contactEmail INVALID_FORMAT',
      'idempotencyKey TOO_SHORT',
      'reason TOO_SHORT',
    ]);
    expect((await submit({ address: 'words' })).issues).toMatchObject([{ code: 'NOT_AN_ADDRESS' }]);
  });

  it('is one however often it is sent with its key, and twenty an hour from one source are enough', async () => {
    const input = { address: 'https://one.example/', idempotencyKey: randomUUID() };
    const receipts = await Promise.all([submit(input), submit(input), submit(input)]);
    expect(new Set(receipts.map(({ reference }) => reference)).size).toBe(1);
    expect(await submit({ ...input, reason: 'Another.' })).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    for (let n = 0; n < 20; n += 1) {
      expect((await submit({ address: 'https://one.example/' }, '203.0.113.5')).__typename).toBe('AppealReceipt');
    }
    const refused = await submit({ address: 'https://one.example/' }, '203.0.113.5');
    expect(refused).toMatchObject({ code: 'TOO_MANY_REPORTS' });
    expect((await submit({ address: 'https://one.example/' }, '203.0.113.6')).__typename).toBe('AppealReceipt');
  });

  it('is listed oldest first, page by page', async () => {
    const all = (await appeals(null, 'first: 100')).edges.map(({ node }: Result) => node.reference);
    const pages = [];
    for (let after = ''; ; ) {
      const { edges, pageInfo } = await appeals(null, `first: 7 ${after}`);
      pages.push(...edges.map(({ node }: Result) => node.reference));
      if (!pageInfo.hasNextPage) break;
      after = `after: "${pageInfo.endCursor}"`;
    }
    expect(pages).toEqual(all);
    expect(all.length).toBeGreaterThan(20);
  });

  it('has its new look by two who had no part in the first; upheld, the address goes off the list', async () => {
    const [number, reference] = await appealed();
    await work.claim(second, number);
    const reviewed = await reviewIt(third, reference, number);
    expect(reviewed).toMatchObject({ state: 'AWAITING_ASSESSMENT', listed: true, claim: null, reviewReasons: [] });
    expect(reviewed.appeals).toEqual([{ state: 'UNDER_REVIEW' }]);
    for (const party of [first, second]) {
      expect(await work.claim(party, number)).toMatchObject({ code: 'INVALID_TRANSITION' });
      await work.sql('UPDATE cases SET priority = 1000 WHERE number = $1', [number]);
      expect((await work.claimNext(party)).number).not.toBe(number);
    }
    expect(await work.assess(third, number, dismissed)).toMatchObject({ state: 'AWAITING_REVIEW', listed: true });
    const settled = await work.review(fourth, number, dismissed);
    expect(settled).toMatchObject({ state: 'CLOSED', outcome: 'NOT_ACTIONABLE', listed: false });
    expect(settled.reviewReasons).toEqual(expect.arrayContaining(['APPEAL', 'URL_LIST']));
    expect(await stateOf(reference)).toMatchObject({ state: 'UPHELD', decidedBy: { name: fourth.name } });
    const changes = await work.sql(
      'SELECT change FROM url_list_changes u JOIN cases c ON c.id = u.case_id WHERE number = $1 ORDER BY u.id',
      [number],
    );
    expect(changes.map(({ change }) => change)).toEqual(['ADDED', 'REMOVED']);
  });

  it('is rejected where the new look comes to the same, and the address stays listed all the while', async () => {
    const [number, reference] = await appealed();
    const further = (await submit({ address: await addressOf(number) })).reference;
    await reviewIt(third, reference, number);
    expect(await reviewIt(third, further, number)).toMatchObject({ state: 'AWAITING_ASSESSMENT' });
    await work.assess(third, number, confirmed);
    expect(await work.review(fourth, number, confirmed)).toMatchObject({ state: 'AWAITING_ACTION', listed: true });
    for (const one of [reference, further]) expect(await stateOf(one)).toMatchObject({ state: 'REJECTED' });
    await work.release(fourth, number);
  });

  it('is settled by a ruling where the new look is disputed', async () => {
    const [number, reference] = await appealed();
    await reviewIt(third, reference, number);
    await work.assess(third, number, dismissed);
    await work.review(fourth, number, confirmed);
    expect(await stateOf(reference)).toMatchObject({ state: 'UNDER_REVIEW', decidedAt: null });
    const supervisor = await work.colleague('SUPERVISOR');
    await work.claim(supervisor, number);
    await work.step(supervisor, 'ruleOnCase', number, { assessment: dismissed });
    expect(await stateOf(reference)).toMatchObject({ state: 'UPHELD' });
    expect(await work.read(number)).toMatchObject({ state: 'CLOSED', listed: false });
  });

  it('against what is gone leaves the clock and the reporters what they had: it was acted on', async () => {
    const number = await work.confirmedCase(first, second);
    await work.release(second, number);
    const address = await addressOf(number);
    const { submitReport } = await work.ask(
      'stranger',
      'mutation ($input: SubmitReportInput!) { submitReport(input: $input) { ... on ReportReceipt { accessCode } } }',
      { input: { portal: 'ke', address } },
    );
    const status = async () =>
      (
        await work.ask('stranger', 'query ($c: String!) { reportStatus(accessCode: $c) { stage outcome } }', {
          c: submitReport.accessCode,
        })
      ).reportStatus;
    const { clock } = await work.step(second, 'recordObservation', number);
    const acted = { stage: 'COMPLETED', outcome: 'ACTION_TAKEN' };
    expect(await status()).toEqual(acted);
    const { reference } = await submit({ address });
    expect(await reviewIt(third, reference, number)).toMatchObject({ state: 'AWAITING_ASSESSMENT' });
    expect(await status()).toEqual(acted);
    await work.assess(third, number, confirmed);
    await work.review(fourth, number, confirmed);
    await work.release(fourth, number);
    const gone = await work.step(second, 'recordObservation', number);
    expect(gone).toMatchObject({ state: 'REMOVED', episode: 1, clock: { firstSeenGone: clock.firstSeenGone } });
  });

  it('is dismissed with a reason, which changes no case, or refused where there is nothing to appeal against', async () => {
    const number = await work.makeCase();
    const { reference } = await submit({ address: await addressOf(number) });
    expect(await reviewIt(third, reference, number)).toMatchObject({ code: 'INVALID_TRANSITION' });
    expect(await reviewIt(third, 'A-0000-0000-0000', number)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await reviewIt(third, reference, await work.makeCase())).toMatchObject({ issues: [{ code: 'MISMATCH' }] });
    expect(await reviewIt(third, reference, number, { version: 9 })).toMatchObject({ code: 'STALE_CASE' });
    expect(await dismiss(reference, ' ')).toMatchObject({ code: 'INVALID_INPUT' });
    const before = await work.sql('SELECT * FROM cases WHERE number = $1', [number]);
    expect(await dismiss(reference)).toEqual({
      __typename: 'Appeal',
      state: 'DISMISSED',
      dismissal: 'It says nothing of the page.',
      decidedBy: { name: third.name },
    });
    expect(await work.sql('SELECT * FROM cases WHERE number = $1', [number])).toEqual(before);
    expect(await dismiss(reference)).toMatchObject({ code: 'APPEAL_DECIDED' });
    expect(await reviewIt(third, reference, number)).toMatchObject({ code: 'APPEAL_DECIDED' });
  });
});
