import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesFromBase32 } from '../../src/domain/base32.ts';
import { sha3256 } from '../../src/domain/sha3.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytes = (text: string) => new TextEncoder().encode(text);

describe('sha3256', () => {
  // NIST, "SHA-3 example values", 0-bit and 1600-bit messages; and the short message "abc".
  it.each([
    ['nothing', bytes(''), 'a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a'],
    ['"abc"', bytes('abc'), '3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532'],
    [
      '200 bytes of A3',
      new Uint8Array(200).fill(0xa3),
      '79f38adec5c20307a98ef76e8324afbfd46cfd81b22e3973c65fa1bd9de31787',
    ],
  ])('gives the published digest of %s', (_, message, digest) => {
    expect(hex(sha3256(message))).toBe(digest);
  });

  it('agrees with OpenSSL on every length around a block', () => {
    for (let length = 0; length <= 280; length++) {
      const message = Uint8Array.from({ length }, (_, index) => (index * 7 + length) % 256);
      expect(hex(sha3256(message))).toBe(createHash('sha3-256').update(message).digest('hex'));
    }
  });

  it('agrees with OpenSSL on random messages', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (message) => {
        expect(hex(sha3256(message))).toBe(createHash('sha3-256').update(message).digest('hex'));
      }),
      { numRuns: 50 },
    );
  });
});

describe('bytesFromBase32', () => {
  // RFC 4648, section 10, without padding.
  it.each([
    ['', ''],
    ['MY', 'f'],
    ['MZXQ', 'fo'],
    ['MZXW6', 'foo'],
    ['MZXW6YQ', 'foob'],
    ['mzxw6ytb', 'fooba'],
    ['MZXW6YTBOI', 'foobar'],
  ])('reads %j as %j', (text, plain) => {
    expect(bytesFromBase32(text)).toEqual(bytes(plain));
  });

  it.each(['MZXW0', 'MZ=', 'mz w6', 'ｍz'])('refuses %j', (text) => {
    expect(bytesFromBase32(text)).toBeNull();
  });
});
