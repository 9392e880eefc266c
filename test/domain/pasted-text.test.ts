import { describe, expect, it } from 'vitest';
import { readAddresses } from '../../src/domain/address.ts';
import { hash32, hash40 } from './address-spellings.ts';

const keysOf = (text: string) => readAddresses(text).addresses.map(({ key }) => key);

describe('a pasted text', () => {
  const a = 'https://host.example/a';
  const b = 'https://other.example/b';

  it.each<[string, string, string[]]>([
    ['spaces around', `  ${a} \n`, [a]],
    ['a sentence around', `I saw it at ${a}, yesterday.`, [a]],
    ['a full stop after', `${a}.`, [a]],
    ['a question after', `Is ${a}?`, [a]],
    ['an ellipsis after', `${a}...`, [a]],
    ['round brackets', `(see ${a})`, [a]],
    ['round brackets in the path too', '(https://host.example/a_(b))', ['https://host.example/a_(b)']],
    ['angle brackets', `<${a}>`, [a]],
    ['angle brackets and a line break', '<https://host.example/\n  a>', [a]],
    ['angle brackets with URL:', `<URL:${a}>`, [a]],
    ['straight quotes', `"${a}"`, [a]],
    ['single quotes', `'${a}'.`, [a]],
    ['curly quotes', `“${a}”,`, [a]],
    ['guillemets', `«${a}»`, [a]],
    ['corner brackets', `「${a}」です`, [a]],
    ['full-width brackets', `（${a}）谢谢`, [a]],
    ['Chinese punctuation', `请看${a}。谢谢`, [a]],
    ['an Arabic question mark', `${a}؟`, [a]],
    ['a Hindi full stop', `${a}।`, [a]],
    ['backticks', `\`${a}\``, [a]],
    ['asterisks', `**${a}**`, [a]],
    ['markdown', `see [this page](${a}).`, [a]],
    ['markdown with the address twice', `[${a}](${a})`, [a]],
    ['markdown without scheme', '[page](host.example/a)', ['http://host.example/a']],
    ['markdown with a title', `[page](${a} "title")`, [a]],
    ['HTML', `<a href="${a}">page</a>`, [a]],
    ['HTML in single quotes', `<a href='${a}'>page</a>`, [a]],
    ['a label', `URL:${a}`, [a]],
    ['a label without scheme', 'url:host.example/a', ['http://host.example/a']],
    ['an equals sign before', `link=${a}`, [a]],
    ['two on two lines', `${a}\n${b}`, [a, b]],
    ['two on two lines of Windows', `${a}\r\n${b}\r\n`, [a, b]],
    ['two with a comma', `${a},${b}`, [a, b]],
    ['two with comma and space', `${a}, ${b}`, [a, b]],
    ['two with a semicolon', `${a};${b}`, [a, b]],
    ['two with a bar', `${a}|${b}`, [a, b]],
    ['two with "and"', `${a} and ${b}`, [a, b]],
    ['two with an ampersand', `${a} & ${b}`, [a, b]],
    ['two with a slash', `${a} / ${b}`, [a, b]],
    ['two with a tab', `${a}\t${b}`, [a, b]],
    ['two stuck together', `${a}${b}`, [a, b]],
    ['two in a numbered list', `1. ${a}\n2. ${b}`, [a, b]],
    ['two in a list with dashes', `- ${a}\n- ${b}`, [a, b]],
    ['two in Chinese', `${a}，${b}。`, [a, b]],
    ['the same twice', `${a}\n${a}`, [a]],
    ['the same in two spellings', `${a} hxxps://HOST[.]example/a#x`, [a]],
    ['two kinds', `${a} magnet:?xt=urn:btih:${hash40}&dn=x`, [a, `magnet:?xt=urn:btih:${hash40}`]],
    ['a mail address beside', `${a} write to name@host.example`, [a]],
    ['a sentence end without space', `It is there.Please look: ${a}`, [a]],
    ['abbreviations', `e.g. this, i.e. ${a} at 10.30 a.m.`, [a]],
    ['names of files', `file page.html and photo.jpg at ${a}`, [a]],
    ['a bare host in a sentence', 'It is on host.example, I think.', ['http://host.example/']],
    ['a bare host after words', 'Found host.example/a today', ['http://host.example/a']],
    ['a path on the own device beside', `${a} saved as C:\\name\\page`, [a]],
    ['spaces around the dots', 'https://host . example/a', [a]],
    ['spaces around marked dots', 'hxxps://host [.] example/a', [a]],
    ['a space after a marked dot', 'host[.] example/a', ['http://host.example/a']],
    ['[dot] with spaces', 'host [dot] example', ['http://host.example/']],
    ['a space before the dot', 'https://host .example/a', [a]],
    ['a space after www.', 'https://www. host.example/a', ['https://www.host.example/a']],
    ['a space after the scheme', 'https:// host.example/a', [a]],
    ['spaces in the scheme', 'https : // host.example/a', [a]],
    ['spaces everywhere', 'https : // host . example / a ?q=1', ['https://host.example/a?q=1']],
    ['a space before the path', 'https://host.example /a', [a]],
    ['a line broken at a slash', 'https://host.example/\npage.html', ['https://host.example/page.html']],
    ['a line broken before a query', `${a}\n?q=1`, [`${a}?q=1`]],
    ['a line broken after an ampersand', `${a}?q=1&\nr=2`, [`${a}?q=1&r=2`]],
    ['a long line broken anywhere', `${a}${'b'.repeat(60)}\ncc/d.html`, [`${a}${'b'.repeat(60)}cc/d.html`]],
    ['a word on the next line', 'https://host.example/\nThanks', ['https://host.example/']],
    ['a sentence on the next line', 'https://host.example/\nand/or look there', ['https://host.example/']],
    ['a date on the next line', 'https://host.example/\n2026-01-31', ['https://host.example/']],
    [
      'a host on the next line',
      'https://host.example/\nother.example/b',
      ['https://host.example/', 'http://other.example/b'],
    ],
    ['an empty line between', `${a}?q=\n\nr=2`, [`${a}?q=`]],
    ['an ed2k link with spaces in it', `x ed2k://|file|a b c|5|${hash32}|/ y`, [`ed2k://|file|-|5|${hash32}|/`]],
    ['a newsgroup in a sentence', 'In news:alt.example.test.', ['news:alt.example.test']],
    ['a handle with a space', 'someapp: @name', ['someapp:@name']],
    ['dots only after a scheme', `${a} https://...`, [a]],
    ['zero-width signs between words', `look\u200B ${a}\u200B`, [a]],
  ])('with %s gives its addresses', (_, text, keys) => {
    expect(readAddresses(text).faults).toEqual([]);
    expect(keysOf(text)).toEqual(keys);
  });

  it.each([
    ['see hxxps://Host[.]example/a, ok', 'hxxps://Host[.]example/a'],
    ['(https://ho\u200Bst.example/a)', 'https://ho\u200Bst.example/a'],
    ['“host.example/a”', 'host.example/a'],
    ['now https://host . example / a ?q=1 there', 'https://host . example / a ?q=1'],
    ['1,https://host.example/a;2', 'https://host.example/a;2'],
    ['a <https://host.example/\n a> b', 'https://host.example/\n a'],
  ])('keeps of %j the part as typed', (text, raw) => {
    expect(readAddresses(text).addresses.map((address) => address.raw)).toEqual([raw]);
  });

  it('never keeps U+0000, which no database column can hold', () => {
    const { addresses } = readAddresses('https://host\0.example/a');
    expect(addresses).toEqual([{ kind: 'WEB', key: a, host: 'host.example', raw: a }]);
  });
});
