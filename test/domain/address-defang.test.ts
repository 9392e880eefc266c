import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalKey, defang } from '../../src/domain/address.ts';
import { hash32, hash40, onion, spellings } from './address-spellings.ts';

describe('a defanged address', () => {
  it.each([
    ['https://host.example/a.b?c=d.e', 'hxxps://host[.]example/a.b?c=d.e'],
    ['http://www.host.example:8080/', 'hxxp://www[.]host[.]example:8080/'],
    ['ftp://host.example/a', 'ftp[:]//host[.]example/a'],
    ['http://192.0.2.7/', 'hxxp://192[.]0[.]2[.]7/'],
    ['http://[2001:db8::1]:81/', 'hxxp://[2001[:]db8[:][:]1]:81/'],
    [`http://${onion}.onion/a`, `hxxp://${onion}[.]onion/a`],
    ['https://name:word@host.example/', 'hxxps://name:word[@]host[.]example/'],
    ['https://host.example/web/https://other.example/', 'hxxps://host[.]example/web/https[:]//other.example/'],
    ['https://host.example/?u=www.other.example', 'hxxps://host[.]example/?u=www[.]other.example'],
    [`magnet:?xt=urn:btih:${hash40}`, `magnet[:]?xt=urn:btih:${hash40}`],
    [`ed2k://|file|-|1|${hash32}|/`, `ed2k[:]//|file|-|1|${hash32}|/`],
    ['news:alt.example.test', 'news[:]alt[.]example[.]test'],
    ['nntp://host.example/alt.example.test', 'nntp[:]//host[.]example/alt.example.test'],
    ['news:id@host.example', 'news[:]id[@]host[.]example'],
    ['someapp:@name', 'someapp[:][@]name'],
    ['host.example/a', 'host[.]example/a'],
    ['HTTPS://host.example/', 'HxxPS://host[.]example/'],
    ['javascript:a.b', 'javascript[:]a[.]b'],
  ])('%j is shown as %j', (key, shown) => {
    expect(defang(key)).toBe(shown);
  });

  it('is read back as the address it stands for', () => {
    for (const [, key] of spellings) {
      if (/[[\]]/.test(key.replace(/^\w+:\/\/\[[^\]]*\]/, ''))) continue;
      expect(canonicalKey(defang(key))).toBe(key);
    }
  });

  it('is no link, whatever the text was', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
      fc
        .array(fc.constantFrom('http', 'https', ':', '/', '//', '.', '@', '[', ']', 'www.', 'a', 'ftp', '\n'), {
          maxLength: 20,
        })
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(anything, (text) => {
        const shown = defang(text);
        expect(shown).not.toMatch(/(?:https?|ftp|magnet|ed2k|mailto|javascript):/i);
        expect(shown.replace(/^hxxps?:\/\//i, '')).not.toContain('://');
        expect(shown).not.toMatch(/\bwww\./i);
        const head = /^[^/?#|\\]*(?::\/\/|\[:\]\/\/)?[^/?#|\\]*/.exec(shown)?.[0] ?? '';
        expect(head.replaceAll('[.]', '')).not.toContain('.');
        expect(defang(shown)).toBe(shown);
      }),
      { numRuns: 1000 },
    );
  });
});
