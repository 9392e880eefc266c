import type { Figure, MonthFigures } from '../../src/domain/disclosure.ts';
import { type Table, tables } from './disclosure-worlds.ts';

type Interval = { low: number; high: number };
/** A part that is no more than a whole, or parts that sum to it, by the names of figures. */
type Equation = { whole: string; parts: string[] };
/** What can be read of several figures together: their names, and between which counts they sum to. */
export type Sum = Interval & { parts: string[] };

const MOST_ROUNDS = 200;
const ROUNDED_BY = 2;
const anything = (): Interval => ({ low: 0, high: Number.POSITIVE_INFINITY });

/**
 * What somebody works out who knows how figures are rounded and hidden, that tables sum to their totals, and some sums besides: the
 * hidden figures of which only one count is left, with that. Figures are named by their month's name, and "reports" or table and key.
 */
export function solve(months: Record<string, MonthFigures>, sums: Sum[] = []): string[] {
  const known = new Map<string, Interval>();
  const hidden: string[] = [];
  const equations = Object.entries(months).flatMap(([name, month]) => read(name, month, known, hidden));
  for (const [index, { parts, low, high }] of sums.entries()) {
    known.set(`sum ${index}`, { low, high });
    equations.push({ whole: `sum ${index}`, parts });
  }
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    if (!equations.map((equation) => propagate(known, equation)).some(Boolean)) break;
  }
  return hidden.flatMap((name) => {
    const { low, high } = known.get(name) ?? anything();
    return low === high ? [`${name}: ${low}`] : [];
  });
}

/** What a sum of so many rounded figures tells of the counts behind them. */
export function sumOfRounded(parts: string[], value: number): Sum {
  const slack = ROUNDED_BY * parts.length;
  return { parts, low: Math.max(0, value - slack), high: value + slack };
}

function read(name: string, month: MonthFigures, known: Map<string, Interval>, hidden: string[]): Equation[] {
  const learn = (figureName: string, figure: Figure, least: number) => {
    if (figure.hidden) hidden.push(figureName);
    known.set(figureName, figure.value === null ? { ...anything(), low: least } : rounded(figure.value));
  };
  const nameOf = (of: string) => `${name} ${of}`;
  learn(nameOf('reports'), month.reports, 0);
  learn(nameOf('assessed'), month.assessed, 0);
  learn(nameOf('actionable'), month.actionable, month.assessed.hidden ? 0 : 1);
  known.set(nameOf('notActionable'), anything());
  const verdicts = { whole: nameOf('assessed'), parts: [nameOf('actionable'), nameOf('notActionable')] };
  const breakdowns = month.breakdowns.map(({ by, of, cells }) => {
    const isTotalShown = of === 'notActionable' ? !month.actionable.hidden : !month[of].hidden;
    const figures = new Map(cells.map(({ key, figure }) => [key, figure]));
    const keys = tables[by as Table].keys;
    for (const key of keys) {
      const unlisted = { value: isTotalShown ? 0 : null, hidden: !isTotalShown };
      learn(nameOf(`${by} ${key}`), figures.get(key) ?? unlisted, isTotalShown ? 1 : 0);
    }
    return { whole: nameOf(of), parts: keys.map((key) => nameOf(`${by} ${key}`)) };
  });
  return [verdicts, ...breakdowns];
}

function rounded(value: number): Interval {
  return value === 0 ? { low: 0, high: 0 } : { low: Math.max(10, value - ROUNDED_BY), high: value + ROUNDED_BY };
}

function propagate(known: Map<string, Interval>, { whole, parts }: Equation): boolean {
  const of = (name: string) => known.get(name) ?? anything();
  const lows = parts.reduce((sum, part) => sum + of(part).low, 0);
  const unbounded = parts.filter((part) => of(part).high === Number.POSITIVE_INFINITY);
  const highs = parts.reduce((sum, part) => sum + (unbounded.includes(part) ? 0 : of(part).high), 0);
  const total = of(whole);
  let isNarrower = unbounded.length === 0 && narrow(known, whole, { low: lows, high: highs });
  if (narrow(known, whole, { low: lows, high: Number.POSITIVE_INFINITY })) isNarrower = true;
  for (const part of parts) {
    const { low, high } = of(part);
    const isUnbounded = unbounded.includes(part);
    const isRestBounded = unbounded.length === (isUnbounded ? 1 : 0);
    const least = isRestBounded ? total.low - (isUnbounded ? highs : highs - high) : 0;
    if (narrow(known, part, { low: least, high: total.high - (lows - low) })) isNarrower = true;
  }
  return isNarrower;
}

function narrow(known: Map<string, Interval>, name: string, { low, high }: Interval): boolean {
  const before = known.get(name) ?? anything();
  const after = { low: Math.max(before.low, low), high: Math.min(before.high, high) };
  known.set(name, after);
  return after.low !== before.low || after.high !== before.high;
}
