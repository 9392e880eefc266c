import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { insertReports, plainReports } from '../support/made-reports.ts';
import { type As, type Platform, startPlatform, tokenOf } from '../support/platform.ts';
import { statementsOf } from '../support/statements.ts';

const ORIGIN = 'https://ministry.example';
const CREATE = `mutation ($input: CreateEmbedInput!) {
  result: createEmbed(input: $input) {
    __typename
    ... on Embed { id country origin createdOn expiresOn revokedOn url html }
    ... on InvalidInputError { issues { path code } }
  }
}`;
const REVOKE =
  'mutation ($id: ID!) { result: revokeEmbed(id: $id) { __typename ... on Embed { revokedOn } ... on Error { code } } }';
const DAY_MS = 86_400_000;

let platform: Platform;
let client: pg.Client;
beforeAll(async () => {
  platform = await startPlatform();
  client = new pg.Client({ connectionString: platform.databaseUrl });
  await client.connect();
  await insertReports(platform.databaseUrl, [
    ...plainReports('ke', new Date('2024-01-10'), 120),
    ...plainReports('ke', new Date('2024-02-10'), 95),
  ]);
  for (const month of ['2024-01', '2024-02'])
    await platform.ask(`mutation { publishStatistics(month: "${month}") { __typename } }`, {}, 'supervisor');
});
afterAll(async () => {
  await client.end();
  await platform.stop();
});
afterEach(() => {
  vi.useRealTimers();
});

const today = (offset = 0) => new Date(Date.now() + offset * DAY_MS).toISOString().slice(0, 10);
const create = async (input: object = {}, as: As | { token: string } = 'partner-ke') =>
  platform.ask(CREATE, { input: { country: 'KE', origin: ORIGIN, expiresOn: today(30), ...input } }, as);
const embed = async (input: object = {}, as: As | { token: string } = 'partner-ke') =>
  (await create(input, as)).data.result;
const show = (url: string, headers: Record<string, string> = {}) => fetch(url, { headers });
const shown = async (url: string) => (await show(url)).status === 200;

