import { z } from 'zod';
import { sendNotice } from '../../notice/send-notice.ts';
import { queuedTask } from '../task.ts';

export const sendNoticeTask = queuedTask('send-notice', z.object({ noticeId: z.uuid() }), ({ noticeId }) =>
  sendNotice(noticeId),
);
