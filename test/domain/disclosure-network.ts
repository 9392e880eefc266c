import { type HeldBack, type MonthCounts, type MonthFigures, protectMonth } from '../../src/domain/disclosure.ts';
import { type SummedMonths, sumMonths } from '../../src/domain/published-sums.ts';
import { type Sum, sumOfRounded } from './disclosure-solver.ts';
import { countsOf, makeWorld, publish, type Table, tableNames, tables, type World } from './disclosure-worlds.ts';

const COUNTRIES = [0, 1, 2, 3];
const MONTHS = [0, 1, 2];
const ROUNDS = [1, 2];
const SIZES = [8, 15, 40, 90];
/** The countries of a government and of a funder; together they read all, and each of them reads a part of that. */
const GOVERNMENT = [0, 1];
const FUNDER = [1, 2, 3];
const OTHERS = COUNTRIES.filter((country) => !FUNDER.includes(country));

/** The months of each country. */
export type Network = World[][];
type Edition = Pick<ReturnType<typeof protectMonth>, 'month' | 'speeds'> & { heldBack: HeldBack };
/** Sums of the same months, as they stood after each round of publication. */
type Sums<Summed> = { groups: Summed[][]; openData: Summed[] };
/** Everything that the two partners can read. */
export type Text = { months: { country: number; month: number; editions: Edition[] }[] } & Sums<SummedMonths>;

/** A network whose months differ in size; each is published once or twice. */
export function makeNetwork(random: () => number): Network {
  const pick = (count: number) => Math.floor(random() * count);
  const month = () => ({ ...makeWorld(SIZES[pick(SIZES.length)] ?? 0, random), editions: 1 + pick(ROUNDS.length) });
  return COUNTRIES.map(() => MONTHS.map(month));
}

/** The same network, but for one month. */
export function withMonth(network: Network, country: number, month: number, world: World): Network {
  return network.map((months, index) => (index === country ? months.with(month, world) : months));
}

// A month's editions depend on nothing but its reports: whatever else is in the network, they are the same.
const editionsOf = memoized((world: World): Edition[] => publish(protectMonth, world));
const exactOf = memoized((world: World) => ROUNDS.map((round) => countsOf(world, roundOf(world, round), tableNames)));

/** Everything that a government and a funder with overlapping countries can read, with the open data. */
export function textOf(network: Network): Text {
  const read = [...new Set([...GOVERNMENT, ...FUNDER])].sort();
  const months = read.flatMap((country) =>
    (network[country] ?? []).map((world, month) => ({ country, month, editions: editionsOf(world) })),
  );
  const newest = (world: World, round: number) => editionsOf(world)[roundOf(world, round) - 1]!.month;
  return { months, ...sumsOf(network, (worlds, round) => sumMonths(worlds.map((world) => newest(world, round)))) };
}

/** The sums of exact counts that a careless platform would publish instead. */
export function exactSumsOf(network: Network): Sums<Map<string, number>> {
  return sumsOf(network, (worlds, round) => {
    const sums = new Map<string, number>();
    for (const world of worlds)
      for (const [name, count] of countsByName(exactOf(world)[round - 1]!))
        sums.set(name, (sums.get(name) ?? 0) + count);
    return sums;
  });
}

/** The text as one string, without what is internal; where group sums are exact, with these in place of the published. */
export function printed(text: Text, exact?: Sums<Map<string, number>>): string {
  const months = text.months.map(({ editions }) => editions.map(({ month, speeds }) => [month, speeds]));
  return JSON.stringify([months, exact ? exact.groups.flat().map((sums) => [...sums]) : text.groups, text.openData]);
}

/** The text's months by name: country, month, edition. */
export function monthsByName({ months }: Text): Record<string, MonthFigures> {
  const named = months.flatMap(({ country, month, editions }) =>
    editions.map((edition, index) => [nameOf(country, month, index + 1), edition.month] as const),
  );
  return Object.fromEntries(named);
}

/**
 * The sums as equations: of each month of the group, of all, and of what is in the open data and not in the group; the exact ones, where
 * there are such, over hidden figures too.
 */
