import { confirmRemovals, scheduleMissingChecks } from '../../case/time-passes.ts';
import { scheduledTask } from '../task.ts';

export const confirmRemovalsTask = scheduledTask('confirm-removals', '41 * * * *', async () => {
  await scheduleMissingChecks();
  await confirmRemovals(new Date());
});
