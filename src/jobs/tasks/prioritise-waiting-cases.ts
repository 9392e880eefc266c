import { prioritiseWaitingCases } from '../../case/prioritise-cases.ts';
import { scheduledTask } from '../task.ts';

export const prioritiseWaitingCasesTask = scheduledTask('prioritise-waiting-cases', '17 * * * *', () =>
  prioritiseWaitingCases(new Date()),
);
