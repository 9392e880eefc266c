import { createHash } from 'node:crypto';

/** An onion address of nobody: its "public key" is a digest of words. The checksum is OpenSSL's, not ours. */
function onionOf(words: string): string {
  const key = createHash('sha256').update(words).digest();
  const checksum = createHash('sha3-256')
    .update('.onion checksum')
    .update(key)
    .update(Buffer.from([3]))
    .digest();
  const bytes = Buffer.concat([key, checksum.subarray(0, 2), Buffer.from([3])]);
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? [])
    .map((five) => 'abcdefghijklmnopqrstuvwxyz234567'[Number.parseInt(five, 2)])
    .join('');
}

export const onion = onionOf('for tests only');
export const hash40 = '0123456789abcdef0123456789abcdef01234567';
const hash40Base32 = 'AERUKZ4JVPG66AJDIVTYTK6N54ASGRLH';
const hash64 = `${hash40}${hash40.slice(0, 24)}`;
export const hash32 = hash40.slice(0, 32);

/** What is typed, and the key it is to have: as one address and as a text. */
export const spellings: [string, string][] = [
  // As it is
  ['https://host.example/', 'https://host.example/'],
  ['https://host.example', 'https://host.example/'],
  ['http://host.example/Path/Page.HTML', 'http://host.example/Path/Page.HTML'],
  ['HTTPS://HOST.Example/A', 'https://host.example/A'],
  ['ftp://host.example/file', 'ftp://host.example/file'],
  ['https://host.example/a/b/', 'https://host.example/a/b/'],
  ['https://host.example//a///b', 'https://host.example//a///b'],
  ['https://host.example/a?b=2&a=1&B=3', 'https://host.example/a?b=2&a=1&B=3'],
  ['https://host.example?q=1', 'https://host.example/?q=1'],
  ['https://host.example/a?utm_source=x', 'https://host.example/a?utm_source=x'],
  ['https://host.example/a?u=https://other.example/', 'https://host.example/a?u=https://other.example/'],
  ['https://host.example/web/2020/https://other.example/x', 'https://host.example/web/2020/https://other.example/x'],
  ['https://host.example/a_(b)', 'https://host.example/a_(b)'],
  ['https://host.example/list?a[]=1&a[]=2', 'https://host.example/list?a[]=1&a[]=2'],
  ['https://host.example/a[.]b', 'https://host.example/a[.]b'],
  ['https://host.example/@name', 'https://host.example/@name'],
  ['https://host.example/a-', 'https://host.example/a-'],
  // Host and scheme
  ['https://host.example.', 'https://host.example/'],
  ['https://host..example/', 'https://host.example/'],
  ['https://.host.example/', 'https://host.example/'],
  ['http://host.example:80/', 'http://host.example/'],
  ['https://host.example:443/', 'https://host.example/'],
  ['ftp://host.example:21/', 'ftp://host.example/'],
  ['http://host.example:443/', 'http://host.example:443/'],
  ['https://host.example:8443/a', 'https://host.example:8443/a'],
  ['https://user:secret@host.example/a', 'https://host.example/a'],
  ['https://other.example@host.example/a', 'https://host.example/a'],
  ['https://bücher.example/', 'https://xn--bcher-kva.example/'],
  ['https://xn--bcher-kva.example/', 'https://xn--bcher-kva.example/'],
  ['https://BÜCHER.example/', 'https://xn--bcher-kva.example/'],
  ['https://مثال.example/', 'https://xn--mgbh0fb.example/'],
  ['https://host。example/a', 'https://host.example/a'],
  ['https://sub_domain.host.example/', 'https://sub_domain.host.example/'],
  ['http://localhost:3000/a', 'http://localhost:3000/a'],
  ['https://h%6fst.example/', 'https://host.example/'],
  ['http:\\\\host.example\\a', 'http://host.example/a'],
  ['http:/host.example/a', 'http://host.example/a'],
  ['http:////host.example/a', 'http://host.example/a'],
  ['view-source:https://host.example/a', 'https://host.example/a'],
  // Numbers as hosts (documentation ranges)
  ['http://192.0.2.7/a', 'http://192.0.2.7/a'],
  ['http://3221225991/', 'http://192.0.2.7/'],
  ['http://0xC0000207/', 'http://192.0.2.7/'],
  ['http://0300.0.02.7/', 'http://192.0.2.7/'],
  ['http://192.0.519/', 'http://192.0.2.7/'],
  ['http://192.0.2.7./', 'http://192.0.2.7/'],
  ['http://0xC0.0.0x207../', 'http://192.0.2.7/'],
  ['http://[2001:DB8:0:0:0:0:0:1]:8080/', 'http://[2001:db8::1]:8080/'],
  ['http://[::ffff:192.0.2.1]/', 'http://[::ffff:c000:201]/'],
  // Path, query, fragment
  ['https://host.example/a/../b/./c', 'https://host.example/b/c'],
  ['https://host.example/../../a', 'https://host.example/a'],
  ['https://host.example/a/%2e%2E/b', 'https://host.example/b'],
  ['https://host.example/%7euser/%41%2d%5f', 'https://host.example/~user/A-_'],
  ['https://host.example/a%2fb%3a', 'https://host.example/a%2Fb%3A'],
  ['https://host.example/%2541', 'https://host.example/%2541'],
  ['https://host.example/%%34%31', 'https://host.example/%2541'],
  ['https://host.example/100%', 'https://host.example/100%25'],
  ['https://host.example/a^b', 'https://host.example/a%5Eb'],
  ['https://host.example/ä?ö=ü', 'https://host.example/%C3%A4?%C3%B6=%C3%BC'],
  ['https://host.example/%c3%a4', 'https://host.example/%C3%A4'],
  ['https://host.example/a?q=%7e%2b+', 'https://host.example/a?q=~%2B+'],
  ['https://host.example/a#part', 'https://host.example/a'],
  ['https://host.example/a#!/board/7', 'https://host.example/a#!/board/7'],
  ['https://host.example/#/board/7', 'https://host.example/#/board/7'],
  ['https://host.example/a#/', 'https://host.example/a'],
  // Without scheme
  ['host.example', 'http://host.example/'],
  ['host.example/a', 'http://host.example/a'],
  ['HOST.EXAMPLE/a', 'http://host.example/a'],
  ['www.host.example', 'http://www.host.example/'],
  ['host.example:8080', 'http://host.example:8080/'],
  ['host.example?q=1', 'http://host.example/?q=1'],
  ['bücher.example/a', 'http://xn--bcher-kva.example/a'],
  ['192.0.2.7:8080/a', 'http://192.0.2.7:8080/a'],
  ['archive.example/https://host.example/a', 'http://archive.example/https://host.example/a'],
  // Made harmless
  ['hxxp://host.example/a', 'http://host.example/a'],
  ['hxxps://host.example/a', 'https://host.example/a'],
  ['HXXPS://host.example/a', 'https://host.example/a'],
  ['h**ps://host.example/a', 'https://host.example/a'],
  ['h**p://host.example/a', 'http://host.example/a'],
  ['h__ps://host.example/a', 'https://host.example/a'],
  ['htxp://host.example/a', 'http://host.example/a'],
  ['ttps://host.example/a', 'https://host.example/a'],
  ['fxp://host.example/a', 'ftp://host.example/a'],
  ['https[:]//host.example/a', 'https://host.example/a'],
  ['hxxps[://]host.example/a', 'https://host.example/a'],
  ['https;//host.example/a', 'https://host.example/a'],
  ['https//host.example/a', 'https://host.example/a'],
  ['https://host[.]example/a', 'https://host.example/a'],
  ['https://www[.]host[.]example/a', 'https://www.host.example/a'],
  ['https://host(.)example/a', 'https://host.example/a'],
  ['https://host{.}example/a', 'https://host.example/a'],
  ['https://host[dot]example/a', 'https://host.example/a'],
  ['https://host(DOT)example/a', 'https://host.example/a'],
  ['https://host[.example/a', 'https://host.example/a'],
  ['https://host.]example/a', 'https://host.example/a'],
  ['host[.]example', 'http://host.example/'],
  ['host[.]example[/]a', 'http://host.example/a'],
  ['hxxps://host[.]example/a[.]html', 'https://host.example/a.html'],
  ['hxxp://192[.]0[.]2[.]7/a', 'http://192.0.2.7/a'],
  ['hxxp://[2001[:]db8[:][:]1]/a', 'http://[2001:db8::1]/a'],
  ['hxxps://user[@]host[.]example/a', 'https://host.example/a'],
  // Signs that are not seen, or are too wide
  ['\uFEFFhttps://host.example/a', 'https://host.example/a'],
  ['https://ho\u200Bst.exa\u00ADmple/a\u2060b', 'https://host.example/ab'],
  ['\u202Ahttps://host.example/a\u202C', 'https://host.example/a'],
  ['\u200Fhttps://host.example/a\u200E', 'https://host.example/a'],
  ['https://host.exam\uFEFFple/a', 'https://host.example/a'],
  ['https://ho\u200Dst.example/', 'https://host.example/'],
  ['https://host.example/می\u200Cخواهم', 'https://host.example/%D9%85%DB%8C%E2%80%8C%D8%AE%D9%88%D8%A7%D9%87%D9%85'],
  ['ｈｔｔｐｓ：／／ｈｏｓｔ．ｅｘａｍｐｌｅ／ａ', 'https://host.example/a'],
  ['https：／／host.example/a', 'https://host.example/a'],
  ['ｈｏｓｔ．ｅｘａｍｐｌｅ/a', 'http://host.example/a'],
  ['https://host.example/Ａ', 'https://host.example/%EF%BC%A1'],
  // Onion services
  [`http://${onion}.onion`, `http://${onion}.onion/`],
  [`${onion}.onion/a?b=1`, `http://${onion}.onion/a?b=1`],
  [`https://www.${onion.toUpperCase()}.ONION:8080/A`, `https://www.${onion}.onion:8080/A`],
  [`hxxp://${onion}[.]onion/`, `http://${onion}.onion/`],
  ['http://exampleexample22.onion/a', 'http://exampleexample22.onion/a'],
  // Other links
  [`magnet:?xt=urn:btih:${hash40}`, `magnet:?xt=urn:btih:${hash40}`],
  [
    `MAGNET:?xt=urn:btih:${hash40.toUpperCase()}&dn=name&tr=udp%3A%2F%2Ftracker.example`,
    `magnet:?xt=urn:btih:${hash40}`,
  ],
  [`magnet:?dn=name&xt=urn:btih:${hash40Base32}`, `magnet:?xt=urn:btih:${hash40}`],
  [`magnet:?xt=urn%3Abtih%3A${hash40}`, `magnet:?xt=urn:btih:${hash40}`],
  [`magnet:?xt=urn:btmh:1220${hash64}`, `magnet:?xt=urn:btmh:1220${hash64}`],
  [`magnet:?xt=urn:btmh:1220${hash64}&xt=urn:btih:${hash40}`, `magnet:?xt=urn:btih:${hash40}`],
  [`magnet:?xt.1=urn:ed2k:${hash32}`, `magnet:?xt=urn:ed2k:${hash32}`],
  [`magnet[:]?xt=urn[:]btih[:]${hash40}`, `magnet:?xt=urn:btih:${hash40}`],
  [`ed2k://|file|a name.bin|0123|${hash32.toUpperCase()}|/`, `ed2k://|file|-|123|${hash32}|/`],
  [`ed2k://|file|name|123|${hash32}|h=ABC|/`, `ed2k://|file|-|123|${hash32}|/`],
  [`ed2k://%7Cfile%7Cname%7C123%7C${hash32}%7C/`, `ed2k://|file|-|123|${hash32}|/`],
  ['news:Alt.Example.test', 'news:alt.example.test'],
  ['news:<Id-1@host.example>', 'news:Id-1@host.example'],
  ['news:Id-1@host.example', 'news:Id-1@host.example'],
  ['nntp://NEWS.host.example/alt.example.test', 'nntp://news.host.example/alt.example.test'],
  ['nntp://news.host.example:119/alt.example.test/42', 'nntp://news.host.example/alt.example.test/42'],
  ['news[:]alt[.]example[.]test', 'news:alt.example.test'],
  ['SomeApp:@Name.One', 'someapp:@name.one'],
];
