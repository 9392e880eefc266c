import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send as ask, tokenOf } from '../support/platform.ts';
import { openSite, overflow, type Site } from './browser.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

type Visitor = { page: Page; asked: string[]; faults: string[] };

/** A new visitor; `asked` holds whatever the page asked of others than us, `faults` what its scripts threw. */
async function visitor(path: string, options: { scripts: boolean; width: number }): Promise<Visitor> {
  const page = await site.browser.newPage({
    javaScriptEnabled: options.scripts,
    viewport: { width: options.width, height: 800 },
  });
  const [asked, faults]: [string[], string[]] = [[], []];
  page.on('request', (request) => {
    if (!request.url().startsWith(`${site.url}/`)) asked.push(request.url());
  });
  page.on('pageerror', ({ message }) => faults.push(message));
  await page.goto(site.url + path);
  return { page, asked, faults };
}

const title = (page: Page) => page.textContent('h1');
const send = (page: Page) => page.click('main form:not(.back) button');
const press = (page: Page, action: 'save' | 'skip') => page.click(`button[value=${action}]`);
/** How many reports the analysts have of the addresses on a host. */
async function reportsOn(host: string): Promise<number[]> {
  const query = 'query ($host: String!) { cases(filter: { host: $host }) { edges { node { reportCount } } } }';
  const authorization = `Bearer ${await tokenOf('analyst')}`;
  const { data } = await ask(site.url, { query, variables: { host } }, { authorization });
  return data.cases.edges.map(({ node }: { node: { reportCount: number } }) => node.reportCount);
}

const codeOf = async (page: Page) => (await page.textContent('#access-code')) ?? '';

describe.each([
  { portal: 'ke/en', scripts: false, width: 320, direction: 'ltr' },
  { portal: 'ke/en', scripts: true, width: 1280, direction: 'ltr' },
  { portal: 'world/ar', scripts: true, width: 320, direction: 'rtl' },
  { portal: 'world/ar', scripts: false, width: 1280, direction: 'rtl' },
])('A reporter at /$portal, $width pixels, scripts: $scripts', ({ portal, scripts, width, direction }) => {
  let who: Visitor;
  let code: string;

  const host = `walk-${width}-${direction}.example`;
  const fits = async () => expect(await overflow(who.page)).toBe(0);
  const showStatus = async () => {
    await who.page.goto(`${site.url}/${portal}/status`);
    await who.page.fill('#accessCode', code);
    await send(who.page);
  };

  it('meets a page in their language that asks nobody else for anything', async () => {
    who = await visitor(`/${portal}`, { scripts, width });
    expect(await who.page.getAttribute('html', 'dir')).toBe(direction);
    expect(await who.page.textContent('.danger')).toBeTruthy();
    await fits();
    expect(who.asked).toEqual([]);
  });

  it('is told what is wrong, with a link to the box and a title that says so', async () => {
    const { page } = who;
    const heading = await page.title();
    await send(page);
    expect(await page.title()).not.toBe(heading);
    expect(await page.title()).toContain(heading);
    expect(await page.getAttribute('.summary a', 'href')).toBe('#address');
    expect(await page.getAttribute('#address', 'aria-describedby')).toBe('address-hint address-error');
    await fits();
  });

  it('gets a receipt with one reference for each address, and no link to them', async () => {
    const { page } = who;
    await page.fill('#address', `I saw it here:\nhxxps://${host}/Some/Page?x=1 and https://${host}/other`);
    await send(page);
    code = await codeOf(page);
    expect(code).toMatch(/^\d{4} \d{4} \d{4} \d{4}$/);
    expect(await page.locator('.reference').count()).toBe(2);
    expect(await page.locator('a[href*="walk-"]').count()).toBe(0);
    expect(page.url()).toBe(`${site.url}/${portal}`);
    await fits();
  });

  it('gets the same receipt by a reload, and no second report', async () => {
    await who.page.reload();
    expect(await codeOf(who.page)).toBe(code);
    expect(await reportsOn(host)).toEqual([1, 1]);
  });

  it('prints the access code and the references, without what one can only press', async () => {
    const { page } = who;
    await page.emulateMedia({ media: 'print' });
    for (const shown of ['#access-code', '.reference >> nth=0', 'h1']) expect(await page.isVisible(shown)).toBe(true);
    for (const hidden of ['.exit', 'footer', 'button >> nth=0', 'details'])
      expect(await page.isVisible(hidden), hidden).toBe(false);
    await page.emulateMedia({ media: 'screen' });
  });

  it('answers questions one to a page, each saved at once, and is shown the emergency number again', async () => {
    const { page } = who;
    await send(page);
    await fits();
    await press(page, 'save');
    expect(await page.getAttribute('.summary a', 'href')).toBe('#inDanger');
    await page.check('input[value=yes]');
    await press(page, 'save');
    expect(await page.locator('.danger').count()).toBe(1);
    await page.check('input[value=UNSURE]');
    await press(page, 'save');
  });

  it('stops half way, and goes on days later by the access code, with what is not answered yet', async () => {
    await who.page.close();
    who = await visitor(`/${portal}`, { scripts, width });
    const { page } = who;
    await showStatus();
    await send(page);
    expect(await page.locator('#foundOn').count()).toBe(1);
    await press(page, 'skip');
    await page.click('.back button');
    expect(await page.locator('#foundOn').count()).toBe(1);
    await press(page, 'skip');

    for (const [part, value] of Object.entries({ day: '31', month: '2', year: '2026' }))
      await page.fill(`#seenOn-${part}`, value);
    await press(page, 'save');
    expect(await page.getAttribute('.summary a', 'href')).toBe('#seenOn-day');
    expect(await page.inputValue('#seenOn-day')).toBe('31');
    await page.fill('#seenOn-day', '٢١'); // 21 in Arabic digits
    await press(page, 'save');
    await page.check('input[value=MESSAGE]');
    await press(page, 'save');
    await page.fill('#note', 'A note in plain words.');
    await press(page, 'save');
    await page.fill('#contactEmail', 'nobody');
    await press(page, 'save');
    expect(await page.inputValue('#contactEmail')).toBe('nobody');
    await fits();
    await page.fill('#contactEmail', 'reporter@mail.example');
    await press(page, 'save');
  });

  it('checks and changes the answers, and finds with Back what is saved', async () => {
    const { page } = who;
    expect(await page.locator('dl > div').count()).toBe(7);
    await fits();
    await page.click('dl > div:nth-child(2) button');
    expect(await page.isChecked('input[value=UNSURE]')).toBe(true);
    await page.check('input[value=OTHER]');
    await press(page, 'save');
    expect(await page.locator('dl > div').count()).toBe(7);
    await page.click('dl > div:nth-child(2) button');
    expect(await page.isChecked('input[value=OTHER]')).toBe(true);
    await page.click('.back button');
    await send(page); // opens "change" of the first question
    await page.click('.back button');
    await page.click('main > form:last-of-type button');
    expect(await page.locator('.panel').count()).toBe(1);
    await fits();
  });

  it('sees the status by the access code, is not asked again, and takes the contact back', async () => {
    const { page } = who;
    await showStatus();
    await fits();
    const buttons = page.locator('main form:not(.back) button');
    await buttons.first().click();
    expect(await page.locator('#foundOn').count()).toBe(1); // the one question that was skipped
    await page.click('.back button');
    await showStatus();
    await buttons.nth(1).click();
    await fits();
    await buttons.first().click();
    expect(await page.locator('[role=status]').count()).toBe(1);
    expect(await buttons.count()).toBe(1);
    expect(who.faults).toEqual([]);
    expect(who.asked).toEqual([]);
  });
});

