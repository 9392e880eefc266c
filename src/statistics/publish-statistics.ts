import { isDeepStrictEqual } from 'node:util';
import { v7 as uuidv7 } from 'uuid';
import { actorOf, type By, type BySystem } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import type { Tx } from '../db.ts';
import type { HeldBack } from '../domain/disclosure.ts';
import { InvalidInputError } from '../domain/errors.ts';
import { correctionReason, reasonNeeded } from './correction-reason.ts';
import { countMonth } from './count-month.ts';
import { DEFINITIONS_VERSION } from './definition-texts.ts';
import { protectedFigures } from './protect-figures.ts';
import { publishGroups } from './publish-groups.ts';
import { rollUpFacts } from './roll-up-facts.ts';

/** The last time zone to end a month is UTC-12. */
const LAST_ZONE_HOURS = 12;

/**
 * Publishes a month (given as its first day) for every country that has a portal or a partner: the figures after disclosure control, as
 * edition 1, or, where a published figure would now be another, as the next edition, which says the reason; then the sums of each
 * funder's group. Gives the countries with the editions that stand. Throws an `InvalidInputError`, and publishes nothing, while the
 * month is not over everywhere, and where a figure has changed and no reason is given.
 */
export async function publishStatistics(
  by: By | BySystem,
  month: Date,
  options: { reason: string | null },
  now: Date,
): Promise<{ country: string; edition: number }[]> {
  refuseUnlessOver(month, now);
  const reason = correctionReason(options.reason);
  const name = month.toISOString().slice(0, 7);
  // In steps of its own: a long backlog does not fit into one transaction. What comes in between is in the next edition.
  await rollUpFacts();
  return recorded(by, async ({ tx, note, later }) => {
    // One publication of a month at a time, so that two never make the same edition.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${`publish ${name}`}))`;
    const { standing, fresh } = await nextEditions(tx, month);
    if (!reason && fresh.some(({ edition }) => edition > 1)) throw reasonNeeded();

    const publication = { publishedAt: now, publishedBy: actorOf(by) };
    await tx.statisticsEdition.createMany({
      data: fresh.map((edition) => ({
        id: uuidv7(),
        month,
        ...edition,
        ...publication,
        definitionsVersion: DEFINITIONS_VERSION,
        reason: edition.edition > 1 ? reason : null,
      })),
    });
    const groups = await publishGroups(tx, month, reason, publication);
    if (fresh.length > 0) later({ task: 'announce-month', payload: { month: name }, key: `announce-month ${name}` });
    note({
      stream: `statistics:${name}`,
      action: 'PUBLISH',
      detail: { editions: standing.map(({ country, edition }) => `${country} ${edition}`), groups },
    });
    return standing;
  });
}

/** Whether a month, given as its first day, is over in every time zone. */
export function isOver(month: Date, now: Date): boolean {
  return now >= new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 1, LAST_ZONE_HOURS));
}

function refuseUnlessOver(month: Date, now: Date): void {
  if (isOver(month, now)) return;
  const message = 'This month is not over everywhere yet. Publish it when it is, or choose an earlier one.';
  throw new InvalidInputError([{ path: ['month'], code: 'MONTH_NOT_OVER', message }]);
}

/** The edition that will stand for each country, and of these the ones that have yet to be written. */
async function nextEditions(tx: Tx, month: Date) {
  const { cells, speeds } = await countMonth(tx, month);
  const latest = await latestEditions(tx, month);
  const standing: { country: string; edition: number }[] = [];
  const fresh: ({ country: string; edition: number } & ReturnType<typeof protectedFigures>)[] = [];
  for (const country of await countriesOf(tx)) {
    const before = latest.get(country);
    // Of what the platform published before it kept a record of what is hidden, a correction could give hidden figures away.
    if (before && before.heldBack === null) {
      standing.push({ country, edition: before.edition });
      continue;
    }
    const own = (row: { country: string }) => row.country === country;
    const kept = before ? { before: before.heldBack as HeldBack } : {};
    const next = protectedFigures(cells.filter(own), speeds.filter(own), { country, ...kept });
    const unchanged = before !== undefined && isDeepStrictEqual(before.figures, next.figures);
    const edition = unchanged ? before.edition : (before?.edition ?? 0) + 1;
    standing.push({ country, edition });
    if (!unchanged) fresh.push({ country, edition, ...next });
  }
  return { standing, fresh };
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
