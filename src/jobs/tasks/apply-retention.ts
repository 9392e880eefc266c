import { applyRetention } from '../../retention/apply-retention.ts';
import { scheduledTask } from '../task.ts';

export const applyRetentionTask = scheduledTask('apply-retention', '10 3 * * *', () =>
  applyRetention({ system: true, operation: 'apply-retention' }, new Date()),
);
