import { Command, Option } from 'commander';
import { config } from '../../src/config.ts';
import { closeDatabase, openBenchDatabase, type Size, sizes } from './bench-database.ts';
import { type FigureTimes, measureFigures } from './figures.ts';
import { makeData } from './make-data.ts';
import { makeFigures } from './make-figures.ts';

const ROUNDS = 7;
const sizeNames = Object.keys(sizes) as Size[];

const program = new Command('npm run bench --')
  .description('Measures the platform on made data.')
  .addOption(
    new Option('--size <sizes...>', 'how many reports; with several, the last is compared with the first')
      .choices(sizeNames)
      .default(['small']),
  )
  .option(
    '--database <url>',
    'an empty database to use, or one of an earlier run, instead of an embedded one for each size',
  )
  .option('--make-data', 'make reports, cases and all that belongs to them by SQL, and publish twelve months')
  .option('--figures', 'measure what figures cost: the dashboard’s query, and the roll-up of a day’s intake')
  .showHelpAfterError('Try: npm run bench -- --help');

type Options = { size: Size[]; database?: string; makeData?: boolean; figures?: boolean };

program.action(async ({ size, database, makeData: isMaking, figures }: Options) => {
  config();
  if (!isMaking && !figures) program.error('Say what to do: --make-data, --figures.');
  if (database && size.length > 1) program.error('--database goes with one size.');
  if (isMaking) for (const each of size) await make(each, database);
  if (figures) await compare(size, database);
});

async function make(size: Size, url: string | undefined): Promise<void> {
  const start = performance.now();
  const database = await openBenchDatabase(size, url);
  try {
    await database.use();
    await (await import('../../prisma/seed-accounts.ts')).seedAccountsAndPortals();
    const now = new Date();
    await makeData(database.client, sizes[size], now, say);
    await makeFigures(now, say);
    say(`${size} is made in ${((performance.now() - start) / 60_000).toFixed(1)} minutes.`);
  } finally {
    await closeDatabase();
    await database.stop();
  }
}

async function compare(names: Size[], url: string | undefined): Promise<void> {
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
      say(`${what}: ${told.join(', ')}${names.length > 1 ? `, ratio ${ratio.toFixed(2)}` : ''}`);
    }
  } finally {
    await closeDatabase();
    for (const database of databases) await database.stop();
  }
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

await program.parseAsync();
