// Facts of public specifications as tables: what is typed and the key it has. Written anew with reserved names; where the platform
// decides otherwise than a source, it says so.
import { hash32, hash40, onion } from './address-spellings.ts';
import { international } from './address-vectors-international.ts';

export const HOST = 'http://host.example';
export const escaped = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
/** A table of paths, each under the same host. */
const paths = (table: [typed: string, key: string][]): [string, string][] =>
  table.map(([typed, key]) => [HOST + typed, HOST + key]);

/** RFC 3986 §5.4, each reference already merged with the base /b/c/d;p?q. */
const dotSegments = paths([
  ['/b/c/./g', '/b/c/g'],
  ['/b/c/g/', '/b/c/g/'],
  ['/b/c/d;p?y', '/b/c/d;p?y'],
  ['/b/c/g?y', '/b/c/g?y'],
  ['/b/c/d;p?q#s', '/b/c/d;p?q'],
  ['/b/c/g#s', '/b/c/g'],
  ['/b/c/g?y#s', '/b/c/g?y'],
  ['/b/c/;x', '/b/c/;x'],
  ['/b/c/g;x', '/b/c/g;x'],
  ['/b/c/g;x?y#s', '/b/c/g;x?y'],
  ['/b/c/.', '/b/c/'],
  ['/b/c/./', '/b/c/'],
  ['/b/c/..', '/b/'],
  ['/b/c/../', '/b/'],
  ['/b/c/../g', '/b/g'],
  ['/b/c/../..', '/'],
  ['/b/c/../../', '/'],
  ['/b/c/../../g', '/g'],
  ['/b/c/../../../g', '/g'],
  ['/b/c/../../../../g', '/g'],
  ['/./g', '/g'],
  ['/../g', '/g'],
  ['/b/c/g.', '/b/c/g.'],
  ['/b/c/.g', '/b/c/.g'],
  ['/b/c/g..', '/b/c/g..'],
  ['/b/c/..g', '/b/c/..g'],
  ['/b/c/./../g', '/b/g'],
  ['/b/c/./g/.', '/b/c/g/'],
  ['/b/c/g/./h', '/b/c/g/h'],
  ['/b/c/g/../h', '/b/c/h'],
  ['/b/c/g;x=1/./y', '/b/c/g;x=1/y'],
  ['/b/c/g;x=1/../y', '/b/c/y'],
  ['/b/c/g?y/./x', '/b/c/g?y/./x'],
  ['/b/c/g?y/../x', '/b/c/g?y/../x'],
  ['/b/c/g#s/./x', '/b/c/g'],
  ['/b/c/g#s/../x', '/b/c/g'],
  ['/a/b/c/./../../g', '/a/g'],
  ['/mid/content=5/../6', '/mid/6'],
  // WHATWG URL: the dots may be escaped
  ...['%2e', '%2E'].map((dot): [string, string] => [`/a/${dot}/b`, '/a/b']),
  ...['.%2e', '%2e.', '%2E%2e', '%2e%2E'].map((dots): [string, string] => [`/a/${dots}/b`, '/b']),
  ['/a/...', '/a/...'],
  ['/a/.../b', '/a/.../b'],
  ['/a/%2e%2e%2e/b', '/a/.../b'],
  ['/a//../b', '/a/b'],
  ['/a/..//b', '//b'],
]);

/** RFC 3986 §6.2.2.2: an escaped unreserved character is the character. */
const unreserved = paths(
  [...'ABCXYZabcxyz0189-._~'].map((character) => [`/x${escaped(character)}x`, `/x${character}x`]),
);
/** §2.2: an escaped reserved character is another page than the plain one, which stays plain. */
export const reserved = [...":/?#[]@!$&'()*+,;="];
const reservedEscapes = paths(
  reserved.map((character) => [`/x${escaped(character).toLowerCase()}x`, `/x${escaped(character)}x`]),
);
/** WHATWG URL, the path's and the query's percent-encode sets. */
const encoded = paths([
  ...[...' "<>^`{}'].map((character): [string, string] => [`/x${character}x`, `/x${escaped(character)}x`]),
  ...[...' "<>\''].map((character): [string, string] => [`/?x${character}x`, `/?x${escaped(character)}x`]),
  ...[..."!$&'()*+,;=:@|[]"].map((character): [string, string] => [`/x${character}x`, `/x${character}x`]),
  ...[...'^`{}|\\?/:@'].map((character): [string, string] => [`/?x${character}x`, `/?x${character}x`]),
  ['/\u00E9', '/%C3%A9'],
  ['/e\u0301', '/e%CC%81'],
  ['/\u{1F600}', '/%F0%9F%98%80'],
  ['/?\u00E9', '/?%C3%A9'],
  ['/%c3%a9', '/%C3%A9'],
  ['/%e9', '/%E9'],
  ['/%00', '/%00'],
  ['/%zz', '/%25zz'],
  ['/%', '/%25'],
  ['/%4', '/%254'],
  ['/?%', '/?%25'],
  ['/%252f', '/%252f'],
  ['/a\\b', '/a/b'],
  ['/a\\..\\b', '/b'],
]);

