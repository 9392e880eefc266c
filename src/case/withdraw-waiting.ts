import type { Tx } from '../db.ts';

/** Takes these cases out of every message that waits to be sent: what they were to be told no longer holds. */
export async function withdrawWaiting(tx: Tx, caseIds: string[], now: Date): Promise<void> {
  // A message that is being sent is past it; whoever is about to send one waits for us, or we for them.
  await tx.$executeRaw`
    WITH waiting AS (
      SELECT n.id FROM notices n
      WHERE n.state = 'WAITING' AND EXISTS (SELECT FROM actions x WHERE x.notice_id = n.id AND x.case_id = ANY (${caseIds}::uuid[]))
      ORDER BY n.id FOR UPDATE
    )
    UPDATE actions SET withdrawn_at = ${now}
    WHERE case_id = ANY (${caseIds}::uuid[]) AND notice_id IN (SELECT id FROM waiting) AND sent_at IS NULL AND withdrawn_at IS NULL`;
}
