import type { By } from '../account/viewer.ts';
import { type Recorder, recorded } from '../audit/recorded.ts';
import { recountCases } from '../case/recount-cases.ts';
import { undoReopening } from '../case/undo-reopening.ts';
import type { Burst, Remembered } from './intake-limit.ts';

/**
 * Sets the reports of a burst aside that came in before it was known for one, so that the queue is as if they had waited in
 * quarantine from the first. What an analyst has claimed or assessed since stays: their work is not taken from under them.
 */
export async function setAsideEarlier(by: By, burst: Burst, now: Date): Promise<void> {
  const earlier = burst.takeEarlier();
  if (earlier.length === 0) return;
  try {
    await recorded(by, (recorder) => setAside(recorder, burst, earlier, now));
  } catch (error) {
    burst.putBack(earlier);
    throw error;
  }
}

async function setAside({ tx, note, later }: Recorder, burst: Burst, earlier: Remembered[], now: Date): Promise<void> {
  const given = earlier.map(({ id, portalId }) => ({ id, quarantineId: burst.quarantineOf(portalId) }));
  // In the order in which submissions lock theirs; a claim locks the case too, so none comes in between.
  await tx.$queryRaw`
    SELECT FROM cases WHERE id IN (SELECT case_id FROM reports WHERE id = ANY (${earlier.map(({ id }) => id)}::uuid[]))
    ORDER BY address_digest FOR UPDATE`;
  const touched = await tx.$queryRaw<{ id: string; number: string }[]>`
    WITH moved AS (
      UPDATE reports r SET standing = 'QUARANTINED', repeated = true, quarantine_id = g."quarantineId"
      FROM jsonb_to_recordset(${JSON.stringify(given)}::jsonb) AS g(id uuid, "quarantineId" uuid)
      WHERE r.id = g.id AND r.standing = 'COUNTED'
        AND NOT EXISTS (SELECT FROM claims k WHERE k.case_id = r.case_id AND coalesce(k.ended_at, k.lease_until) >= r.received_at)
        AND NOT EXISTS (SELECT FROM assessments a WHERE a.case_id = r.case_id AND a.at >= r.received_at)
      RETURNING r.case_id, r.portal_id, r.quarantine_id
    ), opened AS (
      INSERT INTO quarantines (id, portal_id, opened_at)
      SELECT DISTINCT quarantine_id, portal_id, ${now}::timestamptz FROM moved ON CONFLICT (id) DO NOTHING
    )
    SELECT id, number FROM cases WHERE id IN (SELECT case_id FROM moved)`;
  const ids = touched.map(({ id }) => id);
  await recountCases(tx, ids);
  await undoReopening(tx, ids);

  for (const caseId of ids) later({ task: 'prioritise-case', payload: { caseId }, key: `prioritise:${caseId}` });
  for (const quarantineId of new Set(given.map((one) => one.quarantineId))) {
    const subjects = touched.map(({ number }) => number);
    note({ stream: `quarantine:${quarantineId}`, action: 'SET_ASIDE', subjects, detail: { reports: earlier.length } });
  }
}
