import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messagesIn } from '../../src/web/messages.ts';
import { PSEUDO_LOCALE } from '../../src/web/pseudo-locale.ts';
import { LANGUAGES, launchInAllLanguages } from '../pages/portals-in-all-languages.ts';
import { type Answer, send, tokenOf } from '../support/platform.ts';
import { accessibilityFaults, openSite, type Site } from './browser.ts';
import { type Step, walkIn } from './language-walk.ts';
import { englishLeft, readPage } from './words-on-page.ts';

let site: Site;
beforeAll(async () => {
  // Every language's reporter comes from an address of their own, past no limit.
  site = await openSite({ TRUSTED_PROXIES: '1' });
  const authorization = `Bearer ${await tokenOf('admin')}`;
  const ask = (query: string, variables: object = {}): Promise<Answer> =>
    send(site.url, { query, variables }, { authorization });
  await launchInAllLanguages({ ask });
});
afterAll(() => site.close());

type Visitor = {
  page: Page;
  scripts: boolean;
  colours: boolean;
  switchScripts: (on: boolean) => Promise<unknown>;
  complaints: string[];
};

async function visitor(
  n: number,
  options: { language: string; scripts: boolean; width: number; dark: boolean; colours: boolean },
): Promise<Visitor> {
  const page = await site.browser.newPage({
    viewport: { width: options.width, height: 800 },
    colorScheme: options.dark ? 'dark' : 'light',
    extraHTTPHeaders: { 'accept-language': options.language, 'x-forwarded-for': `203.0.113.${n}` },
  });
  const complaints: string[] = [];
  // Only listened to: a page that may be stopped is kept in no cache, style and script neither, and the walk takes twice as long.
  page.on('request', (request) => {
    if (!request.url().startsWith(`${site.url}/`)) complaints.push(`It asks for ${request.url()}`);
  });
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    // Chromium reports a page that answers 4xx, as a form with a fault does.
    const ofStatus = message.location().url === page.url() && /status of 4\d\d/.test(message.text());
    if (message.type() === 'error' && !ofStatus) complaints.push(message.text());
  });
  const session: CDPSession = await page.context().newCDPSession(page);
  // Not by the context's own switch: axe needs its promises on the same page.
  const switchScripts = (on: boolean) => session.send('Emulation.setScriptExecutionDisabled', { value: !on });
  await switchScripts(options.scripts);
  return { page, scripts: options.scripts, colours: options.colours, switchScripts, complaints };
}

async function axe({ page, scripts, colours, switchScripts }: Visitor): Promise<string[]> {
  await switchScripts(true);
  const faults = await accessibilityFaults(page, { colours });
  await switchScripts(scripts);
  return faults;
}

/** What is wrong with the page as it stands. */
async function wrongWith(who: Visitor, { isFault, comesAgain }: Step, language: string) {
  const { page, scripts } = who;
  const m = messagesIn(language);
  const found = await readPage(page);
  const [before = '', after = ''] = m.text('page.errorTitle', { title: '\n' }).split('\n');
  const saysFault = found.title.startsWith(before) && found.title.endsWith(after);
  return [
    ...(comesAgain ? [] : await axe(who)),
    ...englishLeft(language, [...found.words, found.title]).map((words) => `English: ${words}`),
    ...(found.language === m.tag && found.direction === m.direction ? [] : [`It says ${found.language}.`]),
    ...(found.title === '' || saysFault !== (isFault ?? false) ? [`Its title is "${found.title}".`] : []),
    ...(found.tooWide > 0 ? [`It is ${found.tooWide} pixels too wide.`] : []),
    ...(found.kept > 0 ? ['It keeps something.'] : []),
    ...(found.scripted === scripts ? [] : [`Its scripts ran: ${found.scripted}`]),
  ];
}

// Two writings, both directions and the pseudo-locale each time; all twenty-one, five minutes, by WALK=all.
const walked = process.env['WALK'] === 'all' ? LANGUAGES : LANGUAGES.filter((tag) => /^(en|ar)$/.test(tag));
const walks = [...walked, PSEUDO_LOCALE].map((language, n) => ({
  n,
  language,
  scripts: n % 2 === 0,
  width: n % 4 < 2 ? 320 : 1280,
  dark: n % 3 === 0,
  // The colours are the same in every language: four walks see them, light and dark, narrow and wide.
  colours: n < 4,
}));

describe.concurrent('Every page', () => {
  it.for(walks)(
    'is in order in $language, $width pixels, scripts: $scripts, dark: $dark',
    { timeout: 170_000 },
    async (walk) => {
      const who = await visitor(walk.n, walk);
      const wrong: string[] = [];
      const seen = new Set<string>();
      for (const step of walkIn(walk.language, site.url)) {
        await step.go(who.page);
        const page = await wrongWith(who, step, walk.language);
        wrong.push(...page.map((what) => `${step.name}: ${what}`));
        seen.add((await who.page.textContent('h1')) ?? '');
      }
      expect(wrong).toEqual([]);
      expect(who.complaints).toEqual([]);
      expect(await who.page.context().cookies()).toEqual([]);
      // No step stood still: what shares a heading is a fault beside its page.
      expect(seen.size).toBeGreaterThan(18);
      await who.page.close();
    },
  );
});
