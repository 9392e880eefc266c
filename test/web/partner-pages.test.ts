import { mkdirSync } from 'node:fs';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { partnerMessagesIn } from '../../src/web/partner/messages.ts';
import { accessibilityFaults, openSite, overflow, type Site } from './browser.ts';
import { signIn } from './partner-visit.ts';

/** Where screenshots go, for whoever wants to look at them; none are taken without it. */
const SHOTS = process.env['SHOTS'];

let site: Site;
beforeAll(async () => {
  site = await openSite();
  if (SHOTS) mkdirSync(SHOTS, { recursive: true });
});
afterAll(() => site.close());

const shot = async (page: Page, name: string) => {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
};
const textOf = (page: Page, selector: string) => page.locator(selector).first().innerText();

describe('a partner’s briefing', () => {
  let page: Page;
  let context: BrowserContext;
  beforeAll(async () => {
    ({ page, context } = await signIn(site, 'partner-ke', { scripts: false }));
  });
  afterAll(() => context.close());

  it('begins with one sentence a country, of rounded figures, and the way to the whole', async () => {
    expect(await page.title()).toBe('Overview – Figures for partners');
    expect(await textOf(page, '.countries .lead')).toMatch(
      /^Kenya: about [\d,]+ reports in \w+ \d{4}, [\d,]+ the month before\.$/,
    );
    expect(await page.locator('.countries > li').count()).toBe(1);
    await page.getByRole('link', { name: /^Read the briefing: Kenya/ }).click();
    expect(await textOf(page, 'h1')).toMatch(/^Kenya, \w+ \d{4}$/);
  });

  it('has a table below every chart, and says the same in both', async () => {
    const charts = await page.locator('svg.chart').count();
    expect(charts).toBeGreaterThan(10);
    for (let index = 0; index < charts; index += 1) {
      const chart = page.locator('svg.chart').nth(index);
      const [title, text] = await Promise.all(['title', 'desc'].map((part) => chart.locator(part).textContent()));
      expect(title).toContain('Kenya');
      expect(text).toMatch(/The table below says the same/);
      expect(await chart.getAttribute('role')).toBe('img');
      const table = chart.locator('xpath=following-sibling::table[1]');
      expect(await table.count()).toBe(1);
      const shown = await table.locator('tbody tr td:nth-of-type(1)').allInnerTexts();
      const bars = await chart.locator('.bars rect').count();
      expect(bars, title ?? '').toBe(shown.filter((figure) => /^\d/.test(figure)).slice(0, Math.max(bars, 10)).length);
    }
  });

  it('says “hidden” where a figure is, never 0, and why', async () => {
    const hidden = page.locator('td.concealed', { hasText: 'hidden' });
    expect(await hidden.count()).toBeGreaterThan(0);
    expect(await textOf(page, '#hidden')).toContain('Hidden does not mean 0.');
    const figures = await page.locator('main td').allInnerTexts();
    for (const figure of figures)
      expect(figure).toMatch(/^(|[\d,]*[05]|\d+%|\d+ (hours?|days?)|hidden|not given|not published)$/);
  });

  it('compares with the month and the year before, and explains each table in place', async () => {
    expect(await page.locator('#totals thead th').count()).toBeGreaterThanOrEqual(3);
    const explained = page.locator('section:has(> table) details');
    expect(await explained.count()).toBeGreaterThan(12);
    await explained.first().locator('summary').click();
    expect(await explained.first().locator('p').first().innerText()).toContain(
      'One person’s report of one address counts once',
    );
    expect(await textOf(page, '#editions')).toMatch(/Edition 1, \d+ \w+ \d{4}/);
    expect(await textOf(page, 'main')).toMatch(/Data as of \d+ \w+ \d{4}/);
  });

  it('leads to other months and to files of the same figures', async () => {
    const options = await page.locator('#month option').allInnerTexts();
    expect(options.length).toBeGreaterThan(1);
    await page.selectOption('#month', { index: 1 });
    await page.getByRole('button', { name: 'Show' }).click();
    expect(await textOf(page, 'h1')).toBe(`Kenya, ${options[1]}`);
    for (const link of await page.locator('#download a').all()) {
      const answer = await context.request.get(site.url + (await link.getAttribute('href')));
      expect(answer.status()).toBe(200);
      expect(answer.headers()['content-disposition']).toContain('attachment');
    }
  });

  it('is printed whole, without what only a screen can do', async () => {
    await page.emulateMedia({ media: 'print' });
    for (const selector of ['footer', '#month', '.skip', 'nav'])
      expect(await page.locator(selector).first().isVisible()).toBe(false);
    expect(await page.locator('svg.chart').first().isVisible()).toBe(true);
    expect(await page.locator('#definitions').isVisible()).toBe(true);
    await shot(page, 'print-en');
    await page.emulateMedia({ media: 'screen' });
  });
});

describe('a funder', () => {
  it('compares its countries, and reads their sum', async () => {
    const { page, context } = await signIn(site, 'funder', { path: '/partner/compare' });
    expect(await textOf(page, 'h1')).toBe('Compare countries');
    expect(await page.locator('#totals tbody th').allInnerTexts()).toEqual(['Kenya', 'Uganda']);
    const total = async (row: string) => Number((await textOf(page, `#totals ${row} td`)).replace(/\D/g, ''));
    const [kenya, uganda] = [await total('tbody tr:nth-child(1)'), await total('tbody tr:nth-child(2)')];
    expect(await total('tfoot tr')).toBe(kenya + uganda);
    await page.selectOption('#by', 'SEVERITY');
    await page.locator('#breakdown button').click();
    expect(await textOf(page, '#breakdown h2')).toBe('Severity');
    expect(await page.locator('#breakdown tbody tr').count()).toBe(4);
    expect(await accessibilityFaults(page)).toEqual([]);
    await shot(page, 'compare-en');
    await context.close();
  });

  it('gets by the keyboard alone from the sign-in to a briefing', async () => {
    const { page, context } = await signIn(site, 'funder');
    const focused = () => page.evaluate('document.activeElement.textContent.trim()');
    for (let press = 0; press < 40 && !/^Read the briefing: Uganda/.test(String(await focused())); press += 1)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/partner\/UG/);
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the main content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('The month in figures');
    await context.close();
  });
});

describe.each([
  { language: 'en', width: 320, dark: true },
  { language: 'fr', width: 1280, dark: false },
  { language: 'ar', width: 320, dark: false },
])('in $language, $width pixels, dark: $dark', ({ language, width, dark }) => {
  it('every page is in its language and direction, fits the window, and has no fault that axe finds', async () => {
    const { page, context } = await signIn(site, 'funder', { language, width, dark });
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    const m = partnerMessagesIn(language);
    expect(m.tag).toBe(language);
    for (const path of ['/partner', '/partner/KE', '/partner/compare?by=AGE']) {
      await page.goto(site.url + path);
      expect(await page.getAttribute('html', 'lang')).toBe(language);
      expect(await page.getAttribute('html', 'dir')).toBe(m.direction);
      expect(await overflow(page), path).toBe(0);
      expect(await accessibilityFaults(page, { colours: path === '/partner/KE' }), path).toEqual([]);
      await shot(page, `${path.split('?')[0]?.replaceAll('/', '-').slice(1)}-${language}-${width}`);
    }
    expect(await textOf(page, 'h1')).toBe(m.text('compare.title'));
    expect(complaints).toEqual([]);
    await context.close();
  });
});
