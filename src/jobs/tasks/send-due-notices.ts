import { sendDueNotices } from '../../notice/send-notice.ts';
import { settleNotices } from '../../notice/settle-notices.ts';
import { scheduledTask } from '../task.ts';

export const sendDueNoticesTask = scheduledTask('send-due-notices', '* * * * *', async () => {
  await settleNotices(new Date());
  await sendDueNotices(new Date());
});
