import { agreementInForce } from '../account/viewer.ts';
import { type Recorder, recorded } from '../audit/recorded.ts';
import { prisma, type Tx } from '../db.ts';
import type { Partner, Webhook, WebhookDelivery } from '../generated/prisma/client.ts';
import { unseal } from '../secrets.ts';
import { postWebhook } from './post-webhook.ts';
import { signedHeaders } from './sign-webhook.ts';
import { webhookMessage } from './webhook-message.ts';

const BY = { system: true, operation: 'deliverWebhook' } as const;
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** Waits between the tries of one message, as Standard Webhooks proposes them: over three days in all. */
const WAITS_MS = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
] as const;
/** After so many messages in a row that failed a webhook is switched off. */
const MOST_FAILED = 10;
/** Gone: whoever runs the server wants no more (RFC 9110, §15.5.11). */
const GONE = 410;

type Delivery = WebhookDelivery & { webhook: Webhook & { partner: Partner } };

/** The status of a partner's answer, null where none came; or that nothing is left to tell, since the agreement is over or covers nothing of it. */
type Answer = number | null | 'NOTHING_TO_TELL';

/** Somebody else has settled the delivery meanwhile: nothing is kept. */
class NothingToDo extends Error {}

/** Queues the job that delivers a message at a time: one after another for each webhook, and no webhook behind another. */
export function deliverLater(
  { later }: Pick<Recorder, 'later'>,
  { id, webhookId }: { id: string; webhookId: string },
  runAt: Date,
): void {
  later({
    task: 'deliver-webhook',
    payload: { deliveryId: id },
    key: `webhook:${id}`,
    queue: `webhook:${webhookId}`,
    runAt,
  });
}

/**
 * Sends a message that waits, once: its id and body are the same at every try. What came of it is kept, or the next try queued. A process that dies in
 * between leaves the job, which sends it once more.
 */
export async function deliverWebhook(id: string): Promise<void> {
  const delivery = await begin(id);
  if (!delivery) return;
  const answer = await send(delivery, new Date());
  await keep(delivery, answer, new Date()).catch((error: unknown) => {
    if (!(error instanceof NothingToDo)) throw error;
  });
}

// How often it was tried is nothing that anybody decides on, so it leaves no entry; what comes of the try does.
async function begin(id: string): Promise<Delivery | null> {
  const waiting = { id, deliveredAt: null, failedAt: null };
  await prisma.webhookDelivery.updateMany({ where: waiting, data: { attempts: { increment: 1 } } });
  return prisma.webhookDelivery.findFirst({
    where: waiting,
    include: { webhook: { include: { partner: true } } },
    relationLoadStrategy: 'join',
  });
}

async function send(delivery: Delivery, now: Date): Promise<Answer> {
  const { id, webhook } = delivery;
  if (!agreementInForce(webhook.partner, now)) return 'NOTHING_TO_TELL';
  const body = await webhookMessage(delivery, webhook.partner.countries);
  if (body === null) return 'NOTHING_TO_TELL';
  return postWebhook(webhook.url, signedHeaders(unseal(webhook.secret), id, body, now), body);
}

function keep(delivery: Delivery, answer: Answer, now: Date): Promise<void> {
  const { id, attempts, webhook } = delivery;
  const status = answer === 'NOTHING_TO_TELL' ? null : answer;
  const delivered = status !== null && status >= 200 && status < 300;
  const isOver = status === GONE || answer === 'NOTHING_TO_TELL';
  const again = delivered || isOver ? null : nextTry(delivery, now);
  const end = delivered ? { deliveredAt: now } : { failedAt: again ? null : now };
  return recorded(BY, async (recorder) => {
    // Only for the try that it is about.
    const { count } = await recorder.tx.webhookDelivery.updateMany({
      where: { id, attempts, deliveredAt: null, failedAt: null },
      data: { status, ...end },
    });
    if (count === 0) throw new NothingToDo();
    recorder.note({
      stream: `partner:${webhook.partnerId}`,
      action: delivered ? 'WEBHOOK_DELIVERED' : again ? 'WEBHOOK_DELAYED' : 'WEBHOOK_FAILED',
      detail: { webhook: webhook.id, attempts, status },
    });
    if (again) deliverLater(recorder, delivery, again);
    if (delivered) await recorder.tx.webhook.update({ where: { id: webhook.id }, data: { disabledAt: null } });
    if (!delivered && !again) await switchOffWhereHopeless(recorder, webhook, status, now);
  });
}

// A test is tried once: somebody waits for its outcome.
function nextTry({ kind, attempts }: WebhookDelivery, now: Date): Date | null {
  const wait = kind === 'TEST' ? undefined : WAITS_MS[attempts - 1];
  return wait === undefined ? null : new Date(now.getTime() + wait);
}

async function switchOffWhereHopeless(recorder: Recorder, webhook: Webhook, status: number | null, now: Date) {
  if (webhook.disabledAt) return;
  if (status === GONE || (await failsAlways(recorder.tx, webhook))) await switchOff(recorder, webhook, now);
}

async function failsAlways(tx: Tx, { id }: Webhook): Promise<boolean> {
  const latest = await tx.webhookDelivery.findMany({
    where: {
      webhookId: id,
      kind: 'MONTH_PUBLISHED',
      OR: [{ deliveredAt: { not: null } }, { failedAt: { not: null } }],
    },
    orderBy: { createdAt: 'desc' },
    take: MOST_FAILED,
  });
  return latest.length === MOST_FAILED && latest.every(({ failedAt }) => failedAt !== null);
}

// What still waits for it waits no more; a test that arrives switches it on again.
async function switchOff({ tx, note }: Recorder, { id, partnerId }: Webhook, now: Date): Promise<void> {
  await tx.webhook.update({ where: { id }, data: { disabledAt: now } });
  await tx.webhookDelivery.updateMany({
    where: { webhookId: id, deliveredAt: null, failedAt: null },
    data: { failedAt: now },
  });
  note({ stream: `partner:${partnerId}`, action: 'DISABLE_WEBHOOK', detail: { webhook: id } });
}
