import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import type { OperationName } from './contender.ts';
import type { Row } from './measure.ts';

/** The middle of all rounds, and the least and the most. */
type Spread = { median: number; least: number; most: number };

/** One row of the table: medians of the rounds. Ratios are of requests a second, `cpuRatios` of CPU a request; above 1 is better than the other. */
export type Summary = {
  operation: OperationName;
  contender: string;
  fault: string | null;
  perSecond: Spread;
  p50: number;
  p99: number;
  cpuMs: number;
  /** Of Postgres. */
  databaseMs: number;
  statements: number | null;
  memoryMb: number;
  ratios: Record<string, Spread>;
  cpuRatios: Record<string, Spread>;
};

/** What the figures are worth nothing without. */
export function circumstances(): Record<string, string> {
  const git = (...args: string[]) => {
    try {
      return execFileSync('git', args, { encoding: 'utf8' }).trim();
    } catch {
      return '';
    }
  };
  return {
    date: new Date().toISOString().slice(0, 16),
    machine: `${cpus().length} cores of ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB`,
    node: process.version,
    commit: `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', 'src', 'prisma') ? ' and changes' : ''}`,
    command: `npm run bench -- ${process.argv.slice(2).join(' ')}`.trim(),
  };
}

/** The medians of all rows, each with its ratio to all others of its operation. */
export function summarise(rows: Row[]): Summary[] {
  return rows.map((row) => {
    const others = rows.filter(
      ({ operation, contender }) => operation === row.operation && contender !== row.contender,
    );
    const ratiosBy = (of: (mine: Row['rounds'][number], other: Row['rounds'][number]) => number) =>
      Object.fromEntries(
        others.map((other) => [
          other.contender,
          // Round by round, since both had the same machine then.
          spreadOf(row.rounds.flatMap((mine, place) => (other.rounds[place] ? [of(mine, other.rounds[place])] : []))),
        ]),
      );
    return {
      operation: row.operation,
      contender: row.contender,
      fault: row.fault,
      perSecond: spreadOf(row.rounds.map(({ perSecond }) => perSecond)),
      p50: median(row.rounds.map(({ p50 }) => p50)),
      p99: median(row.rounds.map(({ p99 }) => p99)),
      cpuMs: median(row.rounds.map(({ cpuMs }) => cpuMs)),
      databaseMs: median(row.rounds.map(({ databaseMs }) => databaseMs)),
      statements: row.statements,
      memoryMb: Math.max(...row.rounds.map(({ memoryMb }) => memoryMb)),
      ratios: ratiosBy((mine, other) => mine.perSecond / other.perSecond),
      cpuRatios: ratiosBy((mine, other) => other.cpuMs / mine.cpuMs),
    };
  });
}

/** The rows as a table in Markdown. */
export function tableOf(summaries: Summary[]): string {
  const head = [
    'operation',
    'who',
    'requests/s',
    'p50 ms',
    'p99 ms',
    'CPU ms',
    'Postgres ms',
    'statements',
    'MB',
    'of the limit',
    'by CPU',
  ];
  const peers = [...new Set(summaries.map(({ contender }) => contender))].filter(
    (name) => name !== 'limit' && name !== 'platform',
  );
  const lines = summaries.map((row) => [
    row.operation,
    row.contender,
    row.fault ? 'void' : row.perSecond.median.toFixed(0),
    ...(row.fault ? ['', '', '', '', '', ''] : figuresOf(row)),
    ...(row.fault ? ['', ''] : [told(row.ratios['limit']), told(row.cpuRatios['limit'])]),
    ...peers.map((peer) => (row.fault || row.contender !== 'platform' ? '' : told(row.ratios[peer]))),
  ]);
  const faults = summaries.flatMap(({ fault, contender, operation }) =>
    fault ? [`Void: ${operation} of ${contender}: ${fault}`] : [],
  );
  return [markdown([[...head, ...peers.map((peer) => `against ${peer}`)], ...lines]), ...faults].join('\n');
}

function figuresOf({ p50, p99, cpuMs, databaseMs, statements, memoryMb }: Summary): string[] {
  return [
    p50.toFixed(2),
    p99.toFixed(2),
    cpuMs.toFixed(3),
    databaseMs.toFixed(2),
    statements?.toFixed(1) ?? '–',
    memoryMb.toFixed(0),
  ];
}

const told = (spread: Spread | undefined) =>
  spread ? `${spread.median.toFixed(2)} (${spread.least.toFixed(2)}–${spread.most.toFixed(2)})` : '';

/** Lines of cells as a table in Markdown, the first being its head. */
export function markdown([head = [], ...lines]: string[][]): string {
  const widths = head.map((_, place) => Math.max(...[head, ...lines].map((line) => line[place]?.length ?? 0)));
  const written = (line: string[]) => `| ${line.map((cell, place) => cell.padEnd(widths[place] ?? 0)).join(' | ')} |`;
  return [written(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...lines.map(written)].join(
    '\n',
  );
}

/** The middle of some values. */
export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

function spreadOf(values: number[]): Spread {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) };
}
