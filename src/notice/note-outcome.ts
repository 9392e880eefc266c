import type { AuditNote, Recorder } from '../audit/recorded.ts';
import { scheduleCheck } from '../case/schedule-check.ts';
import type { Tx } from '../db.ts';
import type { NoticeKind } from '../domain/notice.ts';
import type { Contact, Notice } from '../generated/prisma/client.ts';
import type { HostAnswer, NoticeState } from '../generated/prisma/enums.ts';

const HOUR_MS = 60 * 60 * 1000;

/** A message whose row is locked until the transaction ends, and the cases of its lines, locked before it. */
export type LockedNotice = Notice & {
  contact: Contact;
  lines: { id: string; caseId: string; episodeId: string; answer: HostAnswer | null; number: string }[];
};

/**
 * Locks a message and, before it, the cases of its lines, in the order in which submissions lock cases, so that nobody waits in a circle. Null where there is none of this id, or it
 * is in none of these states.
 */
export async function lockNotice(tx: Tx, id: string, states: readonly NoticeState[]): Promise<LockedNotice | null> {
  await tx.$queryRaw`
    SELECT FROM cases WHERE id IN (SELECT case_id FROM actions WHERE notice_id = ${id}::uuid AND withdrawn_at IS NULL) ORDER BY address_digest FOR UPDATE`;
  await tx.$queryRaw`SELECT FROM notices WHERE id = ${id}::uuid FOR UPDATE`;
  const found = await tx.notice.findUnique({
    where: { id },
    include: {
      contact: true,
      actions: {
        where: { withdrawnAt: null },
        select: { id: true, caseId: true, episodeId: true, answer: true, case: { select: { number: true } } },
        orderBy: { id: 'asc' },
      },
    },
    relationLoadStrategy: 'join',
  });
  if (!found || !states.includes(found.state)) return null;
  const { actions, ...notice } = found;
  return { ...notice, lines: actions.map(({ case: { number }, ...line }) => ({ ...line, number })) };
}

/** Notes that a locked message went out at a time: its lines, the clocks of their episodes, and when the next step is due. */
export async function noteSent(
  { tx, note }: Pick<Recorder, 'tx' | 'note'>,
  notice: LockedNotice,
  sentAt: Date,
): Promise<void> {
  const escalateAt = new Date(sentAt.getTime() + notice.contact.waitHours * HOUR_MS);
  await tx.notice.update({
    where: { id: notice.id },
    data: { state: 'SENT', sentAt, escalateAt, failedAt: null, failure: null },
  });
  await tx.action.updateMany({ where: { noticeId: notice.id, withdrawnAt: null }, data: { sentAt } });
  await keepClocks(tx, notice.kind, notice.lines);
  for (const { caseId } of notice.lines) await scheduleCheck(tx, caseId);
  for (const line of notice.lines) note(entryOf(notice, line.number, 'NOTICE_SENT'));
}

/** Notes that a locked message was refused, given up or came back; `failure` is words of our own. The episodes were not told by it. */
export async function noteFailed(
  { tx, note }: Pick<Recorder, 'tx' | 'note'>,
  notice: LockedNotice,
  failure: string,
  now: Date,
): Promise<void> {
  await tx.notice.update({
    where: { id: notice.id },
    data: { state: 'FAILED', failedAt: now, failure, escalateAt: null },
  });
  await keepClocks(tx, notice.kind, notice.lines);
  for (const line of notice.lines) note(entryOf(notice, line.number, 'NOTICE_FAILED', { failure }));
}

/** The audit entry of something that happened to a message, in the chain of one of its cases. */
export function entryOf(
  { id, kind, step }: Pick<Notice, 'id' | 'kind' | 'step'>,
  number: string,
  action: string,
  detail: Record<string, string | number | boolean> = {},
): AuditNote {
  return { stream: `case:${number}`, action, detail: { notice: id, kind, step, ...detail } };
}

// A clock is the time of the first message of its kind that arrived: one that came back told nobody.
async function keepClocks(tx: Tx, kind: NoticeKind, lines: readonly { episodeId: string }[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE episodes e SET host_told = CASE WHEN ${kind} = 'HOST_NOTICE' THEN first.at ELSE host_told END,
                          police_told = CASE WHEN ${kind} = 'POLICE_REFERRAL' THEN first.at ELSE police_told END,
                          hotline_told = CASE WHEN ${kind} = 'HOTLINE_REFERRAL' THEN first.at ELSE hotline_told END
    FROM (SELECT a.episode_id, min(a.sent_at) FILTER (WHERE n.state IS DISTINCT FROM 'FAILED') AS at
          FROM actions a LEFT JOIN notices n ON n.id = a.notice_id
          WHERE a.episode_id = ANY (${lines.map(({ episodeId }) => episodeId)}::uuid[]) AND a.kind = ${kind}::"ActionKind"
          GROUP BY a.episode_id) first
    WHERE e.id = first.episode_id`;
}
