import type { Recorder } from '../audit/recorded.ts';
import { rateJumped } from '../domain/case-lifecycle.ts';
import type { CaseState } from '../generated/prisma/enums.ts';
import { moveCase, openCase } from './change-case.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * What a new report means for cases that had ended: removed content that is reported again opens a new episode, and a
 * closed case is looked at again when the last look is old or reports come fast. The episode begins with the report, which
 * may have been received (`reportedAt`) a while ago. Costs nothing where no case had ended.
 */
export async function reopenReportedCases(
  recorder: Recorder,
  cases: { number: string; state: CaseState; reportedAt?: Date }[],
  now: Date,
): Promise<void> {
  for (const { number, state, reportedAt } of cases) {
    if (state === 'REMOVED' || state === 'CLOSED') await reopen(recorder, number, reportedAt ?? now, now);
  }
}

async function reopen({ tx, note }: Recorder, number: string, reportedAt: Date, now: Date): Promise<void> {
  const opened = await openCase(tx, number);
  const dayAgo = new Date(now.getTime() - DAY_MS);
  const lastDay = await tx.report.count({
    where: { caseId: opened.id, standing: 'COUNTED', receivedAt: { gt: dayAgo } },
  });
  const daysBefore = Math.max(1, (dayAgo.getTime() - opened.firstReportedAt.getTime()) / DAY_MS);
  const lastLook = opened.episode.assessed ?? opened.stateSince;

  const { state } = await moveCase(
    tx,
    opened,
    {
      event: 'REPORT_AGAIN',
      daysSinceLastLook: (now.getTime() - lastLook.getTime()) / DAY_MS,
      rateJumped: rateJumped(lastDay, (opened.reportCount - lastDay) / daysBefore),
    },
    now,
    { version: { increment: 1 } },
    reportedAt,
  );
  if (state !== opened.state)
    note({ stream: `case:${number}`, action: 'REPORT_AGAIN', detail: { from: opened.state, to: state } });
}
