import { z } from 'zod';
import { prisma, type Tx } from '../db.ts';
import {
  budgetOf,
  type ClaimRefusal,
  claimRefusal,
  EXPOSURE_BEFORE_BREAK_MINUTES,
  exposureMinutes,
  minutesSinceBreak,
} from '../domain/exposure.ts';
import { minutesUntilWork, type WorkingHours } from '../domain/working-hours.ts';
import type { Break } from '../generated/prisma/client.ts';
import type { ReportCategory } from '../generated/prisma/enums.ts';
import { afterWallMinutes, dayOf, wallTime } from './wall-clock.ts';

/** How far back claims are read: a day that is put back by an hour, and before it a stretch without a break. */
const LOOK_BACK_HOURS = 26;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

const workingHours = z.object({ timeZone: z.string(), days: z.array(z.int()), from: z.string(), until: z.string() });

/** What somebody's own figures and wishes are, and whether they may claim now. */
export type Care = {
  minutesToday: number;
  dailyMinutes: number;
  minutesSinceBreak: number;
  /** When a break will be due if they go on holding what they hold; null where they hold nothing. */
  breakDueAt: Date | null;
  refusal: ClaimRefusal | null;
  onBreak: Break | null;
  workingHours: WorkingHours | null;
  avoids: ReportCategory[];
  /** How many cases they hold. */
  holding: number;
};

/** Reads all this of one account, in one statement. The day of the budget is that of their time zone where they gave one, else UTC's. */
export async function careOf(accountId: string, now: Date, tx: Tx = prisma): Promise<Care> {
  const account = await tx.account.findUniqueOrThrow({
    where: { id: accountId },
    include: {
      breaks: { where: { endedAt: null } },
      claims: { where: { leaseUntil: { gte: new Date(now.getTime() - LOOK_BACK_HOURS * HOUR_MS) } } },
    },
    relationLoadStrategy: 'join',
  });
  const [onBreak = null] = account.breaks;
  const hours = account.workingHours ? workingHours.parse(account.workingHours) : null;
  const day = dayOf(now, hours?.timeZone ?? 'UTC');
  const claimedIntervals = account.claims.map((claim) => ({
    from: claim.claimedAt,
    to: claim.endedAt ?? claim.leaseUntil,
  }));
  const holding = account.claims.filter(({ endedAt, leaseUntil }) => endedAt === null && leaseUntil > now).length;
  const sinceBreak = minutesSinceBreak(claimedIntervals, now);
  const wait = hours ? minutesUntilWork(hours, wallTime(now, hours.timeZone)) : 0;

  return {
    minutesToday: exposureMinutes(claimedIntervals, day.start, now),
    dailyMinutes: budgetOf(account.dailyMinutes),
    minutesSinceBreak: sinceBreak,
    breakDueAt:
      holding > 0
        ? new Date(now.getTime() + Math.max(0, EXPOSURE_BEFORE_BREAK_MINUTES - sinceBreak) * MINUTE_MS)
        : null,
    refusal: claimRefusal({
      claimedIntervals,
      now,
      dayStart: day.start,
      dayEnd: day.end,
      dailyMinutes: account.dailyMinutes,
      onBreak: onBreak !== null,
      worksAgainAt: hours && wait > 0 ? afterWallMinutes(now, wait, hours.timeZone) : null,
    }),
    onBreak,
    workingHours: hours,
    avoids: account.avoids,
    holding,
  };
}
