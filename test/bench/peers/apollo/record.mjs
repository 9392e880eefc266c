import { randomBytes } from 'node:crypto';

/** Appends an entry to the audit trail; with `tx`, in its transaction. */
export async function record(tx, actor, operation, { stream, action, subjects = [], detail = {} }) {
  const salt = randomBytes(16).toString('hex');
  const entries = [{ stream, actor, operation, action, subjects, detail: JSON.stringify(detail), salt }];
  await tx.$queryRaw`SELECT audit_append(${JSON.stringify(entries)}::jsonb)`;
}

/** Appends the entry of somebody who signed in. */
export function recordOf(tx, { id }, operation, entry) {
  return record(tx, `account:${id}`, operation, entry);
}
