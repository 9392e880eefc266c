import { z } from 'zod';
import { prioritiseCases } from '../../case/prioritise-cases.ts';
import { tellQueueChanged } from '../../case/queue-summary.ts';
import { queuedTask } from '../task.ts';

export const prioritiseCaseTask = queuedTask('prioritise-case', z.object({ caseId: z.uuid() }), async ({ caseId }) => {
  await prioritiseCases([caseId], new Date());
  await tellQueueChanged();
});
