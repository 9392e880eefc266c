import { recorded } from '../audit/recorded.ts';
import { config } from '../config.ts';
import { prisma } from '../db.ts';
import { MOST_TRIES } from '../domain/notice.ts';
import { eachByItself } from '../each-by-itself.ts';
import { lockNotice, noteFailed } from './note-outcome.ts';
import { sendLater } from './queue-line.ts';

const BY = { system: true, operation: 'settleNotices' } as const;

/**
 * Finds out what became of messages that a process left under way when it died. Had one left, its copy would have come back by now
 * where mail is received: it is sent again under the same Message-ID. Where none is received a person must say.
 */
export async function settleNotices(now: Date): Promise<void> {
  const { mailReconcileSeconds, mailReceivePort } = config();
  const before = new Date(now.getTime() - mailReconcileSeconds * 1_000);
  const cutOff = await prisma.notice.findMany({
    where: { state: 'SENDING', attemptedAt: { lte: before } },
    select: { id: true },
    take: 200,
  });
  await eachByItself('settle-notices', cutOff, ({ id }) =>
    recorded(BY, async (recorder) => {
      const { tx, note } = recorder;
      const notice = await lockNotice(tx, id, ['SENDING']);
      note({ stream: `notice:${id}`, action: 'NOTICE_SETTLED', detail: { attempts: notice?.attempts ?? 0 } });
      if (!notice?.attemptedAt || notice.attemptedAt > before) return;
      if (mailReceivePort === null) {
        await tx.notice.update({ where: { id }, data: { state: 'UNCERTAIN' } });
        return;
      }
      if (notice.attempts >= MOST_TRIES) return noteFailed(recorder, notice, 'given up', now);
      await tx.notice.update({ where: { id }, data: { state: 'WAITING', sendAfter: now } });
      sendLater(recorder, id, now);
    }),
  );
}
