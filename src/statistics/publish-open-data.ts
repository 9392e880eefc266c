import { isDeepStrictEqual } from 'node:util';
import { v7 as uuidv7 } from 'uuid';
import { actorOf, type By } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import { prisma, type Tx } from '../db.ts';
import { InvalidInputError } from '../domain/errors.ts';
import { sumMonths } from '../domain/published-sums.ts';
import type { OpenDataEdition } from '../generated/prisma/client.ts';
import { correctionReason, reasonNeeded } from './correction-reason.ts';
import { newestVersion } from './country-statistics.ts';
import { isOver } from './publish-statistics.ts';
import { readMonth, type StoredMonth } from './published-figures.ts';
import type { YearEdition } from './summed-figures.ts';

/** Years before the platform's time, and beyond what a calendar's year is, are none. */
const [FIRST_YEAR, LAST_YEAR] = [2000, 9999];
const MONTHS = 12;

/**
 * Publishes a year of the whole network for everybody: the sums of what is published of all months of all countries, and of nothing
 * else; where that has changed since, as the next edition, which says the reason. Gives the edition that stands. Throws an
 * `InvalidInputError`, and publishes nothing, unless the year is over with every month of it published.
 */
export function publishOpenData(
  by: By,
  year: number,
  options: { reason: string | null },
  now: Date,
): Promise<YearEdition> {
  const reason = correctionReason(options.reason);
  refuseUnlessPast(year, now);
  return recorded(by, async ({ tx, note }) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('publish open data'))`;
    const editions = await newestOfYear(tx, year);
    refuseUnlessPublished(editions.map(({ month }) => month));
    const figures = {
      ...sumMonths(editions.map((edition) => edition.figures)),
      countries: [...new Set(editions.map(({ country }) => country))].sort(),
      monthsShown: editions.filter((edition) => !edition.figures.reports.hidden).length,
    };
    const before = await tx.openDataEdition.findFirst({ where: { year }, orderBy: { edition: 'desc' } });
    const unchanged = before && isDeepStrictEqual(before.figures, figures);
    if (before && !unchanged && !reason) throw reasonNeeded();
    const edition = unchanged ? before.edition : (before?.edition ?? 0) + 1;
    note({ stream: `open-data:${year}`, action: 'PUBLISH_OPEN_DATA', detail: { edition } });
    if (unchanged) return readYear(before);
    const row = await tx.openDataEdition.create({
      data: {
        id: uuidv7(),
        year,
        edition,
        publishedAt: now,
        publishedBy: actorOf(by),
        definitionsVersion: newestVersion(editions),
        figures,
        reason: edition > 1 ? reason : null,
      },
    });
    return readYear(row);
  });
}

/** The newest edition of each year of open data, oldest year first. */
export async function openData(): Promise<YearEdition[]> {
  const rows = await prisma.openDataEdition.findMany({
    distinct: ['year'],
    orderBy: [{ year: 'asc' }, { edition: 'desc' }],
  });
  return rows.map(readYear);
}

function refuseUnlessPast(year: number, now: Date): void {
  if (year >= FIRST_YEAR && year <= LAST_YEAR && isOver(new Date(Date.UTC(year, MONTHS - 1)), now)) return;
  const message = 'This year is not over everywhere yet. Publish it when it is, or choose an earlier one.';
  throw new InvalidInputError([{ path: ['year'], code: 'YEAR_NOT_OVER', message }]);
}

function refuseUnlessPublished(months: Date[]): void {
  const missing = Array.from({ length: MONTHS }, (_, n) => n).filter((n) => !months.some((m) => m.getUTCMonth() === n));
  if (missing.length === 0) return;
  const names = missing.map((n) => String(n + 1).padStart(2, '0')).join(', ');
  const message = `Publish these months of the year first: ${names}.`;
  throw new InvalidInputError([{ path: ['year'], code: 'MONTHS_NOT_PUBLISHED', message }]);
}

async function newestOfYear(tx: Tx, year: number) {
  const rows = await tx.statisticsEdition.findMany({
    where: { month: { gte: new Date(Date.UTC(year, 0)), lt: new Date(Date.UTC(year + 1, 0)) } },
    distinct: ['month', 'country'],
    select: { month: true, country: true, definitionsVersion: true, figures: true },
    orderBy: [{ month: 'asc' }, { country: 'asc' }, { edition: 'desc' }],
  });
  return rows.map(({ figures, ...row }) => ({ ...row, figures: readMonth(figures as StoredMonth) }));
}

function readYear({ year, edition, publishedAt, reason, definitionsVersion, figures }: OpenDataEdition): YearEdition {
  const told = figures as YearEdition['figures'];
  return { year, edition, publishedOn: publishedAt, correction: reason, definitionsVersion, figures: told };
}
