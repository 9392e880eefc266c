import type { BySystem } from '../account/viewer.ts';
import { prisma } from '../db.ts';
import { isOver, publishStatistics } from './publish-statistics.ts';

/**
 * Publishes the month before this one, on the given day of the month (1 to 28, in UTC) or later, where nothing of it is published yet:
 * never a correction, which is for a person. Never anything where the day is 0.
 */
export async function publishDueMonth(by: BySystem, day: number, now: Date): Promise<void> {
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1));
  if (day === 0 || now.getUTCDate() < day || !isOver(month, now)) return;
  const published = await prisma.statisticsEdition.count({ where: { month } });
  if (published === 0) await publishStatistics(by, month, { reason: null }, now);
}
