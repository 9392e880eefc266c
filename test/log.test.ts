import { describe, expect, it } from 'vitest';
import { traceOf } from '../src/log.ts';

/** A failure as a driver throws it: its message holds what somebody typed. */
function failWith(message: string, more: object = {}): Error {
  return Object.assign(new TypeError(message), more);
}

describe('what a thrown value tells the log', () => {
  it('is its class, its code and where in this project it passed', () => {
    const { name, code, where, ...rest } = traceOf(failWith('anything', { code: '23505' }));
    expect({ name, code, rest }).toEqual({ name: 'TypeError', code: '23505', rest: {} });
    expect(String(where)).not.toContain('node_modules');
    expect(String(where)).not.toContain('anything');
  });

  it('names places of ours that threw', async () => {
    const { readConfig } = await import('../src/config.ts');
    const thrown = (() => {
      try {
        return readConfig({ PORT: 'x' });
      } catch (error) {
        return error;
      }
    })();
    expect(traceOf(thrown).where).toMatch(/^src\/config\.ts:\d+/);
  });

  it.each([
    'https://host.example/src/canary:80',
    'https://host.example/src/canary.ts:1:2',
    'first line\n    at /src/canary.ts:1:1',
    'first line\n    at canary (/src/canary.ts:1:1)',
    `first line\n    at canary (${process.cwd()}/src/canary.ts:1:1)`,
    `first line\n    at file://${process.cwd()}/src/canary.ts:1:1`,
    '$& $1 /prisma/canary:1',
  ])('is never a word of its message: %j', (message) => {
    expect(JSON.stringify(traceOf(failWith(message)))).not.toContain('canary');
  });

  it.each([['text with canary'], [{ message: 'canary' }], [null], [undefined], [42]])(
    'is a type only, where %j was thrown',
    (thrown) => {
      expect(traceOf(thrown)).toEqual({ name: typeof thrown });
    },
  );

  it('is short, however long a code is', () => {
    expect(String(traceOf(failWith('x', { code: 'c'.repeat(500) })).code)).toHaveLength(40);
  });
});
