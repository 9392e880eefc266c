import { z } from 'zod';
import { sendBriefing } from '../../briefing/send-briefing.ts';
import { sendConfirmation } from '../../briefing/send-confirmation.ts';
import { queuedTask } from '../task.ts';

export const sendBriefingTask = queuedTask('send-briefing', z.object({ mailId: z.uuid() }), ({ mailId }) =>
  sendBriefing(mailId),
);

export const sendConfirmationTask = queuedTask(
  'send-confirmation',
  z.object({ briefingId: z.uuid() }),
  ({ briefingId }) => sendConfirmation(briefingId),
);
