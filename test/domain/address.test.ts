import { describe, expect, it } from 'vitest';
import { addressKinds, canonicalKey, readAddresses } from '../../src/domain/address.ts';
import { hash32, hash40, onion, spellings } from './address-spellings.ts';

describe('an address alone', () => {
  it.each(spellings)('%j has the key %j', (typed, key) => {
    expect(canonicalKey(typed)).toBe(key);
    expect(canonicalKey(key)).toBe(key);
    expect(readAddresses(typed)).toMatchObject({ addresses: [{ key }], faults: [] });
  });

  it.each([
    ['https://host.example/a', 'http://host.example/a'],
    ['https://host.example/a', 'https://host.example/A'],
    ['https://host.example/a', 'https://host.example/a/'],
    ['https://host.example/a', 'https://host.example//a'],
    ['https://host.example/a', 'https://www.host.example/a'],
    ['https://host.example/?a=1&b=2', 'https://host.example/?b=2&a=1'],
    ['https://host.example/a%2Fb', 'https://host.example/a/b'],
  ])('%j and %j stay two', (one, other) => {
    expect(canonicalKey(one)).not.toBe(canonicalKey(other));
  });

  it.each([
    ['https://host.example/a', 'WEB', 'host.example'],
    ['http://[2001:db8::1]:81/', 'WEB', '[2001:db8::1]'],
    [`${onion}.onion`, 'ONION', `${onion}.onion`],
    [`magnet:?xt=urn:btih:${hash40}`, 'MAGNET', null],
    [`ed2k://|file|name|1|${hash32}|/`, 'ED2K', null],
    ['news:alt.example.test', 'NEWSGROUP', null],
    ['nntp://host.example/alt.example.test', 'NEWSGROUP', 'host.example'],
    ['someapp:@name', 'APP_HANDLE', null],
  ])('%j is of the kind %s at the host %s', (typed, kind, host) => {
    expect(readAddresses(typed).addresses).toEqual([expect.objectContaining({ kind, host, raw: typed })]);
    expect(addressKinds).toContain(kind);
  });

  it('is read by canonicalKey within angle brackets and over a line break, as the URL standard does', () => {
    expect(canonicalKey(' <https://host.example/a> ')).toBe('https://host.example/a');
    expect(canonicalKey('https://host.example/a\r\nb\tc')).toBe('https://host.example/abc');
    expect(canonicalKey('https://host.example/a b')).toBe('https://host.example/a%20b');
  });

  it.each(['', 'hello', 'two words', 'a https://host.example/', 'mailto:name@host.example', 'https://'])(
    'has no key where the text is %j',
    (text) => {
      expect(canonicalKey(text)).toBeNull();
    },
  );
});
