import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

// In a process of its own: once promises are followed in one, they are for good.
function promisesOf(before: string): unknown {
  const script = `
    import { executionAsyncId } from 'node:async_hooks';
    import { jsx } from 'hono/jsx';
    import { renderAtOnce } from './src/web/render-at-once.tsx';
    ${before}
    const page = String(jsx('p', {}, 'Words & signs'));
    const seen = new Set();
    for (let turn = 0; turn < 3; turn += 1) {
      await null;
      seen.add(executionAsyncId());
    }
    console.log(JSON.stringify({ page, followed: seen.size > 1, found: typeof process.getBuiltinModule('node:fs') }));`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}

it('renders pages as ever, and no promise of the process is followed for it', () => {
  const page = '<p>Words &amp; signs</p>';
  expect(promisesOf('renderAtOnce();')).toEqual({ page, followed: false, found: 'object' });
  // From Node 24 on following costs nothing, and this test says nothing.
  const costs = Number(process.versions.node.split('.')[0]) < 24;
  expect(promisesOf('')).toEqual({ page, followed: costs, found: 'object' });
});
