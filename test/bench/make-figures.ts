import { publishStatistics } from '../../src/statistics/publish-statistics.ts';
import { rebuildFacts } from '../../src/statistics/rebuild-facts.ts';

const MONTHS = 12;

/** Makes the facts of made data, and publishes the twelve months before the running one. */
export async function makeFigures(now: Date, tell: (line: string) => void): Promise<void> {
  const start = performance.now();
  await rebuildFacts({ check: false });
  tell(`facts in ${((performance.now() - start) / 1_000).toFixed(1)} s`);
  for (let back = MONTHS; back >= 1; back -= 1) {
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1));
    const editions = await publishStatistics({ system: true, operation: 'bench' }, month, { reason: null }, now);
    tell(`${month.toISOString().slice(0, 7)}: ${editions.length} countries`);
  }
}
