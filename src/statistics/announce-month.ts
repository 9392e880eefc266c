import { type Recorder, recorded } from '../audit/recorded.ts';
import { sendBriefingLater } from '../briefing/send-briefing.ts';
import { sql, type Tx } from '../db.ts';
import { deliverLater } from '../webhook/deliver-webhook.ts';

const BY = { system: true, operation: 'announceMonth' } as const;

/**
 * Queues a webhook's message and a mail for every partner whose agreement is in force, where something of its countries' month (given as its first
 * day) was published since it was last told. Repeating it tells nobody twice.
 */
export function announceMonth(month: Date, now: Date): Promise<void> {
  return recorded(BY, async (recorder) => {
    // One announcement at a time, so that two never tell the same.
    await recorder.tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('announce'))`;
    const webhooks = await queueWebhooks(recorder, month, now);
    const mails = await queueMails(recorder, month, now);
    recorder.note({
      stream: `statistics:${month.toISOString().slice(0, 7)}`,
      action: 'ANNOUNCE',
      detail: { webhooks, mails },
    });
  });
}

// What partners are to be told of, and when the newest of it was published.
const news = (month: Date, now: Date) => sql`
  SELECT p.id AS partner_id, max(e.published_at) AS published_at
  FROM partners p JOIN statistics_editions e ON e.month = ${month}::date AND e.country = ANY (p.countries)
  WHERE p.agreement_from <= (${now}::timestamptz)::date AND (p.agreement_until IS NULL OR p.agreement_until >= (${now}::timestamptz)::date)
  GROUP BY p.id`;

async function queueWebhooks({ tx, later }: Recorder, month: Date, now: Date): Promise<number> {
  const deliveries = await insertDeliveries(tx, month, now);
  for (const delivery of deliveries) deliverLater({ later }, delivery, now);
  return deliveries.length;
}

function insertDeliveries(tx: Tx, month: Date, now: Date): Promise<{ id: string; webhookId: string }[]> {
  return tx.$queryRaw`
    INSERT INTO webhook_deliveries (id, webhook_id, month, kind, created_at)
    SELECT gen_random_uuid(), w.id, ${month}::date, 'MONTH_PUBLISHED', greatest(n.published_at, ${now})
    FROM (${news(month, now)}) n JOIN webhooks w ON w.partner_id = n.partner_id AND w.disabled_at IS NULL
    WHERE NOT EXISTS (SELECT FROM webhook_deliveries d WHERE d.webhook_id = w.id AND d.month = ${month}::date AND d.created_at >= n.published_at)
    RETURNING id, webhook_id AS "webhookId"`;
}

async function queueMails({ tx, later }: Recorder, month: Date, now: Date): Promise<number> {
  const mails = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO briefing_mails (id, briefing_id, month, created_at)
    SELECT gen_random_uuid(), b.id, ${month}::date, greatest(n.published_at, ${now})
    FROM (${news(month, now)}) n
    JOIN accounts a ON a.partner_id = n.partner_id AND a.disabled_at IS NULL
    JOIN briefings b ON b.account_id = a.id AND b.confirmed_at IS NOT NULL AND b.stopped_at IS NULL
    WHERE NOT EXISTS (SELECT FROM briefing_mails m WHERE m.briefing_id = b.id AND m.month = ${month}::date AND m.created_at >= n.published_at)
    RETURNING id`;
  for (const { id } of mails) sendBriefingLater({ later }, id);
  return mails.length;
}
