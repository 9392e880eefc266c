import { readdirSync, readFileSync } from 'node:fs';
import { parse } from '@formatjs/icu-messageformat-parser';
import { describe, expect, it } from 'vitest';
import { DEFINITIONS_VERSION, definitionsOf } from '../../src/statistics/definition-texts.ts';
import { dimensions, publishedDimensions } from '../../src/statistics/definitions.ts';
import { partnerLocales, partnerMessagesIn } from '../../src/web/partner/messages.ts';
import { cellName, tableName } from '../../src/web/partner/names.ts';
import { categoriesOf, PROMISED, placeholders, pluralsOf } from './icu-messages.ts';

const folder = new URL('../../src/web/partner/locales/', import.meta.url);
const messagesOf = (tag: string): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`${tag}.json`, folder), 'utf8')).messages;
const english = messagesOf('en');
const keys = Object.keys(english);

describe('the messages of the partners’ pages', () => {
  it('are there in the twenty languages, each with its review', () => {
    expect(readdirSync(folder).sort()).toEqual(PROMISED.map((tag) => `${tag}.json`));
    for (const { tag, review } of partnerLocales)
      expect(review.state === 'REVIEWED', tag).toBe(review.by !== null && review.on !== null);
  });

  it.each(PROMISED)(
    'in %s are all there once, in plain text, with the same placeholders and every plural form',
    (tag) => {
      const own = messagesOf(tag);
      expect(Object.keys(own)).toEqual(keys);
      for (const key of keys) {
        const text = own[key] ?? '';
        expect(text.trim(), key).not.toBe('');
        expect(text, key).not.toMatch(/[<>]|&\w+;|porn|порно|порн|إباح/i);
        const pieces = parse(text);
        expect(placeholders(pieces), key).toEqual(placeholders(parse(english[key] ?? '')));
        for (const { options } of pluralsOf(pieces)) {
          const forms = Object.keys(options).filter((form) => !form.startsWith('='));
          expect(forms.sort(), key).toEqual([...categoriesOf(tag)].sort());
        }
      }
    },
  );

  it.each(PROMISED.filter((tag) => tag !== 'en'))('in %s are translated', (tag) => {
    const own = messagesOf(tag);
    const same = keys.filter((key) => own[key] === english[key] && /[a-z]{4}/i.test(english[key] ?? ''));
    expect(same.length, same.join(', ')).toBeLessThan(keys.length / 25);
  });

  it('define in English what the platform publishes, word for word', () => {
    for (const { term, text } of definitionsOf(DEFINITIONS_VERSION))
      expect(english[`definition.${term}`], term).toBe(text);
  });

  it.each(['en', 'ar', 'ny'])('in %s name every table and every cell that is published', (tag) => {
    const m = partnerMessagesIn(tag);
    for (const by of publishedDimensions) expect(tableName(m, by)).not.toBe(by);
    for (const [by, { keys: cells }] of Object.entries(dimensions))
      for (const key of cells) expect(cellName(m, by, key, 'unnamed'), `${by} ${key}`).not.toMatch(/^$|unnamed|[A-Z]_/);
  });
});
