import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Platform, startPlatform } from '../support/platform.ts';
import { statementsOf } from '../support/statements.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.stop());

/** A browser as far as it matters here: it keeps cookies by path and follows no redirect by itself. */
function browser() {
  const jar = new Map<string, string>();
  const go = async (path: string, init: RequestInit = {}) => {
    const url = new URL(path, platform.url);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { accept: 'text/html', cookie, ...(init.headers as Record<string, string>) };
    const response = await fetch(url, { redirect: 'manual', ...init, headers });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value) jar.set(name, value);
      else jar.delete(name);
    }
    return response;
  };
  const follow = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const response = await go(path, init);
    const location = response.headers.get('location');
    return location ? follow(location) : response;
  };
  return { jar, go, follow };
}

async function signedIn(subject = 'partner-ke', next = '/partner') {
  const visitor = browser();
  const begun = await visitor.go(`/partner/sign-in?next=${encodeURIComponent(next)}`);
  const asked = await visitor.go(begun.headers.get('location') ?? '');
  const chosen = await visitor.go(asked.headers.get('location') ?? '', {
    method: 'POST',
    body: new URLSearchParams({ account: subject }),
  });
  const resumed = await visitor.go(chosen.headers.get('location') ?? '');
  return { ...visitor, callback: resumed.headers.get('location') ?? '', begun };
}
async function inside(subject?: string, next?: string) {
  const visitor = await signedIn(subject, next);
  const back = await visitor.go(visitor.callback);
  return { ...visitor, back };
}

describe('signing in', () => {
  it('asks the provider with PKCE, state and nonce for a token of this platform, and nothing else', async () => {
    const { begun } = await signedIn();
    const { searchParams, pathname } = new URL(begun.headers.get('location') ?? '');
    expect(pathname).toBe('/identity/auth');
    expect(Object.fromEntries(searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^.{20,}$/),
      nonce: expect.stringMatching(/^.{20,}$/),
      resource: 'urn:reporting-portals:api',
      redirect_uri: `${platform.url}/partner/callback`,
    });
  });

  it('leaves one sealed cookie that no script reads, for these pages only and for no longer than the token', async () => {
    const { back, jar } = await inside();
    expect(back.status).toBe(303);
    const [cookie = ''] = back.headers.getSetCookie();
    expect(cookie).toMatch(/^partner=[\w-]+; Path=\/partner; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
    const hours = (Date.parse(/Expires=([^;]+)/.exec(cookie)?.[1] ?? '') - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(7.9);
    expect(hours).toBeLessThan(8.1);
    expect([...jar.keys()].filter((name) => name.startsWith('partner'))).toEqual(['partner']);
    expect(Buffer.from(jar.get('partner') ?? '', 'base64url').toString('latin1')).not.toMatch(/eyJ|token/);
  });

  it('leads back to the page that was asked for, in its language', async () => {
    const { back, follow } = await inside('partner-ke', '/partner/KE?month=2026-08&language=sw');
    expect(back.headers.get('location')).toBe('/partner/KE?month=2026-08&language=sw');
    expect((await follow('/partner')).status).toBe(200);
  });

  it.each([
    'https://elsewhere.example/',
    '//elsewhere.example/partner',
    '/\\elsewhere.example',
    '/partner/../graphql',
    '/partnerships',
    'javascript:alert(1)',
    '/partner\\..\\..\\identity',
    'http://partner@elsewhere.example/partner',
  ])('never leads to %s', async (next) => {
    expect((await inside('partner-ke', next)).back.headers.get('location')).toBe('/partner');
  });

  it('is refused to an answer of the provider that another browser asked for, and to one that is used twice', async () => {
    const { callback, go } = await signedIn();
    expect((await browser().go(callback)).status).toBe(400);
    const other = await signedIn('funder');
    expect((await other.go(callback)).status).toBe(400);
    expect((await go(callback)).status).toBe(303);
    const again = await go(callback);
    expect(again.status).toBe(400);
    expect(await again.text()).toContain('You are not signed in');
  });

  it('that is cancelled ends in a page that says how to start again', async () => {
    const answer = await signedIn('nobody-of-that-name');
    const page = await answer.go(answer.callback);
    expect(page.status).toBe(400);
    expect(await page.text()).toContain('href="/partner/sign-in"');
  });
});

describe('a session', () => {
  it('ends when its holder signs out, but not because a foreign page says so', async () => {
    const { go, jar } = await inside();
    const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example' };
    await go('/partner/sign-out', { method: 'POST', headers: foreign });
    expect(jar.has('partner')).toBe(true);
    const out = await go('/partner/sign-out', { method: 'POST', headers: { 'sec-fetch-site': 'same-origin' } });
    expect(await out.text()).toContain('You are signed out.');
    expect(jar.has('partner')).toBe(false);
    expect(await (await go('/partner')).text()).not.toContain('Overview');
  });

  it('that was tampered with, or put together from other cookies, opens nothing and reads nothing', async () => {
    const { jar } = await inside();
    const real = jar.get('partner') ?? '';
    const flipped = `${real.slice(0, -3)}${real.at(-3) === 'A' ? 'B' : 'A'}${real.slice(-2)}`;
    const begun = browser();
    await begun.go('/partner/sign-in');
    for (const value of [flipped, real.slice(0, 60), 'x', '', `${real}AAAA`, begun.jar.get('partner-sign-in') ?? '']) {
      const cookie = `partner=${value}`;
      const { statements, result } = await statementsOf(() =>
        fetch(`${platform.url}/partner/KE`, { headers: { cookie } }),
      );
      expect(result.status).toBe(401);
      expect(statements).toEqual([]);
    }
  });

  it('is worth nothing at the API, where only a header counts', async () => {
    const { jar } = await inside();
    const answer = await fetch(`${platform.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: `partner=${jar.get('partner')}` },
      body: JSON.stringify({ query: '{ viewer { name } }' }),
    });
    expect(await answer.json()).toEqual({ data: { viewer: null } });
  });

  it('of an account that was disabled since is over', async () => {
    const { go } = await inside('partner-ug');
    const { data } = await platform.ask('{ accounts { id subject } }', {}, 'admin');
    const { id } = data.accounts.find(({ subject }: { subject: string }) => subject === 'partner-ug');
    await platform.ask(`mutation { disableAccount(id: "${id}") { __typename } }`, {}, 'admin');
    const page = await go('/partner/UG');
    expect(page.status).toBe(401);
    expect(await page.text()).toContain('Your sign-in has ended');
  });
});

describe('another country', () => {
  it.each(['/partner/UG', '/partner/UG?month=2026-08', '/partner/statistics/UG.csv', '/partner/statistics/UG.xlsx'])(
    'at %s is refused kindly, and no table but the account’s is read',
    async (path) => {
      const { go } = await inside();
      const { statements, result } = await statementsOf(() => go(path));
      expect(result.status).toBe(403);
      expect(await result.text()).toContain('Your agreement does not name it.');
      for (const statement of statements) expect(statement).toMatch(/accounts/);
    },
  );

  it('cannot be slipped into a comparison', async () => {
    const { follow } = await inside('partner-ke', '/partner');
    expect(await (await follow('/partner/compare?country=UG&country=KE')).text()).not.toContain('/partner/UG');
  });
});

describe.each(['industry', 'analyst', 'checker'])('%s', (subject) => {
  it('signs in, and is told in a friendly page that there are no figures for them', async () => {
    const { go } = await inside(subject);
    const page = await go('/partner');
    expect(page.status).toBe(403);
    expect(await page.text()).toContain('You cannot read figures with this account');
  });
});
