import { anchorTrail } from '../../audit/anchor-trail.ts';
import { scheduledTask } from '../task.ts';

export const anchorTrailTask = scheduledTask('anchor-trail', '8 * * * *', () =>
  anchorTrail({ system: true, operation: 'anchor-trail' }, new Date()),
);
