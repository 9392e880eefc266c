import { z } from 'zod';
import type { BySignedIn } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import { NO_JSON } from '../db.ts';
import { DAILY_EXPOSURE_MINUTES } from '../domain/exposure.ts';
import { ReportCategory } from '../generated/prisma/enums.ts';
import { optional, readInput } from '../read-input.ts';
import { isTimeZone } from './wall-clock.ts';

const LEAST_DAILY_MINUTES = 10;

const range = `Give ${LEAST_DAILY_MINUTES} to ${DAILY_EXPOSURE_MINUTES} minutes: you may have less than the hotline's budget, never more.`;
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Give a time of day such as 09:00.');

const preferences = z.object({
  avoids: z.array(z.enum(ReportCategory)).transform((all) => [...new Set(all)]),
  workingHours: optional(
    z
      .object({
        timeZone: z.string().refine(isTimeZone, 'Give a time zone such as Africa/Nairobi (IANA).'),
        days: z
          .array(z.int().min(1, 'Days are 1 (Monday) to 7 (Sunday).').max(7, 'Days are 1 (Monday) to 7 (Sunday).'))
          .min(1, 'Give at least one day, 1 (Monday) to 7 (Sunday).')
          .transform((days) => [...new Set(days)].sort()),
        from: timeOfDay,
        until: timeOfDay,
      })
      .refine(({ from, until }) => from !== until, {
        path: ['until'],
        error: 'The hours must end at another time than they begin.',
      }),
  ),
  dailyMinutes: optional(z.int().min(LEAST_DAILY_MINUTES, range).max(DAILY_EXPOSURE_MINUTES, range)),
});
export type SaveCarePreferencesInput = z.input<typeof preferences>;

/**
 * Keeps what somebody asks for themselves, in place of what they asked before: what they would rather not see, when they work,
 * how much a day. Private: the audit trail names none of it. Throws an `InvalidInputError`.
 */
export async function saveCarePreferences(by: BySignedIn, input: SaveCarePreferencesInput): Promise<void> {
  const { avoids, workingHours, dailyMinutes } = readInput(preferences, input);
  await recorded(by, async ({ tx, note }) => {
    await tx.account.update({
      where: { id: by.viewer.id },
      data: { avoids, dailyMinutes, workingHours: workingHours ?? NO_JSON },
    });
    note({ stream: `account:${by.viewer.id}`, action: 'SAVE_CARE_PREFERENCES' });
  });
}
