import { v7 as uuidv7 } from 'uuid';
import type { BySignedIn } from '../account/viewer.ts';
import type { Recorder } from '../audit/recorded.ts';
import { type CaseInput, changeCase } from '../case/change-case.ts';
import type { Case } from '../generated/prisma/client.ts';
import type { HostPlacement } from '../generated/prisma/enums.ts';
import { openForTrace } from './record-trace.ts';

/** What a trace needs to know of a case: its row is locked by the caller. */
type Traceable = Pick<Case, 'id' | 'addressKind' | 'host'> & { episode: { id: string; traced: Date | null } };

/**
 * Has the automatic methods run on the host, never on the page: at once where the address itself tells, else by a job. Gives
 * the case's id. Throws what `changeCase` throws.
 */
export function traceHost(by: BySignedIn, input: CaseInput, now: Date): Promise<string> {
  return changeCase(by, input, now, { action: 'TRACE', claimed: true }, async (step) => {
    openForTrace(step.case);
    const run = await queueTrace(step, step.case, now);
    return { run, placement: placementOf(step.case) };
  });
}

/**
 * Queues a run of the automatic methods in the caller's transaction, which holds the case's row; a run of this episode that
 * still waits is that run. What has no host to look up is placed at once, without a job. Gives the run's id.
 */
export async function queueTrace(
  { tx, later }: Pick<Recorder, 'tx' | 'later'>,
  { id: caseId, addressKind, host, episode }: Traceable,
  now: Date,
): Promise<string> {
  const of = { caseId, episodeId: episode.id };
  const placement = placementOf({ addressKind });
  if (placement || host === null) {
    const run = { id: uuidv7(), ...of, state: 'DONE', queuedAt: now, finishedAt: now } as const;
    await tx.traceRun.create({ data: run });
    await tx.hostTrace.create({
      data: {
        id: uuidv7(),
        ...of,
        runId: run.id,
        method: 'DNS',
        tool: 'address',
        placement: placement ?? 'UNKNOWN',
        answer: placement ? { addressKind } : { addressKind, failure: 'NO_HOST' },
        at: now,
      },
    });
    if (placement && !episode.traced) {
      await tx.episode.update({ where: { id: episode.id }, data: { traced: now } });
    }
    return run.id;
  }

  const waiting = await tx.traceRun.findFirst({ where: { ...of, state: 'QUEUED' }, select: { id: true } });
  const runId = waiting?.id ?? uuidv7();
  if (!waiting) await tx.traceRun.create({ data: { id: runId, ...of, queuedAt: now } });
  later({ task: 'trace-host', payload: { runId }, key: `trace:${runId}` });
  return runId;
}

// Articles of a newsgroup pass from server to server; like a shared file, they have no one host.
function placementOf({ addressKind }: Pick<Case, 'addressKind'>): HostPlacement | null {
  if (addressKind === 'ONION') return 'HIDDEN_SERVICE';
  if (addressKind === 'MAGNET' || addressKind === 'ED2K' || addressKind === 'NEWSGROUP') return 'PEER_TO_PEER';
  return null;
}
