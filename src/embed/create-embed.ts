import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { BySignedIn } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import { type InputIssue, InvalidInputError } from '../domain/errors.ts';
import type { Embed } from '../generated/prisma/client.ts';
import { isOrigin } from '../portal/portal-input.ts';
import { readInput } from '../read-input.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const LONGEST_DAYS = 400;
const MOST_EMBEDS = 50;

const newEmbed = z.object({
  country: z.string(),
  origin: z
    .string()
    .max(200)
    .refine(
      isOrigin,
      'Give the site as browsers say it, such as https://ministry.example: https, and no path or slash.',
    ),
  expiresOn: z.date(),
});

/**
 * Lets one site of the partner's show a country's newest published month, for 400 days at most. The country is one of its
 * agreement: the caller has looked. Throws an `InvalidInputError`, also where fifty embeds of the partner are open already.
 */
export function createEmbed(by: BySignedIn, given: z.input<typeof newEmbed>, now: Date): Promise<Embed> {
  const { country, origin, expiresOn } = readInput(newEmbed, given, dayIssues(given.expiresOn, now));
  const { id: accountId, partner } = by.viewer;
  if (!partner) throw new Error('Only partners embed figures.');
  return recorded(by, async ({ tx, note }) => {
    // One at a time, so that two never make the one too many.
    await tx.$queryRaw`SELECT id FROM partners WHERE id = ${partner.id}::uuid FOR UPDATE`;
    const open = { partnerId: partner.id, revokedAt: null, expiresOn: { gte: dayOf(now) } };
    if ((await tx.embed.count({ where: open })) >= MOST_EMBEDS) throw tooMany();
    const embed = await tx.embed.create({
      data: { id: uuidv7(), partnerId: partner.id, accountId, country, origin, createdAt: now, expiresOn },
    });
    note({ stream: `partner:${partner.id}`, action: 'CREATE_EMBED', detail: { embed: embed.id, country, origin } });
    return embed;
  });
}

function dayIssues(expiresOn: Date, now: Date): InputIssue[] {
  const path = ['input', 'expiresOn'];
  if (expiresOn < dayOf(now)) return [{ path, code: 'IN_THE_PAST', message: 'Give a later day.' }];
  if (expiresOn.getTime() <= now.getTime() + LONGEST_DAYS * DAY_MS) return [];
  return [{ path, code: 'TOO_LATE', message: `Give a day within ${LONGEST_DAYS} days.` }];
}

function dayOf(now: Date): Date {
  return new Date(now.toISOString().slice(0, 10));
}

function tooMany(): InvalidInputError {
  const message = `${MOST_EMBEDS} embeds of yours are open already. Revoke one that is no longer shown.`;
  return new InvalidInputError([{ path: ['input'], code: 'TOO_MANY', message }]);
}
