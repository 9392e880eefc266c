/** Counts below this are hidden: 1 to 9, and 0 where the total is itself below it. */
export const SMALL_COUNT_LIMIT = 10;
/** So many counts at least must be possible for small cells that are hidden with nothing but each other, or with larger ones. */
const SHIELD_WIDTH = 5;

/**
 * Which counts of a table under a shown total are hidden. It answers by count and not by cell, so that equal cells cannot differ.
 *
 * Small cells that do not shield each other take the smallest large one with them, and every other that is no larger than it and they
 * together: that sum stays the same when one unit moves between them, so no cell that is shown tells how far it can move. Even who
 * knows which of the hidden cells are the small ones has several counts left for each, unless nothing but zeros is shown beside them.
 */
export function hidingRule(counts: readonly number[]): (count: number) => boolean {
  const small = counts.filter(isSmall);
  if (small.length === 0) return () => false;
  if (shieldEachOther(small)) return isSmall;

  const large = counts.filter((count) => count >= SMALL_COUNT_LIMIT).sort((a, b) => a - b);
  const few = sum(small);
  let highest = few + (large[0] ?? 0);
  for (const next of large) {
    const taken = large.filter((count) => count <= highest);
    if (few + sum(taken) - taken.length * SMALL_COUNT_LIMIT >= SHIELD_WIDTH) break;
    if (next > highest) highest = next;
  }
  return (count) => count > 0 && count <= highest;
}

/** Which counts are hidden of a table that other tables narrow cell by cell: none, or all that are not 0. */
export function wholeHidingRule(counts: readonly number[]): (count: number) => boolean {
  return counts.some(isSmall) ? (count) => count > 0 : () => false;
}

/** The counts that each of some small cells (1 to 9 each) may have, for a reader who knows how many they are and their sum. */
export function feasibleRange(smallCells: number, sum: number): { min: number; max: number } {
  const largestSmall = SMALL_COUNT_LIMIT - 1;
  const others = smallCells - 1;
  return { min: Math.max(1, sum - others * largestSmall), max: Math.min(largestSmall, sum - others) };
}

/** Whether a count is one of 1 to 9. */
export function isSmall(count: number): boolean {
  return count > 0 && count < SMALL_COUNT_LIMIT;
}

/** The sum of some counts. */
export function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

// One cell never does; 1 and 1, or 9 and 9, are each the only small counts of their sum; 4 and 4 are a small count together.
function shieldEachOther(small: number[]): boolean {
  const together = sum(small);
  const { min, max } = feasibleRange(small.length, together);
  return together >= SMALL_COUNT_LIMIT && max - min + 1 >= SHIELD_WIDTH;
}
