import type { Base, HeldBack, MonthCounts, protectMonth } from '../../src/domain/disclosure.ts';

const days = ['SAME_DAY', 'DAYS_1_3', 'DAYS_4_6', 'DAYS_7_PLUS'];
/** A part of what is published, with the keys of each table from frequent to rare. */
export const tables = {
  SOURCE: { of: 'reports', keys: ['PUBLIC', 'POLICE', 'PARTNER'] },
  CONTACT: { of: 'reports', keys: ['ANONYMOUS', 'WITH_CONTACT'] },
  LANGUAGE: { of: 'reports', keys: ['en', 'sw', 'fr', 'ar', 'hi', 'OTHER'] },
  REASON: { of: 'notActionable', keys: ['OFF_REMIT', 'LEGAL_ADULT', 'INACCESSIBLE'] },
  SEVERITY: { of: 'actionable', keys: ['C', 'A', 'B', 'PROHIBITED'] },
  FORM: { of: 'actionable', keys: ['OTHER', 'AI_GENERATED'] },
  HOSTING_COUNTRY: { of: 'actionable', keys: ['NL', 'US', 'UNKNOWN', 'FR', 'KE', 'DE', 'RU', 'HIDDEN_SERVICE'] },
  TIME_TO_ASSESS: { of: 'actionable', keys: days },
  TIME_TO_NOTIFY: { of: 'actionable', keys: [...days, 'NOT_YET'] },
  REMOVAL: { of: 'actionable', keys: [...days, 'STILL_UP'] },
  REFERRAL: { of: 'actionable', keys: ['NOT_REFERRED', 'REFERRED', 'ACKNOWLEDGED'] },
} as const satisfies Record<string, { of: Base; keys: readonly string[] }>;
export type Table = keyof typeof tables;
export const tableNames = Object.keys(tables) as Table[];

/**
 * One report: assessed before this edition (4: never), of this verdict, and its place in each table. `was` is what the first opinion
 * made of it, until the edition in which another stands.
 */
export type Row = {
  assessedFor: number;
  isActionable: boolean;
  at: Record<Table, number>;
  minute: number;
  was?: { until: number; isActionable: boolean; at: Record<Table, number> };
};
/** One country's month: its reports, and in how many editions it is published. */
export type World = { rows: Row[]; editions: number };
type Protect = typeof protectMonth;

/** A world whose months have some `size` reports; `random` gives numbers from 0 to 1. */
export function makeWorld(size: number, random: () => number): World {
  const editions = 1 + Math.floor(random() * 3);
  const tilt = Object.fromEntries(tableNames.map((by) => [by, 1 + 3 * random()]));
  const count = Math.round(size * (0.6 + 0.8 * random()));
  const first = random();
  const rows = Array.from({ length: count }, () => {
    const place = (by: Table) => Math.floor(random() ** (tilt[by] ?? 1) * tables[by].keys.length);
    const at = Object.fromEntries(tableNames.map((by) => [by, place(by)])) as Row['at'];
    const row = { assessedFor: 1, isActionable: random() < 0.6, at, minute: random() };
    row.assessedFor = random() < 0.3 + 0.6 * first ? 1 : 2 + Math.floor(random() * 3);
    at.TIME_TO_NOTIFY = Math.max(at.TIME_TO_NOTIFY, at.TIME_TO_ASSESS);
    at.REMOVAL = Math.max(at.REMOVAL, at.TIME_TO_ASSESS);
    if (!isPossible(row)) at.REFERRAL = 0;
    if (!isPossible(row)) at.SEVERITY = 0;
    if (random() > 0.03) return row;
    return { ...row, was: { until: 3, isActionable: random() < 0.5, at: { ...at } } };
  });
  return { rows, editions };
}

/** Whether there can be such a report: by what everybody knows of the order of things, and of the questions asked. */
export function isPossible({ at }: Row): boolean {
  if (at.TIME_TO_NOTIFY < at.TIME_TO_ASSESS || at.REMOVAL < at.TIME_TO_ASSESS) return false;
  if (at.REFERRAL > 0 && at.TIME_TO_NOTIFY === days.length) return false;
  return !(at.FORM === 1 && at.SEVERITY === 3);
}

/** Whether a report is one of a table's in an edition. */
export function isIn(row: Row, of: Base, edition: number): boolean {
  if (of === 'reports') return true;
  if (row.assessedFor > edition) return false;
  return of === 'assessed' || asOf(row, edition).isActionable === (of === 'actionable');
}

/** The opinion of a report that stands in an edition. */
export function asOf(row: Row, edition: number): Pick<Row, 'isActionable' | 'at'> {
  return row.was && edition < row.was.until ? row.was : row;
}

/** The exact counts of an edition, in some of the tables. */
export function countsOf({ rows }: World, edition: number, some: readonly Table[]): MonthCounts {
  const count = (of: Base) => rows.reduce((sum, row) => sum + (isIn(row, of, edition) ? 1 : 0), 0);
  const breakdowns = some.map((by) => {
    const counts = tables[by].keys.map(() => 0);
    for (const row of rows) {
      const place = asOf(row, edition).at[by];
      if (isIn(row, tables[by].of, edition)) counts[place] = (counts[place] ?? 0) + 1;
    }
    return { by, of: tables[by].of, cells: tables[by].keys.map((key, index) => ({ key, count: counts[index] ?? 0 })) };
  });
  const timed = (['TIME_TO_ASSESS', 'TIME_TO_NOTIFY', 'REMOVAL'] as const).filter((by) => some.includes(by));
  const speeds = timed.map((by) => {
    const taken = rows.filter((row) => isIn(row, 'actionable', edition) && asOf(row, edition).at[by] < days.length);
    const hours = taken
      .map((row) => Math.floor([0, 24, 96, 168][asOf(row, edition).at[by]]! + 20 * row.minute))
      .sort((a, b) => a - b);
    const at = (share: number) => hours[Math.ceil(share * hours.length) - 1] ?? 0;
    return { measure: by, by, without: ['NOT_YET', 'STILL_UP'], median: at(0.5), ninetieth: at(0.9) };
  });
  return { reports: rows.length, assessed: count('assessed'), actionable: count('actionable'), breakdowns, speeds };
}

/** All editions of a world, each knowing the one before. */
export function publish(protect: Protect, world: World, some: readonly Table[] = tableNames) {
  let before: HeldBack | undefined;
  return Array.from({ length: world.editions }, (_, index) => {
    const published = protect(countsOf(world, index + 1, some), before ? { before } : {});
    before = published.heldBack;
    return published;
  });
}

/** Numbers from 0 to 1 that are the same every time (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
