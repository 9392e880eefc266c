import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { recorded } from '../audit/recorded.ts';
import { giveBackAll } from '../case/lease.ts';
import { violatedUnique } from '../db.ts';
import { type InputIssue, InvalidInputError, NotFoundError } from '../domain/errors.ts';
import type { Account } from '../generated/prisma/client.ts';
import { AccountRole } from '../generated/prisma/enums.ts';
import { optional, readInput, text } from '../read-input.ts';
import type { BySignedIn } from './viewer.ts';

const account = z.object({
  id: optional(z.uuid('Give the id of an account, or leave it out to make a new one.')),
  subject: text(255),
  name: text(200),
  role: z.enum(AccountRole),
  partner: optional(z.uuid('Give the id of a partner.')),
  inTraining: optional(z.boolean()),
});
export type SaveAccountInput = z.input<typeof account>;

/**
 * Makes an account, or changes the one of the given id; a saved account is enabled. Nobody changes their own role or
 * subject, so that no administrator shuts themself out. Gives its id. Throws `InvalidInputError`, `NotFoundError`.
 */
export async function saveAccount(by: BySignedIn, given: SaveAccountInput): Promise<string> {
  const { id, partner, inTraining, ...rest } = readInput(account, given, partnerIssues(given));
  const data = { ...rest, partnerId: partner, inTraining: inTraining ?? false, disabledAt: null };
  try {
    return await recorded(by, async ({ tx, note }) => {
      if (partner && !(await tx.partner.findUnique({ where: { id: partner }, select: { id: true } })))
        throw new NotFoundError('partner');
      const before = id ? await tx.account.findUnique({ where: { id } }) : null;
      if (id && !before) throw new NotFoundError('account');
      if (before?.id === by.viewer.id) refuseLockout(before, data);
      const saved = id
        ? await tx.account.update({ where: { id }, data })
        : await tx.account.create({ data: { id: uuidv7(), ...data } });
      if (!worksOnCases(saved)) await giveBackAll(tx, saved.id);
      note({ stream: `account:${saved.id}`, action: 'SAVE_ACCOUNT', detail: factsOf(saved) });
      return saved.id;
    });
  } catch (error) {
    if (violatedUnique(error) === null) throw error;
    throw new InvalidInputError([
      { path: ['input', 'subject'], code: 'TAKEN', message: 'Another account has this subject.' },
    ]);
  }
}

/** Disables an account: its next request, and the next event of its subscriptions, is refused, and its cases go back to the queue. Gives its id. Throws a `NotFoundError`, and an `InvalidInputError` for one's own account. */
export async function disableAccount(by: BySignedIn, id: string, now: Date): Promise<string> {
  await recorded(by, async ({ tx, note }) => {
    const found = z.uuid().safeParse(id).success ? await tx.account.findUnique({ where: { id } }) : null;
    if (!found) throw new NotFoundError('account');
    if (found.id === by.viewer.id) throw new InvalidInputError([ownAccount(['id'])]);
    if (!found.disabledAt) await tx.account.update({ where: { id }, data: { disabledAt: now } });
    await giveBackAll(tx, id);
    note({ stream: `account:${found.id}`, action: 'DISABLE_ACCOUNT' });
  });
  return id;
}

function worksOnCases({ role }: Account): boolean {
  return role === 'ANALYST' || role === 'SUPERVISOR';
}

/** What the audit trail keeps of an account: no name. */
function factsOf({ role, partnerId, inTraining }: Account): Record<string, string | boolean | null> {
  return { role, partner: partnerId, inTraining };
}

function refuseLockout(before: Account, after: Pick<Account, 'role' | 'subject'>): void {
  const changed = (['role', 'subject'] as const).filter((field) => before[field] !== after[field]);
  if (changed.length > 0) throw new InvalidInputError(changed.map((field) => ownAccount(['input', field])));
}

function ownAccount(path: string[]): InputIssue {
  return { path, code: 'OWN_ACCOUNT', message: 'This would shut you out. Ask another administrator to do it.' };
}

function partnerIssues({ role, partner }: SaveAccountInput): InputIssue[] {
  if ((role === 'PARTNER') === Boolean(partner)) return [];
  return [
    {
      path: ['input', 'partner'],
      code: 'MISMATCH',
      message: 'Name the partner when, and only when, the role is PARTNER.',
    },
  ];
}
