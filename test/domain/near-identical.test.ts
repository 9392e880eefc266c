import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalKey } from '../../src/domain/address.ts';
import { addressShape, nearIdentical, PLACEHOLDER } from '../../src/domain/near-identical.ts';

const HOST = 'https://files.example';

describe('near-identical addresses', () => {
  it.each([
    ['/view/1', '/view/20'],
    ['/img1.jpg', '/img0002.jpg'],
    ['/a/3f2504e0-4f89-11d3-9a0c-0305e82c3301/x', '/a/00000000-0000-4000-8000-000000000000/x'],
    ['/f/9e107d9d372bb682', '/f/12345678'],
    ['/f/9E107D9D', '/f/00ff00ff'],
    ['/p?id=1&page=2', '/p?id=33&page=4'],
    ['/p?id=9e107d9d372b', '/p?id=42'],
    ['/#!/item/1', '/#!/item/2'],
    ['/%41bc/1', '/%41bc/2'],
  ])('are those that differ in numbers and ids only: %s and %s', (one, two) => {
    expect(nearIdentical(HOST + one, HOST + two)).toBe(true);
  });

  it.each([
    ['/view/1', '/edit/1'],
    ['/view/1', '/view/1/2'],
    ['/view/1', '/view/one'],
    ['/f/deadbeef', '/f/facefeed'],
    ['/f/9e107d9', '/f/9e1a7d9'],
    ['/p?id=1', '/p?no=1'],
    ['/p?a1=x', '/p?a2=x'],
    ['/p?id=1&page=2', '/p?page=2&id=1'],
    ['/a%2F', '/a%3F'],
    ['/same/1', '/same/1'],
  ])('are not those that differ in anything else, nor an address and itself: %s and %s', (one, two) => {
    expect(nearIdentical(HOST + one, HOST + two)).toBe(false);
  });

  it.each([
    ['https://one.example/1', 'https://two.example/2'],
    ['https://host1.example/1', 'https://host2.example/1'],
    ['https://192.0.2.1/1', 'https://192.0.2.2/1'],
    ['https://host.example:8001/1', 'https://host.example:8002/1'],
    ['https://host.example/1', 'http://host.example/2'],
  ])('are on one host, port and scheme: not %s and %s', (one, two) => {
    expect(nearIdentical(one, two)).toBe(false);
  });

  it('are web addresses and onion services only', () => {
    const magnet = (n: number) => `magnet:?xt=urn:btih:${String(n).repeat(40)}`;
    expect(nearIdentical(magnet(1), magnet(2))).toBe(false);
    expect(nearIdentical(`${'a'.repeat(56)}.onion/1`, `${'a'.repeat(56)}.onion/2`)).toBe(false);
    expect(nearIdentical(`http://${'a'.repeat(56)}.onion/1`, `http://${'a'.repeat(56)}.onion/2`)).toBe(true);
  });

  const part = fc.oneof(
    fc.constantFrom('view', 'img', 'a.html', 'x-y', 'é'),
    fc.nat(999_999).map(String),
    fc.uuid(),
    fc.stringMatching(/^[0-9a-f]{8,16}$/),
  );
  const address = fc
    .tuple(
      fc.constantFrom('a.example', 'b.example'),
      fc.array(part, { maxLength: 3 }),
      fc.array(part, { maxLength: 2 }),
    )
    .map(([host, path, values]) =>
      canonicalKey(`https://${host}/${path.join('/')}?${values.map((v) => `q=${v}`).join('&')}`),
    )
    .filter((key) => key !== null);

  it('have a shape that is its own shape, and that no address could be taken for', () => {
    fc.assert(
      fc.property(address, (key) => {
        const shape = addressShape(key);
        expect(key).not.toContain(PLACEHOLDER);
        expect(addressShape(shape ?? '')).toBe(shape);
      }),
    );
  });

  it('fall into groups: whichever two of a group are taken, they are near-identical', () => {
    fc.assert(
      fc.property(address, address, address, (a, b, c) => {
        expect(nearIdentical(a, b)).toBe(nearIdentical(b, a));
        if (nearIdentical(a, b) && nearIdentical(b, c) && a !== c) expect(nearIdentical(a, c)).toBe(true);
      }),
    );
  });

  it('stay so when a number in them is counted up', () => {
    fc.assert(
      fc.property(address, fc.nat(1e6), fc.nat(1e6), (key, m, n) => {
        fc.pre(m !== n && !key.includes('q='));
        expect(nearIdentical(`${key}/${m}`, `${key}/${n}`)).toBe(true);
      }),
    );
  });
});
