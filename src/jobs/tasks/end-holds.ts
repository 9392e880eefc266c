import { endHolds } from '../../case/time-passes.ts';
import { scheduledTask } from '../task.ts';

export const endHoldsTask = scheduledTask('end-holds', '* * * * *', () => endHolds(new Date()));
