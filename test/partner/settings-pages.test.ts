import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runDueJobs } from '../support/due-jobs.ts';
import { startMailServer } from '../support/mail-server.ts';
import { type Platform, startPlatform, tokenOf } from '../support/platform.ts';
import { startWebhookServer } from '../support/webhook-server.ts';

let platform: Platform;
let mail: Awaited<ReturnType<typeof startMailServer>>;
let server: Awaited<ReturnType<typeof startWebhookServer>>;
let cookie: string;
beforeAll(async () => {
  [mail, server] = await Promise.all([startMailServer(), startWebhookServer()]);
  platform = await startPlatform({ SMTP_URL: mail.url, WEBHOOK_LOOPBACK: 'true' });
  cookie = await cookieOf('partner-ke');
});
afterAll(async () => {
  await platform.stop();
  await Promise.all([mail.stop(), server.stop()]);
});

/** The cookie that signing in leaves. */
async function cookieOf(subject: string): Promise<string> {
  const { session } = await import('../../src/web/partner/visit.tsx');
  const set = session.set({ token: await tokenOf(subject) }, new Date(Date.now() + 3_600_000));
  return set.split(';')[0] ?? '';
}

type Page = { status: number; document: Document; text: string; headers: Headers };
async function visit(path: string, form?: Record<string, string>, headers: Record<string, string> = {}): Promise<Page> {
  const response = await fetch(`${platform.url}${path}`, {
    method: form ? 'POST' : 'GET',
    headers: {
      cookie,
      'accept-language': 'en',
      ...(form ? { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' } : {}),
      ...headers,
    },
    ...(form ? { body: new URLSearchParams(form).toString() } : {}),
  });
  const html = await response.text();
  const { document } = parseHTML(html);
  return {
    status: response.status,
    document,
    text: document.querySelector('main')?.textContent ?? '',
    headers: response.headers,
  };
}
const send = (name: string, form: Record<string, string>, headers = {}) =>
  visit(`/partner/settings/${name}`, form, headers);
const today = (offset = 0) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
const idIn = ({ document }: Page, form: string) =>
  document.querySelector(`form[action="/partner/settings/${form}"] input[name=id]`)?.getAttribute('value') ?? '';

describe('the settings of a partner', () => {
  it('are for whoever has signed in and reads figures', async () => {
    const page = await visit('/partner/settings');
    expect(page.status).toBe(200);
    expect(page.headers.get('cache-control')).toBe('no-store');
    const titles = Array.from(page.document.querySelectorAll('h2')).map((title) => title.textContent);
    expect(titles).toEqual(expect.arrayContaining(['Monthly e-mail', 'Tell our server', 'Keys for your own programs']));
    expect((await visit('/partner/settings', undefined, { cookie: '' })).status).toBe(401);
    expect((await visit('/partner/settings', undefined, { cookie: await cookieOf('supervisor') })).status).toBe(403);
  });

  it('take a mail address, which the link of a first mail confirms and another stops, each by a press', async () => {
    const saved = await send('mail', { email: 'reader@ministry.example', language: 'en' });
    expect(saved.text).toContain('We sent an e-mail to reader@ministry.example.');
    await runDueJobs(platform.databaseUrl);
    const [, path = ''] = /(\/briefing\/[\w-]{43})$/m.exec(mail.taken[0]?.mail.text ?? '') ?? [];
    const stranger = { cookie: '' };
    expect((await visit(path, undefined, stranger)).text).toContain('Yes, send it');
    expect((await visit('/partner/settings')).text).toContain('We sent an e-mail to');
    expect((await visit(path, {}, stranger)).text).toContain('Confirmed');
    expect((await visit('/partner/settings')).text).toContain('The monthly e-mail goes to reader@ministry.example.');

    const { linkTokenOf } = await import('../../src/link-token.ts');
    const { prisma } = await import('../../src/db.ts');
    const { id } = await prisma.briefing.findFirstOrThrow();
    const stop = `/briefing/${linkTokenOf('briefing-stop', id)}`;
    expect((await visit(stop, undefined, stranger)).text).toContain('Stop it');
    // As a mail program presses it (RFC 8058): from elsewhere, and with a body of its own.
    const pressed = await visit(
      stop,
      { 'List-Unsubscribe': 'One-Click' },
      { cookie: '', 'sec-fetch-site': 'cross-site' },
    );
    expect(pressed.text).toContain('Your address is deleted here');
    expect(await visit(stop, undefined, stranger)).toMatchObject({ status: 404 });
    expect((await visit('/partner/settings')).text).toContain('The monthly e-mail is stopped');
    const refused = await send('mail', { email: 'no address', language: 'en' });
    expect(refused.status).toBe(422);
    expect(refused.document.querySelector('#email')?.getAttribute('value')).toBe('no address');
    expect(refused.document.querySelector('#email-error')?.textContent).toBe(
      'Write one e-mail address, like name@example.org.',
    );
  });

  it('add a server, whose secret they show once, test it and delete it', async () => {
    const added = await send('webhook', { url: `${server.url}/hook` });
    expect(added.text).toMatch(/whsec_[A-Za-z0-9+/]{43}=/);
    expect((await visit('/partner/settings')).text).not.toContain('whsec_');
    const id = idIn(added, 'webhook-test');
    expect((await send('webhook-test', { id })).text).toContain('The test is on its way.');
    expect((await send('webhook-test', { id })).text).toContain('This is under way already.');
    await runDueJobs(platform.databaseUrl);
    const after = await visit('/partner/settings');
    expect(after.text).toContain('Delivered · Your server answered 204.');
    expect((await send('webhook-replay', { id: idIn(after, 'webhook-replay') })).text).toContain('Done.');
    expect((await send('webhook', { url: 'http://elsewhere.example/' })).text).toContain('begins with https://');
    expect((await send('webhook-delete', { id })).text).toContain('Done.');
    expect((await send('webhook-delete', { id })).text).toContain('This is not there any more.');
  });

  it('make and revoke keys and embeds', async () => {
    const key = await send('key', { label: 'Our tables', 'key-until': today(30) });
    expect(key.text).toMatch(/rp_[a-z0-9]{8}_[\w-]{43}/);
    expect((await visit('/partner/settings')).text).not.toMatch(/rp_[a-z0-9]{8}_/);
    expect((await send('key-revoke', { id: idIn(key, 'key-revoke') })).text).toContain('Works no more');
    for (const until of ['', '2026-02-30', today(-1), today(500)])
      expect(await send('key', { label: 'x', 'key-until': until })).toMatchObject({ status: 422 });

    const form = { country: 'KE', origin: 'https://ministry.example', 'embed-until': today(30) };
    const embed = await send('embed', form);
    expect(embed.document.querySelector('pre')?.textContent).toContain('/embed/');
    expect((await send('embed-revoke', { id: idIn(embed, 'embed-revoke') })).text).toContain('Works no more');
    for (const more of [{ country: 'UG' }, { origin: 'ministry.example' }, { 'embed-until': 'soon' }])
      expect(await send('embed', { ...form, ...more })).toMatchObject({ status: 422 });
  });

  it('do nothing that a foreign page sends', async () => {
    const sent = await send('webhook', { url: `${server.url}/foreign` }, { 'sec-fetch-site': 'cross-site' });
    expect(sent.text).not.toContain('whsec_');
    expect((await visit('/partner/settings')).text).not.toContain('/foreign');
  });
});
