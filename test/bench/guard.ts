import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type circumstances, markdown, type Summary } from './summary.ts';

const FILE = fileURLToPath(new URL('guard.json', import.meta.url));
/** A ratio below so much of the saved one is no noise any more. */
const FALL = 0.5;

type Ratios = Record<string, { ratio: number; byCpu: number } | null>;
type Guard = ReturnType<typeof circumstances> & { ratios: Ratios };

/** Keeps the platform's ratios to the limit in the repository, with date and machine. */
export function saveGuard(summaries: Summary[], at: ReturnType<typeof circumstances>): void {
  writeFileSync(FILE, `${JSON.stringify({ ...at, ratios: ratiosOf(summaries) }, null, 2)}\n`);
}

/** Today's ratios beside the saved ones, as a table, and whether one of them has fallen below half, or is void. */
export function compareWithGuard(summaries: Summary[]): { table: string; fell: string[] } {
  const { date, machine, ratios: saved } = JSON.parse(readFileSync(FILE, 'utf8')) as Guard;
  const today = ratiosOf(summaries);
  const names = Object.keys(saved).filter((name) => name in today);
  const lines = names.map((name) => [
    name,
    ...[saved[name], today[name]].flatMap((one) => [one?.ratio.toFixed(2) ?? 'void', one?.byCpu.toFixed(2) ?? 'void']),
  ]);
  const fell = names.filter((name) => (today[name]?.ratio ?? 0) < FALL * (saved[name]?.ratio ?? 0));
  return {
    table: `Saved ${date} on ${machine}.\n${markdown([['operation', 'saved', 'by CPU', 'today', 'by CPU'], ...lines])}`,
    fell,
  };
}

function ratiosOf(summaries: Summary[]): Ratios {
  const rounded = (value: number | undefined) => Math.round((value ?? 0) * 1_000) / 1_000;
  return Object.fromEntries(
    summaries
      .filter(({ contender }) => contender === 'platform')
      .map(({ operation, fault, ratios, cpuRatios }) => [
        operation,
        fault ? null : { ratio: rounded(ratios['limit']?.median), byCpu: rounded(cpuRatios['limit']?.median) },
      ]),
  );
}
