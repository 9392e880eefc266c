import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { script, styleSheet } from '../../src/web/portal/assets.ts';
import { questions } from '../../src/web/portal/questions.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { soak } from '../support/soak.ts';
import { LANGUAGES, launchInAllLanguages, portals } from './portals-in-all-languages.ts';

const KIBIBYTE = 1024;
const PAGE_BUDGET = 20 * KIBIBYTE;
const SCRIPT_BUDGET = 5 * KIBIBYTE;

let site: Platform;
beforeAll(async () => {
  // Every language's reporter comes from an address of their own, past no limit.
  site = await startPlatform({ TRUSTED_PROXIES: '1' });
  await launchInAllLanguages(site);
});
afterAll(() => site.stop());

type Weights = Record<string, number>;

/** The weight of every kind of page in a language, in bytes gzipped, without style. */
async function weightsIn(language: string): Promise<Weights> {
  const weights: Weights = {};
  const headers = { 'accept-language': language, 'x-forwarded-for': `203.0.113.${LANGUAGES.indexOf(language)}` };
  const home = `/${portals.open}/${language}`;
  const page = async (name: string, path: string, fields?: Record<string, string>) => {
    const form = fields ? { method: 'POST', body: new URLSearchParams(fields) } : {};
    const html = await (await fetch(site.url + path, { ...form, headers })).text();
    expect(html, `${name} ${language}`).toContain(`<html lang="${language}"`);
    weights[name] = gzipSync(html).length;
    return html;
  };

  await page('landing', `/languages/${language}`);
  await page('first', home);
  await page('first, fault', home, { address: '' });
  // Twenty long addresses of which gzip can make little: the heaviest receipt there is but for the longest addresses.
  const addresses = Array.from(
    { length: 20 },
    () => `https://site.example/${crypto.randomUUID()}/${crypto.randomUUID()}`,
  );
  const receipt = await page('receipt', home, { address: addresses.join(' ') });
  const accessCode = /id="access-code">([\d ]+)</.exec(receipt)?.[1] ?? '';
  const proof = /<textarea id="proof"[^>]*>\s*([^<\s]+)/.exec(receipt)?.[1] ?? '';
  for (const question of questions) {
    const asked = { accessCode, question };
    await page(question, `${home}/questions`, { ...asked, action: 'change' });
    await page(`${question}, fault`, `${home}/questions`, { ...asked, action: 'save', [question]: '' });
  }
  await page('answers', `${home}/questions`, { accessCode, question: 'contactEmail', action: 'skip' });
  await page('done', `${home}/questions`, { accessCode, action: 'done' });
  await page('status form', `${home}/status`);
  await page('not found', `${home}/status`, { accessCode: '0000' });
  await page('status', `${home}/status`, { accessCode });
  await page('withdraw', `${home}/status`, { accessCode, action: 'withdraw' });
  await page('withdrawn', `${home}/status`, { accessCode, action: 'withdraw-now' });
  await page('help', `${home}/help`);
  await page('challenge', `/${portals.sandbox}/${language}`, { address: 'https://challenge-required.sandbox.test/' });
  await page('police', `/${portals.police}/${language}`);
  await page('closed', `/${portals.closed}/${language}`);
  await page('transferred', `/${portals.transferred}/${language}`);
  await page('proof', `/proof/${language}`);
  await page('proof, fault', `/proof/${language}`, { proof: 'no proof' });
  await page('proof, real', `/proof/${language}`, { proof });
  await page('404', '/nowhere');
  return weights;
}

// Each time those with the most bytes a letter, and English; all of them at full size.
const weighed = LANGUAGES.filter((tag) => soak(1, 0) === 1 || /^(en|am|ar|bn|hi|mn|mr|my|ru|ur|uk)$/.test(tag));

describe('Every page in every language', () => {
  it('weighs at most 20 KiB with its style, and its script 5, gzipped', async () => {
    const languages = Object.fromEntries(
      await Promise.all(weighed.map(async (language) => [language, await weightsIn(language)] as const)),
    );
    const style = styleSheet.gzipped.length;
    const kinds = Object.keys(languages['en'] ?? {});
    const table = kinds.map((kind) => {
      const byWeight = weighed.map((language) => ({ language, bytes: style + (languages[language]?.[kind] ?? 0) }));
      byWeight.sort((a, b) => a.bytes - b.bytes);
      return { kind, english: style + (languages['en']?.[kind] ?? 0), heaviest: byWeight.at(-1) };
    });
    const lines = table.map(
      ({ kind, english, heaviest }) =>
        `${kind.padEnd(20)}${String(english).padStart(7)}${String(heaviest?.bytes).padStart(9)} ${heaviest?.language}`,
    );
    process.stdout.write(
      `${'bytes, with style'.padEnd(20)}     en heaviest\n${lines.join('\n')}\nstyle ${style}, script ${script.gzipped.length}\n`,
    );

    expect(kinds.length).toBeGreaterThan(30);
    for (const { kind, heaviest } of table) expect(heaviest?.bytes, kind).toBeLessThan(PAGE_BUDGET);
    expect(script.gzipped.length).toBeLessThan(SCRIPT_BUDGET);
  });

  it('links to one style sheet and one script, which browsers may keep for ever', async () => {
    const html = await (await fetch(`${site.url}/`)).text();
    const linked = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path);
    expect(linked).toEqual([styleSheet.path, script.path]);
    for (const path of linked) {
      const asset = await fetch(site.url + path);
      expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    }
  });
});
