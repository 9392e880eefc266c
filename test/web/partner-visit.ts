import type { Browser, BrowserContext, Page } from 'playwright-core';
import { demonstrationAccounts } from '../../src/account/demonstration-accounts.ts';

/** A browser in which somebody has signed in through the development provider, as a person does it. */
export async function signIn(
  { url, browser }: { url: string; browser: Browser },
  subject: string,
  options: { language?: string; width?: number; scripts?: boolean; path?: string; dark?: boolean } = {},
): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1280, height: 800 },
    javaScriptEnabled: options.scripts ?? true,
    colorScheme: options.dark ? 'dark' : 'light',
    extraHTTPHeaders: { 'accept-language': options.language ?? 'en' },
  });
  const page = await context.newPage();
  await page.goto(`${url}${options.path ?? '/partner'}`);
  await page.click('main a.button');
  const name = demonstrationAccounts.find((account) => account.subject === subject)?.name ?? '';
  await page.getByRole('button', { name }).click();
  await page.waitForURL(`${url}/partner**`);
  return { page, context };
}
