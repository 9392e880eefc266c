import type { By } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import { prisma } from '../db.ts';
import { NotFoundError } from '../domain/errors.ts';
import type { Briefing } from '../generated/prisma/client.ts';
import { idOfLink } from '../link-token.ts';
import { stateOf, stopped } from './own-briefing.ts';

/** For how many days the link of the first mail confirms. */
export const CONFIRM_DAYS = 7;
const DAY_MS = 24 * 60 * 60 * 1000;

/** What a link of a mail is for, and the language of the mail. It tells no address. */
export type BriefingLink = { purpose: 'CONFIRM' | 'STOP'; language: string };

/** What a link's token opens; null for all that opens nothing: unknown, altered, expired, of a mail that was stopped. Nothing changes by looking. */
export async function briefingLink(token: string, now: Date): Promise<BriefingLink | null> {
  for (const purpose of ['CONFIRM', 'STOP'] as const) {
    const found = await opened(purpose, token, now);
    if (found) return { purpose, language: found.language };
  }
  return null;
}

/** Confirms the address that the first mail went to. Gives the link. Throws a `NotFoundError` for a token that opens nothing. */
export function confirmBriefing(by: By, token: string, now: Date): Promise<BriefingLink> {
  return follow(by, 'CONFIRM', token, now);
}

/** Stops the monthly mail and forgets its address. Gives the link. Throws a `NotFoundError` for a token that opens nothing. */
export function stopBriefing(by: By, token: string, now: Date): Promise<BriefingLink> {
  return follow(by, 'STOP', token, now);
}

async function follow(by: By, purpose: BriefingLink['purpose'], token: string, now: Date): Promise<BriefingLink> {
  const found = await opened(purpose, token, now);
  if (!found) throw new NotFoundError('link');
  const { id, accountId, language } = found;
  return recorded(by, async ({ tx, note }) => {
    const data = purpose === 'STOP' ? stopped(now) : { confirmedAt: found.confirmedAt ?? now };
    const { count } = await tx.briefing.updateMany({ where: { id, stoppedAt: null }, data });
    if (count === 0) throw new NotFoundError('link');
    note({ stream: `account:${accountId}`, action: purpose === 'STOP' ? 'STOP_BRIEFING' : 'CONFIRM_BRIEFING' });
    return { purpose, language };
  });
}

async function opened(purpose: BriefingLink['purpose'], token: string, now: Date): Promise<Briefing | null> {
  const id = idOfLink(purpose === 'CONFIRM' ? 'briefing-confirm' : 'briefing-stop', token);
  const found = id ? await prisma.briefing.findUnique({ where: { id } }) : null;
  if (!found || found.stoppedAt) return null;
  const expired = now.getTime() - found.createdAt.getTime() > CONFIRM_DAYS * DAY_MS;
  // Whoever follows the link twice is told the same.
  return purpose === 'CONFIRM' && stateOf(found) === 'WAITING' && expired ? null : found;
}
