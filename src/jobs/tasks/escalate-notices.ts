import { escalateNotices } from '../../notice/escalate-notices.ts';
import { scheduledTask } from '../task.ts';

export const escalateNoticesTask = scheduledTask('escalate-notices', '*/5 * * * *', () => escalateNotices(new Date()));
