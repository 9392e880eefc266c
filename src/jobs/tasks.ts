import type { Task } from './task.ts';
import { anchorTrailTask } from './tasks/anchor-trail.ts';
import { announceMonthTask } from './tasks/announce-month.ts';
import { applyRetentionTask } from './tasks/apply-retention.ts';
import { confirmRemovalsTask } from './tasks/confirm-removals.ts';
import { deliverWebhookTask } from './tasks/deliver-webhook.ts';
import { endExpiredClaimsTask } from './tasks/end-expired-claims.ts';
import { endHoldsTask } from './tasks/end-holds.ts';
import { escalateNoticesTask } from './tasks/escalate-notices.ts';
import { prioritiseCaseTask } from './tasks/prioritise-case.ts';
import { prioritiseReleasedCasesTask } from './tasks/prioritise-released-cases.ts';
import { prioritiseWaitingCasesTask } from './tasks/prioritise-waiting-cases.ts';
import { publishMonthTask } from './tasks/publish-month.ts';
import { publishUrlListTask } from './tasks/publish-url-list.ts';
import { rollUpFactsTask } from './tasks/roll-up-facts.ts';
import { sendBriefingTask, sendConfirmationTask } from './tasks/send-briefing.ts';
import { sendDueNoticesTask } from './tasks/send-due-notices.ts';
import { sendNoticeTask } from './tasks/send-notice.ts';
import { traceHostTask } from './tasks/trace-host.ts';

/** Everything that runs later: one file a task. A task that is not in this list stays in the queue for ever. */
export const tasks: Task[] = [
  anchorTrailTask,
  announceMonthTask,
  applyRetentionTask,
  confirmRemovalsTask,
  deliverWebhookTask,
  endExpiredClaimsTask,
  endHoldsTask,
  escalateNoticesTask,
  prioritiseCaseTask,
  prioritiseReleasedCasesTask,
  prioritiseWaitingCasesTask,
  publishMonthTask,
  publishUrlListTask,
  rollUpFactsTask,
  sendBriefingTask,
  sendConfirmationTask,
  sendDueNoticesTask,
  sendNoticeTask,
  traceHostTask,
];