/** WHATWG URL, host parsing: case, ports, escapes, numbers, outer dots. */
const hosts: [string, string][] = [
  ...[
    'HTTP://HOST.EXAMPLE/',
    'hTtP://hOsT.eXaMpLe/',
    'http://host.example',
    'http://host.example:80/',
    'http://host.example:/',
  ].map((typed): [string, string] => [typed, `${HOST}/`]),
  ...[
    'http://host.example:0080/',
    'http://name@host.example/',
    'http://name:word@host.example/',
    'http://@host.example/',
  ].map((typed): [string, string] => [typed, `${HOST}/`]),
  ...[
    'http://host.example./',
    'http://host.example..../',
    'http://.host.example/',
    'http://host..example/',
    'http://h%6Fst.example/',
  ].map((typed): [string, string] => [typed, `${HOST}/`]),
  ...[
    'http:/host.example/',
    'http:\\\\host.example\\',
    'http:///host.example/',
    'http:\\/host.example/',
    'http:host.example',
  ].map((typed): [string, string] => [typed, `${HOST}/`]),
  ['https://host.example:443/', 'https://host.example/'],
  ['https://host.example:80/', 'https://host.example:80/'],
  ['http://host.example:443/', 'http://host.example:443/'],
  ['http://host.example:65535/', 'http://host.example:65535/'],
  ['http://host.example:0/', 'http://host.example:0/'],
  ['ftp://host.example:21/a', 'ftp://host.example/a'],
  ...[
    '192.0.2.7',
    '192.0.2.7.',
    '0300.0.2.7',
    '0xc0.0.2.7',
    '0XC0.0x0.02.0x7',
    '192.0.519',
    '192.519',
    '3221225991',
    '0xC0000207',
    '030000001007',
    '192.0.2.07',
    '192.0x207',
  ].map((typed): [string, string] => [`http://${typed}/`, 'http://192.0.2.7/']),
  ...['\uFF11\uFF19\uFF12.0.2.7', '192\u30020\u30022\u30027', '%31%39%32.0.2.7', '\u2460\u2468\u2461.0.2.7'].map(
    (typed): [string, string] => [`http://${typed}/`, 'http://192.0.2.7/'],
  ),
  ...['2001:db8::1', '2001:DB8:0:0:0:0:0:1', '2001:0db8::0001', '2001:db8:0::1', '2001:db8::0.0.0.1'].map(
    (typed): [string, string] => [`http://[${typed}]/`, 'http://[2001:db8::1]/'],
  ),
  ['http://[::FFFF:192.0.2.7]/', 'http://[::ffff:c000:207]/'],
  ['http://[2001:db8:0:0:1:0:0:0]/', 'http://[2001:db8:0:0:1::]/'],
  ['http://[2001:db8:0:1:0:1:0:1]/', 'http://[2001:db8:0:1:0:1:0:1]/'],
];

/** Google Safe Browsing, "Canonicalization"; where it decodes until nothing is left and drops doubled slashes, we don't. */
const safeBrowsing = paths([
  ['/%25%32%35', '/%2525'],
  ['/%2525252525252525', '/%2525252525252525'],
  ['/asdf%25%32%35asd', '/asdf%2525asd'],
  ['/%%%25%32%35asd%%', '/%25%25%2525asd%25%25'],
  ['/blah/..', '/'],
  ['/blah#frag', '/blah'],
  ['/foo\tbar\rbaz\n2', '/foobarbaz2'],
  ['/q?', '/q'],
  ['/q?r?', '/q?r?'],
  ['/q?r?s', '/q?r?s'],
  ['/foo;', '/foo;'],
  ['/foo?bar;', '/foo?bar;'],
  ['/ab%23cd', '/ab%23cd'],
  ['//twoslashes?more//slashes', '//twoslashes?more//slashes'],
  ['/%7Efoo/%41%2d', '/~foo/A-'],
  [':1234/', ':1234/'],
  ['/  ', '/'],
]);

