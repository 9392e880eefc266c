import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { launch } from '../report/developers.ts';
import { SUBMIT } from '../report/intake.ts';
import { type Platform, startPlatform, tokenOf } from '../support/platform.ts';

const OWN = 'https://report.ke.example';
const OTHERS = 'https://report.ug.example';
const STRANGERS = 'https://stranger.example';
const CORS = /^access-control-/;

describe('pages of other sites', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform();
    await launch(platform, 'here', { origins: [OWN, 'http://localhost:5173'] });
    await launch(platform, 'there', { origins: [OTHERS] });
  });
  afterAll(() => platform.stop());

  const call = async (method: string, headers: Record<string, string>, body?: object) => {
    const response = await fetch(`${platform.url}/graphql`, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    const cors = [...response.headers].filter(([name]) => CORS.test(name));
    const answer = text ? JSON.parse(text) : null;
    const codes = answer?.errors?.map(({ extensions }: { extensions: { code: string } }) => extensions.code) ?? [];
    return { status: response.status, headers: response.headers, cors: Object.fromEntries(cors), text, answer, codes };
  };
  const preflight = (origin: string) =>
    call('OPTIONS', {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    });
  const post = (origin: string, body: object, headers = {}) =>
    call('POST', { origin, 'sec-fetch-site': 'cross-site', 'content-type': 'application/json', ...headers }, body);
  const report = async (origin: string, portal: string, address = 'https://foreign.example/') =>
    (await post(origin, { query: SUBMIT, variables: { input: { portal, address } } })).answer.data.submitReport;

  it('are told what they may send, where a portal has registered them', async () => {
    for (const origin of [OWN, OTHERS, 'http://localhost:5173']) {
      const { status, text, cors, headers } = await preflight(origin);
      expect({ status, text, cors }).toEqual({
        status: 204,
        text: '',
        cors: {
          'access-control-allow-origin': origin,
          'access-control-allow-methods': 'POST',
          'access-control-allow-headers': 'content-type',
          'access-control-max-age': '7200',
        },
      });
      expect(headers.get('vary')).toBe('origin');
    }
  });

  it('report through their own portal, and may read the answer', async () => {
    const { status, cors, headers, answer } = await post(OWN, {
      query: SUBMIT,
      variables: { input: { portal: 'here', address: 'https://foreign.example/' } },
    });
    expect({ status, cors }).toEqual({ status: 200, cors: { 'access-control-allow-origin': OWN } });
    expect(headers.get('vary')).toBe('origin');
    expect(answer.data.submitReport.__typename).toBe('ReportReceipt');
  });

  it('read our refusals too', async () => {
    for (const headers of [{ 'content-type': 'text/plain' }, {}]) {
      const { status, cors } = await post(OWN, { query: '{ cases { edges { cursor } } }' }, headers);
      expect([200, 415]).toContain(status);
      expect(cors).toEqual({ 'access-control-allow-origin': OWN });
    }
  });

  it('report through no other portal, but may try in the sandbox', async () => {
    expect(await report(OTHERS, 'here', '')).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ code: 'EMPTY' }, { path: ['input', 'portal'], code: 'ORIGIN_NOT_REGISTERED' }],
    });
    expect((await report(OTHERS, 'ke')).issues[0].code).toBe('ORIGIN_NOT_REGISTERED');
    expect((await report(OTHERS, 'there')).__typename).toBe('ReportReceipt');
    expect((await report(OTHERS, 'sandbox')).__typename).toBe('ReportReceipt');
  });

  it('bring no token, not even a good one', async () => {
    for (const authorization of [`Bearer ${await tokenOf('analyst')}`, 'Bearer none', '']) {
      const { status, codes, cors } = await post(OWN, { query: '{ viewer { id } }' }, { authorization });
      expect({ status, codes }).toEqual({ status: 403, codes: ['CROSS_SITE_CREDENTIALS'] });
      expect(cors).toEqual({ 'access-control-allow-origin': OWN });
    }
  });

  it.each([
    ['another site', STRANGERS],
    ['a site below', 'https://evil.report.ke.example'],
    ['a site that begins alike', `${OWN}.evil.example`],
    ['another scheme', 'http://report.ke.example'],
    ['another port', `${OWN}:8443`],
    ['other capitals', 'https://Report.KE.example'],
    ['an opaque origin', 'null'],
    ['anything', '*'],
  ])('are refused as ever where nobody has registered them: %s', async (_what, origin) => {
    const refused = await post(origin, { query: '{ portals { code } }' });
    expect(refused).toMatchObject({ status: 403, codes: ['CROSS_SITE_REQUEST'], cors: {} });
    expect(await preflight(origin)).toMatchObject({ status: 405, codes: ['METHOD_NOT_ALLOWED'], cors: {} });
  });

  it('are refused where the browser calls it cross-site and names no origin', async () => {
    const { status, codes } = await call(
      'POST',
      { 'sec-fetch-site': 'cross-site', 'content-type': 'application/json' },
      { query: '{ portals { code } }' },
    );
    expect({ status, codes }).toEqual({ status: 403, codes: ['CROSS_SITE_REQUEST'] });
  });

  it('of our own get no such header, and bring their tokens', async () => {
    const origin = new URL(platform.url).origin;
    const headers = { authorization: `Bearer ${await tokenOf('analyst')}`, 'sec-fetch-site': 'same-origin' };
    const { status, answer, cors } = await post(origin, { query: '{ viewer { role } }' }, headers);
    expect({ status, data: answer.data, cors }).toEqual({
      status: 200,
      data: { viewer: { role: 'ANALYST' } },
      cors: {},
    });
  });

  it('are known by no page but /graphql', async () => {
    for (const path of ['/ready', '/developers']) {
      const { headers } = await fetch(`${platform.url}${path}`, { headers: { origin: OWN } });
      expect([...headers.keys()].filter((name) => CORS.test(name))).toEqual([]);
    }
  });

  it('are let in and shut out within half a minute of the portal’s word', async () => {
    const change = async (origins: string[], stage?: string) => {
      await launch(platform, 'there', { origins });
      if (stage) {
        await platform.ask(
          'mutation ($input: SetPortalStageInput!) { setPortalStage(input: $input) { __typename } }',
          { input: { code: 'there', stage } },
          'admin',
        );
      }
      vi.setSystemTime(Date.now() + 30_000);
    };
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      await change([STRANGERS]);
      expect((await preflight(STRANGERS)).status).toBe(204);
      expect((await preflight(OTHERS)).status).toBe(405);
      await change([STRANGERS], 'PLANNED');
      expect((await preflight(STRANGERS)).status).toBe(405);
    } finally {
      vi.useRealTimers();
    }
  });
});
