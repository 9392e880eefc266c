import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalKey, defang, MAX_ADDRESS_LENGTH, MAX_TEXT_LENGTH, readAddresses } from '../../src/domain/address.ts';
import { hash32, hash40 } from './address-spellings.ts';

const keysOf = (text: string) => readAddresses(text).addresses.map(({ key }) => key);

describe('any text at all', () => {
  const parts = fc.constantFrom(
    'https://',
    'http:',
    '//',
    'hxxp://',
    'host',
    '.',
    'example',
    '.onion',
    '/',
    '?',
    '#',
    '#!',
    '%',
    '%41',
    '%2e',
    '%25',
    '[.]',
    '(dot)',
    '[',
    ']',
    '(',
    ')',
    '{',
    '}',
    '<',
    '>',
    '"',
    "'",
    ' ',
    '\n',
    '\t',
    ':',
    '@',
    '&',
    '=',
    ',',
    ';',
    '|',
    '\\',
    '^',
    '。',
    '／',
    '：',
    'ａ',
    'ä',
    'ß',
    '\u200B',
    '\u200D',
    '\uFEFF',
    'xn--',
    '0x7f',
    '127',
    '1',
    'news:',
    'magnet:?xt=urn:btih:',
    hash40,
    'ed2k://|file|',
    hash32,
    'nntp://',
    'app:@',
    'data:',
    ';base64,',
    '\uD800',
    '*',
    '_',
    '~',
    ' dot ',
    'www',
    'telegram @',
    'https%3A%2F%2F',
    'https:\\/\\/',
    'http:',
    '&quot;',
    '[/url]',
    '\u{1F600}',
    '\u0E01',
    '\u060C',
    '\u0589',
    '=\n',
  );
  const anyText = fc.oneof(
    fc.webUrl({ withFragments: true, withQueryParameters: true, size: 'medium' }),
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.array(parts, { maxLength: 25 }).map((pieces) => pieces.join('')),
    fc.array(parts, { maxLength: 15 }).map((pieces) => `https://host.example${pieces.join('')}`),
    fc.array(parts, { maxLength: 8 }).map((pieces) => `https://${pieces.join('')}`),
  );

  it('has a key that is its own key, in ASCII and no longer than allowed', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const key = canonicalKey(text);
        if (key === null) return;
        expect(canonicalKey(key)).toBe(key);
        expect(key).toMatch(/^[!-~]+$/);
        expect(key.length).toBeLessThanOrEqual(MAX_ADDRESS_LENGTH);
      }),
      { numRuns: 5000 },
    );
  });

  it('gives different keys that are their own, or says why not', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { addresses, faults } = readAddresses(text);
        const keys = addresses.map(({ key }) => key);
        expect(keys.map(canonicalKey)).toEqual(keys);
        expect(new Set(keys).size).toBe(keys.length);
        expect(addresses.length + faults.length).toBeGreaterThan(0);
        for (const { raw } of addresses) expect(text.replaceAll('\0', '')).toContain(raw);
      }),
      { numRuns: 3000 },
    );
  });

  it('takes a web address whatever its path and query', () => {
    fc.assert(
      fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true, size: 'small' }), (url) => {
        expect(canonicalKey(url)).not.toBeNull();
        expect(keysOf(`I saw <${url}> there`)).toEqual([canonicalKey(url)]);
      }),
      { numRuns: 1000 },
    );
  });

  it('up to 20,000 characters is answered and never throws', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 20_000 }), (text, length) => {
        const long = (text || 'a').repeat(Math.ceil(length / (text.length || 1))).slice(0, length);
        const { addresses, faults } = readAddresses(long);
        expect(addresses.length + faults.length).toBeGreaterThan(0);
        expect(typeof defang(long)).toBe('string');
        expect(['string', 'object']).toContain(typeof canonicalKey(long));
      }),
      { numRuns: 100 },
    );
  });

  // A text of this length takes some milliseconds; one that backtracks takes minutes. The bound is far from both.
  it.each([
    'a',
    '.',
    'a.',
    '[',
    '[.',
    '[.]',
    '(',
    ')',
    '<',
    '<http:',
    '<https://a',
    'https://',
    'https://a',
    'https://a.example/,',
    'https://a / ',
    '. ',
    '/ ',
    'h',
    'ht',
    '%',
    '@',
    'https://a. ',
    `https://a${'[.]'.repeat(300)}! /a `,
    `http:${'／'.repeat(1900)}! a `,
    'magnet:?',
    'ed2k://|file| ',
    'news:',
    'a:',
    ';base64',
    'data:',
    'A'.repeat(40),
    `${'A'.repeat(40)} `,
    '0x7f.',
    '１',
    '\u200D',
    'www.',
    '-',
    ' ',
    '\n',
    ']( ',
    "'",
    'ß',
    'dot ',
    'www dot ',
    'a dot ',
    'telegram @',
    'https%3A%2F%2F',
    'https:\\/\\/',
    '&quot;',
    '[/url]',
    '\u0E01',
    'a.example\u0E01',
    '\u0E01a',
    '\u200B\u1780',
    '\u{1F600}',
    'a\u060C',
    '=\n',
    `${'a/'.repeat(30)}=\n`,
  ])('made of %j repeated is read in moderate time', (unit) => {
    const text = `https://${unit.repeat(MAX_TEXT_LENGTH)}`.slice(0, MAX_TEXT_LENGTH);
    // Of this process's own time: on a loaded machine a clock tells of others.
    const started = process.cpuUsage();
    readAddresses(text);
    readAddresses(text.slice(8));
    canonicalKey(text);
    defang(text);
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1_000).toBeLessThan(5_000);
  });
});
