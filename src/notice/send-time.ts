import { config } from '../config.ts';
import type { NoticeKind } from '../domain/notice.ts';
import { afterQuietHours, type QuietHours } from './quiet-hours.ts';

/** From when a message to a contact may go: after the grouping window and the contact's quiet hours; at once to the police, and when urgent. */
export function sendTime(kind: NoticeKind, urgent: boolean, contact: QuietHours, now: Date): Date {
  if (urgent || kind === 'POLICE_REFERRAL') return now;
  return afterQuietHours(new Date(now.getTime() + config().noticeWindowSeconds * 1_000), contact);
}
