import type { protectMonth } from '../../src/domain/disclosure.ts';
import {
  asOf,
  isIn,
  isPossible,
  publish,
  type Row,
  type Table,
  tableNames,
  tables,
  type World,
} from './disclosure-worlds.ts';

type Protect = typeof protectMonth;

/** So many reports are tried of each change of one report's life. */
const MOST_TRIED = 25;
/** The last place that is a time, in the tables of times. */
const LATEST = 3;

/** What else can be read that is made of the world's exact counts, where a control is so weak that there is such a thing. */
export type Leak = (world: World, some: readonly Table[]) => unknown;

/** A hidden cell of one edition of a month: the secret is the count that this edition is of. */
export type HiddenCell = { name: string; table: Table; place: number; edition: number };

/**
 * The hidden cells of a world for which no other world was found that could be, is published as the very same in all editions, and has
 * another count there: each relabels the same reports in all editions. Also how many hidden cells there are.
 */
export function cellsWithoutWitness(protect: Protect, world: World, leak: Leak = () => null) {
  const cells = hiddenCells(publish(protect, world));
  const witnessOf = witnessFinder(protect, world, leak);
  const without = cells.filter((cell) => witnessOf(cell) === null);
  return { hidden: cells.length, without: without.map((cell) => `${cell.name}, which is ${countIn(world, cell)}`) };
}

/** The hidden cells of a month's editions. */
export function hiddenCells(editions: ReturnType<Protect>[]): HiddenCell[] {
  return editions.flatMap(({ month, heldBack }, index) =>
    month.breakdowns.flatMap(({ by, hidden: isWhole, cells }) => {
      // What stands in an edition may be what stood in an earlier one: the counts of that one are the secret.
      if (index > 0 && heldBack.tables[by] === editions[index - 1]?.heldBack.tables[by] && !isWhole) return [];
      const table = by as Table;
      const isHidden = new Map(cells.map(({ key, figure }) => [key, figure.hidden]));
      return tables[table].keys.flatMap((key, place) => {
        if (!(isHidden.get(key) ?? isWhole)) return [];
        return [{ name: `${by} ${key} of edition ${index + 1}`, table, place, edition: index + 1 }];
      });
    }),
  );
}

/** The exact count of a cell. */
export function countIn({ rows }: World, { table, place, edition }: HiddenCell): number {
  const { of } = tables[table];
  let sum = 0;
  for (const row of rows) if (asOf(row, edition).at[table] === place && isIn(row, of, edition)) sum += 1;
  return sum;
}

/** Gives of a hidden cell another world that could be, is published as the very same and has another count there; null where none is found. */
export function witnessFinder(protect: Protect, world: World, leak: Leak = () => null) {
  const seenOf = (other: World, some: readonly Table[]) =>
    JSON.stringify([publish(protect, other, some).map(({ month, speeds }) => [month, speeds]), leak(other, some)]);
  const whole = seenOf(world, tableNames);
  return (cell: HiddenCell): World | null => {
    const { table, place } = cell;
    const secret = countIn(world, cell);
    const seen = seenOf(world, [table]);
    const isWitness = (other: World, some: readonly Table[], look: string) =>
      countIn(other, cell) !== secret && seenOf(other, some) === look;
    return (
      first(relabelled(world, table, place), (other) => isWitness(other, [table], seen)) ??
      first(otherLives(world, table, place), (other) => isWitness(other, tableNames, whole)) ??
      first(traded(world, table, place), (other) => isWitness(other, tableNames, whole))
    );
  };
}

function first(worlds: Iterable<World>, isOne: (world: World) => boolean): World | null {
  for (const world of worlds) if (isOne(world)) return world;
  return null;
}

