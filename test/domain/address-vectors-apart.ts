// What the same public specifications refuse or keep apart.
import { hash32, hash40, onion } from './address-spellings.ts';
import { base32, btih, ed2k, escaped, HOST, hash64, reserved } from './address-vectors.ts';
import { international } from './address-vectors-international.ts';

/** What has no key. */
export const refused: string[] = [
  ...international.filter(([, key]) => key === null).map(([typed]) => typed),
  ...[
    'host.example:65536',
    'host.example:x',
    'ho st.example',
    'ho<st.example',
    'ho^st.example',
    'ho|st.example',
    'ho%00st.example',
    'ho%zzst.example',
  ].map((host) => `http://${host}/`),
  ...['256.0.0.1', '192.0.2.0x100', '1.2.3.4.5', '4294967296', '192.0.2.08', '0x1.2.3.4.5'].map(
    (host) => `http://${host}/`,
  ),
  ...['::1::', '1:2:3', '2001:db8::g', '2001:db8::1.2.3', ':', '2001:db8::1%25eth0', '1:2:3:4:5:6:7:8:9'].map(
    (host) => `http://[${host}]/`,
  ),
  ...[
    'http://',
    'http:///',
    'https://?q',
    'https://#f',
    'http://./',
    'http://../',
    'mailto:a@host.example',
    'gopher://host.example/',
    'javascript:void(0)',
  ],
  `magnet:?xt=urn:btih:${hash40.slice(1)}`,
  `magnet:?xt=urn:btih:${hash40}0`,
  `magnet:?xt=urn:btih:${base32.slice(1)}1`,
  `magnet:?xt=urn:btmh:1120${hash64}`,
  `magnet:?xt=urn:btmh:${hash64}`,
  'magnet:?dn=name',
  `ed2k://|file|name|x|${hash32}|/`,
  `ed2k://|file|name|1024|${hash32.slice(1)}|/`,
  'ed2k://|server|192.0.2.7|4661|/',
  'news:alt',
  'news:*',
  'nntp://host.example/',
  ...[...onion].map(
    (letter, place) => `http://${onion.slice(0, place)}${letter === 'q' ? 'r' : 'q'}${onion.slice(place + 1)}.onion/`,
  ),
  `http://${onion.slice(1)}.onion/`,
  `http://${onion}a.onion/`,
  'http://onion/',
];

/** Two addresses that stay two. */
export const apart: [string, string][] = [
  ...reserved
    .filter((character) => !'?#[]'.includes(character))
    .map((character): [string, string] => [`${HOST}/x${character}x`, `${HOST}/x${escaped(character)}x`]),
  ['http://host.example/', 'https://host.example/'],
  ['http://host.example/', 'http://host.example:8080/'],
  ['http://host.example/', 'http://www.host.example/'],
  ['http://host.example/a', 'http://host.example/a/'],
  ['http://host.example/a', 'http://host.example/A'],
  ['http://host.example/a/b', 'http://host.example/a//b'],
  ['http://host.example/?a', 'http://host.example/?A'],
  ['http://host.example/?a=1&b=2', 'http://host.example/?b=2&a=1'],
  ['http://host.example/?a=1', 'http://host.example/?a=1&a=1'],
  ['http://host.example/?a+b', 'http://host.example/?a%20b'],
  ['http://host.example/?a', 'http://host.example/?a='],
  ['http://host.example/\u00E9', 'http://host.example/e\u0301'],
  ['http://host.example/%25', 'http://host.example/%2525'],
  ['http://host.example/#!/a', 'http://host.example/#!/b'],
  ['http://host.example/', 'http://host.example/#!/b'],
  ['http://fa\u00DF.example/', 'http://fass.example/'],
  ['http://h\u043Est.example/', 'http://host.example/'],
  ['http://192.0.2.7/', 'http://192.0.2.8/'],
  [btih, btih.replace('0123', '1123')],
  [btih, `magnet:?xt=urn:btmh:1220${hash64}`],
  [ed2k, ed2k.replace('1024', '1025')],
  ['news:a@host.example', 'news:A@host.example'],
  ['news:alt.example.test', 'nntp://news.host.example/alt.example.test'],
  ['someapp:@name', 'otherapp:@name'],
  [`http://${onion}.onion/`, `https://${onion}.onion/`],
];
