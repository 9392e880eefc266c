import { prisma } from '../db.ts';
import { DAILY_EXPOSURE_MINUTES } from '../domain/exposure.ts';
import type { BreakReason } from '../generated/prisma/enums.ts';

/** Of fewer people than this a total would be about one of them. */
const FEWEST_PEOPLE = 3;

/** How a team's day was; all null where fewer than three people were at work. */
export type ExposureDay = {
  day: Date;
  minutes: number | null;
  people: number | null;
  reachedBudget: number | null;
  breaks: { reason: BreakReason; count: number }[] | null;
};

type Row = { day: Date; minutes: number; people: number; reachedBudget: number };

/**
 * The team's days (UTC) from `from` until before `until`, at work or not, in two statements: sums, never names. Whoever held a
 * case was at work; minutes with several cases at once count once.
 */
export async function exposureTotals(from: Date, until: Date, now: Date): Promise<ExposureDay[]> {
  const end = until < now ? until : now;
  const rows = await prisma.$queryRaw<Row[]>`
    WITH spans AS (
      SELECT k.account_id, d.day, range_agg(tstzrange(greatest(k.claimed_at, d.day), least(k.stop, d.day + interval '1 day'))) AS held
      FROM (
        SELECT account_id, claimed_at, least(coalesce(ended_at, lease_until), ${end}) AS stop FROM claims
        WHERE claimed_at < ${end} AND coalesce(ended_at, lease_until) > ${from}
      ) k, LATERAL generate_series(date_trunc('day', greatest(k.claimed_at, ${from})), k.stop, interval '1 day') d(day)
      WHERE least(k.stop, d.day + interval '1 day') > greatest(k.claimed_at, d.day)
      GROUP BY k.account_id, d.day
    ), people AS (
      SELECT s.day, least(a.daily_minutes, ${DAILY_EXPOSURE_MINUTES}) AS budget,
             (SELECT sum(extract(epoch FROM upper(r) - lower(r))) / 60 FROM unnest(s.held) r) AS minutes
      FROM spans s JOIN accounts a ON a.id = s.account_id
    )
    SELECT g.day, coalesce(sum(p.minutes), 0)::float8 AS minutes, count(p.minutes)::int AS people,
           count(*) FILTER (WHERE p.minutes >= p.budget)::int AS "reachedBudget"
    FROM generate_series(${from}::timestamptz, ${until}::timestamptz - interval '1 day', interval '1 day') g(day)
    LEFT JOIN people p ON p.day = g.day
    GROUP BY g.day ORDER BY g.day`;
  const breaks = await prisma.$queryRaw<{ day: Date; reason: BreakReason; count: number }[]>`
    SELECT date_trunc('day', started_at) AS day, reason::text AS reason, count(*)::int AS count
    FROM breaks WHERE started_at >= ${from} AND started_at < ${until} GROUP BY 1, 2 ORDER BY 1, 2`;

  return rows.map(({ day, minutes, people, reachedBudget }) => {
    if (people < FEWEST_PEOPLE) return { day, minutes: null, people: null, reachedBudget: null, breaks: null };
    const ofDay = breaks.filter((taken) => taken.day.getTime() === day.getTime());
    return { day, minutes, people, reachedBudget, breaks: ofDay.map(({ reason, count }) => ({ reason, count })) };
  });
}
