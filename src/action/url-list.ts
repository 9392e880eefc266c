import type { BySignedIn } from '../account/viewer.ts';
import { type CaseInput, type CaseStep, changeCase, factsOf } from '../case/change-case.ts';
import { presentRound } from '../case/present-round.ts';
import { prisma } from '../db.ts';
import { allowedEvents } from '../domain/case-lifecycle.ts';
import { InvalidTransitionError } from '../domain/errors.ts';
import type { UrlListChange } from '../generated/prisma/client.ts';
import type { UrlListChangeKind } from '../generated/prisma/enums.ts';

/**
 * Puts a confirmed address that is still up on the URL list, which needs a second opinion or a ruling first. Gives the
 * case's id. Throws `InvalidTransitionError` and what `changeCase` throws.
 */
export function listAddress(by: BySignedIn, input: CaseInput, now: Date): Promise<string> {
  return changeCase(by, input, now, { action: 'LIST', claimed: false }, async (step) => {
    const { tx, case: opened } = step;
    const confirmed = await tx.assessment.count({
      where: { ...presentRound(opened), round: { in: ['SECOND', 'RULING'] } },
    });
    if (confirmed === 0)
      refuse(step, 'An address goes on the list after a second opinion. Ask for one when you assess it.');
    if (opened.state !== 'AWAITING_ACTION' && opened.state !== 'AWAITING_REMOVAL') refuse(step);
    if (!opened.listed) await change(step, 'ADDED', now);
    return undefined;
  });
}

/** Takes an address off the URL list. Gives the case's id. Throws `InvalidTransitionError` and what `changeCase` throws. */
export function unlistAddress(by: BySignedIn, input: CaseInput, now: Date): Promise<string> {
  return changeCase(by, input, now, { action: 'UNLIST', claimed: false }, async (step) => {
    if (!step.case.listed) refuse(step, 'This address is not on the list.');
    await unlist(step, now);
    return undefined;
  });
}

/** Takes the address off the list as part of another step (seen gone, closed), where it is on it. */
export async function unlist(step: CaseStep, now: Date): Promise<void> {
  if (step.case.listed) await change(step, 'REMOVED', now);
}

/** Up to `first` changes of the list after the one of id `since`, oldest first, and the id to go on from. */
export async function urlListSince(
  since: bigint,
  first: number,
): Promise<{ changes: UrlListChange[]; lastId: bigint; more: boolean }> {
  const rows = await prisma.urlListChange.findMany({
    where: { id: { gt: since } },
    orderBy: { id: 'asc' },
    take: first + 1,
  });
  const changes = rows.slice(0, first);
  return { changes, lastId: changes.at(-1)?.id ?? since, more: rows.length > first };
}

async function change({ tx, case: opened, set }: CaseStep, kind: UrlListChangeKind, now: Date): Promise<void> {
  // One change at a time: a cursor may pass over a lower number only if it can never appear later.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('url list'))`;
  await tx.urlListChange.create({ data: { caseId: opened.id, change: kind, address: opened.address, at: now } });
  await set({ listed: kind === 'ADDED' });
}

function refuse({ case: opened }: CaseStep, reason?: string): never {
  throw new InvalidTransitionError(opened.state, allowedEvents(factsOf(opened, opened.firstOpinion)), reason);
}
