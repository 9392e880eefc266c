import { describe, expect, it } from 'vitest';
import { namesOfHost, registrableDomain, unicodeHost } from '../../src/report/host-names.ts';

describe('the registrable domain of a host', () => {
  // Suffixes are real ones, for the list knows no others; what stands before them is the reserved word.
  it.each([
    ['host.example', 'host.example'],
    ['www.host.example', 'host.example'],
    ['a.b.c.host.example', 'host.example'],
    ['sub_domain.host.example', 'host.example'],
    ['example.co.uk', 'example.co.uk'],
    ['www.example.co.uk', 'example.co.uk'],
    ['www.example.com.br', 'example.com.br'],
    ['www.example.co.ke', 'example.co.ke'],
    // Rules with a wildcard and their exceptions
    ['www.example.x.ck', 'example.x.ck'],
    ['www.ck', 'www.ck'],
    ['example.www.ck', 'www.ck'],
    ['www.example.kobe.jp', 'www.example.kobe.jp'],
    ['www.city.kobe.jp', 'city.kobe.jp'],
    // International names, as the list has them in Unicode and hosts in ASCII
    ['www.xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['www.example.xn--fiqs8s', 'example.xn--fiqs8s'],
    ['www.example.xn--55qx5d.cn', 'example.xn--55qx5d.cn'],
    // The private section: each customer of such a host is a registrant of their own
    ['example.github.io', 'example.github.io'],
    ['www.example.github.io', 'example.github.io'],
    ['github.io', 'github.io'],
    ['www.exampleexample22.onion', 'exampleexample22.onion'],
  ])('%s is %s', (host, domain) => {
    expect(registrableDomain(host)).toBe(domain);
  });

  it.each(['192.0.2.7', '[2001:db8::1]', 'localhost', 'example', 'co.uk', 'xn--55qx5d.cn'])('%s has none', (host) => {
    expect(registrableDomain(host)).toBeNull();
  });
});

describe('a host in Unicode', () => {
  it.each([
    ['www.xn--bcher-kva.example', 'www.bücher.example'],
    ['xn--mgbh0fb.xn--kgbechtv', 'مثال.إختبار'],
    ['host.example', null],
    ['axn--b.example', null],
    ['192.0.2.7', null],
    ['[2001:db8::1]', null],
  ])('%s is %s', (host, unicode) => {
    expect(unicodeHost(host)).toBe(unicode);
  });
});

it('has no names where there is no host', () => {
  expect(namesOfHost(null)).toEqual({ registrableDomain: null, lookAlike: null });
});
