import { describe, expect, it } from 'vitest';
import {
  type AddressFault,
  MAX_ADDRESS_LENGTH,
  MAX_ADDRESSES,
  MAX_TEXT_LENGTH,
  readAddresses,
} from '../../src/domain/address.ts';
import { hash32, onion } from './address-spellings.ts';

const codesOf = (text: string) => readAddresses(text).faults.map(({ code }) => code);

describe('a text that is refused', () => {
  const blob = Buffer.from(Array.from({ length: 300 }, (_, index) => (index * 73) % 256)).toString('base64');
  const wrapped = (blob.match(/.{1,64}/g) ?? []).join('\n');
  const brokenOnion = onion.replace(/^./, (first) => (first === 'a' ? 'b' : 'a'));
  const address = 'https://host.example/a';

  it.each<[string, string, AddressFault['code'][]]>([
    ['nothing', '', ['EMPTY']],
    ['white space', ' \n\t\u3000', ['EMPTY']],
    ['invisible signs', '\u200B\uFEFF\u00AD', ['EMPTY']],
    ['words', 'something bad is online', ['NOT_AN_ADDRESS']],
    ['a mail address', 'name@host.example', ['NOT_AN_ADDRESS']],
    ['mailto:', 'mailto:name@host.example', ['NOT_AN_ADDRESS']],
    ['javascript:', 'javascript:open("https://host.example/")', ['NOT_AN_ADDRESS']],
    ['blob:', 'blob:https://host.example/0a1b', ['NOT_AN_ADDRESS']],
    ['about:', 'about:blank', ['NOT_AN_ADDRESS']],
    ['an unknown scheme', 'gopher://host.example/a', ['NOT_AN_ADDRESS']],
    ['a scheme alone', 'https://', ['NOT_AN_ADDRESS']],
    ['a name of a file', 'photo.jpg', ['NOT_AN_ADDRESS']],
    ['a magnet link without hash', 'magnet:?dn=name', ['NOT_AN_ADDRESS']],
    ['a magnet link with a short hash', `magnet:?xt=urn:btih:${hash32}`, ['NOT_AN_ADDRESS']],
    ['an ed2k link to a server', 'ed2k://|server|192.0.2.7|4661|/', ['NOT_AN_ADDRESS']],
    ['an onion address with a wrong character', `http://${brokenOnion}.onion/`, ['NOT_AN_ADDRESS']],
    ['an onion address with a character less', `${onion.slice(1)}.onion`, ['NOT_AN_ADDRESS']],
    ['an onion address of another version', `http://${onion.slice(0, -1)}e.onion/`, ['NOT_AN_ADDRESS']],
    ['a broken onion beside a good address', `${address} http://${brokenOnion}.onion/`, ['NOT_AN_ADDRESS']],
    ['file:', 'file:///name/page.html', ['FILE_ADDRESS']],
    ['a Windows path', 'C:\\Users\\name\\page.html', ['FILE_ADDRESS']],
    ['a Windows path with slashes', 'd:/name/page.html', ['FILE_ADDRESS']],
    ['a share', '\\\\server\\share\\page', ['FILE_ADDRESS']],
    ['a path of a home folder', '/home/name/page.html', ['FILE_ADDRESS']],
    ['a path of a telephone', 'content://media/external/7', ['FILE_ADDRESS']],
    ['data:', 'data:text/plain,hello', ['DATA_ADDRESS']],
    ['data: without type', 'data:,hello', ['DATA_ADDRESS']],
    ['data: in base64', `data:image/png;base64,${blob}`, ['DATA_ADDRESS']],
    ['data: in capitals and brackets', '(DATA:text/plain,hello)', ['DATA_ADDRESS']],
    ['data: made harmless', 'data[:]image/png,x', ['DATA_ADDRESS']],
    ['data: with signs not seen', 'da\u200Bta:image/png,x', ['DATA_ADDRESS']],
    ['data: in full width', 'ｄａｔａ：image/png,x', ['DATA_ADDRESS']],
    ['data: with spaces', 'data : image/png ; base64 , AAAA', ['DATA_ADDRESS']],
    ['data: beside an address', `${address} data:image/png;base64,AAAA`, ['DATA_ADDRESS']],
    ['data: in HTML', '<img src="data:image/png;base64,AAAA">', ['DATA_ADDRESS']],
    ['data: inside a query', `${address}?u=data:image/png;base64,AAAA`, ['DATA_ADDRESS']],
    ['data: escaped inside a query', `${address}?u=data%3Aimage%2Fpng%3Bbase64%2CAAAA`, ['DATA_ADDRESS']],
    ['data: escaped twice over', `${address}?u=data:image/png;b%61se64,AAAA`, ['DATA_ADDRESS']],
    ['base64', blob, ['ENCODED_BLOB']],
    ['base64 in lines', wrapped, ['ENCODED_BLOB']],
    ['base64 after an address', `${address}\n\n${wrapped}`, ['ENCODED_BLOB']],
    ['base64 after a word', `img:${blob}`, ['ENCODED_BLOB']],
    ['base64 in quotes', `src="${blob}"`, ['ENCODED_BLOB']],
    ['a long text', 'a '.repeat(MAX_TEXT_LENGTH), ['TOO_LONG']],
    ['a long address', `https://host.example/${'a'.repeat(MAX_ADDRESS_LENGTH)}`, ['TOO_LONG']],
    ['an address with a long key', `https://host.example/${'ä'.repeat(400)}`, ['TOO_LONG']],
    [
      'many addresses',
      Array.from({ length: MAX_ADDRESSES + 1 }, (_, page) => `${address}/${page}`).join('\n'),
      ['TOO_MANY'],
    ],
  ])('for %s says why', (_, text, codes) => {
    expect(codesOf(text)).toEqual(codes);
  });

  it.each([
    ['base64 in the path of an address', `https://host.example/${blob.replaceAll('+', '-')}`],
    ['base64 in the query of an address', `https://host.example/?v=${blob}`],
    ['less than 200 characters of base64', `${address} ${blob.slice(0, 199).replace(/[+/]/g, 'a')}`],
    ['a row of dashes', `${address}\n${'-'.repeat(300)}`],
    ['many short words', `${address} ${'word '.repeat(500)}`],
    ['the word data with a colon', `${address} data: from a message`],
    [
      'as many addresses as allowed',
      Array.from({ length: MAX_ADDRESSES }, (_, page) => `${address}/${page}`).join('\n'),
    ],
    ['the same address many times', `${address}\n`.repeat(100)],
    ['an address as long as allowed', `https://host.example/${'a'.repeat(MAX_ADDRESS_LENGTH - 21)}`],
  ])('is not one with %s', (_, text) => {
    expect(codesOf(text)).toEqual([]);
  });

  it('gets messages that do not repeat what was pasted', () => {
    for (const text of [`http://${brokenOnion}.onion/`, 'gopher://secret.example', 'C:\\secret', 'data:secret/x,y']) {
      const { faults } = readAddresses(text);
      expect(faults).toHaveLength(1);
      expect(faults[0]?.message).not.toMatch(/secret|gopher/);
      expect(faults[0]?.message).not.toContain(brokenOnion);
      expect(faults[0]?.message.length).toBeGreaterThan(40);
    }
  });
});
