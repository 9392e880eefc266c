import { z } from 'zod';
import { deliverWebhook } from '../../webhook/deliver-webhook.ts';
import { queuedTask } from '../task.ts';

export const deliverWebhookTask = queuedTask('deliver-webhook', z.object({ deliveryId: z.uuid() }), ({ deliveryId }) =>
  deliverWebhook(deliveryId),
);
