import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalKey, readAddresses } from '../../src/domain/address.ts';
import { vectors } from './address-vectors.ts';
import { apart, refused } from './address-vectors-apart.ts';

describe('the vectors of public specifications', () => {
  it('are hundreds, and no two the same', () => {
    const typed = [...vectors.map(([text]) => text), ...refused];
    expect(typed.length).toBeGreaterThan(350);
    expect(typed.filter((text, place) => typed.indexOf(text) !== place)).toEqual([]);
  });

  it.each(vectors)('%j has the key %j', (typed, key) => {
    expect(canonicalKey(typed)).toBe(key);
    expect(canonicalKey(key)).toBe(key);
  });

  it.each(refused)('%j has none', (typed) => {
    expect(canonicalKey(typed)).toBeNull();
  });

  it.each(apart)('%j and %j stay two', (one, other) => {
    const keys = [canonicalKey(one), canonicalKey(other)];
    expect(keys).not.toContain(null);
    expect(keys[0]).not.toBe(keys[1]);
  });

  it('make one case a group, however many spellings are sent at once', () => {
    const keys = [...new Set(vectors.map(([, key]) => key))];
    const groups = keys.map((key) => [key, vectors.filter((vector) => vector[1] === key)] as const);
    const many = groups.filter(([, members]) => members.length > 3);
    expect(many.length).toBeGreaterThan(5);
    for (const [key, members] of many) {
      // In a text, quotes and signs at the end are the text's: each spelling stands in angle brackets.
      const text = members.map(([typed]) => `<${typed}>`).join('\n');
      expect(readAddresses(text).addresses.map((address) => address.key)).toEqual([key]);
    }
  });

  it('keep their keys when dot segments, escapes and case of the host are put in at random', () => {
    const unreserved = fc.constantFrom(...'abcXYZ019-._~');
    const segment = fc
      .array(unreserved, { minLength: 1, maxLength: 6 })
      .map((letters) => letters.join(''))
      .filter((text) => !/^\.+$/.test(text));
    const disguise = (text: string, choices: boolean[]) =>
      [...text]
        .map((letter, place) =>
          choices[place % choices.length] ? `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}` : letter,
        )
        .join('');
    fc.assert(
      fc.property(
        fc.array(segment, { minLength: 1, maxLength: 4 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }),
        fc.constantFrom(
          'http://host.example',
          'HTTP://HOST.example:80',
          'hxxp://name@Host[.]example.',
          'http:\\\\host.example',
        ),
        fc.constantFrom('/', '/./', '/x/../', '/%2e/', '/x/%2E%2e/'),
        (segments, choices, host, between) => {
          const typed = host + between + segments.map((text) => disguise(text, choices)).join(between);
          expect(canonicalKey(typed)).toBe(`http://host.example/${segments.join('/')}`);
        },
      ),
      { numRuns: 500 },
    );
  });
});