export const hash64 = `${hash40}${hash40.slice(0, 24)}`;
export const base32 = 'AERUKZ4JVPG66AJDIVTYTK6N54ASGRLH';
export const btih = `magnet:?xt=urn:btih:${hash40}`;
export const ed2k = `ed2k://|file|-|1024|${hash32}|/`;
/** BEP 9 and BEP 52, the ed2k scheme, RFC 5538, handles of apps, onion services. */
const otherLinks: [string, string][] = [
  ...[
    btih,
    `magnet:?xt=urn:btih:${hash40.toUpperCase()}`,
    `magnet:?xt=urn:btih:${base32}`,
    `magnet:?xt=urn:btih:${base32.toLowerCase()}`,
    `MAGNET:?XT=URN:BTIH:${hash40}`,
    `magnet:?dn=a+name&xt=urn:btih:${hash40}`,
    `magnet:?xt=urn:btih:${hash40}&tr=http%3A%2F%2Ftracker.example%2Fannounce&tr=udp://other.example:80`,
    `magnet:?xt=urn:btih:${hash40}&x.pe=192.0.2.7:6881&ws=https://host.example/f&so=0,2,4-6&xl=10826029`,
    `magnet:?xt=urn:btih:${hash40}&xt=urn:btmh:1220${hash64}`,
    `magnet:?xt=urn:btmh:1220${hash64}&xt=urn:btih:${hash40}`,
    `magnet:?xt.1=urn:btih:${hash40}`,
    `magnet:?xt=urn%3abtih%3A${hash40}`,
  ].map((typed): [string, string] => [typed, btih]),
  [`magnet:?xt=urn:btmh:1220${hash64.toUpperCase()}&dn=x`, `magnet:?xt=urn:btmh:1220${hash64}`],
  [`magnet:?xt=urn:sha1:${base32}`, `magnet:?xt=urn:sha1:${base32.toLowerCase()}`],
  [`magnet:?xt=urn:tree:tiger:${'A'.repeat(39)}`, `magnet:?xt=urn:tree:tiger:${'a'.repeat(39)}`],
  ...[
    ed2k,
    `ed2k://|file|name.bin|1024|${hash32}|/`,
    `ED2K://|FILE|other name|01024|${hash32.toUpperCase()}|/`,
    `ed2k://|file|name|1024|${hash32}|h=ABCDEFGHIJKLMNOPQRSTUVWXYZ234567|/`,
    `ed2k://|file|name|1024|${hash32}|/|sources,192.0.2.7:4662|/`,
    `ed2k://%7Cfile%7Cname%7C1024%7C${hash32}%7C/`,
  ].map((typed): [string, string] => [typed, ed2k]),
  ['news:Alt.Example.Test', 'news:alt.example.test'],
  ['NEWS:alt.example.test', 'news:alt.example.test'],
  ['news:<a.b@host.example>', 'news:a.b@host.example'],
  ['news:A.b@host.example', 'news:A.b@host.example'],
  ['news://NEWS.host.example/alt.example.test', 'news://news.host.example/alt.example.test'],
  ['nntp://news.host.example:119/Alt.example.test/4711', 'nntp://news.host.example/alt.example.test/4711'],
  ['nntp://news.host.example:1119/alt.example.test', 'nntp://news.host.example:1119/alt.example.test'],
  ['SomeApp:@A.Name', 'someapp:@a.name'],
  ...[
    `${onion}.onion`,
    `http://${onion.toUpperCase()}.onion`,
    `http://${onion}.onion:80/`,
    `hxxp://${onion}[.]onion/`,
    `http://${onion}.onion./`,
  ].map((typed): [string, string] => [typed, `http://${onion}.onion/`]),
  [`http://sub.${onion}.onion/A`, `http://sub.${onion}.onion/A`],
];

/** What is typed and the key that it is to have. */
export const vectors: [string, string][] = [
  ...dotSegments,
  ...unreserved,
  ...reservedEscapes,
  ...encoded,
  ...hosts,
  ...international.filter((row): row is [string, string] => row[1] !== null),
  ...safeBrowsing,
  ...otherLinks,
];