export function equationsOf(network: Network, text: Text, exact?: Sums<Map<string, number>>): Sum[] {
  const shown = new Set(Object.entries(monthsByName(text)).flatMap(([name, month]) => shownIn(name, month)));
  const equation = (names: string[], value: number): Sum =>
    exact
      ? { parts: names, low: value, high: value }
      : sumOfRounded(
          names.filter((name) => shown.has(name)),
          value,
        );
  const sums = exact ?? publishedSums(text);
  return figureNames.flatMap((name) =>
    ROUNDS.flatMap((round, index) => {
      const namesOf = (countries: number[], month: number) =>
        countries.map((country) => `${nameOf(country, month, roundOf(network[country]![month]!, round))} ${name}`);
      const group = sums.groups.map((rounds) => rounds[index]!.get(name) ?? 0);
      const all = sums.openData[index]!.get(name) ?? 0;
      const others = group.reduce((rest, month) => rest - month, all);
      return [
        ...group.map((value, month) => equation(namesOf(FUNDER, month), value)),
        equation(
          MONTHS.flatMap((month) => namesOf(COUNTRIES, month)),
          all,
        ),
        equation(
          MONTHS.flatMap((month) => namesOf(OTHERS, month)),
          others,
        ),
      ];
    }),
  );
}

/** The exact counts behind every figure of the first editions, as the solver words what it has found. */
export function truthOf(network: Network): Set<string> {
  return new Set(
    network.flatMap((months, country) =>
      months.flatMap((world, month) =>
        [...countsByName(countsOf(world, 1, tableNames))].map(
          ([name, count]) => `${nameOf(country, month, 1)} ${name}: ${count}`,
        ),
      ),
    ),
  );
}

const figureNames = [
  ...['reports', 'assessed', 'actionable'],
  ...tableNames.flatMap((by) => tables[by].keys.map((key) => `${by} ${key}`)),
];

function sumsOf<Summed>(network: Network, sum: (worlds: World[], round: number) => Summed): Sums<Summed> {
  const group = (month: number) => FUNDER.map((country) => network[country]![month]!);
  return {
    groups: MONTHS.map((month) => ROUNDS.map((round) => sum(group(month), round))),
    openData: ROUNDS.map((round) => sum(network.flat(), round)),
  };
}

/** Which edition is the newest after so many rounds. */
function roundOf(world: World, round: number): number {
  return Math.min(round, world.editions);
}

function nameOf(country: number, month: number, edition: number): string {
  return `country ${country}, month ${month}, edition ${edition},`;
}

function countsByName({ reports, assessed, actionable, breakdowns }: MonthCounts): Map<string, number> {
  const cells = breakdowns.flatMap(({ by, cells }) => cells.map(({ key, count }) => [`${by} ${key}`, count] as const));
  return new Map([['reports', reports], ['assessed', assessed], ['actionable', actionable], ...cells]);
}

// An unlisted cell of a long table that is not hidden whole is a shown 0.
function shownIn(name: string, month: MonthFigures): string[] {
  const totals = (['reports', 'assessed', 'actionable'] as const).filter((total) => !month[total].hidden);
  const cells = month.breakdowns.flatMap(({ by, hidden, cells: listed }) => {
    const isHidden = new Map(listed.map(({ key, figure }) => [key, figure.hidden]));
    const keys: readonly string[] = tables[by as Table].keys;
    return keys.filter((key) => !(isHidden.get(key) ?? hidden)).map((key) => `${by} ${key}`);
  });
  return [...totals, ...cells].map((figure) => `${name} ${figure}`);
}

function publishedSums({ groups, openData }: Text): Sums<Map<string, number>> {
  return { groups: groups.map((rounds) => rounds.map(sumsByName)), openData: openData.map(sumsByName) };
}

function sumsByName({ reports, assessed, actionable, breakdowns }: SummedMonths): Map<string, number> {
  const totals = Object.entries({ reports, assessed, actionable });
  const cells = breakdowns.flatMap(({ by, cells }) =>
    cells.map(({ key, figure }) => [`${by} ${key}`, figure] as const),
  );
  return new Map([...totals, ...cells].map(([name, { value }]) => [name, value ?? 0]));
}

function memoized<Made>(make: (world: World) => Made): (world: World) => Made {
  const made = new WeakMap<World, Made>();
  return (world) => {
    const before = made.get(world) ?? make(world);
    made.set(world, before);
    return before;
  };
}
