import { prisma } from '../db.ts';
import type { Figure } from '../domain/disclosure.ts';

/** The newest edition of a country's month, and what it says of reports. */
export type NewestEdition = { country: string; edition: number; reports: Figure };

/** The newest editions of a month (given as its first day) that were published by `until`, for these countries, by country: one statement. */
export function newestEditions(month: Date, countries: string[], until: Date): Promise<NewestEdition[]> {
  return prisma.$queryRaw`
    SELECT DISTINCT ON (country) country, edition, figures -> 'reports' AS reports FROM statistics_editions
    WHERE month = ${month}::date AND country = ANY (${countries}) AND published_at <= ${until}
    ORDER BY country, edition DESC`;
}
