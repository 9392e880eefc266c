// An operation that comes often is compiled and answered before Yoga: nobody may be able to tell but by the time it takes.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Platform, startPlatform, tokenOf } from '../support/platform.ts';

type Answer = { status: number; headers: Record<string, string>; body: string };

let platform: Platform;
let isHot: (query: string) => boolean;
beforeAll(async () => {
  platform = await startPlatform();
  const { hotOperation } = await import('../../src/graphql/hot-operations.ts');
  isHot = (query) =>
    hotOperation({ query, documentId: undefined, operationName: undefined, variables: undefined }) !== null;
});
afterAll(() => platform.stop());

const VOLATILE = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length']);

async function post(body: object, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${platform.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const kept = [...response.headers].filter(([name]) => !VOLATILE.has(name));
  return { status: response.status, headers: Object.fromEntries(kept), body: await response.text() };
}

// Unusual, and as right: it is for Yoga.
const COLD = { 'content-type': 'application/json; charset="utf-8"' };
const as = async (subject: string) => ({ authorization: `Bearer ${await tokenOf(subject)}` });

async function warm(query: string, headers: Record<string, string> = {}, variables = {}): Promise<void> {
  for (let n = 0; n < 3; n += 1) await post({ query, variables }, headers);
  expect(isHot(query)).toBe(true);
}

// A text again, since the order of what is told must not tell either which way an answer came.
const withoutLocations = ({ body, ...rest }: Answer) => ({
  ...rest,
  body: JSON.stringify(JSON.parse(body, (key, value) => (key === 'locations' ? undefined : value))),
});

async function expectAlike(body: object, headers: Record<string, string> = {}): Promise<Answer> {
  const hot = await post(body, headers);
  expect(withoutLocations(hot)).toEqual(withoutLocations(await post(body, { ...headers, ...COLD })));
  return hot;
}

describe('an operation that came three times', () => {
  it('is compiled, and one that came twice is not', async () => {
    const query = '{ viewer { name } }';
    await post({ query });
    await post({ query });
    expect(isHot(query)).toBe(false);
    await post({ query });
    expect(isHot(query)).toBe(true);
  });

  it('answers as before, with the same status and headers', async () => {
    const query =
      'query All($code: String!) { portal(code: $code) { __typename code name texts { language name } helpLines { name } } portals { code stage languages } }';
    await warm(query, {}, { code: 'ke' });
    const { status, body } = await expectAlike({ query, variables: { code: 'ke' } });
    expect([status, JSON.parse(body).data.portal.code]).toEqual([200, 'ke']);
    await expectAlike({ query, variables: { code: 'nowhere' } });
    await expectAlike({ query, variables: { code: 'ke' }, operationName: 'All' });
    await expectAlike({ query, variables: { code: 'ke' }, operationName: 'Other' });
  });

  it('answers by its persisted id too', async () => {
    for (let n = 0; n < 3; n += 1) await post({ documentId: 'portal.1', variables: { code: 'ke' } });
    await expectAlike({ documentId: 'portal.1', variables: { code: 'ke' } });
    await expectAlike({ documentId: 'portal.0', variables: { code: 'ke' } });
    await expectAlike({ documentId: 'portal.1', query: '{ viewer { name } }' });
  });

  it.each([{}, { code: null }, { code: 7 }, { code: ['ke'] }, [], 'ke', { code: 'ke', more: 1 }])(
    'says of variables that do not fit what it always said: %j',
    async (variables) => {
      const query = 'query One($code: String!) { portal(code: $code) { code } }';
      await warm(query, {}, { code: 'ke' });
      await expectAlike({ query, variables });
    },
  );

  it('skips and includes by its variables', async () => {
    const query = 'query ($with: Boolean!) { viewer { name role @include(if: $with) id: name @skip(if: $with) } }';
    const analyst = await as('analyst');
    await warm(query, analyst, { with: true });
    for (const value of [true, false]) await expectAlike({ query, variables: { with: value } }, analyst);
  });

  it('gives the errors of its fields with their codes and paths', async () => {
    const query = 'query ($n: Int!) { cases(first: $n) { edges { node { number } } } }';
    const analyst = await as('analyst');
    await warm(query, analyst, { n: 1 });
    const { body } = await expectAlike({ query, variables: { n: 1_000 } }, analyst);
    expect(JSON.parse(body).errors[0]).toMatchObject({ path: ['cases'], extensions: { code: 'BAD_USER_INPUT' } });
  });
});

describe('a hot operation is refused as any other', () => {
  const query = '{ queueSummary { awaitingAssessment } colleagues { name } }';

  it.each(['partner-ke', 'admin', 'funder', 'industry'])('%s', async (subject) => {
    await warm(query, await as('analyst'));
    const { body } = await expectAlike({ query }, await as(subject));
    expect(JSON.parse(body)).toMatchObject({ data: null, errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  });

  it('a stranger, and whoever has a bad token', async () => {
    await warm(query, await as('analyst'));
    const stranger = await expectAlike({ query });
    expect(JSON.parse(stranger.body).errors[0].extensions.code).toBe('UNAUTHENTICATED');
    const { status, headers } = await expectAlike({ query }, { authorization: `Bearer ${'x'.repeat(40)}` });
    expect([status, headers['www-authenticate']]).toEqual([401, 'Bearer']);
  });
});

it('is never made of introspection, of a subscription, or of several operations', async () => {
  const analyst = await as('analyst');
  for (const query of [
    '{ __schema { queryType { name } } }',
    'query A { viewer { name } } query B { portals { code } }',
  ]) {
    for (let n = 0; n < 4; n += 1)
      await post({ query, operationName: query.startsWith('query A') ? 'A' : null }, analyst);
    expect(isHot(query)).toBe(false);
  }
});

it('leaves requests that guards refuse to the guards', async () => {
  const query = '{ viewer { name } }';
  await warm(query);
  await expectAlike({ query }, { origin: 'https://elsewhere.example' });
  await expectAlike({ query, unknown: 1 });
  await expectAlike([{ query }]);
  for (const odd of [null, [], 'text', 1, false]) {
    await expectAlike({ query, variables: odd });
    await expectAlike({ query, extensions: odd });
  }
  await expectAlike({ query: `${query}#${'x'.repeat(70_000)}` });
  await expectAlike({ query, variables: { text: 'a\u0000b' } });
});

it('knows at once that an account may no more, or is another’s', async () => {
  const query = '{ viewer { name role } queueSummary { awaitingReview } }';
  const analyst = await as('analyst2');
  await warm(query, analyst);
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: platform.databaseUrl });
  await client.connect();
  await client.query("UPDATE accounts SET role = 'ADMINISTRATOR' WHERE subject = 'analyst2'");
  expect(JSON.parse((await post({ query }, analyst)).body).errors[0].extensions.code).toBe('FORBIDDEN');
  await client.query("UPDATE accounts SET role = 'ANALYST' WHERE subject = 'analyst2'");
  expect(JSON.parse((await post({ query }, analyst)).body).data.viewer.role).toBe('ANALYST');
  await client.query("UPDATE accounts SET disabled_at = now() WHERE subject = 'analyst2'");
  expect((await post({ query }, analyst)).status).toBe(401);
  await client.end();
});
