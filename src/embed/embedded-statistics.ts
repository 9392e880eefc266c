import { prisma } from '../db.ts';
import type { Figure } from '../domain/disclosure.ts';
import { idOfLink } from '../link-token.ts';

/** One published month, `2026-10`, as an embed shows it. */
export type EmbeddedMonth = {
  month: string;
  edition: number;
  publishedOn: Date;
  definitionsVersion: number;
  correction: string | null;
  reports: Figure;
  assessed: Figure;
  actionable: Figure;
};
/** What an embed shows, and the only site that may. `before` is the calendar month before, where that is published. */
export type EmbeddedStatistics = {
  country: string;
  origin: string;
  month: EmbeddedMonth | null;
  before: EmbeddedMonth | null;
};

type StoredMonth = Omit<EmbeddedMonth, 'publishedOn'> & { publishedOn: string; isBefore: boolean };

/**
 * What the embed of a token shows: the newest published month of its country, in one statement. Null for every token that opens
 * nothing: not ours (no table is touched), expired or revoked, or of a partner whose agreement does not cover the country today, or
 * of an account that is no longer its.
 */
export async function embeddedStatistics(token: string, now: Date): Promise<EmbeddedStatistics | null> {
  const id = idOfLink('embed', token);
  if (!id) return null;
  const today = now.toISOString().slice(0, 10);
  const [embed] = await prisma.$queryRaw<{ country: string; origin: string; months: StoredMonth[] }[]>`
    WITH embed AS (
      SELECT e.country, e.origin
      FROM embeds e
      JOIN partners p ON p.id = e.partner_id
      JOIN accounts a ON a.id = e.account_id
      WHERE e.id = ${id}::uuid AND e.revoked_at IS NULL AND e.expires_on >= ${today}::date
        AND p.agreement_from <= ${today}::date AND (p.agreement_until IS NULL OR p.agreement_until >= ${today}::date)
        AND e.country = ANY (p.countries) AND a.disabled_at IS NULL AND a.partner_id = p.id
    ), newest AS (
      SELECT DISTINCT ON (s.month) s.month, to_char(s.month, 'YYYY-MM') AS name, edition, published_at, definitions_version, reason, figures
      FROM statistics_editions s JOIN embed USING (country)
      ORDER BY s.month DESC, edition DESC LIMIT 2
    )
    SELECT embed.*, (
      SELECT coalesce(jsonb_agg(jsonb_build_object(
        'month', name, 'edition', edition, 'publishedOn', published_at, 'definitionsVersion', definitions_version, 'correction', reason,
        'isBefore', month + interval '1 month' = (SELECT max(month) FROM newest),
        'reports', figures->'reports', 'assessed', figures->'assessed', 'actionable', figures->'actionable') ORDER BY month DESC), '[]')
      FROM newest
    ) AS months FROM embed`;
  if (!embed) return null;
  const [month, before] = embed.months.map((stored) => ({ ...stored, publishedOn: new Date(stored.publishedOn) }));
  return {
    country: embed.country,
    origin: embed.origin,
    month: month ?? null,
    before: before?.isBefore ? before : null,
  };
}
