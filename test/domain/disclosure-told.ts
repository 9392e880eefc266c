import { firstStand, type HeldTable, nextStand } from '../../src/domain/held-back.ts';

/** What a table's reader, told the exact count behind every shown cell, knows of it; and what it hides, by name. */
type Look = { seen: string; secrets: Record<string, number> };

/**
 * The secrets that some worlds have in common with all others that look the same, and how many secrets there are. Worlds that look the
 * same hide the same figures.
 */
export function recoveredFrom(looks: Iterable<Look>): { secrets: number; recovered: string[] } {
  const possible = new Map<string, Record<string, Set<number>>>();
  for (const { seen, secrets } of looks) {
    const known = possible.get(seen) ?? {};
    for (const [name, count] of Object.entries(secrets)) known[name] = (known[name] ?? new Set()).add(count);
    possible.set(seen, known);
  }
  const all = [...possible].flatMap(([seen, secrets]) =>
    Object.entries(secrets).map(([name, counts]) => ({ seen, name, counts })),
  );
  const recovered = all.filter(({ counts }) => counts.size === 1);
  return {
    secrets: all.length,
    recovered: recovered.map(({ seen, name, counts }) => `${seen}: ${name} is ${[...counts]}`),
  };
}

/** Every list of so many counts of a total from `min` to `max`. */
export function* tablesOf(cells: number, min: number, max: number): Generator<number[]> {
  for (let total = min; total <= max; total += 1) yield* parts(cells, total);
}

/** Every list of so many counts that sum to the total. */
export function* parts(cells: number, total: number): Generator<number[]> {
  if (cells === 1) return yield [total];
  for (let first = 0; first <= total; first += 1)
    for (const rest of parts(cells - 1, total - first)) yield [first, ...rest];
}

/** How a table of these counts stands, the first time or after another edition. */
export function standOf(
  counts: number[],
  { isLinked = false, before }: { isLinked?: boolean; before?: HeldTable } = {},
) {
  const cells = counts.map((count, index) => ({ key: String(index), count }));
  const circumstances = { isTotalShown: total(counts) >= 10, isLinked };
  return before ? nextStand(before, cells, circumstances) : firstStand(cells, circumstances);
}

/** What is seen and hidden of a table; the secrets' names begin with `name`. */
export function lookAt(name: string, table: HeldTable, cells: number): Look {
  const keys = Array.from({ length: cells }, (_, index) => String(index));
  const isHidden = (key: string) => table.state !== 'OPEN' || table.hidden.includes(key);
  const counts = keys.map((key) => table.counts[key] ?? 0);
  return {
    seen: keys.map((key, index) => (isHidden(key) ? '?' : counts[index])).join(' '),
    secrets: Object.fromEntries(
      keys.flatMap((key, index) => (isHidden(key) ? [[name + key, counts[index] ?? 0]] : [])),
    ),
  };
}

/** The sum of some counts. */
export function total(counts: number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
