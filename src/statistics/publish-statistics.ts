import { isDeepStrictEqual } from 'node:util';
import { v7 as uuidv7 } from 'uuid';
import { actorOf, type By, type BySystem } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import type { Tx } from '../db.ts';
import { InvalidInputError } from '../domain/errors.ts';
import { countMonth } from './count-month.ts';
import { DEFINITIONS_VERSION } from './definitions.ts';
import { protectedFigures } from './protect-figures.ts';

/** The last time zone to end a month is UTC-12. */
const LAST_ZONE_HOURS = 12;

/**
 * Publishes a month (given as its first day) for every country that has a portal or a partner: the figures after disclosure control, as
 * edition 1, or as the next edition where a published figure would now be another. Gives the countries with the editions that
 * stand. Throws an `InvalidInputError` while the month is not over everywhere.
 */
export function publishStatistics(
  by: By | BySystem,
  month: Date,
  now: Date,
): Promise<{ country: string; edition: number }[]> {
  const over = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 1, LAST_ZONE_HOURS));
  if (now < over) {
    throw new InvalidInputError([
      {
        path: ['month'],
        code: 'MONTH_NOT_OVER',
        message: 'This month is not over everywhere yet. Publish it when it is, or choose an earlier one.',
      },
    ]);
  }
  const name = month.toISOString().slice(0, 7);
  return recorded(by, async ({ tx, note }) => {
    // One publication of a month at a time, so that two never make the same edition.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${`publish ${name}`}))`;
    const [{ cells, speeds }, countries, latest] = [
      await countMonth(tx, month),
      await countriesOf(tx),
      await latestEditions(tx, month),
    ];

    const standing: { country: string; edition: number }[] = [];
    for (const country of countries) {
      const own = (row: { country: string }) => row.country === country;
      const figures = protectedFigures(cells.filter(own), speeds.filter(own));
      const before = latest.get(country);
      const unchanged = before && isDeepStrictEqual(before.figures, figures);
      const edition = unchanged ? before.edition : (before?.edition ?? 0) + 1;
      standing.push({ country, edition });
      if (unchanged) continue;
      await tx.statisticsEdition.create({
        data: {
          id: uuidv7(),
          country,
          month,
          edition,
          publishedAt: now,
          publishedBy: actorOf(by),
          definitionsVersion: DEFINITIONS_VERSION,
          figures,
        },
      });
    }
    note({
      stream: `statistics:${name}`,
      action: 'PUBLISH',
      detail: { editions: standing.map(({ country, edition }) => `${country} ${edition}`) },
    });
    return standing;
  });
}

// By portals and agreements, never by counts: that a country has figures at all must not tell that somebody reported.
async function countriesOf(tx: Tx): Promise<string[]> {
  const rows = await tx.$queryRaw<{ country: string }[]>`
    SELECT country FROM portals WHERE country IS NOT NULL UNION SELECT unnest(countries) FROM partners ORDER BY country`;
  return rows.map(({ country }) => country);
}

async function latestEditions(tx: Tx, month: Date) {
  const editions = await tx.statisticsEdition.findMany({ where: { month }, orderBy: { edition: 'asc' } });
  return new Map(editions.map((edition) => [edition.country, edition]));
}
