import { describe, expect, it } from 'vitest';
import type { CellRow, SpeedRow } from '../../src/statistics/count-month.ts';
import { dimensionNames, dimensions, labelOf, speedMeasures } from '../../src/statistics/definitions.ts';
import { protectedFigures } from '../../src/statistics/protect-figures.ts';

const country = 'KE';

/** A month of so many assessed reports: actionable ones of which the host was told and which were gone in a day, or still up, and others. */
function monthOf({ gone, up, other }: { gone: number; up: number; other: number }) {
  const actionable = gone + up;
  const cells: CellRow[] = Object.entries({
    'REPORTS ': 200,
    'SOURCE PUBLIC': 200,
    'LANGUAGE sw': 200,
    'REPEATED NEW': 200,
    'CONTACT ANONYMOUS': 200,
    'ASSESSED ': actionable + other,
    'ACTIONABLE ': actionable,
    'REASON OFF_REMIT': other,
    'SEVERITY A': actionable,
    'AGE AGE_7_10': actionable,
    'SEX GIRLS': actionable,
    'FORM OTHER': actionable,
    'SITE_TYPE FORUM': actionable,
    'HOSTING_COUNTRY UNKNOWN': actionable,
    'TIME_TO_ASSESS SAME_DAY': actionable,
    'TIME_TO_NOTIFY SAME_DAY': gone,
    'TIME_TO_NOTIFY NOT_YET': up,
    'REFERRAL NOT_REFERRED': actionable,
    'URL_LIST NOT_LISTED': actionable,
    'REMOVAL SAME_DAY': gone,
    'REMOVAL STILL_UP': up,
  }).map(([name, count]) => {
    const [by = '', key = ''] = name.split(' ');
    return { country, by, key, count };
  });
  const speed = (measure: SpeedRow['measure'], base: number) => ({ country, measure, base, median: 5, ninetieth: 9 });
  const speeds = [speed('ASSESSED', actionable), speed('NOTIFIED', gone), speed('REMOVED', gone)];
  return protectedFigures(cells, speeds, { country }).figures;
}

describe('speeds', () => {
  it('are shown on a base of 50 or more, as rounded', () => {
    expect(monthOf({ gone: 60, up: 0, other: 50 }).speeds).toEqual(
      speedMeasures.map((measure) => ({ measure, median: 5, ninetieth: 9 })),
    );
    const below = monthOf({ gone: 47, up: 0, other: 50 }).speeds;
    expect(below.every(({ median, ninetieth }) => median === null && ninetieth === null)).toBe(true);
  });

  it('never tell whether a hidden figure is one count or another', () => {
    // All months that look the same without speeds, to somebody told the exact count behind every shown figure.
    const looks = new Map<string, { speeds: Set<string>; up: Set<number>; other: Set<number> }>();
    for (let gone = 40; gone <= 60; gone += 1)
      for (let up = 0; up <= 14; up += 1)
        for (let other = 0; other <= 14; other += 1) {
          const { speeds, ...month } = monthOf({ gone, up, other });
          const exact = { assessed: gone + up + other, actionable: gone + up };
          const told = [month.assessed.hidden || exact.assessed, month.actionable.hidden || exact.actionable];
          const removal = month.breakdowns.find(({ by }) => by === 'REMOVAL')!;
          const cells = removal.cells.map(({ key, figure }) =>
            figure.hidden ? '?' : key === 'SAME_DAY' ? gone : key === 'STILL_UP' ? up : 0,
          );
          const key = JSON.stringify([
            told,
            cells,
            month.breakdowns.map(({ cells }) => cells.map(({ figure }) => figure.hidden)),
          ]);
          const look = looks.get(key) ?? { speeds: new Set(), up: new Set(), other: new Set() };
          look.speeds.add(JSON.stringify(speeds));
          look.up.add(up);
          look.other.add(other);
          looks.set(key, look);
        }
    const several = [...looks.values()].filter(({ up, other }) => up.size > 1 || other.size > 1);
    expect(several.length).toBeGreaterThan(100);
    for (const { speeds } of several) expect(speeds.size).toBe(1);
  });
});

describe('labels', () => {
  const keys = [...new Set(dimensionNames.flatMap((by): readonly string[] => dimensions[by].keys))];

  it('read as plain English, each key its own', () => {
    const labels = keys.map(labelOf);
    expect(new Set(labels).size).toBe(keys.length);
    // Countries and languages have names; the rest are words.
    for (const [n, key] of keys.entries())
      expect(labels[n]).toMatch(key.length === 2 ? /^\p{Lu}.{2,}$/u : /^(AI-)?[a-z]+([ -][a-z]+| [0-9–]+| [A-C])*$/);
  });

  it.each([
    ['A', 'category A'],
    ['AGE_0_2', 'age 0–2'],
    ['AGE_11_13', 'age 11–13'],
    ['DAYS_1_3', 'days 1–3'],
    ['DAYS_7_PLUS', 'days 7 or more'],
    ['AI_GENERATED', 'AI-generated'],
    ['LEGAL_ADULT', 'legal adult'],
    ['PEER_TO_PEER', 'peer to peer'],
    ['KE', 'Kenya'],
    ['sw', 'Swahili'],
    ['ny', 'Chichewa'],
  ])('%s reads "%s"', (key, label) => {
    expect(keys).toContain(key);
    expect(labelOf(key)).toBe(label);
  });
});