/** A step in the browser's history. Chromium refuses it, and does nothing, in the moment in which one page takes another's place. */
async function step(page: Page, way: 'goBack' | 'goForward'): Promise<void> {
  try {
    await page[way]();
  } catch (error) {
    if (!String(error).includes('Not attached to an active page')) throw error;
    await page.waitForTimeout(50);
    await step(page, way);
  }
}

/**
 * A step to a page that answered a form. Nothing of it is kept (`no-store`), so Chromium asks whether to send the form again, and
 * here it is sent.
 */
async function again(page: Page, way: 'goBack' | 'goForward'): Promise<void> {
  await expect(step(page, way)).rejects.toThrow('ERR_CACHE_MISS');
  await page.waitForURL('chrome-error://chromewebdata/');
  await page.reload();
}

describe('Somebody who presses twice, and goes back and forth', () => {
  it.each([true, false])('makes one report, scripts: %s', async (scripts) => {
    const host = `twice-${scripts}.example`;
    const { page } = await visitor('/ke/en', { scripts, width: 320 });
    await page.fill('#address', `https://${host}/page`);
    await page.dblclick('main form button');
    await page.waitForSelector('#access-code');
    const code = await codeOf(page);
    await step(page, 'goBack');
    expect(await page.locator('#address').count()).toBe(1);
    await again(page, 'goForward');
    expect(await codeOf(page)).toBe(code);

    await send(page);
    await page.check('input[value=yes]');
    await press(page, 'save');
    await again(page, 'goBack');
    // What is answered is saved and not asked again, but there to be changed.
    expect(await page.locator('#category').count()).toBe(1);
    await page.click('.back button');
    expect(await page.isChecked('input[value=yes]')).toBe(true);
    expect(await reportsOn(host)).toEqual([1]);
    await page.close();
  });
});

describe('A reporter in a hurry', () => {
  it('leaves by one press, or by the Esc key three times, to an everyday page', async () => {
    for (const leave of [
      (page: Page) => page.click('.exit a', { noWaitAfter: true }),
      async (page: Page) => {
        for (let n = 0; n < 3; n++) await page.keyboard.press('Escape');
      },
    ]) {
      const { page, asked } = await visitor('/ke/en', { scripts: true, width: 320 });
      await page.route('https://weather.example/**', (route) => route.abort());
      await leave(page);
      await expect.poll(() => asked).toEqual(['https://weather.example/']);
    }
  });
});

describe('Where many reports come from one place', () => {
  it('a script solves the challenge and sends the report; without one the page says how long to wait', async () => {
    const address = (round: number) => Array.from({ length: 20 }, (_, n) => `https://site.example/${round}/${n}`);
    for (let round = 0; round < 3; round++)
      await fetch(`${site.url}/ke/en`, {
        method: 'POST',
        body: new URLSearchParams({ address: address(round).join(' ') }),
      });

    const scripted = await visitor('/ke/en', { scripts: true, width: 320 });
    await scripted.page.fill('#address', 'https://site.example/with-script');
    await send(scripted.page);
    await scripted.page.waitForSelector('#access-code');
    expect(scripted.faults).toEqual([]);

    const { page } = await visitor('/ke/en', { scripts: false, width: 320 });
    await page.fill('#address', 'https://site.example/without-script');
    await send(page);
    const secondsLeft = async () => Number(/\d+/.exec((await page.textContent('[data-wait]')) ?? '')?.[0]);
    const first = await secondsLeft();
    expect(first).toBeGreaterThan(0);
    expect(await page.inputValue('input[name=address]')).toBe('https://site.example/without-script');
    await page.waitForTimeout(1_100);
    await send(page);
    expect(await secondsLeft()).toBeLessThan(first);
    expect(await title(page)).toBe('One more step');
  });
});
