import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Platform, startPlatform } from '../support/platform.ts';

const KIBIBYTE = 1024;

let site: Platform;
beforeAll(async () => {
  site = await startPlatform();
});
afterAll(() => site.stop());

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(site.url + path, { headers, redirect: 'manual' });
const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(site.url + path, { method: 'POST', body: new URLSearchParams(fields), headers });
const codeIn = (html: string) => /id="access-code">([\d ]+)</.exec(html)?.[1];
const report = async (fields: Record<string, string>) => (await post('/ke/en', fields)).text();

describe('Every page', () => {
  it('carries exactly these headers', async () => {
    const page = await get('/ke/en');
    const style = /<style>(.*?)<\/style>/.exec(await page.text())?.[1] ?? '';
    const hash = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(style))).toString('base64');
    const { date: _date, connection: _connection, 'keep-alive': _alive, ...headers } = Object.fromEntries(page.headers);
    delete headers['transfer-encoding'];
    delete headers['content-length'];
    expect(headers).toEqual({
      'cache-control': 'no-store',
      'content-encoding': 'gzip',
      'content-security-policy': `default-src 'none'; style-src 'self' 'sha256-${hash}'; script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
      'content-type': 'text/html; charset=utf-8',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
  });

  it('is in the language that the address names, else in what the browser likes best of the portal’s', async () => {
    const languageOf = async (path: string, wanted: string) =>
      /<html lang="([^"]+)"/.exec(await (await get(path, { 'accept-language': wanted })).text())?.[1];
    expect(await languageOf('/ke', 'de, sw;q=0.8, en;q=0.5')).toBe('sw');
    expect(await languageOf('/ke', 'de')).toBe('en');
    expect(await languageOf('/ke/en', 'sw')).toBe('en');
    expect(await languageOf('/ke/en-XA', 'sw')).toBe('en-XA');
    expect(await languageOf('/', 'fr-CD')).toBe('fr');
    expect(await languageOf('/languages/ar', 'fr')).toBe('ar');
  });
});

describe('A portal that takes no reports', () => {
  it('points to the national hotline that took over, or to the portal for all countries', async () => {
    expect(await (await get('/id/en')).text()).toContain('href="https://hotline.id.example/"');
    expect(await (await get('/zm/en')).text()).toContain('href="/world/en"');
    expect(await (await post('/zm/en', { address: 'https://site.example/' })).text()).toContain('href="/world/en"');
  });

  it('is not there at all while it is planned, and unknown ones neither', async () => {
    for (const path of ['/gy', '/xx', '/xx/en/status', '/ke/en/nothing', '/no.such.page']) {
      const page = await get(path);
      expect(page.status, path).toBe(404);
      expect(await page.text(), path).toContain('href="/languages/en"');
    }
  });
});

describe('A report sent as a form', () => {
  const key = '6f9f2b3e-6e0c-4d3b-9d43-1f2f5a1c7a10';

  it('is one report however often the form is sent, and another once it was edited', async () => {
    const codes = await Promise.all(
      Array.from({ length: 4 }, async () => codeIn(await report({ key, address: 'https://site.example/twice' }))),
    );
    expect(new Set(codes).size).toBe(1);
    const edited = codeIn(await report({ key, address: 'https://site.example/edited' }));
    expect(edited).toMatch(/\d/);
    expect(edited).not.toBe(codes[0]);
  });

  it('from a foreign page is only shown, with what was typed, and sent by a press', async () => {
    const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example' };
    const html = await (await post('/ke/en', { address: 'https://site.example/foreign' }, foreign)).text();
    expect(codeIn(html)).toBeUndefined();
    expect(html).toContain('https://site.example/foreign</textarea>');
  });

  it('from our own page, from an origin of the portal, and from an old browser is taken', async () => {
    for (const headers of [
      { 'sec-fetch-site': 'same-origin', origin: 'null' },
      { 'sec-fetch-site': 'cross-site', origin: 'https://report.ke.example' },
      { origin: 'null' },
      {},
    ]) {
      const page = await post('/ke/en', { address: 'https://site.example/origin' }, headers as Record<string, string>);
      expect(codeIn(await page.text()), JSON.stringify(headers)).toBeDefined();
    }
  });

  it('past 160 KiB, or in another form than a page sends, gets a page that says what to do', async () => {
    expect((await post('/ke/en', { address: 'x'.repeat(161 * KIBIBYTE) })).status).toBe(413);
    const file = new FormData();
    file.set('address', 'https://site.example/');
    expect((await fetch(`${site.url}/ke/en`, { method: 'POST', body: file })).status).toBe(415);
  });

  it('keeps what was typed when it has a fault, and never as markup', async () => {
    const page = await post('/ke/en', { address: '<script>nothing here</script>' });
    expect(page.status).toBe(422);
    expect(await page.text()).toContain('&lt;script&gt;nothing here&lt;/script&gt;</textarea>');
  });
});

describe('The status page', () => {
  it('gives the same bytes for every code that opens nothing, and does not repeat it', async () => {
    const pages = await Promise.all(
      ['1234 5678 9012 3456', '0000000000000000', 'something', '1'.repeat(500)].map(async (accessCode) => {
        const page = await post('/ke/en/status', { accessCode });
        return `${page.status} ${await page.text()}`;
      }),
    );
    expect(new Set(pages).size).toBe(1);
    expect(pages[0]).toMatch(/^404/);
  });
});
