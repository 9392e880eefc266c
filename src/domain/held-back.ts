import { hidingRule, isSmall, SMALL_COUNT_LIMIT, sum, wholeHidingRule } from './hiding-rule.ts';

export type CountCell = { key: string; count: number };

/**
 * How a table stands in an edition. WAITING: not shown yet in any edition of the month, since its total is hidden. OPEN: shown but for
 * the keys in `hidden`. SHUT: hidden whole, for good. `counts` are the exact ones that its figures are of, zeros left out.
 */
export type HeldTable = { state: 'WAITING' | 'OPEN' | 'SHUT'; hidden: string[]; counts: Record<string, number> };
/** What is known of a table besides its counts: whether its total is shown, and whether other tables narrow it cell by cell. */
type Circumstances = { isTotalShown: boolean; isLinked: boolean };

/** How a table stands in the first edition of a month. */
export function firstStand(cells: readonly CountCell[], { isTotalShown, isLinked }: Circumstances): HeldTable {
  if (!isTotalShown) return waiting;
  const counts = cells.map(({ count }) => count);
  const isHidden = isLinked ? wholeHidingRule(counts) : hidingRule(counts);
  return open(cells, ({ count }) => isHidden(count));
}

/**
 * How a table stands in a later edition: as it did, in the very same object, unless something of it that can be seen has moved by ten
 * or more. Then it is given anew with the same cells hidden; with none, once what they were could be in any of them; and where
 * neither is possible, not at all any more.
 */
export function nextStand(before: HeldTable, cells: readonly CountCell[], circumstances: Circumstances): HeldTable {
  if (before.state === 'SHUT') return before;
  if (before.state === 'WAITING') return circumstances.isTotalShown ? firstStand(cells, circumstances) : before;
  if (!circumstances.isTotalShown) return shut;
  if (!hasMoved(before, cells)) return before;

  const isHidden = ({ key }: CountCell) => before.hidden.includes(key);
  const beside = cells.filter((cell) => !isHidden(cell)).map(({ count }) => count);
  const behind = cells.filter(isHidden).map(({ count }) => count);
  const narrows = circumstances.isLinked && behind.length > 0;
  if (beside.some((count) => isSmall(count) || (narrows && count > 0))) return shut;
  if (behind.length > 0 && sum(behind) < SMALL_COUNT_LIMIT) return shut;
  return open(cells, canBeToldNow(behind, sumOf(before, before.hidden)) ? () => false : isHidden);
}

/** A table that is never shown. */
export const shut: HeldTable = { state: 'SHUT', hidden: [], counts: {} };
const waiting: HeldTable = { state: 'WAITING', hidden: [], counts: {} };

/** Whether a count that is shown, or was, has changed by so much that a new edition gives it anew. */
export function isMove(before: number, now: number): boolean {
  return Math.abs(now - before) >= SMALL_COUNT_LIMIT;
}

function open(cells: readonly CountCell[], isHidden: (cell: CountCell) => boolean): HeldTable {
  const hidden = cells.filter(isHidden).map(({ key }) => key);
  const counts = cells.filter(({ count }) => count > 0).map(({ key, count }) => [key, count] as const);
  return { state: 'OPEN', hidden, counts: Object.fromEntries(counts) };
}

// By what somebody sees who is told the exact count behind every shown figure, and by nothing else: that a table was left as it is, or
// is shut, must not tell more than that.
function hasMoved(before: HeldTable, cells: readonly CountCell[]): boolean {
  const now = open(cells, ({ key }) => before.hidden.includes(key));
  const keys = cells.map(({ key }) => key);
  const shown = keys.filter((key) => !before.hidden.includes(key)).map((key) => [key]);
  return [...shown, before.hidden, keys].some((together) => isMove(sumOf(before, together), sumOf(now, together)));
}

// Each may have held anything before: one is now as large as all together were, and no other is less than the most that is hidden.
function canBeToldNow(behind: readonly number[], sumBefore: number): boolean {
  return behind.every((count) => count >= SMALL_COUNT_LIMIT) && Math.max(0, ...behind) >= sumBefore;
}

function sumOf(table: HeldTable, keys: readonly string[]): number {
  return sum(keys.map((key) => table.counts[key] ?? 0));
}
