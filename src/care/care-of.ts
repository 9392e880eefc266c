import { z } from 'zod';
import { ask, prisma, type Sql, sql, type Tx } from '../db.ts';
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
import { BreakReason, ReportCategory } from '../generated/prisma/enums.ts';
import { afterWallMinutes, dayOf, wallTime } from './wall-clock.ts';

const MINUTE_MS = 60_000;

const workingHours = z.object({ timeZone: z.string(), days: z.array(z.int()), from: z.string(), until: z.string() });

/** What the SQL function `care_facts` gives of an account: its wishes, its open break, how many cases it holds, and when it held any. */
const careFactsShape = z.object({
  dailyMinutes: z.int().nullable(),
  workingHours: workingHours.nullable(),
  avoids: z.array(z.enum(ReportCategory)),
  onBreak: z
    .object({
      id: z.string(),
      accountId: z.string(),
      reason: z.enum(BreakReason),
      startedAt: z.coerce.date(),
      endedAt: z.null(),
    })
    .nullable(),
  holding: z.int(),
  held: z.array(z.tuple([z.coerce.date(), z.coerce.date()])),
});

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
  const [read] = await tx.$queryRaw<{ facts: string }[]>`SELECT care_facts(${accountId}::uuid, ${now})::text AS facts`;
  return careFrom(read?.facts ?? '', now);
}

/** What all this hangs on, as JSON: for a write that takes place only if it is the same under the person's lock. */
export async function careFacts(accountId: string, now: Date): Promise<string> {
  const [read] = await ask<{ facts: string }>(
    'care_facts',
    sql`SELECT care_facts(${accountId}::uuid, ${now}::timestamptz)::text AS facts`,
  );
  return read?.facts ?? '';
}

/** Whether these are the facts still, also seen from a statement that began before: for an account that is locked. */
export function sameCare(accountId: Sql, facts: string, now: Date): Sql {
  return sql`care_facts(${accountId}, ${now}::timestamptz) = ${facts}::jsonb`;
}

/** Makes all this of the facts. */
export function careFrom(json: string, now: Date): Care {
  const facts = careFactsShape.parse(JSON.parse(json));
  const { dailyMinutes, onBreak, holding } = facts;
  const hours = facts.workingHours;
  const day = dayOf(now, hours?.timeZone ?? 'UTC');
  const claimedIntervals = facts.held.map(([from, to]) => ({ from, to }));
  const sinceBreak = minutesSinceBreak(claimedIntervals, now);
  const wait = hours ? minutesUntilWork(hours, wallTime(now, hours.timeZone)) : 0;

  return {
    minutesToday: exposureMinutes(claimedIntervals, day.start, now),
    dailyMinutes: budgetOf(dailyMinutes),
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
      dailyMinutes,
      onBreak: onBreak !== null,
      worksAgainAt: hours && wait > 0 ? afterWallMinutes(now, wait, hours.timeZone) : null,
    }),
    onBreak,
    workingHours: hours,
    avoids: facts.avoids,
    holding,
  };
}
