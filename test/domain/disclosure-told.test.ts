import { describe, expect, it } from 'vitest';
import type { HeldTable } from '../../src/domain/held-back.ts';
import { soak } from '../support/soak.ts';
import { lookAt, parts, recoveredFrom, standOf, tablesOf, total } from './disclosure-told.ts';

const isSmall = (count: number) => count > 0 && count < 10;

/** Tables of which somebody knows, besides what is told, which of the cells are small; but for those that show nothing but zeros. */
function* tablesWithSmallOnesKnown(cells: number, most: number) {
  for (const counts of tablesOf(cells, 10, most)) {
    const { seen, secrets } = lookAt('', standOf(counts), cells);
    if (/[1-9]/.test(seen)) yield { seen: `${total(counts)}: ${seen}, small: ${counts.map(isSmall)}`, secrets };
  }
}

/** Tables that only grow between two editions. */
function* twoEditions(cells: number, most: number, growth: number, { isForgetful = false } = {}) {
  for (const counts of tablesOf(cells, 10, most)) {
    const before = standOf(counts);
    const one = lookAt('first ', before, cells);
    for (const late of tablesOf(cells, 0, growth)) {
      const now = counts.map((count, index) => count + (late[index] ?? 0));
      const stand = isForgetful ? standOf(now) : standOf(now, { before });
      const two = later(stand, before, now);
      const seen = `${total(counts)}: ${one.seen} / ${total(now)}: ${two.seen}`;
      yield { seen, secrets: { ...one.secrets, ...two.secrets } };
    }
  }
}

function later(stand: HeldTable, before: HeldTable, now: number[]) {
  if (stand === before) return { seen: 'as before', secrets: {} };
  const { seen, secrets } = lookAt('second ', stand, now.length);
  if (stand.state === 'OPEN') return { seen, secrets };
  return { seen, secrets: Object.fromEntries(now.map((count, index) => [`second ${index}`, count])) };
}

/** Two tables of one total, where nothing is in an earlier column of the second than of the first. */
function* linkedTables(least: number, most: number) {
  for (let all = least; all <= most; all += 1)
    for (const first of parts(3, all)) {
      const one = lookAt('first ', standOf(first, { isLinked: true }), 3);
      for (const second of parts(3, all)) {
        if (second[0]! > first[0]! || second[0]! + second[1]! > first[0]! + first[1]!) continue;
        const two = lookAt('second ', standOf(second, { isLinked: true }), 3);
        yield { seen: `${all}: ${one.seen} / ${two.seen}`, secrets: { ...one.secrets, ...two.secrets } };
      }
    }
}

describe('somebody told the exact count behind every shown figure recovers none that is hidden', () => {
  it.each([
    [3, soak(60, 40)],
    [4, soak(40, 24)],
  ])('of a table of %i cells, even knowing which of them are the small ones', (cells, most) => {
    const { secrets, recovered } = recoveredFrom(tablesWithSmallOnesKnown(cells, most));
    expect(secrets).toBeGreaterThan(100);
    expect(recovered).toEqual([]);
  });

  it.each([
    [2, soak(40, 22), soak(40, 18)],
    [3, soak(22, 13), soak(16, 11)],
  ])('of two editions of a table of %i cells that only grows', (cells, most, growth) => {
    const { secrets, recovered } = recoveredFrom(twoEditions(cells, most, growth));
    expect(secrets).toBeGreaterThan(100);
    expect(recovered).toEqual([]);
  });

  it('of tables that narrow each other cell by cell', () => {
    const { secrets, recovered } = recoveredFrom(linkedTables(soak(10, 20), soak(34, 22)));
    expect(secrets).toBeGreaterThan(100);
    expect(recovered).toEqual([]);
  });

  it('unless an edition forgets what the one before hid', () => {
    expect(recoveredFrom(twoEditions(2, 20, 12, { isForgetful: true })).recovered).not.toEqual([]);
  });
});
