import { isDeepStrictEqual } from 'node:util';
import { v7 as uuidv7 } from 'uuid';
import type { Tx } from '../db.ts';
import { sumMonths } from '../domain/published-sums.ts';
import { newestVersion } from './country-statistics.ts';
import { readMonth, type StoredMonth } from './published-figures.ts';

const CHANGED = 'The countries of the group, or a published figure of theirs, have changed.';

/**
 * Publishes a month (its first day) for each funder's countries together, as they are now: sums of what is published of them, and of
 * nothing else, where these are not what stands already. Gives how many were written.
 */
export async function publishGroups(
  tx: Tx,
  month: Date,
  reason: string | null,
  publication: { publishedAt: Date; publishedBy: string },
): Promise<number> {
  const funders = await tx.partner.findMany({
    where: { kind: 'FUNDER', countries: { isEmpty: false } },
    select: {
      id: true,
      countries: true,
      groupEditions: { where: { month }, orderBy: { edition: 'desc' }, take: 1 },
    },
  });
  const countries = await publishedCountries(tx, month);
  let written = 0;
  for (const { id, groupEditions, ...funder } of funders) {
    const [before] = groupEditions;
    const group = [...new Set(funder.countries)].sort();
    const editions = group.flatMap((country) => countries.get(country) ?? []);
    if (editions.length === 0) continue;
    const figures = sumMonths(editions.map((edition) => edition.figures));
    if (before && isDeepStrictEqual([before.countries, before.figures], [group, figures])) continue;
    const edition = (before?.edition ?? 0) + 1;
    await tx.statisticsGroupEdition.create({
      data: {
        id: uuidv7(),
        partnerId: id,
        month,
        edition,
        countries: group,
        ...publication,
        definitionsVersion: newestVersion(editions),
        figures,
        reason: edition > 1 ? (reason ?? CHANGED) : null,
      },
    });
    written += 1;
  }
  return written;
}

async function publishedCountries(tx: Tx, month: Date) {
  const rows = await tx.statisticsEdition.findMany({
    where: { month },
    select: { country: true, definitionsVersion: true, figures: true },
    orderBy: { edition: 'asc' },
  });
  return new Map(
    rows.map(({ country, definitionsVersion, figures }) => {
      return [country, { definitionsVersion, figures: readMonth(figures as StoredMonth) }];
    }),
  );
}
