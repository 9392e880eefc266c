import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { freePort } from '../support/platform.ts';
import { spawnPlatform } from '../support/spawned.ts';

// Without these Chromium looks for Google's hosts at every start; as root it needs no-sandbox.
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export type Site = {
  url: string;
  browser: Browser;
  /** Opens a page in a new profile. `strangers` holds whatever it asked of another server than ours. */
  open: (path: string, options?: { width?: number; dark?: boolean }) => Promise<{ page: Page; strangers: string[] }>;
  close: () => Promise<void>;
};

/** Starts the platform as the README says, on new demonstration data, and a browser. */
export async function openSite(settings: Record<string, string> = {}): Promise<Site> {
  const dataDir = mkdtempSync(join(tmpdir(), 'web-test-'));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const platform = spawnPlatform([], { ...settings, DATA_DIR: dataDir, PORT: String(port) });
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [...FLAGS, '--disable-component-update', '--disable-sync'],
  });
  await platform.says('Ctrl-C stops everything.');
  return {
    url,
    browser,
    open: async (path, { width = 1280, dark = false } = {}) => {
      const page = await browser.newPage({
        viewport: { width, height: 800 },
        colorScheme: dark ? 'dark' : 'light',
      });
      const strangers: string[] = [];
      await page.route('**', (route) => {
        const asked = route.request().url();
        if (asked.startsWith(`${url}/`) || /^(blob|data):/.test(asked)) return route.continue();
        strangers.push(asked);
        return route.abort();
      });
      await page.goto(`${url}${path}`);
      return { page, strangers };
    },
    close: async () => {
      await browser.close();
      platform.kill('SIGINT');
      await platform.ended;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

type Violation = { id: string; nodes: { target: unknown }[] };

/** What axe finds wrong with a page, by rule and place; its look at colours takes longer than all else together. */
export async function accessibilityFaults(page: Page, { colours = true } = {}): Promise<string[]> {
  // Evaluated by the debugger, to which the page's content security policy does not apply.
  const violations = await page.evaluate<Violation[]>(
    `${AXE};axe.run({ resultTypes: ['violations'], preload: false, rules: { 'color-contrast': { enabled: ${colours} } } }).then(({ violations }) => violations)`,
  );
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${String(target)}`));
}

/** By how many pixels a page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
