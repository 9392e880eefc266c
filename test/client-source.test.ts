import { describe, expect, it } from 'vitest';
import { namesIn, sourceOf } from '../src/client-source.ts';

const now = new Date('2026-11-22T12:00:00Z');

describe('the source of a request', () => {
  it('is the same for one address and another for another, and tells neither', () => {
    const first = sourceOf('192.0.2.1', null, 0, now);
    expect(sourceOf('192.0.2.1', null, 0, now)).toBe(first);
    expect(sourceOf('::ffff:192.0.2.1', null, 0, now)).toBe(first);
    expect(sourceOf('192.0.2.2', null, 0, now)).not.toBe(first);
    expect(first).toMatch(/^[\w-]{43}$/);
  });

  it('cannot be forged by a header unless a proxy of ours is in front', () => {
    const direct = sourceOf('192.0.2.1', null, 0, now);
    expect(sourceOf('192.0.2.1', '198.51.100.7', 0, now)).toBe(direct);
    const behind = sourceOf('198.51.100.7', null, 0, now);
    expect(sourceOf('192.0.2.1', '203.0.113.9, 198.51.100.7', 1, now)).toBe(behind);
    expect(sourceOf('192.0.2.1', '198.51.100.7:5678', 1, now)).toBe(behind);
    expect(sourceOf('192.0.2.1', null, 1, now)).toBe(direct);
  });

  it('takes the first 64 bits of an IPv6 address', () => {
    const household = sourceOf('2001:db8:0:1::1', null, 0, now);
    expect(sourceOf('2001:db8::1:ffff:ffff:ffff:ffff', null, 0, now)).toBe(household);
    expect(sourceOf('2001:0db8:0000:0001:aaaa::', null, 0, now)).toBe(household);
    expect(sourceOf('2001:db8:0:2::1', null, 0, now)).not.toBe(household);
  });

  it('has a network too where it is an IPv6 address: the first 48 bits', () => {
    const namesOf = (address: string) => namesIn(sourceOf(address, null, 0, now)).map(([name]) => name);
    const [household, network, ...more] = namesOf('2001:db8:0:1::1');
    expect(more).toEqual([]);
    expect(network).not.toBe(household);
    expect(namesOf('2001:db8::2:0:0:0:1')[1]).toBe(network);
    expect(namesOf('[2001:db8:0:ffff::]:443')[1]).toBe(network);
    expect(namesOf('2001:db8:1:1::1')[1]).not.toBe(network);
    expect(namesOf('192.0.2.1')).toHaveLength(1);
    expect(namesOf('::ffff:192.0.2.1')).toEqual(namesOf('192.0.2.1'));
  });

  it('is forgotten after an hour', () => {
    const before = sourceOf('192.0.2.1', null, 0, now);
    expect(sourceOf('192.0.2.1', null, 0, new Date(now.getTime() + 3_600_001))).not.toBe(before);
  });

  it('has the name of the hour before for one hour more, so that what was counted is not lost', () => {
    const inHours = (hours: number) =>
      namesIn(sourceOf('2001:db8::1', null, 0, new Date(now.getTime() + hours * 3_600_000)));
    const [first, second, third] = [inHours(2), inHours(3), inHours(4)];
    expect(second.map(([, before]) => before)).toEqual(first.map(([name]) => name));
    expect(third.map(([, before]) => before)).toEqual(second.map(([name]) => name));
    for (const [, name] of first) expect(third.flat()).not.toContain(name);
    for (const names of [first, second, third]) expect(names.every((of) => of.length <= 2)).toBe(true);
    expect(inHours(9).map((names) => names.length)).toEqual([1, 1]);
  });
});
