import { describe, expect, it } from 'vitest';
import { sourceOf } from '../src/client-source.ts';

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

  it('is forgotten after an hour', () => {
    const before = sourceOf('192.0.2.1', null, 0, now);
    expect(sourceOf('192.0.2.1', null, 0, new Date(now.getTime() + 3_600_001))).not.toBe(before);
  });
});