describe('an embed', () => {
  it('shows the newest published month to that one site, with what it means and of which day it is', async () => {
    const { url, html, ...made } = await embed();
    expect(made).toMatchObject({
      country: 'KE',
      origin: ORIGIN,
      createdOn: today(),
      expiresOn: today(30),
      revokedOn: null,
    });
    expect(html).toBe(
      `<iframe src="${url}" title="Reports from Kenya" width="100%" height="420" loading="lazy" referrerpolicy="no-referrer" sandbox></iframe>`,
    );
    const page = await show(url);
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; base-uri 'none'; form-action 'none'; frame-ancestors https:\/\/ministry\.example$/,
    );
    expect(page.headers.get('x-frame-options')).toBeNull();
    expect(page.headers.get('set-cookie')).toBeNull();
    const text = (await page.text()).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
    expect(text).toContain('Kenya: about 95 reports in February 2024, 120 the month before.');
    expect(text).toContain('Addresses reported in the calendar month');
    expect(text).toMatch(/Edition 1, published on \d{1,2} \w+ 20\d\d/);
    expect(text).toMatch(/Confirmed as criminal \(actionable\).*hidden/);
  });

  it('needs no script, and sends for nothing', async () => {
    const html = await (await show((await embed()).url)).text();
    expect(html).not.toMatch(/<script|<link|<img|<a |href=|src=|url\(|@import/);
    const style = /<style>(.*?)<\/style>/s.exec(html)?.[1] ?? '';
    const { createHash } = await import('node:crypto');
    const policy = (await show((await embed()).url)).headers.get('content-security-policy');
    expect(policy).toContain(createHash('sha256').update(style).digest('base64'));
  });

  it('costs one statement, and a link that is not ours none', async () => {
    const { url } = await embed();
    expect((await statementsOf(() => show(url))).statements).toHaveLength(1);
    const token = new URL(url).pathname.slice('/embed/'.length);
    const flipped = `${token.slice(0, -2)}${token.at(-2) === 'A' ? 'B' : 'A'}${token.at(-1)}`;
    const { linkTokenOf } = await import('../../src/link-token.ts');
    const id = (await embed()).id;
    for (const forged of [
      flipped,
      token.slice(0, -1),
      `${token}A`,
      'A'.repeat(43),
      linkTokenOf('notice-link', id),
      `${token}%00`,
      'x'.repeat(3000),
    ]) {
      const { statements, result } = await statementsOf(() => show(`${platform.url}/embed/${forged}`));
      expect({ statements, status: result.status }).toEqual({ statements: [], status: 404 });
      expect(result.headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'$/);
    }
  });

  it('shows nothing once it is revoked, and its organisation alone revokes it', async () => {
    const { id, url } = await embed();
    const revoke = async (as: As) => (await platform.ask(REVOKE, { id }, as)).data?.result;
    expect(await revoke('partner-ug')).toMatchObject({ code: 'NOT_FOUND' });
    expect(await shown(url)).toBe(true);
    expect(await revoke('partner-ke')).toMatchObject({ revokedOn: today() });
    expect(await shown(url)).toBe(false);
    expect((await platform.ask(REVOKE, { id: 'no id' }, 'partner-ke')).data.result).toMatchObject({
      code: 'NOT_FOUND',
    });
    const list = '{ embeds { id url } }';
    expect((await platform.ask(list, {}, 'partner-ke')).data.embeds).toContainEqual({ id, url });
    expect((await platform.ask(list, {}, 'partner-ug')).data.embeds).toEqual([]);
  });

  it('shows what it shows to the end of its last day, in UTC', async () => {
    const { url } = await embed({ expiresOn: today(2) });
    const end = Date.parse(`${today(3)}T00:00:00Z`);
    vi.useFakeTimers({ toFake: ['Date'], now: end - 1 });
    expect(await shown(url)).toBe(true);
    vi.setSystemTime(end);
    expect(await shown(url)).toBe(false);
  });

  it.each([
    ['agreement has ended', `UPDATE partners SET agreement_until = $1 WHERE id = $2`, () => [today(-1)]],
    ['agreement has not begun', `UPDATE partners SET agreement_from = $1 WHERE id = $2`, () => [today(1)]],
    ['agreement names the country no more', `UPDATE partners SET countries = $1 WHERE id = $2`, () => [['UG']]],
  ])('shows nothing where its partner’s %s', async (_, sql, values) => {
    const { id, url } = await embed();
    const { rows } = await client.query(
      'SELECT p.* FROM partners p JOIN embeds e ON e.partner_id = p.id WHERE e.id = $1',
      [id],
    );
    const [partner] = rows;
    await client.query(sql, [...values(), partner.id]);
    try {
      expect(await shown(url)).toBe(false);
    } finally {
      await client.query(
        'UPDATE partners SET agreement_from = $1, agreement_until = $2, countries = $3 WHERE id = $4',
        [partner.agreement_from, partner.agreement_until, partner.countries, partner.id],
      );
    }
    expect(await shown(url)).toBe(true);
  });

  it('shows nothing once the account that made it is disabled', async () => {
    const { id, url } = await embed();
    const disable = (at: string | null) =>
      client.query('UPDATE accounts SET disabled_at = $1 WHERE id = (SELECT account_id FROM embeds WHERE id = $2)', [
        at,
        id,
      ]);
    await disable(today());
    expect(await shown(url)).toBe(false);
    await disable(null);
    expect(await shown(url)).toBe(true);
  });

  it('of a country without a published month says so', async () => {
    await client.query(`UPDATE partners SET countries = countries || '{SO}' WHERE 'KE' = ANY (countries)`);
    const { url } = await embed({ country: 'SO' });
    expect(await (await show(url)).text()).toContain('Somalia: no month is published yet.');
  });

  it('is in the language of whoever looks', async () => {
    const { url } = await embed();
    const page = await show(url, { 'accept-language': 'xx, en;q=0.5' });
    expect(await page.text()).toMatch(/<html lang="en" dir="ltr">/);
    expect(page.headers.get('vary')).toMatch(/accept-language/i);
  });
});

describe('making an embed', () => {
  it('is refused for another country before any table but the account’s is touched', async () => {
    const token = { token: await tokenOf('partner-ke') };
    const { statements, result } = await statementsOf(() => create({ country: 'UG' }, token));
    expect(result.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(statements).toHaveLength(1);
  });

  it('is refused to a key, which makes nothing for others to look at', async () => {
    const make =
      'mutation ($input: CreateOwnKeyInput!) { createOwnKey(input: $input) { ... on CreatedOwnKey { secret } } }';
    const { data } = await platform.ask(make, { input: { label: 'Charts', expiresOn: today(1) } }, 'partner-ke');
    const { errors } = await create({}, { token: data.createOwnKey.secret });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  it.each([
    ['http://ministry.example', 'INVALID'],
    ['https://ministry.example/', 'INVALID'],
    ['https://*.example', 'INVALID'],
    ["https://a.example; script-src 'self'", 'INVALID'],
    ['https://a.example https://b.example', 'INVALID'],
    ['*', 'INVALID'],
    ['null', 'INVALID'],
  ])('takes one site and nothing else: not %j', async (origin, code) => {
    expect(await embed({ origin })).toMatchObject({ issues: [{ path: ['input', 'origin'], code }] });
  });

  it('takes a last day from today to 400 days ahead', async () => {
    expect(await embed({ expiresOn: today(-1) })).toMatchObject({
      issues: [{ path: ['input', 'expiresOn'], code: 'IN_THE_PAST' }],
    });
    expect(await embed({ expiresOn: today(402) })).toMatchObject({
      issues: [{ path: ['input', 'expiresOn'], code: 'TOO_LATE' }],
    });
    expect(await embed({ expiresOn: today(400) })).toMatchObject({ __typename: 'Embed' });
    expect(await embed({ expiresOn: today() })).toMatchObject({ __typename: 'Embed' });
  });

  it('ends at fifty open ones', async () => {
    await client.query(`
      INSERT INTO embeds (id, partner_id, account_id, country, origin, created_at, expires_on)
      SELECT uuidv7(), partner_id, id, 'KE', '${ORIGIN}', now(), now() + interval '1 day' FROM accounts, generate_series(1, 50) WHERE subject = 'partner-ke'`);
    expect(await embed()).toMatchObject({ issues: [{ code: 'TOO_MANY' }] });
    await client.query('UPDATE embeds SET revoked_at = now()');
    expect(await embed()).toMatchObject({ __typename: 'Embed' });
  });
});
