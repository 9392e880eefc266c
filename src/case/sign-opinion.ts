import { v7 as uuidv7 } from 'uuid';
import type { BySignedIn } from '../account/viewer.ts';
import { settleAppeals } from '../appeal/settle-appeals.ts';
import type { Tx } from '../db.ts';
import { taxonomy, type Verdict } from '../domain/assessment.ts';
import type { ReviewTrigger } from '../domain/review-policy.ts';
import type { AssessmentRound } from '../generated/prisma/enums.ts';
import { seal } from '../secrets.ts';
import { unlist } from '../url-list/url-list.ts';
import type { CaseStep } from './change-case.ts';
import type { Opinion } from './opinion.ts';
import { scheduleCheck } from './schedule-check.ts';

type Signature = {
  round: AssessmentRound;
  /** Of a first opinion: why it needs a second one. */
  reviewReasons?: ReviewTrigger[];
};

/** Signs one opinion on these cases, each in its episode; what its author had noted for it is done with. */
export async function sign(
  tx: Tx,
  cases: { id: string; episodeId: string }[],
  by: BySignedIn,
  { answers, note }: Opinion,
  { round, reviewReasons = [] }: Signature,
  now: Date,
): Promise<void> {
  await tx.assessment.createMany({
    data: cases.map(({ id, episodeId }) => ({
      id: uuidv7(),
      caseId: id,
      episodeId,
      round,
      assessorId: by.viewer.id,
      at: now,
      taxonomyName: taxonomy.name,
      taxonomyVersion: taxonomy.version,
      ...answers,
      selfGenerated: answers.selfGenerated ?? false,
      coerced: answers.coerced ?? false,
      commercial: answers.commercial ?? 'NONE',
      disguised: answers.disguised ?? false,
      reviewReasons,
      note: note ? seal(note) : null,
    })),
  });
  await tx.assessmentDraft.deleteMany({
    where: { caseId: { in: cases.map(({ id }) => id) }, accountId: by.viewer.id },
  });
}

/**
 * What follows when no further opinion is owed: the episode's clock, no draft is needed any more, what is not actionable is not on
 * the URL list, and an appeal has its answer. Gives what the audit entry says of it.
 */
export async function settle(
  step: CaseStep,
  by: BySignedIn,
  verdict: Verdict,
  now: Date,
): Promise<Record<string, string> | undefined> {
  const { tx, case: opened } = step;
  await tx.episode.update({ where: { id: opened.episode.id }, data: { assessed: now } });
  await tx.assessmentDraft.deleteMany({ where: { caseId: opened.id } });
  if (verdict === 'NOT_ACTIONABLE') await unlist(step, now);
  const appeal = await settleAppeals(tx, opened.id, by, verdict, now);
  if (!appeal) return undefined;
  // It was followed before the appeal, and may be again.
  await scheduleCheck(tx, opened.id);
  return { appeal };
}
