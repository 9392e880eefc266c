import type { BySignedIn } from '../account/viewer.ts';
import { actorOf } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import type { Tx } from '../db.ts';
import { InvalidInputError } from '../domain/errors.ts';
import { openContact } from './save-contact.ts';

/** A contact as the one who approves it has read it: `updatedAt` tells that nobody changed it since. */
export type ApproveContactInput = { id: string; updatedAt: Date };

/**
 * Approves a contact as it was read, so that messages can go to it. Nobody approves what they have proposed or changed
 * themselves. Gives its id. Throws `InvalidInputError`, `NotFoundError`.
 */
export function approveContact(by: BySignedIn, { id, updatedAt }: ApproveContactInput, now: Date): Promise<string> {
  return recorded(by, async ({ tx, note }) => {
    const contact = await openContact(tx, id);
    if (contact.updatedAt.getTime() !== updatedAt.getTime()) {
      refuse('updatedAt', 'CHANGED', 'Somebody has changed this contact since you read it. Read it again.');
    }
    if ((await authorsOf(tx, id)).includes(actorOf(by))) {
      refuse('id', 'OWN_CHANGE', 'You proposed or changed this contact yourself. Ask another supervisor.');
    }
    if (!contact.approvedAt) {
      // The time of the last change stays: whoever read the contact as it is may still say so.
      const approval = { approvedAt: now, approvedById: by.viewer.id, updatedAt: contact.updatedAt };
      await tx.contact.update({ where: { id }, data: approval });
    }
    note({ stream: `contact:${id}`, action: 'APPROVE_CONTACT' });
    return id;
  });
}

/** Takes a contact out of use for good; what was sent to it stays. Gives its id. Throws a `NotFoundError`. */
export function retireContact(by: BySignedIn, id: string, now: Date): Promise<string> {
  return recorded(by, async ({ tx, note }) => {
    await openContact(tx, id);
    await tx.contact.update({ where: { id }, data: { retiredAt: now } });
    note({ stream: `contact:${id}`, action: 'RETIRE_CONTACT' });
    return id;
  });
}

// The trail says who made the contact what it is: everybody who has changed it since it was last approved.
async function authorsOf(tx: Tx, id: string): Promise<string[]> {
  const stream = `contact:${id}`;
  const rows = await tx.$queryRaw<{ actor: string }[]>`
    SELECT DISTINCT actor FROM audit_entries
    WHERE stream = ${stream} AND action IN ('SAVE_CONTACT', 'PROPOSE_CONTACT') AND seq > coalesce(
      (SELECT max(seq) FROM audit_entries WHERE stream = ${stream} AND action = 'APPROVE_CONTACT'), 0)`;
  return rows.map(({ actor }) => actor);
}

function refuse(field: string, code: string, message: string): never {
  throw new InvalidInputError([{ path: ['input', field], code, message }]);
}
