import { v7 as uuidv7 } from 'uuid';
import { type Recorder, recorded } from '../audit/recorded.ts';
import { prisma } from '../db.ts';
import { fateOf, nextTry } from '../domain/notice.ts';
import { eachByItself } from '../each-by-itself.ts';
import { log } from '../log.ts';
import { composeNotice, type Mail, messageIdOf } from './compose-notice.ts';
import { canDeliver, deliver, type Outcome } from './deliver.ts';
import { entryOf, type LockedNotice, lockNotice, noteFailed, noteSent } from './note-outcome.ts';
import { sendLater } from './queue-line.ts';

const BY = { system: true, operation: 'sendNotice' } as const;
/** How long one run sends what is due, in milliseconds. */
const LONGEST_RUN_MS = 45_000;
/** How far the clocks of this process and of the database may be apart, in milliseconds. */
const SLACK_MS = 2_000;
/** After how many milliseconds a contact that waits for approval is looked at again. */
const UNAPPROVED_MS = 15 * 60_000;

/** Another process was faster, or the time has not come: there is nothing to do, and nothing is kept. */
class NothingToDo extends Error {}

/**
 * Sends a message whose time has come, if it still waits: in one transaction it is marked as under way, then handed to the mail server, and in a
 * second one what came of it is kept. A process that dies in between leaves it under way, for `settleNotices` to find out.
 */
export async function sendNotice(id: string): Promise<void> {
  if (!canDeliver()) return;
  const begun = await begin(id, new Date()).catch(unlessNothing);
  if (!begun) return;
  const outcome = await deliver(begun.mail);
  if (outcome.is === 'UNKNOWN')
    return log.warn('The mail server broke off; what became of a notice will be found out.');
  await keep(id, begun.attempts, outcome, new Date()).catch(unlessNothing);
}

function unlessNothing(error: unknown): null {
  if (error instanceof NothingToDo) return null;
  throw error;
}

function begin(id: string, now: Date): Promise<{ mail: Mail; attempts: number } | null> {
  return recorded(BY, async (recorder) => {
    const { tx, note } = recorder;
    const notice = await lockNotice(tx, id, ['WAITING']);
    if (!notice || notice.sendAfter.getTime() > now.getTime() + SLACK_MS) throw new NothingToDo();
    if ((await keepWhatMayGo(recorder, notice, now)) === 0) {
      await tx.notice.update({ where: { id }, data: { state: 'WITHDRAWN' } });
      note({ stream: `notice:${id}`, action: 'NOTICE_WITHDRAWN' });
      return null;
    }
    if (await isKeptFrom(recorder, notice, now)) return null;
    const mail = await composeNotice(tx, notice, now);
    const attempts = notice.attempts + 1;
    await tx.notice.update({
      where: { id },
      data: { state: 'SENDING', messageId: messageIdOf(id), attempts, attemptedAt: now },
    });
    note({ stream: `notice:${id}`, action: 'NOTICE_TRIED', detail: { attempts } });
    return { mail, attempts };
  });
}

// A contact may have been changed or taken out of use since: nothing goes to one that nobody has approved.
async function isKeptFrom(recorder: Recorder, notice: LockedNotice, now: Date): Promise<boolean> {
  const { contact, id } = notice;
  if (contact.retiredAt) {
    await noteFailed(recorder, notice, 'contact retired', now);
    return true;
  }
  if (contact.approvedAt) return false;
  const sendAfter = new Date(now.getTime() + UNAPPROVED_MS);
  await recorder.tx.notice.update({ where: { id }, data: { sendAfter } });
  recorder.note({ stream: `notice:${id}`, action: 'NOTICE_PUT_OFF', detail: { reason: 'contact not approved' } });
  sendLater(recorder, id, sendAfter);
  return true;
}

// How many lines go; those that must wait move to messages of their own, and those that nobody need be asked any more are withdrawn.
async function keepWhatMayGo(recorder: Recorder, notice: LockedNotice, now: Date): Promise<number> {
  const { tx, note } = recorder;
  let going = 0;
  const cases = await tx.case.findMany({
    where: { id: { in: notice.lines.map(({ caseId }) => caseId) } },
    select: {
      id: true,
      state: true,
      outcome: true,
      heldUntil: true,
      undoUntil: true,
      episodes: { orderBy: { number: 'desc' }, take: 1, select: { id: true } },
    },
    relationLoadStrategy: 'join',
  });
  for (const line of notice.lines) {
    const found = cases.find((row) => row.id === line.caseId);
    if (!found) throw new Error('A line without its case.');
    const present = found.episodes[0]?.id === line.episodeId;
    const fate = fateOf(notice.kind, { ...found, present }, now);
    if (fate.is === 'GO') going += 1;
    if (fate.is === 'WAIT') await moveLine(recorder, notice, line.id, fate.until, now);
    if (fate.is === 'WAIT') note(entryOf(notice, line.number, 'NOTICE_PUT_OFF', { until: fate.until.toISOString() }));
    if (fate.is === 'WITHDRAW') await tx.action.update({ where: { id: line.id }, data: { withdrawnAt: now } });
    if (fate.is === 'WITHDRAW') note(entryOf(notice, line.number, 'NOTICE_WITHDRAWN'));
  }
  return going;
}

async function moveLine({ tx, later }: Recorder, notice: LockedNotice, actionId: string, until: Date, now: Date) {
  const { contactId, kind, step, urgent } = notice;
  const id = uuidv7();
  await tx.notice.create({ data: { id, contactId, kind, step, urgent, queuedAt: now, sendAfter: until } });
  await tx.action.update({ where: { id: actionId }, data: { noticeId: id } });
  sendLater({ later }, id, until);
}

// Only for the try that it is about: whoever settled it meanwhile knows better.
function keep(id: string, attempts: number, outcome: Exclude<Outcome, { is: 'UNKNOWN' }>, now: Date): Promise<void> {
  return recorded(BY, async (recorder) => {
    const { tx, note } = recorder;
    const notice = await lockNotice(tx, id, ['SENDING']);
    if (notice?.attempts !== attempts) throw new NothingToDo();
    if (outcome.is === 'SENT') return noteSent(recorder, notice, notice.attemptedAt ?? now);
    const again = outcome.is === 'DELAYED' ? nextTry(attempts, now) : null;
    if (!again) return noteFailed(recorder, notice, outcome.failure, now);
    await tx.notice.update({ where: { id }, data: { state: 'WAITING', sendAfter: again, failure: outcome.failure } });
    note({ stream: `notice:${id}`, action: 'NOTICE_DELAYED', detail: { failure: outcome.failure } });
    sendLater(recorder, id, again);
  });
}

/**
 * The net under the jobs: settles what was cut off, and sends what is due and nobody sends, the police's and the urgent first.
 */
export async function sendDueNotices(now: Date): Promise<void> {
  const due = await prisma.$queryRaw<{ id: string }[]>`
    SELECT id FROM notices WHERE state = 'WAITING' AND send_after <= ${now}
    ORDER BY urgent DESC, kind = 'POLICE_REFERRAL' DESC, send_after LIMIT 200`;
  // A mail server that hangs must not keep the worker from all else: what is left goes a minute later.
  const until = now.getTime() + LONGEST_RUN_MS;
  await eachByItself('send-due-notices', due, async ({ id }) => (Date.now() < until ? sendNotice(id) : undefined));
}
