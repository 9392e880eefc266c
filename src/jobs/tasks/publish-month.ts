import { config } from '../../config.ts';
import { publishDueMonth } from '../../statistics/publish-due-month.ts';
import { scheduledTask } from '../task.ts';

export const publishMonthTask = scheduledTask('publish-month', '10 5 * * *', () =>
  publishDueMonth({ system: true, operation: 'publish-month' }, config().statisticsPublishDay, new Date()),
);
