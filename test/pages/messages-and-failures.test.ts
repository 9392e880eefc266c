import { describe, expect, it } from 'vitest';
import { bestLanguage, messagesIn } from '../../src/web/messages.ts';
import { publicPages } from '../../src/web/public-pages.tsx';

describe('Messages', () => {
  it('fall back from a region to its language, from a language without texts to the next wanted, and at last to English', () => {
    expect(messagesIn('en-KE').tag).toBe('en');
    expect(messagesIn('xx', 'fr').tag).toBe('fr');
    expect(messagesIn('xx', 'yy').tag).toBe('en');
  });

  it('follow the plural of their language and leave placeholders whole in the pseudo-locale', () => {
    expect(messagesIn('en').text('step.wait', { seconds: 1 })).toContain('1 second.');
    expect(messagesIn('en').text('step.wait', { seconds: 20 })).toContain('20 seconds.');
    const [plain, pseudo] = ['en', 'en-XA'].map((tag) => messagesIn(tag).text('first.report.images'));
    expect(pseudo?.length).toBeGreaterThan((plain?.length ?? 0) * 1.3);
    expect(messagesIn('en-XA').text('status.receivedOn', { date: '1 May 2026' })).toContain('1 May 2026');
  });

  it('write days and countries where Intl knows the language and where it does not', () => {
    expect(messagesIn('en').date('2026-11-22')).toBe('22 November 2026');
    expect(messagesIn('ny').date('2026-11-22')).toBe('22 Novembala 2026');
    expect(messagesIn('fr').country('CI')).toBe('Côte d’Ivoire');
    expect(messagesIn('ny').country('MZ')).toBe('Mozambiki');
  });
});

describe('The best language', () => {
  it.each([
    ['sw;q=0.5, fr;q=0.9', 'fr'],
    ['FR-ca', 'fr'],
    ['*, de', 'en'],
    ['sw;q=0, de', 'en'],
    ['', 'en'],
    ['\u0000;;;q=,,,', 'en'],
  ])('of en, fr and sw for %j is %s', (header, language) => {
    expect(bestLanguage(header, ['en', 'fr', 'sw'], 'en')).toBe(language);
  });
});

describe('A failure on our side', () => {
  const failing = publicPages({
    ask: () => Promise.reject(new Error('The database is away.')),
    publicUrl: 'http://localhost',
    visitOf: () => ({ source: '' }),
  });

  it('keeps what was typed in a page of the portal’s language', async () => {
    const page = await failing.request('/cd/fr', {
      method: 'POST',
      body: new URLSearchParams({ key: 'the-key-of-the-form', address: 'https://site.example/kept' }),
    });
    const html = await page.text();
    expect(page.status).toBe(500);
    expect(html).toContain('<html lang="fr"');
    expect(html).toContain('https://site.example/kept</textarea>');
    expect(html).toContain('value="the-key-of-the-form"');
    expect(html).not.toContain('database');
  });
});
