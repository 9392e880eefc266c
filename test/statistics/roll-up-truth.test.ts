import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MonthCounts, protectMonth } from '../../src/domain/disclosure.ts';
import { dimensionNames, dimensions } from '../../src/statistics/definitions.ts';
import { type LivedPortal, livesOf } from '../support/case-lives.ts';
import { intakeTruth, type MonthTruth, monthTruths } from '../support/facts-truth.ts';
import { seeded } from '../support/made-reports.ts';
import { copyOfTemplate } from '../support/platform.ts';
import { soak } from '../support/soak.ts';
import { lifeWriter } from '../support/write-lives.ts';

const portal = (n: number, code: string, country: string | null, timeZone: string): LivedPortal => ({
  id: `019b0000-0000-7000-8000-0000000000a${n}`,
  code: `made-${code}`,
  country,
  timeZone,
});
const portals = [
  portal(1, 'nairobi', 'KE', 'Africa/Nairobi'),
  portal(2, 'kolkata', 'IN', 'Asia/Kolkata'),
  portal(3, 'line-islands', 'KI', 'Pacific/Kiritimati'),
  portal(4, 'lisbon', 'PT', 'Europe/Lisbon'),
  portal(5, 'santiago', 'CL', 'America/Santiago'),
  portal(6, 'everywhere', null, 'UTC'),
  portal(7, 'kenya-north', 'KE', 'Africa/Nairobi'),
];
const REPORTS = soak(10_000, 3_000);
const span = { from: new Date('2025-01-15T00:00:00Z'), to: new Date('2025-05-15T00:00:00Z') };
const { lives, report, assess, ruleAgain, follow, returnAgain, reconsider } = livesOf(portals, span, seeded(11));

let writer: Awaited<ReturnType<typeof lifeWriter>>;
let statistics: typeof import('../../src/statistics/roll-up-facts.ts') &
  typeof import('../../src/statistics/rebuild-facts.ts') &
  typeof import('../../src/statistics/count-month.ts');
let close: () => Promise<void>;
beforeAll(async () => {
  const databaseUrl = await copyOfTemplate('seeded');
  const db = await import('../../src/db.ts');
  db.openDatabase(databaseUrl, 5);
  statistics = {
    ...(await import('../../src/statistics/roll-up-facts.ts')),
    ...(await import('../../src/statistics/rebuild-facts.ts')),
    ...(await import('../../src/statistics/count-month.ts')),
  };
  writer = await lifeWriter(databaseUrl);
  close = async () => {
    await writer.client.end();
    await db.closeDatabase();
  };
});
afterAll(() => close());

/** What the platform counts of every month, as the truth has it. */
async function counted(): Promise<Map<string, Map<string, number>>> {
  const { rows } = await writer.client.query<{ name: string; cell: string; count: number }>(
    `SELECT to_char(month, 'YYYY-MM ') || country AS name, trim(by || ' ' || key) AS cell, count FROM monthly_cells WHERE count > 0`,
  );
  const months = new Map<string, Map<string, number>>();
  for (const { name, cell, count } of rows) months.set(name, (months.get(name) ?? new Map()).set(cell, count));
  return months;
}

const cellsOf = (truths: Map<string, MonthTruth>) => new Map([...truths].map(([name, { cells }]) => [name, cells]));

