import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleText } from '../../src/web/developers/example-files.ts';
import { launch } from '../report/developers.ts';
import { type Answer, send, tokenOf } from '../support/platform.ts';
import { accessibilityFaults, openSite, overflow, type Site } from './browser.ts';

describe('for portal developers, in a browser', () => {
  let site: Site;
  let origin: string;
  let closeOrigin: () => void;
  beforeAll(async () => {
    site = await openSite();
    // A site of a portal's own: another origin, which serves nothing but the embed as the page prints it.
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(`<!doctype html><title>A portal</title>${exampleText('embed.html', site.url)}`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://localhost:${(server.address() as AddressInfo).port}`;
    closeOrigin = () => server.close();

    const authorization = `Bearer ${await tokenOf('admin')}`;
    const ask = (query: string, variables: object = {}): Promise<Answer> =>
      send(site.url, { query, variables }, { authorization });
    await launch({ ask }, 'own', { origins: [origin] });
  });
  afterAll(async () => {
    closeOrigin();
    await site.close();
  });

  it.each([
    [320, false],
    [1280, true],
  ])('the page is accessible and fits a window of %i px (dark: %s)', async (width, dark) => {
    const { page, strangers } = await site.open('/developers', { width, dark });
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    expect(strangers).toEqual([]);
    await page.close();
  });

  describe('the embed, on a site of a portal’s own', () => {
    const report = async (page: Page, address: string) => {
      await page.getByRole('textbox').fill(address);
      await page.getByRole('button').click();
      return page.locator('output');
    };
    const visit = async (address: string) => {
      const page = await site.browser.newPage();
      await page.goto(address);
      return page;
    };

    it('gets no answer where its origin is not registered', async () => {
      const page = await visit(origin.replace('localhost', '127.0.0.1'));
      const output = await report(page, 'https://received.sandbox.test/');
      await output.getByText('We got no answer.').waitFor();
      await page.close();
    });

    it('shows a receipt, every fault and every error, and waits with a ticket where it has to', async () => {
      const page = await visit(origin);
      for (const [address, words] of [
        ['https://received.sandbox.test/', /Write down your access code: \d{4} \d{4} \d{4} \d{4}/],
        ['words', /We found no address in this text/],
        ['https://portal-closed.sandbox.test/', /takes no reports now/],
        ['https://challenge-required.sandbox.test/', /is sent in \d+ seconds: keep this page open/],
      ] as const) {
        await (await report(page, address)).getByText(words).waitFor();
      }
      await page
        .locator('output')
        .getByText(/access code/)
        .waitFor();
      await page.close();
    });
  });
});