// One, two or four reports that go from one place of a table to another, or all that exchange their places.
function* relabelled({ rows, editions }: World, by: Table, place: number): Generator<World> {
  const others = tables[by].keys.map((_, index) => index).filter((other) => other !== place);
  const pairs = others.flatMap((other) => [[place, other] as const, [other, place] as const]);
  for (const most of [1, 2, 4])
    for (let wave = 1; wave <= editions; wave += 1)
      for (const [from, to] of pairs) {
        const next = move(rows, by, { from, to, wave, most });
        if (next) yield { rows: next, editions };
      }
  for (let wave = 1; wave <= editions; wave += 1)
    for (let later = 1; later <= editions; later += 1)
      for (const [from, to] of wave === later ? [] : pairs) {
        const half = move(rows, by, { from, to, wave, most: 1 });
        const next = half && move(half, by, { from: to, to: from, wave: later, most: 1 });
        if (next) yield { rows: next, editions };
      }
  for (const other of others) {
    const next = swap(rows, by, place, other);
    if (next) yield { rows: next, editions };
  }
}

function move(
  rows: Row[],
  by: Table,
  { from, to, wave, most }: { from: number; to: number; wave: number; most: number },
) {
  const isOfTable = (row: Row) =>
    tables[by].of === 'reports' ||
    (row.isActionable === (tables[by].of === 'actionable') && row.assessedFor === wave && !row.was);
  let left = most;
  const next = rows.map((row) => {
    const other = { ...row, at: { ...row.at, [by]: to } };
    if (left === 0 || row.at[by] !== from || !isOfTable(row) || !isPossible(other)) return row;
    left -= 1;
    return other;
  });
  return left === 0 ? next : null;
}

function swap(rows: Row[], by: Table, one: number, other: number) {
  const places = new Map([
    [one, other],
    [other, one],
  ]);
  const next = rows.map((row) => ({ ...row, at: { ...row.at, [by]: places.get(row.at[by]) ?? row.at[by] } }));
  return next.every(isPossible) ? next : null;
}

// A report that comes to be in the cell, and trades what was done of it later with another of its time, so that both could be.
function* traded({ rows, editions }: World, by: Table, place: number): Generator<World> {
  for (const [index, row] of rows.entries()) {
    if (!row.isActionable || row.was || row.at[by] === place) continue;
    for (const [partner, other] of rows.entries()) {
      if (partner === index || other.was || !other.isActionable || other.assessedFor !== row.assessedFor) continue;
      const one = { ...row, at: { ...row.at, ...handlingOf(other), [by]: place } };
      const two = { ...other, at: { ...other.at, ...handlingOf(row), [by]: other.at[by] } };
      if (isPossible(one) && isPossible(two)) yield { rows: rows.with(index, one).with(partner, two), editions };
    }
  }
}

function handlingOf({ at: { TIME_TO_NOTIFY, REMOVAL, REFERRAL } }: Row) {
  return { TIME_TO_NOTIFY, REMOVAL, REFERRAL };
}

// A report of the cell that is assessed otherwise or not at all, or another that comes to be in it.
function* otherLives({ rows, editions }: World, by: Table, place: number): Generator<World> {
  const { of } = tables[by];
  const isActionable = of === 'actionable';
  const never = editions + 1;
  const until = Array.from({ length: editions }, (_, index) => index + 2);
  const isHere = (row: Row) => isIn(row, of, editions) && row.at[by] === place;
  const changes: ((row: Row) => Row | null)[] = [
    (row) => (isHere(row) || !isIn(row, of, editions) ? null : brought(row, by, place)),
    ...until.map((edition) => (row: Row) => {
      if (row.assessedFor > editions) return null;
      const was = { until: edition, isActionable, at: brought(row, by, place).at };
      return { ...row, assessedFor: Math.min(row.assessedFor, edition - 1), was };
    }),
    ...until.map((edition) => (row: Row) => {
      if (!isIn(row, of, edition - 1) || asOf(row, edition - 1).at[by] !== place) return null;
      return { ...row, was: { until: edition, isActionable: !isActionable, at: row.at } };
    }),
    (row) => (isHere(row) ? { ...row, isActionable: !isActionable } : null),
    (row) => (isHere(row) ? { ...row, assessedFor: never } : null),
    (row) => (isIn(row, of, 1) ? null : { ...brought(row, by, place), isActionable, assessedFor: 1 }),
    (row) => (isIn(row, of, editions) ? null : { ...brought(row, by, place), isActionable, assessedFor: editions }),
  ];
  for (const change of changes) {
    let left = MOST_TRIED;
    for (const [index, row] of rows.entries()) {
      const next = change(row);
      if (!next || !isPossible(next)) continue;
      yield { rows: rows.with(index, next), editions };
      left -= 1;
      if (left === 0) break;
    }
  }
}

