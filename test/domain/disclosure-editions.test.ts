import { describe, expect, it } from 'vitest';
import { type Base, type HeldBack, type MonthCounts, protectMonth } from '../../src/domain/disclosure.ts';
import { sumMonths } from '../../src/domain/published-sums.ts';

type Cells = Record<string, number>;

/** A month with one table of this name. */
function monthOf(
  totals: { reports?: number; assessed?: number; actionable?: number },
  by: string,
  of: Base,
  cells: Cells,
): MonthCounts {
  const breakdown = { by, of, cells: Object.entries(cells).map(([key, count]) => ({ key, count })) };
  return { reports: 500, assessed: 400, actionable: 200, ...totals, breakdowns: [breakdown] };
}

/** What several editions of a month show of its one table, each knowing the one before. */
function editionsOf(...months: MonthCounts[]) {
  let before: HeldBack | undefined;
  return months.map((counts) => {
    // As it is read back from where editions are kept.
    const { month, heldBack } = protectMonth(counts, before ? { before: JSON.parse(JSON.stringify(before)) } : {});
    before = heldBack;
    const [table] = month.breakdowns;
    return { ...month, hidden: table?.hidden, shown: table?.cells.map(({ figure }) => figure.value) };
  });
}

const languages = (cells: Cells) => {
  const reports = Object.values(cells).reduce((sum, count) => sum + count, 0);
  return monthOf({ reports, assessed: 0, actionable: 0 }, 'SOURCE', 'reports', cells);
};

describe('a later edition', () => {
  it('leaves a table as it was until ten or more have changed', () => {
    const [, second, third] = editionsOf(
      languages({ a: 50, b: 60, c: 0 }),
      languages({ a: 51, b: 60, c: 1 }),
      languages({ a: 61, b: 60, c: 0 }),
    );
    expect(second?.shown).toEqual([50, 60, 0]);
    expect(second?.reports.value).toBe(110);
    expect(third?.shown).toEqual([60, 60, 0]);
    expect(third?.reports.value).toBe(120);
  });

  it('hides the same cells as the one before, and shuts the table for good where others would have to be hidden', () => {
    const [first, second, third, fourth] = editionsOf(
      languages({ a: 3, b: 60, c: 200 }),
      languages({ a: 12, b: 60, c: 200 }),
      languages({ a: 12, b: 60, c: 4 }),
      languages({ a: 100, b: 100, c: 100 }),
    );
    expect(first?.shown).toEqual([null, null, 200]);
    expect(second?.shown).toEqual([null, null, 200]);
    expect([third?.shown, third?.hidden]).toEqual([[null, null, null], true]);
    expect([fourth?.shown, fourth?.hidden]).toEqual([[null, null, null], true]);
  });

  it('opens hidden cells once they could have held anything before', () => {
    const [, second, third] = editionsOf(
      languages({ a: 3, b: 60, c: 200 }),
      languages({ a: 40, b: 60, c: 200 }),
      languages({ a: 40, b: 100, c: 200 }),
    );
    expect(second?.shown).toEqual([null, null, 200]);
    expect(third?.shown).toEqual([40, 100, 200]);
  });

  it('shows a total that was hidden from 20 on, with its tables', () => {
    const verdicts = (actionable: number) =>
      monthOf({ assessed: actionable, actionable }, 'SEX', 'actionable', { GIRLS: actionable, BOYS: 0 });
    const editions = editionsOf(verdicts(0), verdicts(9), verdicts(19), verdicts(20));
    expect(editions.map(({ assessed }) => assessed.value)).toEqual([null, null, null, 20]);
    expect(editions.map(({ shown }) => shown)).toEqual([
      [null, null],
      [null, null],
      [null, null],
      [20, 0],
    ]);
  });

  it('has no table that the one before did not know', () => {
    const before = protectMonth(languages({ a: 50, b: 60 })).heldBack;
    const { month } = protectMonth(monthOf({ reports: 110 }, 'CONTACT', 'reports', { x: 110 }), { before });
    expect(month.breakdowns[0]?.hidden).toBe(true);
  });
});

