import { v7 as uuidv7 } from 'uuid';
import type { BySystem } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import { queueChanged } from '../case/queue-summary.ts';
import { prisma, type Tx } from '../db.ts';
import { readHosting } from './hosting.ts';
import { type MethodResult, runMethods, TIME_LIMIT_MS } from './methods.ts';

const by: BySystem = { system: true, operation: 'trace-host' };

/**
 * Runs the automatic methods for a run that was queued, and keeps what each said. May run twice, at once or after a worker died:
 * the first to finish it keeps its results, and the other none. Methods that have not answered after `limit` milliseconds are
 * kept as that.
 */
export async function runTrace(runId: string, now: Date, limit = TIME_LIMIT_MS): Promise<void> {
  const run = await prisma.traceRun.findUnique({
    where: { id: runId },
    include: { case: { select: { id: true, number: true, host: true } } },
  });
  if (run?.state !== 'QUEUED' || run.case.host === null) return;

  const results = await runMethods(run.case.host, now, limit);
  const at = new Date();
  await recorded(by, async ({ tx, note }) => {
    await tx.$queryRaw`SELECT id FROM cases WHERE id = ${run.caseId}::uuid FOR UPDATE`;
    const first = await finish(tx, runId, results, at);
    const hosting = first ? await keepResults(tx, run, results, at) : null;
    note({
      stream: `case:${run.case.number}`,
      action: 'TRACE',
      detail: hosting
        ? { run: runId, placement: hosting.placement, country: hosting.country, agreed: hosting.agreed }
        : { run: runId, repeated: 'yes' },
    });
    if (hosting) await queueChanged(tx);
  });
}

async function finish(tx: Tx, id: string, results: readonly MethodResult[], at: Date): Promise<boolean> {
  const state = results.some(({ answer }) => !answer.failure) ? 'DONE' : 'FAILED';
  const finished = await tx.traceRun.updateMany({ where: { id, state: 'QUEUED' }, data: { state, finishedAt: at } });
  return finished.count === 1;
}

async function keepResults(
  tx: Tx,
  run: { id: string; caseId: string; episodeId: string },
  results: readonly MethodResult[],
  at: Date,
) {
  await tx.hostTrace.createMany({
    data: results.map((result) => ({
      id: uuidv7(),
      caseId: run.caseId,
      episodeId: run.episodeId,
      runId: run.id,
      ...result,
      at,
    })),
  });
  const hosting = await readHosting(tx, run.caseId);
  // A placement without a country is an answer too; that nothing is known leaves what was known before.
  if (hosting.by !== null) {
    await tx.case.update({ where: { id: run.caseId }, data: { hostingCountry: hosting.country } });
    await tx.episode.updateMany({ where: { id: run.episodeId, traced: null }, data: { traced: at } });
  }
  return hosting;
}
