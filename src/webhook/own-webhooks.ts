import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { BySignedIn } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import { prisma, type Tx } from '../db.ts';
import { InvalidInputError, NotFoundError } from '../domain/errors.ts';
import type { Webhook, WebhookDelivery } from '../generated/prisma/client.ts';
import { seal } from '../secrets.ts';
import { deliverLater } from './deliver-webhook.ts';
import { newWebhookSecret } from './sign-webhook.ts';
import { webhookAddress } from './webhook-address.ts';

/** How many webhooks an organisation may have. */
const MOST_WEBHOOKS = 5;
/** How many messages of each are shown. */
const MOST_SHOWN = 20;

export type OwnWebhook = Webhook & { deliveries: WebhookDelivery[] };

/** The webhooks of one's organisation, oldest first, each with its latest messages, newest first. */
export function ownWebhooks(partnerId: string): Promise<OwnWebhook[]> {
  return prisma.webhook.findMany({
    where: { partnerId },
    orderBy: { createdAt: 'asc' },
    include: { deliveries: { orderBy: { createdAt: 'desc' }, take: MOST_SHOWN } },
    relationLoadStrategy: 'join',
  });
}

/** Makes a webhook; its secret is given here once and never again. Throws an `InvalidInputError`. */
export async function saveWebhook(
  by: BySignedIn,
  { url }: { url: string },
  now: Date,
): Promise<{ webhook: OwnWebhook; secret: string }> {
  const partnerId = organisationOf(by);
  const address = webhookAddress(url.trim());
  if (!address)
    refuse(
      ['input', 'url'],
      'INVALID_FORMAT',
      'Give an https address of the public internet, without a name and password.',
    );
  const secret = newWebhookSecret();
  const webhook = await recorded(by, async ({ tx, note }) => {
    // One at a time, so that nobody gets past the limit.
    await tx.$queryRaw`SELECT FROM partners WHERE id = ${partnerId}::uuid FOR NO KEY UPDATE`;
    if ((await tx.webhook.count({ where: { partnerId } })) >= MOST_WEBHOOKS)
      refuse(['input', 'url'], 'TOO_MANY', `An organisation has at most ${MOST_WEBHOOKS} webhooks. Delete one first.`);
    const made = await tx.webhook.create({
      data: {
        id: uuidv7(),
        partnerId,
        accountId: by.viewer.id,
        url: address.href,
        secret: seal(secret),
        createdAt: now,
      },
    });
    note({ stream: `partner:${partnerId}`, action: 'SAVE_WEBHOOK', detail: { webhook: made.id } });
    return made;
  });
  return { webhook: { ...webhook, deliveries: [] }, secret };
}

/** Deletes a webhook of one's organisation with its messages; gives it as it was. Throws a `NotFoundError`. */
export function deleteWebhook(by: BySignedIn, id: string): Promise<OwnWebhook> {
  return recorded(by, async ({ tx, note }) => {
    const webhook = await ownWebhook(tx, by, id);
    await tx.webhook.delete({ where: { id } });
    note({ stream: `partner:${webhook.partnerId}`, action: 'DELETE_WEBHOOK', detail: { webhook: id } });
    return { ...webhook, deliveries: [] };
  });
}

/** Sends a test to a webhook of one's organisation, once; where it arrives, a webhook that was switched off is on again. Throws `NotFoundError`, `InvalidInputError`. */
export function testWebhook(by: BySignedIn, id: string, now: Date): Promise<WebhookDelivery> {
  return recorded(by, async (recorder) => {
    const { tx, note } = recorder;
    const webhook = await ownWebhook(tx, by, id);
    const test = { webhookId: id, kind: 'TEST' };
    const waits = await tx.webhookDelivery.count({ where: { ...test, deliveredAt: null, failedAt: null } });
    if (waits > 0) refuse(['id'], 'UNDER_WAY', 'A test is under way. Look at its outcome first.');
    // Of tests the latest is of interest.
    await tx.webhookDelivery.deleteMany({ where: test });
    const delivery = await tx.webhookDelivery.create({ data: { id: uuidv7(), ...test, createdAt: now } });
    deliverLater(recorder, delivery, now);
    note({ stream: `partner:${webhook.partnerId}`, action: 'TEST_WEBHOOK', detail: { webhook: id } });
    return delivery;
  });
}

/** Sends a message of one's organisation again, under the same id, that arrived or failed. Throws `NotFoundError`, `InvalidInputError`. */
export function replayWebhook(by: BySignedIn, deliveryId: string, now: Date): Promise<WebhookDelivery> {
  return recorded(by, async (recorder) => {
    const { tx, note } = recorder;
    const found = isId(deliveryId) ? await tx.webhookDelivery.findUnique({ where: { id: deliveryId } }) : null;
    if (!found) throw new NotFoundError('message');
    const webhook = await ownWebhook(tx, by, found.webhookId, 'message');
    const { count } = await tx.webhookDelivery.updateMany({
      where: { id: found.id, OR: [{ deliveredAt: { not: null } }, { failedAt: { not: null } }] },
      data: { deliveredAt: null, failedAt: null, attempts: 0, status: null },
    });
    if (count === 0) refuse(['delivery'], 'UNDER_WAY', 'This message is under way already.');
    deliverLater(recorder, found, now);
    note({ stream: `partner:${webhook.partnerId}`, action: 'REPLAY_WEBHOOK', detail: { webhook: webhook.id } });
    return { ...found, deliveredAt: null, failedAt: null, attempts: 0, status: null };
  });
}

async function ownWebhook(tx: Tx, by: BySignedIn, id: string, what = 'webhook'): Promise<Webhook> {
  const partnerId = organisationOf(by);
  const webhook = isId(id) ? await tx.webhook.findFirst({ where: { id, partnerId } }) : null;
  if (!webhook) throw new NotFoundError(what);
  return webhook;
}

function isId(text: string): boolean {
  return z.uuid().safeParse(text).success;
}

function organisationOf({ viewer }: BySignedIn): string {
  if (!viewer.partner) throw new Error('Only partners have webhooks: the permissions refuse all others.');
  return viewer.partner.id;
}

function refuse(path: string[], code: string, message: string): never {
  throw new InvalidInputError([{ path, code, message }]);
}
