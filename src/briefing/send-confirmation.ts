import type { Recorder } from '../audit/recorded.ts';
import { prisma } from '../db.ts';
import { log } from '../log.ts';
import { canDeliver, deliver } from '../notice/deliver.ts';
import { unseal } from '../secrets.ts';
import { composeConfirmation } from './compose-briefing.ts';
import { MailDelayed } from './mail-delayed.ts';

/** Queues the job that sends the first mail, whose link confirms the address. */
export function confirmLater({ later }: Pick<Recorder, 'later'>, briefingId: string): void {
  later({ task: 'send-confirmation', payload: { briefingId }, key: `confirm:${briefingId}` });
}

/** Sends the first mail to an address that is not confirmed yet. Throws a `MailDelayed` where the mail server wants it later. */
export async function sendConfirmation(id: string): Promise<void> {
  const briefing = await prisma.briefing.findUnique({ where: { id } });
  if (!briefing || briefing.confirmedAt || briefing.stoppedAt) return;
  if (!canDeliver()) throw new MailDelayed();
  const mail = await composeConfirmation({ ...briefing, email: unseal(briefing.email) }, new Date());
  const outcome = await deliver(mail);
  if (outcome.is === 'DELAYED') throw new MailDelayed();
  // Whoever gets none can ask again.
  if (outcome.is !== 'SENT') log.warn('A mail that asks for a confirmation was not taken.', { code: outcome.is });
}
