import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demonstrationAccounts } from '../../src/account/demonstration-accounts.ts';
import { send } from '../support/platform.ts';
import { accessibilityFaults, openSite, overflow, type Site } from './browser.ts';

describe('the pages of development, in a browser', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site.close());

  describe('GraphiQL', () => {
    const run = async (page: Page, tab: string) => {
      await page.locator('.graphiql-tab-button', { hasText: new RegExp(`^${tab}$`) }).click();
      await page.locator('.graphiql-query-editor', { hasText: tab }).waitFor();
      // A press before GraphiQL has taken in the tab's operation sends nothing, or the tab before.
      for (let press = 1; press <= 5; press += 1) {
        const asked = page
          .waitForRequest((request) => request.postDataJSON()?.operationName === tab, { timeout: 5_000 })
          .catch(() => null);
        await page.locator('.graphiql-execute-button').click();
        const response = await (await asked)?.response();
        if (response) return response.json();
      }
      throw new Error(`GraphiQL never sent the operation ${tab}.`);
    };

    it('runs an example for each role as it opens, and asks nobody but our own server', async () => {
      const { page, strangers } = await site.open('/graphql');
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      await page.locator('.graphiql-execute-button').waitFor();
      expect(await page.getByRole('tab').allInnerTexts()).toEqual(
        expect.arrayContaining(['Report', 'Follow', 'Next', 'Assess', 'Queue', 'Trail', 'Figures', 'List', 'Accounts']),
      );

      const report = await run(page, 'Report');
      expect(report.data.submitReport).toMatchObject({
        __typename: 'ReportReceipt',
        reports: [{ reference: expect.any(String) }],
      });
      await page.locator('.result-window').getByText(report.data.submitReport.accessCode).waitFor();
      expect((await run(page, 'Next')).data.claimNextCase).toMatchObject({ number: 'C-000001', version: 1 });
      expect((await run(page, 'Assess')).data.assessCase).toMatchObject({
        number: 'C-000001',
        state: 'AWAITING_REVIEW',
      });
      expect((await run(page, 'Figures')).data.countryStatistics.months).toHaveLength(3);

      await page.reload();
      expect((await run(page, 'Queue')).data.cases.edges.length).toBeGreaterThan(5);
      expect(complaints).toEqual([]);
      expect(strangers).toEqual([]);
      await page.close();
    });
  });

  describe('the sign-in page', () => {
    it('lists the accounts, and pressing one leads back to the application with a code that becomes a token', async () => {
      const application = createServer((_request, response) => response.end('Back at the application.'));
      await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve));
      const redirect_uri = `http://127.0.0.1:${(application.address() as AddressInfo).port}/callback`;
      const verifier = randomBytes(32).toString('base64url');
      const query = new URLSearchParams({
        client_id: 'development',
        response_type: 'code',
        scope: 'openid profile',
        redirect_uri,
        state: 'what the application remembers',
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      });
      const page = await site.browser.newPage();
      await page.goto(`${site.url}/identity/auth?${query}`);
      expect(await page.getByRole('button').allInnerTexts()).toEqual([
        ...demonstrationAccounts.map(({ name }) => name),
        'Cancel',
      ]);

      await page.getByRole('button', { name: 'Esther' }).click();
      await page.getByText('Back at the application.').waitFor();
      const { origin, pathname, searchParams } = new URL(page.url());
      expect(origin + pathname).toBe(redirect_uri);
      expect(searchParams.get('state')).toBe('what the application remembers');
      const code = searchParams.get('code') ?? '';
      const tokens = await fetch(`${site.url}/identity/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          client_id: 'development',
          redirect_uri,
          code,
          code_verifier: verifier,
        }),
      });
      const { access_token } = (await tokens.json()) as { access_token: string };
      const { data } = await send(
        site.url,
        { query: '{ viewer { name } }' },
        { authorization: `Bearer ${access_token}` },
      );
      expect(data.viewer.name).toBe('Esther of the Kenyan government');
      await page.close();
      application.close();
      application.closeAllConnections();
    });
  });

  describe('the start page', () => {
    it('leads to places that exist', async () => {
      const { page, strangers } = await site.open('/start');
      const links = await page
        .getByRole('link')
        .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
      expect(links.length).toBeGreaterThanOrEqual(5);
      for (const link of links)
        expect((await fetch(link, { headers: { accept: 'text/html' } })).status, link).toBe(200);
      expect(strangers).toEqual([]);
      await page.close();
    });
  });

  const SIGN_IN = `/identity/auth?client_id=development&response_type=code&scope=openid&redirect_uri=http://localhost:1/callback&code_challenge=${'a'.repeat(43)}&code_challenge_method=S256`;
  it.each([
    { name: 'the start page', path: '/start' },
    { name: 'the start page in the dark', path: '/start', dark: true },
    { name: 'the sign-in page', path: SIGN_IN },
    { name: 'the page of a failed sign-in', path: '/identity/auth' },
  ])(
    '$name has its style, no fault that axe finds, and fits a window of 320 pixels',
    async ({ path, dark = false }) => {
      const { page } = await site.open(path, { width: 320, dark });
      expect(await accessibilityFaults(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      expect(await page.evaluate('getComputedStyle(document.body).fontFamily')).toContain('system-ui');
      await page.close();
    },
  );
});
