import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { BySignedIn } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import { prisma } from '../db.ts';
import { InvalidInputError, NotFoundError } from '../domain/errors.ts';
import type { Briefing } from '../generated/prisma/client.ts';
import { readInput } from '../read-input.ts';
import { seal, unseal } from '../secrets.ts';
import { partnerLocales } from '../web/partner/messages.ts';
import { confirmLater } from './send-confirmation.ts';

/** How long nobody can have another confirmation sent, in milliseconds: the address may be a stranger's. */
const PAUSE_MS = 5 * 60_000;

const briefing = z.object({
  email: z
    .string()
    .trim()
    .max(254, 'An address has at most 254 characters.')
    .pipe(z.email('Give one e-mail address such as name@example.org, without a name.')),
  language: z.string().transform((tag, context) => {
    const known = partnerLocales.find((locale) => locale.tag === tag);
    if (known) return known.tag;
    context.addIssue({
      code: 'custom',
      message: 'Give a language that the figures’ pages are written in, such as fr.',
    });
    return z.NEVER;
  }),
});

/** The monthly mail that somebody asked for, as they see it: null as address once it is stopped. */
export type OwnBriefing = {
  email: string | null;
  language: string;
  state: 'WAITING' | 'ACTIVE' | 'STOPPED';
  since: Date;
};

/** One's own monthly mail, or null. */
export async function ownBriefing(accountId: string): Promise<OwnBriefing | null> {
  const found = await prisma.briefing.findUnique({ where: { accountId } });
  return found && asOwn(found);
}

/**
 * Asks for the monthly mail, or changes it. To an address that was not confirmed a first mail goes, whose link confirms it, and nothing else; where only
 * the language changes nothing is sent. Throws an `InvalidInputError`, of code TOO_SOON within five minutes of another such mail.
 */
export function saveBriefing(
  by: BySignedIn,
  given: { email: string; language: string },
  now: Date,
): Promise<OwnBriefing> {
  const { email, language } = readInput(briefing, given);
  const accountId = by.viewer.id;
  return recorded(by, async ({ tx, note, later }) => {
    await tx.$queryRaw`SELECT FROM accounts WHERE id = ${accountId}::uuid FOR NO KEY UPDATE`;
    const before = await tx.briefing.findUnique({ where: { accountId } });
    note({ stream: `account:${accountId}`, action: 'SAVE_BRIEFING', detail: { language } });
    if (before && stateOf(before) === 'ACTIVE' && unseal(before.email) === email)
      return asOwn(await tx.briefing.update({ where: { accountId }, data: { language } }));
    if (before && now.getTime() - before.createdAt.getTime() < PAUSE_MS) refuseHaste();
    // A row of its own for each address: links of the one before open nothing any more.
    if (before) await tx.briefing.delete({ where: { accountId } });
    const made = await tx.briefing.create({
      data: { id: uuidv7(), accountId, email: seal(email), language, createdAt: now },
    });
    confirmLater({ later }, made.id);
    return asOwn(made);
  });
}

/** Stops one's own monthly mail and forgets its address. Throws a `NotFoundError` where there is none. */
export function stopOwnBriefing(by: BySignedIn, now: Date): Promise<OwnBriefing> {
  const accountId = by.viewer.id;
  return recorded(by, async ({ tx, note }) => {
    const { count } = await tx.briefing.updateMany({ where: { accountId, stoppedAt: null }, data: stopped(now) });
    if (count === 0) throw new NotFoundError('monthly mail');
    note({ stream: `account:${accountId}`, action: 'STOP_BRIEFING' });
    return asOwn(await tx.briefing.findUniqueOrThrow({ where: { accountId } }));
  });
}

/** What a stopped mail keeps: no address. */
export function stopped(now: Date): { stoppedAt: Date; email: Uint8Array<ArrayBuffer> } {
  return { stoppedAt: now, email: seal('') };
}

/** Where a monthly mail stands. */
export function stateOf({ confirmedAt, stoppedAt }: Briefing): OwnBriefing['state'] {
  if (stoppedAt) return 'STOPPED';
  return confirmedAt ? 'ACTIVE' : 'WAITING';
}

function asOwn(row: Briefing): OwnBriefing {
  const state = stateOf(row);
  return {
    email: state === 'STOPPED' ? null : unseal(row.email),
    language: row.language,
    state,
    since: row.stoppedAt ?? row.confirmedAt ?? row.createdAt,
  };
}

function refuseHaste(): never {
  const message = 'A mail was sent a moment ago. Wait five minutes, then try again.';
  throw new InvalidInputError([{ path: ['input', 'email'], code: 'TOO_SOON', message }]);
}
