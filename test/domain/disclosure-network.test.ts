import { describe, expect, it } from 'vitest';
import { protectMonth } from '../../src/domain/disclosure.ts';
import { soak } from '../support/soak.ts';
import {
  equationsOf,
  exactSumsOf,
  makeNetwork,
  monthsByName,
  type Network,
  printed,
  type Text,
  textOf,
  truthOf,
  withMonth,
} from './disclosure-network.ts';
import { solve } from './disclosure-solver.ts';
import { countIn, hiddenCells, hiddenTotals, totalIn, totalWitness, witnessFinder } from './disclosure-witness.ts';
import { countsOf, randomFrom, tableNames, type World } from './disclosure-worlds.ts';

/** A hidden figure of the text: what is behind it in a world, and how another world is found for its month. */
type Secret = { name: string; place: [number, number]; behind: (world: World) => number; witness: () => World | null };

function networksOf(count: number, seed: number): Network[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () => makeNetwork(random));
}

function secretsOf(network: Network, { months }: Text): Secret[] {
  return months.flatMap(({ country, month, editions }) => {
    const world = network[country]![month]!;
    const witnessOf = witnessFinder(protectMonth, world);
    const common = { place: [country, month] satisfies [number, number] };
    const cells = hiddenCells(editions).map((cell) => ({
      ...{ ...common, name: cell.name, witness: () => witnessOf(cell) },
      behind: (other: World) => countIn(other, cell),
    }));
    const totals = hiddenTotals(editions).map((total) => ({
      ...{ ...common, name: total.name, witness: () => totalWitness(protectMonth, world, total) },
      behind: (other: World) => totalIn(other, total),
    }));
    return [...cells, ...totals];
  });
}

/** The secrets among so many at random for which no month could be put in place of the true one without the text's telling. */
function withoutWitness(networks: Network[], sample: number, { isExact = false } = {}) {
  const random = randomFrom(31);
  const without: string[] = [];
  let tried = 0;
  for (const network of networks) {
    const print = (other: Network) => printed(textOf(other), isExact ? exactSumsOf(other) : undefined);
    const text = print(network);
    const secrets = secretsOf(network, textOf(network));
    const chosen = secrets.filter(() => random() < sample / secrets.length);
    tried += chosen.length;
    for (const { name, place, behind, witness } of chosen) {
      const [country, month] = place;
      const world = network[country]![month]!;
      const other = witness();
      const isFound =
        other && behind(other) !== behind(world) && print(withMonth(network, country, month, other)) === text;
      if (!isFound) without.push(`country ${country}, month ${month}, ${name}: ${behind(world)}`);
    }
  }
  return { tried, without };
}

/** The same networks, where every month is published once. */
function publishedOnce(networks: Network[]): Network[] {
  return networks.map((network) => network.map((months) => months.map((world) => ({ ...world, editions: 1 }))));
}

// Each partner alone reads a part of this text, and the public another: who finds nothing in the whole finds nothing in a part.
describe('what one partner and what two together can read: all months and editions of four countries, the sums of a funder of three of them, and the open data', () => {
  it('solves to no hidden figure', () => {
    const networks = networksOf(soak(500, 8), 21);
    const solved = networks.flatMap((network) => {
      const text = textOf(network);
      return solve(monthsByName(text), equationsOf(network, text));
    });
    expect(solved).toEqual([]);
  }, 600_000);

  it('is the very same of another network, for every hidden figure', () => {
    const { tried, without } = withoutWitness(networksOf(soak(200, 8), 22), soak(200, 40));
    expect(tried).toBeGreaterThan(soak(30_000, 250));
    expect(without).toEqual([]);
  }, 600_000);

  it('would give figures away, and rightly, if the sums of groups were of exact counts', () => {
    const networks = publishedOnce(networksOf(4, 23));
    const solved = networks.flatMap((network) => {
      const text = textOf(network);
      const found = solve(monthsByName(text), equationsOf(network, text, exactSumsOf(network)));
      const truth = truthOf(network);
      expect(found.filter((one) => !truth.has(one))).toEqual([]);
      return found;
    });
    expect(solved).not.toEqual([]);
    expect(withoutWitness(networks, 20, { isExact: true }).without).not.toEqual([]);
  }, 120_000);

  it('is of use all the same', () => {
    const seen = { mass: 0, shown: 0 };
    for (const network of networksOf(10, 24)) {
      const { openData } = textOf(network);
      const newest = network.flat().map((world) => countsOf(world, world.editions, tableNames));
      seen.mass += newest.reduce((sum, { reports }) => sum + reports, 0);
      seen.shown += openData.at(-1)?.reports.value ?? 0;
    }
    const share = seen.shown / seen.mass;
    process.stdout.write(
      `open data of months of some 8 to 90 reports: ${Math.round(100 * share)} % of the reports counted\n`,
    );
    expect(share).toBeGreaterThan(0.8);
    expect(share).toBeLessThan(1.1);
  });
});
