import { readdirSync, readFileSync } from 'node:fs';
import { parse } from '@formatjs/icu-messageformat-parser';
import { describe, expect, it } from 'vitest';
import { countryName } from '../../src/web/intl-names.ts';
import { bestLanguage, locales, type MessageKey, messagesIn } from '../../src/web/messages.ts';
import { PSEUDO_LOCALE } from '../../src/web/pseudo-locale.ts';
import { categoriesOf, PROMISED, placeholders, pluralsOf } from './icu-messages.ts';

const folder = new URL('../../src/web/locales/', import.meta.url);
const messagesOf = (tag: string): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`${tag}.json`, folder), 'utf8')).messages;
const english = messagesOf('en');
const keys = Object.keys(english) as MessageKey[];

describe('the languages of the pages', () => {
  it('are the twenty promised, and each says whether somebody has reviewed it', () => {
    expect(locales.map(({ tag }) => tag)).toEqual(PROMISED);
    expect(readdirSync(folder)).toHaveLength(PROMISED.length);
    for (const { tag, autonym, review } of locales) {
      expect(autonym, tag).not.toMatch(/^[a-z]{2}$/);
      expect(review.state === 'REVIEWED', tag).toBe(review.by !== null && review.on !== null);
    }
    expect(locales.filter(({ direction }) => direction === 'rtl').map(({ tag }) => tag)).toEqual(['ar', 'ur']);
  });

  it.each(PROMISED)(
    '%s has each message once, with the same placeholders and every plural form of the language',
    (tag) => {
      const own = messagesOf(tag);
      expect(Object.keys(own)).toEqual(keys);
      for (const key of keys) {
        const pieces = parse(own[key] ?? '');
        expect(placeholders(pieces), key).toEqual(placeholders(parse(english[key] ?? '')));
        for (const { options } of pluralsOf(pieces))
          expect(
            Object.keys(options)
              .filter((form) => !form.startsWith('='))
              .sort(),
            key,
          ).toEqual([...categoriesOf(tag)].sort());
      }
    },
  );

  it.each(PROMISED)('%s is plain text without markup, and speaks with respect', (tag) => {
    for (const [key, text] of Object.entries(messagesOf(tag))) {
      expect(text.trim(), key).not.toBe('');
      expect(text, key).not.toMatch(/[<>]|&\w+;|porn|порно|порн|إباح|פורנ/i);
    }
  });

  it.each(PROMISED.filter((tag) => tag !== 'en'))('%s is translated', (tag) => {
    const own = messagesOf(tag);
    const same = keys.filter(
      (key) => own[key] === english[key] && /[a-z]{4}/i.test((english[key] ?? '').replace(/\{.*\}/g, '')),
    );
    // A name such as "Forum" may be the same word.
    expect(same.length, same.join(', ')).toBeLessThan(keys.length / 25);
  });

  it.each(PROMISED)('%s quotes its buttons by the words that stand on them', (tag) => {
    const own = messagesOf(tag);
    const quoted: [string, string][] = [
      ['step.wait', 'step.send'],
      ['failure.text', 'failure.again'],
      ['fault.CHOOSE', 'question.skip'],
      ['fault.NO_DATE', 'question.skip'],
      ['fault.NO_WORDS', 'question.skip'],
      ['fault.EMAIL', 'question.skip'],
    ];
    for (const [key, button] of quoted) expect(own[key], key).toContain(own[button]);
  });
});

describe('messagesIn', () => {
  it.each([...PROMISED, PSEUDO_LOCALE])('formats every message of %s with numbers and days', (tag) => {
    const { text, date, number, country } = messagesIn(tag);
    const values = {
      ...Object.fromEntries(
        placeholders(keys.flatMap((key) => parse(english[key] ?? ''))).map((found) => [found.split(':')[0] ?? '', 'x']),
      ),
      seconds: 0,
      count: 0,
    };
    for (const count of [0, 1, 2, 3, 5, 11, 100])
      for (const key of keys) expect(text(key, { ...values, seconds: count, count }), key).not.toMatch(/[{}]/);
    expect(date('2026-11-02')).toMatch(/2026|٢٠٢٦|২০২৬|२०२६/);
    expect(number(12)).not.toBe('');
    expect(country('KE').length).toBeGreaterThan(2);
  });

  it('counts as a language does', () => {
    expect(messagesIn('en').text('tooMany.text', { seconds: 1 })).toContain('1 second.');
    expect(messagesIn('en').text('tooMany.text', { seconds: 2 })).toContain('2 seconds.');
    const russian = [1, 2, 5].map((seconds) => messagesIn('ru').text('tooMany.text', { seconds }).replace(/\d/g, ''));
    expect(new Set(russian).size).toBe(3);
    const arabic = [0, 1, 2, 3, 11, 100].map((seconds) =>
      messagesIn('ar')
        .text('tooMany.text', { seconds })
        .replace(/[\d٠-٩]/g, ''),
    );
    expect(new Set(arabic).size).toBeGreaterThanOrEqual(5);
  });

  it('falls back on the next language asked for, then on English, and says which it used', () => {
    expect(messagesIn('xx', 'sw').tag).toBe('sw');
    expect(messagesIn('pt-BR').tag).toBe('pt');
    expect(messagesIn('xx')).toMatchObject({ tag: 'en', direction: 'ltr' });
    expect(messagesIn('ur').direction).toBe('rtl');
  });

  it('makes a pseudo-locale that is longer than English and keeps what is put in', () => {
    const pseudo = messagesIn(PSEUDO_LOCALE);
    const longer = keys.filter((key) => (english[key] ?? '').length > 20 && !(english[key] ?? '').includes('{'));
    const length = (of: (key: MessageKey) => string) => longer.reduce((sum, key) => sum + of(key).length, 0);
    expect(length((key) => pseudo.text(key)) / length((key) => english[key] ?? '')).toBeGreaterThan(1.3);
    expect(pseudo.text('danger.call', { number: '999' })).toContain('999');
  });
});

describe('bestLanguage', () => {
  it.each([
    ['sw, en;q=0.5', ['en', 'sw'], 'sw'],
    ['fr-CA, en;q=0.5', ['en', 'fr'], 'fr'],
    ['de, en;q=0.1, sw;q=0.2', ['en', 'sw'], 'sw'],
    ['en;q=0, sw', ['en', 'sw'], 'sw'],
    ['de', ['en', 'sw'], 'sw'],
    ['*', ['en', 'sw'], 'sw'],
    [null, ['en', 'sw'], 'sw'],
    [';;q=,,en-GB;q=x', ['en', 'sw'], 'sw'],
    ['x'.repeat(100_000), ['en', 'sw'], 'sw'],
  ])('reads %.30j among %j as %s', (header, offered, language) => {
    expect(bestLanguage(header, offered, 'sw')).toBe(language);
  });
});

describe('country names', () => {
  it.each(PROMISED)('are known in %s', (tag) => {
    const names = ['KE', 'CD', 'MN', 'PK', 'BR'].map((code) => countryName(code, tag));
    expect(new Set(names).size).toBe(5);
    for (const name of names) expect(name).not.toMatch(/^[A-Z]{2}$/);
  });
});
