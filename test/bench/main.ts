import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { config } from '../../src/config.ts';
import { exitOnSignal } from '../../src/with-database.ts';
import { openBenchDatabase, type Size, sizes } from './bench-database.ts';
import { compare, onStage, type Stage } from './compare.ts';
import { compareFigures } from './compare-figures.ts';
import { type OperationName, operationNames } from './contender.ts';
import { contenderNames } from './contenders.ts';
import { measureCrowds } from './crowd.ts';
import { compareWithGuard, saveGuard } from './guard.ts';
import { prepareDatabase } from './prepare-database.ts';
import { measureDepth, measureScale } from './scale.ts';
import { soak } from './soak.ts';
import { circumstances, summarise, tableOf } from './summary.ts';

const FULL = { rounds: 5, seconds: 5, warmSeconds: 10 };
const QUICK = { rounds: 5, seconds: 0.6, warmSeconds: 1 };
const QUICK_CONTENDERS = ['limit', 'platform'];

const listOf =
  <Name extends string>(known: readonly Name[]) =>
  (text: string): Name[] =>
    text.split(',').map((name) => {
      if (!known.includes(name as Name)) throw new InvalidArgumentError(`There are: ${known.join(', ')}.`);
      return name as Name;
    });

const program = new Command('npm run bench --')
  .description('Compares the platform with the limit and with its peers, on made data. See test/bench/README.md.')
  .addOption(new Option('--size <sizes...>', 'how many reports (1m, or 10k with --quick)').choices(Object.keys(sizes)))
  .option(
    '--database <url>',
    'an empty database to use, or one of an earlier run, instead of an embedded one for each size',
  )
  .option('--quick', 'the limit and the platform alone, in short rounds: in under 3 minutes')
  .option('--only <operations>', 'of these operations, with commas', listOf(operationNames))
  .option('--contenders <names>', 'of these, with commas', listOf(contenderNames()))
  .option('--before <folder>', 'the platform of another checkout too, with its packages')
  .option('--rounds <number>', 'how many rounds', Number)
  .option('--seconds <number>', 'how long a round of one operation lasts', Number)
  .option('--json <file>', 'write all that was measured to this file')
  .option('--guard', 'compare the ratios with those of guard.json, and fail where one fell below half')
  .option('--save-guard', 'keep the ratios in guard.json')
  .addOption(
    new Option('--scale <sizes...>', 'the platform’s cost at these sizes, and its ratio to the first').choices(
      Object.keys(sizes),
    ),
  )
  .option('--depth', 'what the queue’s page costs at the top, and 70,000 cases further down')
  .option('--crowd', 'many clients and connections on one address, and 5,000 reports in a minute through one portal')
  .option('--soak <minutes>', 'half of what the platform can do, for so long: its memory each minute', Number)
  .option('--make-data', 'make the data of each size, and measure nothing')
  .option('--figures', 'measure what figures cost inside: the dashboard’s query, and the roll-up of a day’s intake')
  .showHelpAfterError('Try: npm run bench -- --help');

type Options = {
  size?: Size[];
  database?: string;
  quick?: boolean;
  only?: OperationName[];
  contenders?: string[];
  before?: string;
  rounds?: number;
  seconds?: number;
  json?: string;
  guard?: boolean;
  saveGuard?: boolean;
  scale?: Size[];
  depth?: boolean;
  crowd?: boolean;
  soak?: number;
  makeData?: boolean;
  figures?: boolean;
};

program.action(async (options: Options) => {
  config();
  // An exit stops whatever was started.
  exitOnSignal();
  const given = options.size ?? [options.quick ? '10k' : options.figures ? 'small' : '1m'];
  if (options.database && given.length > 1) program.error('--database goes with one size.');
  if (options.makeData) for (const size of given) await make(size, options.database);
  if (options.figures) await compareFigures(given, options.database, say);
  if (options.scale) say(await measureScale(options.scale, options.only ?? [...operationNames], progress));
  const isApart = options.makeData || options.figures || options.scale;
  if (!isApart) for (const size of given) await measureAt(size, options);
});

async function make(size: Size, url: string | undefined): Promise<void> {
  const database = await openBenchDatabase(size, url);
  try {
    await prepareDatabase(database, say);
  } finally {
    await database.stop();
  }
}

async function measureAt(size: Size, options: Options): Promise<void> {
  const names = options.contenders ?? ['platform'];
  const onSize = (work: (stage: Stage) => Promise<string>) =>
    onStage({ size, url: options.database, names }, progress, work).then(say);
  if (options.depth) await onSize((stage) => measureDepth(stage, progress));
  if (options.crowd) await onSize((stage) => measureCrowds(stage, progress));
  if (options.soak) await onSize((stage) => soak(stage, options.soak ?? 0, progress));
  if (!options.depth && !options.crowd && !options.soak) await compareAt(size, options);
}

async function compareAt(size: Size, options: Options): Promise<void> {
  const usual = options.quick ? QUICK : FULL;
  const plan = {
    only: options.only ?? [...operationNames],
    rounds: options.rounds ?? usual.rounds,
    seconds: options.seconds ?? usual.seconds,
    warmSeconds: usual.warmSeconds,
  };
  const names = [...(options.contenders ?? (options.quick ? QUICK_CONTENDERS : contenderNames()))];
  if (options.before) names.push(`before=${options.before}`);
  const stage = { size, url: options.database, names };
  const { rows, starts } = await onStage(stage, progress, async (stage) => ({
    rows: await compare(stage, plan, progress),
    starts: stage.serving.map(({ server }) => `${server.name} ${(server.startMs / 1_000).toFixed(1)} s`),
  }));
  const at = circumstances();
  const summaries = summarise(rows);
  say(`${Object.values(at).join('; ')}; size ${size}; ${plan.rounds} rounds of ${plan.seconds} s`);
  say(`Started: ${starts.join(', ')}.\n\n${tableOf(summaries)}`);
  if (options.json) writeFileSync(options.json, `${JSON.stringify({ ...at, size, plan, summaries, rows }, null, 2)}\n`);
  if (options.saveGuard) saveGuard(summaries, at);
  if (options.guard) guard(summaries);
  if (summaries.some(({ fault }) => fault)) process.exitCode = 1;
}

function guard(summaries: ReturnType<typeof summarise>): void {
  const { table, fell } = compareWithGuard(summaries);
  say(`\n${table}`);
  if (fell.length === 0) return;
  say(`Below half of what was saved: ${fell.join(', ')}.`);
  process.exitCode = 1;
}

function say(line: string): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  process.stdout.write(`${line}\n`);
}

/** One line that changes, where somebody looks; else a line each. */
function progress(line: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
}

await program.parseAsync();
