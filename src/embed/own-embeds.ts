import { z } from 'zod';
import type { BySignedIn } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import { prisma } from '../db.ts';
import { NotFoundError } from '../domain/errors.ts';
import type { Embed } from '../generated/prisma/client.ts';

/** The embeds of one's organisation, newest first: the last hundred, those that show nothing any more too. */
export function ownEmbeds({ viewer: { partner } }: BySignedIn): Promise<Embed[]> {
  if (!partner) return Promise.resolve([]);
  return prisma.embed.findMany({ where: { partnerId: partner.id }, orderBy: { createdAt: 'desc' }, take: 100 });
}

/** Ends an embed of one's organisation: from now on it shows nothing. Throws a `NotFoundError`, also for another's. */
export function revokeEmbed(by: BySignedIn, id: string, now: Date): Promise<Embed> {
  const partnerId = by.viewer.partner?.id;
  return recorded(by, async ({ tx, note }) => {
    const isId = partnerId !== undefined && z.uuid().safeParse(id).success;
    const embed = isId ? await tx.embed.findFirst({ where: { id, partnerId } }) : null;
    if (!embed) throw new NotFoundError('embed');
    note({ stream: `partner:${embed.partnerId}`, action: 'REVOKE_EMBED', detail: { embed: id } });
    return embed.revokedAt ? embed : tx.embed.update({ where: { id }, data: { revokedAt: now } });
  });
}