describe('the facts that figures count', () => {
  it('are what was recorded, counted another way, after every wave of what happens late', async () => {
    const waves = [
      () => {
        report(REPORTS * 0.7);
        assess(0.5);
        follow(0.4);
      },
      () => {
        assess(0.4);
        follow(0.3);
        returnAgain(0.2);
      },
      () => {
        report(REPORTS * 0.3);
        assess(0.3);
        ruleAgain(0.2);
        reconsider(0.05);
      },
      () => {
        follow(0.2);
        reconsider(0.05);
        // A portal that had stood in the wrong time zone.
        for (const moved of portals.filter(({ country }) => country === 'PT')) moved.timeZone = 'Pacific/Apia';
      },
    ];
    for (const wave of waves) {
      wave();
      await writer.write(lives);
      expect(await statistics.rollUpFacts()).toBeGreaterThan(100);
      expect(await counted()).toEqual(cellsOf(monthTruths(lives)));
    }
    expect(await statistics.rollUpFacts()).toBe(0);

    expect(lives.reports).toHaveLength(REPORTS);
    const cells = [...monthTruths(lives).values()].flatMap((truth) => [...truth.cells.keys()]);
    expect(new Set(cells).size).toBeGreaterThan(80);
  });

  it('give the intake of every day where the portal is', async () => {
    const { rows } = await writer.client.query(
      `SELECT d.day::text || ' ' || p.code || ' ' || d.country AS name, count FROM daily_intake d JOIN portals p ON p.id = d.portal_id WHERE count > 0`,
    );
    expect(new Map(rows.map(({ name, count }) => [name, count]))).toEqual(intakeTruth(lives));
  });

  it('give every speed, of each report as often as it came', async () => {
    const { prisma } = await import('../../src/db.ts');
    const truths = monthTruths(lives);
    for (const month of ['2025-01', '2025-03', '2025-05']) {
      const { speeds } = await statistics.countMonth(prisma, new Date(`${month}-01`));
      const given = new Map(speeds.map(({ country, measure, ...speed }) => [`${country} ${measure}`, speed]));
      const expected = new Map(
        [...truths].flatMap(([name, { hours }]) =>
          name.startsWith(month) && !name.endsWith('ZZ')
            ? [...hours].map(([measure, values]) => [`${name.slice(8)} ${measure}`, speedOf(values)] as const)
            : [],
        ),
      );
      expect(given).toEqual(expected);
      expect(given.size).toBeGreaterThan(10);
    }
  });

  it('are published after control as the truth is', async () => {
    const { publishStatistics } = await import('../../src/statistics/publish-statistics.ts');
    const by = { system: true, operation: 'test' } as const;
    await publishStatistics(by, new Date('2025-03-01'), { reason: null }, new Date('2025-06-01'));
    const { rows } = await writer.client.query('SELECT country, figures FROM statistics_editions');
    const published = new Map(rows.map(({ country, figures }) => [country, figures]));
    for (const [name, truth] of monthTruths(lives)) {
      const [month, country = ''] = name.split(' ');
      if (month !== '2025-03' || !published.has(country)) continue;
      const { speeds, ...figures } = published.get(country);
      expect(figures).toEqual(protectMonth(countsOf(truth), { country }).month);
    }
    expect(JSON.stringify(published.get('KE')).match(/"value":[1-9]/g)?.length).toBeGreaterThan(20);
    expect(published.size).toBeGreaterThan(portals.length);
  });

  it('are what a rebuild makes of everything, which finds whatever somebody else wrote', async () => {
    expect(await statistics.rebuildFacts({ check: true })).toEqual([]);

    await writer.client.query(
      `UPDATE monthly_cells SET count = count + 1 WHERE (month, country, by) = ('2025-03-01', 'KE', 'REPORTS')`,
    );
    await writer.client.query(`DELETE FROM daily_intake WHERE country = 'IN' AND day = '2025-03-05'`);
    await writer.client.query(
      `UPDATE report_facts SET contact = NOT contact WHERE country = 'CL' AND day = '2025-03-05'`,
    );
    const faults = await statistics.rebuildFacts({ check: true });
    expect(faults.map(({ table }) => table)).toEqual(['report_facts', 'monthly_cells', 'daily_intake']);
    expect(faults[1]).toEqual({ table: 'monthly_cells', rows: 2 });

    expect(await statistics.rebuildFacts({ check: false })).toEqual(faults);
    expect(await statistics.rebuildFacts({ check: true })).toEqual([]);
    expect(await counted()).toEqual(cellsOf(monthTruths(lives)));
  });

  it('count no report twice and lose none while others write', async () => {
    // Each wave is written while roll-ups run one after another, and several at once.
    let writing = true;
    const rolling = [1, 2].map(async () => {
      while (writing) await statistics.rollUpFacts();
    });
    for (let wave = 0; wave < 4; wave += 1) {
      report(100);
      assess(0.05);
      follow(0.05);
      reconsider(0.01);
      await writer.write(lives);
    }
    writing = false;
    await Promise.all(rolling);
    await statistics.rollUpFacts();
    expect(await counted()).toEqual(cellsOf(monthTruths(lives)));
    expect(await statistics.rebuildFacts({ check: true })).toEqual([]);
  });
});

function countsOf({ cells }: MonthTruth): MonthCounts {
  const countOf = (cell: string) => cells.get(cell) ?? 0;
  return {
    reports: countOf('REPORTS'),
    assessed: countOf('ASSESSED'),
    actionable: countOf('ACTIONABLE'),
    breakdowns: dimensionNames.map((by) => ({
      by,
      of: dimensions[by].of,
      cells: dimensions[by].keys.map((key) => ({ key, count: countOf(`${by} ${key}`) })),
    })),
  };
}

function speedOf(hours: number[]) {
  const sorted = hours.toSorted((a, b) => a - b);
  const at = (tenths: number) => Math.round(sorted[Math.ceil((tenths * sorted.length) / 10) - 1] ?? 0);
  return { base: sorted.length, median: at(5), ninetieth: at(9) };
}
