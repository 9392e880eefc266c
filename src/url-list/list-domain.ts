import { z } from 'zod';
import type { BySignedIn } from '../account/viewer.ts';
import { addNote } from '../case/add-case-note.ts';
import { type CaseInput, type CaseStep, changeCase } from '../case/change-case.ts';
import { freeTextIssues, readInput, text } from '../read-input.ts';
import { isShared } from '../report/host-names.ts';
import { change, lockUrlList, refuse, refuseUnconfirmed } from './url-list.ts';

export type ListDomainInput = CaseInput & { reason: string };

const reasoned = z.object({ reason: text(1_000) });

/**
 * Rules that the whole registrable domain of a confirmed case goes on the URL list; the reason is kept as a note. Not one under
 * which the Public Suffix List knows customers of their own. Gives the case's id. Throws `InvalidInputError`,
 * `InvalidTransitionError` and what `changeCase` throws.
 */
export function listDomain(by: BySignedIn, input: ListDomainInput, now: Date): Promise<string> {
  return ruleOnDomain(by, input, 'LIST_DOMAIN', now, async (step, domain) => {
    await refuseUnconfirmed(step, now);
    if (isShared(domain)) refuse(step, 'Many have pages of their own under this domain. List the addresses instead.');
    if (!(await isListed(step, domain))) await change(step, 'ADDED', 'DOMAIN', domain, now);
  });
}

/** Rules that the registrable domain of a case goes off the list; the reason is kept as a note. Gives the case's id. Throws as `listDomain` does. */
export function unlistDomain(by: BySignedIn, input: ListDomainInput, now: Date): Promise<string> {
  return ruleOnDomain(by, input, 'UNLIST_DOMAIN', now, async (step, domain) => {
    if (!(await isListed(step, domain))) refuse(step, 'This domain is not on the list.');
    await change(step, 'REMOVED', 'DOMAIN', domain, now);
  });
}

function ruleOnDomain(
  by: BySignedIn,
  input: ListDomainInput,
  action: string,
  now: Date,
  rule: (step: CaseStep, domain: string) => Promise<void>,
): Promise<string> {
  const { reason } = readInput(reasoned, input, freeTextIssues(['input', 'reason'], input.reason));
  return changeCase(by, input, now, { action, claimed: false }, async (step) => {
    const domain = step.case.registrableDomain;
    if (!domain) refuse(step, 'Its address has no domain that somebody registered. List the address instead.');
    await lockUrlList(step.tx);
    await rule(step, domain);
    await addNote(step, by, reason, now);
    return undefined;
  });
}

// The ruling belongs to the domain: whichever of its cases it was made on.
async function isListed({ tx }: CaseStep, domain: string): Promise<boolean> {
  const last = await tx.urlListChange.findFirst({
    where: { scope: 'DOMAIN', address: domain },
    orderBy: { id: 'desc' },
    select: { change: true },
  });
  return last?.change === 'ADDED';
}
