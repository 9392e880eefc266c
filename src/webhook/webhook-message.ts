import { config } from '../config.ts';
import type { WebhookDelivery } from '../generated/prisma/client.ts';
import { newestEditions } from '../statistics/newest-editions.ts';

/**
 * What a delivery says, as JSON text: which editions of the partner's own countries were published when it was made, and where to read them. No figure,
 * and no time finer than the day. Null where nothing is left to tell.
 */
export async function webhookMessage(
  { month, createdAt }: WebhookDelivery,
  countries: string[],
): Promise<string | null> {
  const timestamp = `${createdAt.toISOString().slice(0, 10)}T00:00:00Z`;
  if (month === null) return JSON.stringify({ type: 'webhook.test', timestamp, data: {} });
  const editions = await newestEditions(month, countries, createdAt);
  if (editions.length === 0) return null;
  const name = month.toISOString().slice(0, 7);
  return JSON.stringify({
    type: 'statistics.month_published',
    timestamp,
    data: {
      month: name,
      countries: editions.map(({ country, edition }) => ({
        country,
        edition,
        url: `${config().publicUrl}/partner/${country}?month=${name}`,
      })),
    },
  });
}
