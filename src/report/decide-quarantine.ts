import { z } from 'zod';
import type { BySignedIn } from '../account/viewer.ts';
import { type Recorder, recorded } from '../audit/recorded.ts';
import { queueChanged } from '../case/queue-summary.ts';
import { recountCases } from '../case/recount-cases.ts';
import { reopenReportedCases } from '../case/reopen-reported-cases.ts';
import type { Tx } from '../db.ts';
import { NotFoundError } from '../domain/errors.ts';
import type { CaseState, ReportStanding } from '../generated/prisma/enums.ts';
import { freeTextIssues, optional, readInput } from '../read-input.ts';
import { seal } from '../secrets.ts';

export type DecideQuarantineInput = {
  quarantine: string;
  host?: string | null | undefined;
  reason?: string | null | undefined;
};

const decision = z.object({
  quarantine: z.string(),
  host: optional(z.string().trim()),
  reason: optional(z.string().trim().max(200, 'Shorten the reason to 200 characters.')),
});

/**
 * Lets the reports of a quarantine that wait (with `host` those of one pattern) count, in one transaction: their cases enter the
 * queue, rise in it, or are opened again by the ordinary rule. Gives its id. Throws `InvalidInputError`, `NotFoundError`.
 */
export function releaseQuarantine(by: BySignedIn, input: DecideQuarantineInput, now: Date): Promise<string> {
  return decide(by, input, 'COUNTED', now, async (recorder, cases) => {
    await recountCases(
      recorder.tx,
      cases.map(({ id }) => id),
    );
    await reopenReportedCases(recorder, cases, now);
    recorder.later({
      task: 'prioritise-quarantine',
      payload: { quarantineId: input.quarantine },
      key: `prioritise-quarantine:${input.quarantine}`,
    });
    await queueChanged(recorder.tx);
  });
}

/**
 * Closes the reports of a quarantine that wait (with `host` those of one pattern) as malicious: they never weigh in a case. Gives
 * its id. Throws `InvalidInputError`, `NotFoundError`.
 */
export function markQuarantineMalicious(by: BySignedIn, input: DecideQuarantineInput, now: Date): Promise<string> {
  return decide(by, input, 'MALICIOUS', now, async () => undefined);
}

type TouchedCase = { id: string; number: string; state: CaseState };

function decide(
  by: BySignedIn,
  input: DecideQuarantineInput,
  standing: Extract<ReportStanding, 'COUNTED' | 'MALICIOUS'>,
  now: Date,
  follow: (recorder: Recorder, cases: TouchedCase[]) => Promise<void>,
): Promise<string> {
  const {
    quarantine: id,
    host,
    reason,
  } = readInput(decision, input, freeTextIssues(['input', 'reason'], input.reason));
  if (!z.uuid().safeParse(id).success) throw new NotFoundError('quarantine');

  return recorded(by, async (recorder) => {
    const { tx, note } = recorder;
    const locked = await tx.$queryRaw<unknown[]>`SELECT FROM quarantines WHERE id = ${id}::uuid FOR UPDATE`;
    if (locked.length === 0) throw new NotFoundError('quarantine');
    const cases = await lockWaiting(tx, id, host);
    const changed = await tx.$executeRaw`
      UPDATE reports SET standing = ${standing}::"ReportStanding"
      WHERE quarantine_id = ${id}::uuid AND standing = 'QUARANTINED' AND case_id = ANY (${cases.map((one) => one.id)}::uuid[])`;
    if (changed > 0) {
      if (reason) await keepReason(tx, by, cases, reason, now);
      await follow(recorder, cases);
      await tx.$executeRaw`
        UPDATE quarantines SET decided_at = ${now}, decided_by_id = ${by.viewer.id}::uuid
        WHERE id = ${id}::uuid
          AND NOT EXISTS (SELECT FROM reports WHERE quarantine_id = ${id}::uuid AND standing = 'QUARANTINED')`;
    }
    note({
      stream: `quarantine:${id}`,
      action: standing === 'COUNTED' ? 'RELEASE_QUARANTINE' : 'MARK_QUARANTINE_MALICIOUS',
      subjects: cases.map(({ number }) => number),
      detail: { reports: changed, part: host !== null },
    });
    return id;
  });
}

// As a sealed note on each case: the trail holds no words of people.
async function keepReason(tx: Tx, by: BySignedIn, cases: TouchedCase[], reason: string, now: Date): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO case_notes (id, case_id, author_id, at, text)
    SELECT gen_random_uuid(), id, ${by.viewer.id}::uuid, ${now}, ${seal(reason)}
    FROM unnest(${cases.map(({ id }) => id)}::uuid[]) AS given(id)`;
}

// The cases that the waiting reports are of, locked in the order in which submissions lock theirs.
function lockWaiting(tx: Tx, quarantine: string, host: string | null): Promise<TouchedCase[]> {
  return tx.$queryRaw<TouchedCase[]>`
    SELECT c.id, c.number, c.state FROM cases c
    WHERE c.id IN (SELECT case_id FROM reports WHERE quarantine_id = ${quarantine}::uuid AND standing = 'QUARANTINED')
      AND (${host}::text IS NULL OR coalesce(c.registrable_domain, c.host, c.address_kind::text) = ${host}::text)
    ORDER BY c.address_digest FOR UPDATE`;
}
