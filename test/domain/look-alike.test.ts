import { domainToUnicode } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readAddresses } from '../../src/domain/address.ts';
import { lookAlikeOf } from '../../src/domain/look-alike.ts';

/** The host of an address as the platform keeps it, in Unicode. */
function hostOf(host: string): string {
  const [address] = readAddresses(`https://${host}/`).addresses;
  return domainToUnicode(address?.host ?? '');
}

// The first of each is written with letters of other scripts, by their code points where a reader could not tell.
describe('a host that is made to look like another', () => {
  it.each([
    ['one Cyrillic letter among Latin ones', 'h\u043Est.example', 'host.example'],
    ['a whole word of Cyrillic letters', '\u0441\u043E\u0441\u043E\u0430.example', 'cocoa.example'],
    ['Cyrillic letters and digits', '\u0441\u0430\u0441\u0430-2.example', 'caca-2.example'],
    ['a Greek letter', 'h\u03BFst.example', 'host.example'],
    ['a whole word of Greek letters', '\u03BD\u03B1\u03C1\u03BF\u03C5\u03B3.example', 'vapouy.example'],
    ['an Armenian letter', 'h\u0585st.example', 'host.example'],
    ['a whole word of Armenian letters', '\u0570\u0585\u057D.example', 'hou.example'],
    ['a whole word of Cherokee letters', '\u13DF\u13AA\u13DE\u13DE.example', 'call.example'],
    ['small Cherokee letters', '\uABAF\uAB7A\uABAE.example', 'cal.example'],
    ['letters of phonetic script', 'exam\u0251\u0261e.example', 'examage.example'],
    ['a zero of Thai', 'h\u0E50st.example', 'host.example'],
    ['a letter that only deceives among Latin ones', 'hos\u0442.example', 'host.example'],
    ['letters of two scripts', '\u0430\u03BF.example', 'ao.example'],
    ['an accent too', 'c\u0430f\u00E9.example', 'cafe.example'],
    ['a letter in a subdomain', 'h\u043Est.b\u00FCcher.example', 'host.bücher.example'],
    ['letters of another script than the ending', '\u0430\u043E.ελ', 'ao.ελ'],
    ['mixed letters under an ending of their script', 'h\u043Est.рф', 'host.рф'],
  ])('is flagged: %s', (_, host, seems) => {
    const canonical = hostOf(host);
    expect(canonical).not.toBe('');
    expect(lookAlikeOf(canonical)).toBe(seems);
  });

  it.each([
    ['plain ASCII', 'host.example'],
    ['ASCII that resembles other ASCII', 'h0st.example'],
    ['accents', 'bücher.example'],
    ['Vietnamese', 'thư-viện.example'],
    ['Turkish', 'kırmızı.example'],
    ['Icelandic', 'þór.example'],
    ['a Russian word', 'новости.example'],
    ['a Russian word under a Russian ending', 'роса.рф'],
    ['a Kazakh word', 'кітап.example'],
    ['a Greek word', 'βιβλίο.example'],
    ['an Armenian word', 'գիրք.example'],
    ['an Arabic word', 'مثال.example'],
    ['a Hindi word', 'उदाहरण.example'],
    ['an Amharic word', 'ምሳሌ.example'],
    ['a Khmer word', 'ឧទាហរណ៍.example'],
    ['a Thai word', 'ตัวอย่าง.example'],
    ['Latin with Han', 'abc中文.example'],
    ['Latin with kana', 'abcテスト.example'],
    ['Latin with Han and Bopomofo', 'abc中ㄅ.example'],
    ['Latin with Hangul', 'abc한국.example'],
    ['Latin with Cyrillic that resembles nothing', 'iphone-чехлы.example'],
    ['an IPv4 address', '192.0.2.7'],
  ])('is not: %s', (_, host) => {
    const canonical = hostOf(host);
    expect(canonical).not.toBe('');
    expect(lookAlikeOf(canonical)).toBeNull();
  });

  it('is not one in full-width letters, which is the same host', () => {
    expect(hostOf('ｈｏｓｔ.example')).toBe('host.example');
  });

  it('stays an address of its own', () => {
    const { addresses } = readAddresses('https://host.example/a https://h\u043Est.example/a');
    expect(addresses.map(({ host }) => host)).toEqual(['host.example', 'xn--hst-sed.example']);
  });
});
