import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type As, type Platform, send, startPlatform, tokenOf } from '../support/platform.ts';

const REPORT = `mutation ($input: SubmitReportInput!) {
  submitReport(input: $input) {
    __typename
    ... on ReportReceipt { accessCode receivedOn reports { reference address } proof }
    ... on InvalidInputError { issues { path code message } }
  }
}`;
const CASE = 'number version state address reportCount portalCount';
const step = (mutation: string, input: string) => `mutation ($input: ${input}!) {
  result: ${mutation}(input: $input) { __typename ... on Case { ${CASE} } ... on InvalidInputError { issues { path message } } ... on Error { code message } }
}`;
const FIGURES = `query ($country: CountryCode!, $month: YearMonth!) {
  countryStatistics(country: $country, from: $month, to: $month) {
    months { month edition reports { value hidden } actionable { value hidden } breakdowns { by cells { key figure { value hidden display } } } }
    provisional { value hidden }
  }
}`;

const confirmed = {
  verdict: 'ACTIONABLE',
  severity: 'B',
  youngestAge: 'AGE_16_17',
  sex: 'GIRLS',
  form: 'PHOTOGRAPHIC',
  siteType: 'FORUM',
  jurisdiction: 'BASELINE',
};

describe('the main job', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform();
  });
  afterAll(() => platform.stop());

  const report = async (portal: string, address: string, details = {}) => {
    const { data } = await platform.ask(REPORT, { input: { portal, address, ...details } });
    expect(data.submitReport.__typename).toBe('ReportReceipt');
    return data.submitReport as { accessCode: string; reports: { reference: string; address: string }[] };
  };
  const statusOf = async (accessCode: string) => {
    const { data } = await platform.ask(
      'query ($code: String!) { reportStatus(accessCode: $code) { stage outcome } }',
      { code: accessCode },
    );
    return data.reportStatus;
  };

  it('goes from a stranger’s report to removal and to a published figure', async () => {
    // Strangers report the same address through two portals, differently typed.
    const first = await report('ke', 'hxxps://Forum[.]example:443/a/../thread?id=7', { details: { inDanger: true } });
    const second = await report('ug', 'seen here: https://forum.example/thread?id=7 yesterday');
    expect(first.accessCode).toMatch(/^\d{4} \d{4} \d{4} \d{4}$/);
    expect(first.reports[0]?.address).toBe('hxxps://Forum[.]example:443/a/../thread?id=7');
    expect(await statusOf(second.accessCode)).toEqual({ stage: 'RECEIVED', outcome: null });

    // Enough others report in country A for its total to be published; country B stays small.
    for (let n = 0; n < 22; n += 1) await report('ke', `https://other.example/${n}`);

    // An analyst takes the case of highest priority: the one where a child is said to be in danger.
    const { prioritiseWaitingCases } = await import('../../src/case/prioritise-cases.ts');
    await prioritiseWaitingCases(new Date(Date.now() + 2 * 3_600_000));
    const claimed = await platform.ask(
      `mutation { claimNextCase { __typename ... on Case { ${CASE} } } }`,
      {},
      'analyst',
    );
    let current = claimed.data.claimNextCase;
    expect(current).toMatchObject({
      address: 'https://forum.example/thread?id=7',
      reportCount: 2,
      portalCount: 2,
      state: 'AWAITING_ASSESSMENT',
    });

    const act = async (as: As, mutation: string, input: string, more: object, typename = 'Case') => {
      const { data, errors } = await platform.ask(
        step(mutation, input),
        { input: { case: current.number, version: current.version, ...more } },
        as,
      );
      expect(errors).toEqual([]);
      expect(data.result).toMatchObject({ __typename: typename });
      if (typename === 'Case') current = data.result;
      return data.result;
    };

    // The youngest age seen asks for a second opinion, and nothing goes out before it.
    await act('analyst', 'assessCase', 'AssessCaseInput', { assessment: confirmed });
    expect(current.state).toBe('AWAITING_REVIEW');
    await act('analyst', 'notifyHost', 'NotifyHostInput', { recipient: 'abuse@host.example' }, 'NotClaimedError');
    const { data: own } = await platform.ask(
      'mutation ($n: String!) { claimCase(number: $n) { __typename ... on Error { message } } }',
      { n: current.number },
      'analyst',
    );
    expect(own.claimCase.__typename).toBe('InvalidTransitionError');

    // The second analyst gives theirs blind to the first.
    const { data: blind } = await platform.ask(
      `mutation ($n: String!) { claimCase(number: $n) { ... on Case { ${CASE} reviewReasons assessments { verdict } } } }`,
      { n: current.number },
      'analyst2',
    );
    expect(blind.claimCase).toMatchObject({ assessments: [], reviewReasons: [] });
    await act(
      'analyst2',
      'notifyHost',
      'NotifyHostInput',
      { recipient: 'abuse@host.example' },
      'InvalidTransitionError',
    );
    await act('analyst2', 'reviewCase', 'AssessCaseInput', { assessment: confirmed });
    expect(current.state).toBe('AWAITING_ACTION');
    expect(await statusOf(first.accessCode)).toEqual({ stage: 'IN_PROGRESS', outcome: null });

    // Trace, notice, gone.
    await act('analyst2', 'recordTrace', 'RecordTraceInput', {
      method: 'PERSON',
      placement: 'COUNTRY',
      country: 'NL',
      reason: 'Registry entry of the network.',
    });
    await act('analyst2', 'notifyHost', 'NotifyHostInput', { recipient: 'abuse@host.example', recipientCountry: 'NL' });
    expect(current.state).toBe('AWAITING_REMOVAL');
    await act('analyst', 'recordObservation', 'RecordObservationInput', { seen: 'GONE' });
    expect(current.state).toBe('REMOVED');
    expect(await statusOf(first.accessCode)).toEqual({ stage: 'COMPLETED', outcome: 'ACTION_TAKEN' });

    // The month ends and is published.
    const month = new Date().toISOString().slice(0, 7);
    const early = await publish(month, new Date());
    expect(early).toMatchObject({ __typename: 'InvalidInputError' });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 40 * 24 * 3_600_000 });
    const published = await publish(month, new Date());
    expect(published.editions).toContainEqual({ country: 'KE', edition: 1 });

    // Country A sees rounded figures, small ones hidden; country B sees nothing of A, and its own small total is hidden.
    const figures = async (country: string, as: As) =>
      send(
        platform.url,
        { query: FIGURES, variables: { country, month } },
        { authorization: `Bearer ${await tokenOf(as)}` },
      );
    const kenya = (await figures('KE', 'partner-ke')).data.countryStatistics.months[0];
    expect(kenya).toMatchObject({
      month,
      edition: 1,
      reports: { value: 25, hidden: false },
      actionable: { value: null, hidden: true },
    });
    const sources = kenya.breakdowns.find((breakdown: { by: string }) => breakdown.by === 'SOURCE').cells;
    expect(sources).toContainEqual({ key: 'PUBLIC', figure: { value: 25, hidden: false, display: '25' } });
    const severities = kenya.breakdowns.find((breakdown: { by: string }) => breakdown.by === 'SEVERITY').cells;
    expect(severities.every((cell: { figure: { hidden: boolean } }) => cell.figure.hidden)).toBe(true);
    expect((await figures('UG', 'partner-ug')).data.countryStatistics.months[0].reports).toEqual({
      value: null,
      hidden: true,
    });
    const refused = await figures('KE', 'partner-ug');
    expect(refused).toMatchObject({ data: null, errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    vi.useRealTimers();

    // The trail is whole.
    const { verifyChains } = await import('../../src/audit/verify-chains.ts');
    const { entries, faults } = await verifyChains();
    expect(faults).toEqual([]);
    expect(entries).toBeGreaterThan(30);
  });

  it.each<[As, string]>([
    ['stranger', 'UNAUTHENTICATED'],
    ['partner-ke', 'FORBIDDEN'],
    ['funder', 'FORBIDDEN'],
    ['industry', 'FORBIDDEN'],
    ['admin', 'FORBIDDEN'],
  ])('keeps the case from the %s in every way tried', async (as, code) => {
    const tries = [
      '{ case(number: "C-000001") { number } }',
      '{ mine: case(number: "C-000001") { __typename } }',
      '{ cases { edges { cursor } } }',
      '{ portals { code } cases { pageInfo { hasNextPage } } }',
      'query A { portals { code } ...F } fragment F on Query { case(number: "C-000001") { address } }',
      'query ($no: Boolean = false) { portals { code } case(number: "C-000001") @include(if: $no) { address } }',
      'query { portals { code } case(number: "C-000001") @skip(if: true) { address } }',
      'mutation { claimNextCase { __typename } }',
      'mutation { claimCase(number: "C-000001") { ... on Case { address } } }',
      'mutation { assessCase(input: { case: "C-000001", version: 1, assessment: { verdict: NOT_ACTIONABLE } }) { ... on Error { code } } }',
      'subscription { queueChanged { disputed } }',
    ];
    for (const query of tries) {
      const answer = await platform.ask(query, {}, as);
      expect(answer.data, query).toBeNull();
      expect(
        answer.errors.map(({ extensions }) => extensions.code),
        query,
      ).toEqual([code]);
    }
  });

  async function publish(month: string, now: Date) {
    const query = `mutation ($month: YearMonth!) { publishStatistics(month: $month) { __typename ... on PublishedMonth { editions { country edition } } } }`;
    const answer = await send(
      platform.url,
      { query, variables: { month } },
      { authorization: `Bearer ${await tokenOf('supervisor', now)}` },
    );
    return answer.data.publishStatistics;
  }
});