/** The report in this place of a table, with whatever else has to be another for that. */
function brought(row: Row, by: Table, place: number): Row {
  const at = { ...row.at, [by]: place };
  if (by === 'TIME_TO_ASSESS') {
    if (at.TIME_TO_NOTIFY < place) at.TIME_TO_NOTIFY = LATEST;
    if (at.REMOVAL < place) at.REMOVAL = LATEST;
  } else at.TIME_TO_ASSESS = Math.min(at.TIME_TO_ASSESS, at.TIME_TO_NOTIFY, at.REMOVAL);
  if (by === 'TIME_TO_NOTIFY' && place === 4) at.REFERRAL = 0;
  if (by === 'REFERRAL' && place > 0) at.TIME_TO_NOTIFY = Math.min(at.TIME_TO_NOTIFY, 3);
  if (by === 'FORM') at.SEVERITY = 0;
  if (by === 'SEVERITY') at.FORM = 0;
  return { ...row, at };
}

/** A hidden total of one edition of a month. */
export type HiddenTotal = { name: string; total: (typeof totals)[number]; edition: number };
const totals = ['reports', 'assessed', 'actionable'] as const;

/** The hidden totals of a month's editions, but for a verdict that stands as it did in an earlier one. */
export function hiddenTotals(editions: ReturnType<Protect>[]): HiddenTotal[] {
  return editions.flatMap(({ month, heldBack }, index) => {
    const isEarlier = index > 0 && heldBack.verdict === editions[index - 1]?.heldBack.verdict && !month.assessed.hidden;
    const hidden = totals.filter((total) => month[total].hidden && !(total === 'actionable' && isEarlier));
    return hidden.map((total) => ({ name: `${total} of edition ${index + 1}`, total, edition: index + 1 }));
  });
}

/** The exact count of a total. */
export function totalIn({ rows }: World, { total, edition }: HiddenTotal): number {
  return rows.filter((row) => isIn(row, total, edition)).length;
}

/** Gives of a hidden total another world, as `witnessFinder` does of a cell: with one report more or less, or of another verdict. */
export function totalWitness(protect: Protect, world: World, secret: HiddenTotal): World | null {
  const seenOf = (other: World) => JSON.stringify(publish(protect, other).map(({ month, speeds }) => [month, speeds]));
  const seen = seenOf(world);
  const isWitness = (other: World) => totalIn(other, secret) !== totalIn(world, secret) && seenOf(other) === seen;
  return first(otherTotals(world), isWitness);
}

function* otherTotals({ rows, editions }: World): Generator<World> {
  const any = {
    assessedFor: 1,
    isActionable: true,
    at: Object.fromEntries(tableNames.map((by) => [by, 0])) as Row['at'],
  };
  for (const assessedFor of [1, editions, editions + 1])
    yield { rows: [...rows, { ...any, assessedFor, minute: 0 }], editions };
  for (const [index, row] of rows.entries()) {
    yield { rows: rows.toSpliced(index, 1), editions };
    yield { rows: rows.with(index, { ...row, isActionable: !row.isActionable }), editions };
    for (const assessedFor of [1, editions, editions + 1])
      yield { rows: rows.with(index, { ...row, assessedFor }), editions };
  }
}
