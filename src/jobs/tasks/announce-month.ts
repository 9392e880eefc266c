import { z } from 'zod';
import { announceMonth } from '../../statistics/announce-month.ts';
import { queuedTask } from '../task.ts';

const month = z
  .string()
  .regex(/^\d{4}-\d\d$/)
  .transform((text) => new Date(`${text}-01T00:00:00Z`));

export const announceMonthTask = queuedTask('announce-month', z.object({ month }), (told) =>
  announceMonth(told.month, new Date()),
);