describe('tables', () => {
  const published = (by: string, of: Base, cells: Cells, country?: string) =>
    protectMonth(monthOf({}, by, of, cells), country ? { country } : {}).month;

  it('of small territories are hidden whole, and totals are shown', () => {
    const month = published('SOURCE', 'reports', { a: 300, b: 200 }, 'TV');
    expect([month.reports.value, month.assessed.value, month.actionable.value]).toEqual([500, 400, 200]);
    expect(month.breakdowns[0]?.cells.map(({ figure }) => figure.value)).toEqual([null, null]);
    expect(published('SOURCE', 'reports', { a: 300, b: 200 }, 'KE').breakdowns[0]?.hidden).toBe(false);
  });

  it('that are long list no zeros, and no cell at all where they are hidden whole', () => {
    const [table] = published('HOSTING_COUNTRY', 'actionable', {
      AD: 0,
      NL: 120,
      US: 74,
      FR: 6,
      UNKNOWN: 0,
    }).breakdowns;
    expect(table?.cells.map(({ key, figure }) => [key, figure.value])).toEqual([
      ['NL', 120],
      ['US', null],
      ['FR', null],
    ]);
    const whole = published('HOSTING_COUNTRY', 'actionable', { NL: 120, US: 80 }, 'TV').breakdowns[0];
    expect(whole).toEqual({ by: 'HOSTING_COUNTRY', of: 'actionable', hidden: true, cells: [] });
  });

  it('that narrow each other show all cells, or which are 0', () => {
    const of = (cells: Cells) =>
      published('REMOVAL', 'actionable', cells).breakdowns[0]?.cells.map(({ figure }) => figure.value);
    expect(of({ SAME_DAY: 100, DAYS_1_3: 60, STILL_UP: 40 })).toEqual([100, 60, 40]);
    expect(of({ SAME_DAY: 137, DAYS_1_3: 60, DAYS_4_6: 0, STILL_UP: 3 })).toEqual([null, null, 0, null]);
  });
});

describe('speeds', () => {
  const speedOf = (counts: MonthCounts, median: number, before?: HeldBack) => {
    const speed = { measure: 'REMOVED', by: 'REMOVAL', without: ['STILL_UP'], median, ninetieth: 30 };
    return protectMonth({ ...counts, speeds: [speed] }, before ? { before } : {});
  };
  const removals = (gone: number, late: number, up: number) =>
    monthOf({ actionable: gone + late + up }, 'REMOVAL', 'actionable', {
      SAME_DAY: gone,
      DAYS_1_3: late,
      STILL_UP: up,
    });

  it('are shown only beside a table that shows all: the 90th percentile would tell the 9 of 89 that took longer than a day', () => {
    expect(speedOf(removals(80, 9, 0), 5).speeds).toEqual([{ measure: 'REMOVED', median: null, ninetieth: null }]);
    expect(speedOf(removals(79, 10, 0), 5).speeds).toEqual([{ measure: 'REMOVED', median: 5, ninetieth: 30 }]);
  });

  it('are shown over 50 reports or more, by the rounded cells', () => {
    expect(speedOf(removals(47, 0, 60), 5).speeds[0]?.median).toBeNull();
    expect(speedOf(removals(48, 0, 60), 5).speeds[0]?.median).toBe(5);
  });

  it('stay as they were for as long as their table does', () => {
    const { heldBack } = speedOf(removals(80, 20, 0), 5);
    expect(speedOf(removals(84, 20, 0), 7, heldBack).speeds[0]?.median).toBe(5);
    expect(speedOf(removals(90, 20, 0), 7, heldBack).speeds[0]?.median).toBe(7);
  });
});

describe('sums', () => {
  it('are of shown figures, and say how many are hidden', () => {
    const one = protectMonth(monthOf({}, 'LANGUAGE', 'reports', { en: 403, sw: 91, fr: 6 })).month;
    const two = protectMonth(monthOf({}, 'LANGUAGE', 'reports', { en: 300, sw: 200, fr: 0 })).month;
    const none = protectMonth(monthOf({}, 'LANGUAGE', 'reports', { en: 500 }), { country: 'TV' }).month;
    const other = protectMonth(monthOf({}, 'SOURCE', 'reports', { x: 500 })).month;
    const sums = sumMonths([one, two, none, other]);
    expect(sums.reports).toEqual({ value: 2000, leftOut: 0 });
    const [table] = sums.breakdowns;
    expect(table).toEqual({
      by: 'LANGUAGE',
      of: 'reports',
      leftOut: 2,
      cells: [
        { key: 'en', figure: { value: 705, leftOut: 2 } },
        { key: 'sw', figure: { value: 200, leftOut: 3 } },
        { key: 'fr', figure: { value: 0, leftOut: 3 } },
      ],
    });
  });
});
