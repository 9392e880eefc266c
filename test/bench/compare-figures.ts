import { closeDatabase, openBenchDatabase, type Size } from './bench-database.ts';
import { type FigureTimes, measureFigures } from './figures.ts';
import { median } from './summary.ts';

const ROUNDS = 7;

/** Measures what figures cost at each of these sizes, and tells the medians and the ratio of the last to the first. */
export async function compareFigures(
  names: Size[],
  url: string | undefined,
  tell: (line: string) => void,
): Promise<void> {
  const databases = [];
  try {
    for (const name of names) databases.push(await openBenchDatabase(name, url));
    const times = new Map<Size, FigureTimes>(names.map((name) => [name, { dashboard: [], rollUp: [] }]));
    // One after another in each round, so that what slows the machine down slows all of them.
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const database of databases) {
        const { dashboard, rollUp } = await measureFigures(database, new Date());
        if (round > 0) times.get(database.size)?.dashboard.push(...dashboard);
        if (round > 0) times.get(database.size)?.rollUp.push(...rollUp);
      }
    }
    for (const what of ['dashboard', 'rollUp'] as const) {
      const medians = names.map((name) => median(times.get(name)?.[what] ?? []));
      const told = names.map((name, index) => `${name} ${medians[index]?.toFixed(1)} ms`);
      const ratio = (medians.at(-1) ?? 0) / (medians[0] ?? 1);
      tell(`${what}: ${told.join(', ')}${names.length > 1 ? `, ratio ${ratio.toFixed(2)}` : ''}`);
    }
  } finally {
    await closeDatabase();
    for (const database of databases) await database.stop();
  }
}
