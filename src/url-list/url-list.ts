import type { BySignedIn } from '../account/viewer.ts';
import { type CaseInput, type CaseStep, changeCase, factsOf } from '../case/change-case.ts';
import { presentRound } from '../case/present-round.ts';
import { scheduleCheck } from '../case/schedule-check.ts';
import { prisma, type Tx } from '../db.ts';
import { allowedEvents } from '../domain/case-lifecycle.ts';
import { InvalidTransitionError } from '../domain/errors.ts';
import type { UrlListChange } from '../generated/prisma/client.ts';
import type { UrlListChangeKind, UrlListScope } from '../generated/prisma/enums.ts';

/**
 * Puts a confirmed address that is still up on the URL list, which needs a second opinion or a ruling first. Gives the
 * case's id. Throws `InvalidTransitionError` and what `changeCase` throws.
 */
export function listAddress(by: BySignedIn, input: CaseInput, now: Date): Promise<string> {
  return changeCase(by, input, now, { action: 'LIST', claimed: false }, async (step) => {
    await refuseUnconfirmed(step, now);
    if (step.case.listed) return undefined;
    await change(step, 'ADDED', 'ADDRESS', step.case.address, now);
    await setListed(step, true);
    return undefined;
  });
}

/**
 * Takes an address that is still up off the URL list, which needs two people: the first proposes it, another confirms. Gives
 * the case's id. Throws `InvalidTransitionError` and what `changeCase` throws.
 */
export function unlistAddress(by: BySignedIn, input: CaseInput, now: Date): Promise<string> {
  return changeCase(by, input, now, { action: 'UNLIST', claimed: false }, async (step) => {
    const { listed, delistingProposedById: proposedBy } = step.case;
    if (!listed) refuse(step, 'This address is not on the list.');
    if (proposedBy === by.viewer.id)
      refuse(step, 'You have proposed this. A colleague confirms it, or keeps it listed.');
    if (proposedBy) await unlist(step, now);
    else await step.set({ delistingProposedById: by.viewer.id });
    return { step: proposedBy ? 'confirmed' : 'proposed' };
  });
}

/** Withdraws the proposal to take an address off the list. Gives the case's id. Throws `InvalidTransitionError` and what `changeCase` throws. */
export function keepListed(by: BySignedIn, input: CaseInput, now: Date): Promise<string> {
  return changeCase(by, input, now, { action: 'KEEP_LISTED', claimed: false }, async (step) => {
    if (!step.case.delistingProposedById) refuse(step, 'Nobody proposes to take this address off the list.');
    await step.set({ delistingProposedById: null });
    return undefined;
  });
}

/** Takes the address off the list as part of another step (seen gone, found not actionable), where it is on it. */
export async function unlist(step: CaseStep, now: Date): Promise<void> {
  if (!step.case.listed) return;
  await change(step, 'REMOVED', 'ADDRESS', step.case.address, now);
  await setListed(step, false);
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

/** Lets one transaction at a time change or read the whole list: a cursor may pass over a lower number only if it can never appear later. */
export async function lockUrlList(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('url list'))`;
}

/** Adds a change to the list: `entry` is an address or, of scope DOMAIN, a registrable domain. */
export async function change(
  { tx, case: opened }: CaseStep,
  kind: UrlListChangeKind,
  scope: UrlListScope,
  entry: string,
  now: Date,
): Promise<void> {
  await lockUrlList(tx);
  await tx.urlListChange.create({ data: { caseId: opened.id, change: kind, scope, address: entry, at: now } });
}

/** Throws an `InvalidTransitionError` unless the content is up, was confirmed by a second opinion or a ruling, and can't be undone any more. */
export async function refuseUnconfirmed(step: CaseStep, now: Date): Promise<void> {
  const { tx, case: opened } = step;
  const confirmed = await tx.assessment.count({
    where: { ...presentRound(opened), round: { in: ['SECOND', 'RULING'] } },
  });
  if (confirmed === 0)
    refuse(step, 'An address goes on the list after a second opinion. Ask for one when you assess it.');
  if (opened.state !== 'AWAITING_ACTION' && opened.state !== 'AWAITING_REMOVAL') refuse(step);
  if (opened.undoUntil && opened.undoUntil > now)
    refuse(step, `It was assessed together with others, which can be undone until ${opened.undoUntil.toISOString()}.`);
}

/** Throws an `InvalidTransitionError`, by default that the step does not fit the state. */
export function refuse({ case: opened }: CaseStep, reason?: string): never {
  throw new InvalidTransitionError(opened.state, allowedEvents(factsOf(opened, opened.firstOpinion)), reason);
}

async function setListed({ tx, case: opened, set }: CaseStep, listed: boolean): Promise<void> {
  await set({ listed, delistingProposedById: null });
  await scheduleCheck(tx, opened.id);
}
