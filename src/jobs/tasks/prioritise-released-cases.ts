import { z } from 'zod';
import { prioritiseCases } from '../../case/prioritise-cases.ts';
import { tellQueueChanged } from '../../case/queue-summary.ts';
import { queuedTask } from '../task.ts';

const payload = z.object({ caseIds: z.array(z.uuid()) });

export const prioritiseReleasedCasesTask = queuedTask('prioritise-released-cases', payload, async ({ caseIds }) => {
  await prioritiseCases(caseIds, new Date());
  await tellQueueChanged();
});
