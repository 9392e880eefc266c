import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';

const key = (id: string) => `${id}:${randomBytes(32).toString('base64url')}`;
const [first, second, third] = [key('first'), key('second'), key('third')];

/** The module as it is in a process whose key ring is this. */
async function secretsOf(...ring: string[]) {
  vi.resetModules();
  vi.stubEnv('SECRETS', ring.join(','));
  return import('../src/secrets.ts');
}
afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

const words = 'Reporter’s words: ñ, 日本語, \u0000 and an end.';

describe('what is sealed', () => {
  it('opens again, whatever it says', async () => {
    const { seal, unseal } = await secretsOf(first);
    for (const text of [words, '', 'x'.repeat(100_000)]) expect(unseal(seal(text))).toBe(text);
  });

  it('shows nothing of the text, and is never sealed twice alike', async () => {
    const { seal } = await secretsOf(first);
    const [one, other] = [Buffer.from(seal(words)), Buffer.from(seal(words))];
    expect(one.equals(other)).toBe(false);
    for (const sealed of [one, other]) expect(sealed.includes(Buffer.from('words'))).toBe(false);
  });

  it('still opens after a new key came before the old one, and new text is sealed by the new key', async () => {
    const old = (await secretsOf(first)).seal(words);
    const rotated = await secretsOf(second, first);
    expect(rotated.unseal(old)).toBe(words);
    const fresh = rotated.seal(words);
    expect((await secretsOf(second)).unseal(fresh)).toBe(words);
  });

  it('does not open once its key has left the ring, and the error names the key and nothing else', async () => {
    const old = (await secretsOf(first)).seal(words);
    const { unseal } = await secretsOf(second, third);
    expect(() => unseal(old)).toThrow(/"first" is not in SECRETS/);
  });

  it('does not open under another key of the same name', async () => {
    const old = (await secretsOf(first)).seal(words);
    const { unseal } = await secretsOf(key('first'));
    expect(() => unseal(old)).toThrow();
  });

  it('does not open with any byte changed, cut or added', async () => {
    const { seal, unseal } = await secretsOf(first);
    const sealed = Buffer.from(seal('few words'));
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => unseal(changed), `byte ${index}`).toThrow();
      expect(() => unseal(sealed.subarray(0, index)), `cut at ${index}`).toThrow();
    }
    expect(() => unseal(Buffer.concat([sealed, Buffer.from([0])]))).toThrow();
  });
});

describe('a keyed hash', () => {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

  it('has 32 bytes, differs for each purpose and each key, and is the same again', async () => {
    const { keyedHash } = await secretsOf(first);
    const hashes = (['access-code-hash', 'api-key', 'idempotency'] as const).map((use) => hex(keyedHash(use, 'text')));
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(hex(keyedHash('access-code-hash', 'text'))).toBe(hashes[0]);
    const other = await secretsOf(second);
    const all = [...hashes, hex(other.keyedHash('access-code-hash', 'text'))];
    expect(new Set(all).size).toBe(4);
  });

  it('is found by an old key of the ring, newest first', async () => {
    const old = hex((await secretsOf(first)).keyedHash('api-key', 'text'));
    const { keyedHash, keyedHashes } = await secretsOf(third, second, first);
    const hashes = keyedHashes('api-key', 'text').map(hex);
    expect(hashes).toHaveLength(3);
    expect(hashes[0]).toBe(hex(keyedHash('api-key', 'text')));
    expect(hashes[2]).toBe(old);
    expect((await secretsOf(third, second)).keyedHashes('api-key', 'text').map(hex)).not.toContain(old);
  });

  it('is not the key that seals: each purpose has a key of its own', async () => {
    const { derivedKey } = await secretsOf(first);
    const uses = ['seal', 'access-code', 'access-code-hash', 'idempotency', 'api-key', 'proof'] as const;
    expect(new Set(uses.map((use) => hex(derivedKey(use)))).size).toBe(uses.length);
    expect(uses.map((use) => hex(derivedKey(use)))).not.toContain(
      Buffer.from(first.split(':')[1] ?? '', 'base64url').toString('hex'),
    );
  });
});
