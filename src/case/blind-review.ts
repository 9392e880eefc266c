import type { Viewer } from '../account/viewer.ts';
import type { AssessmentRound, CaseState } from '../generated/prisma/enums.ts';

/**
 * The opinions that a person may see, of all in the order of time. While a second opinion is owed it is given blind, by
 * whoever it will be: nobody sees another's first opinion of this round, nor one that its author took back before. Those of
 * earlier rounds are shown.
 */
export function visibleOpinions<Opinion extends { assessorId: string; round: AssessmentRound; at: Date }>(
  { state, roundSince }: { state: CaseState; roundSince: Date | null },
  opinions: Opinion[],
  viewer: Viewer | null,
): Opinion[] {
  if (state !== 'AWAITING_REVIEW') return opinions;
  const roundStart = opinions.findLastIndex(({ round }) => round === 'FIRST');
  const first = opinions[roundStart]?.assessorId;
  // Whoever took an opinion back and gave another is likely to have said the same.
  const tellsFirst = ({ assessorId, at }: Opinion) => roundSince !== null && assessorId === first && at < roundSince;
  return opinions.filter(
    (opinion, index) => opinion.assessorId === viewer?.id || (index < roundStart && !tellsFirst(opinion)),
  );
}

/** Whether a person may see a note: as with opinions, since a note may tell one. */
export function visibleSince(
  { state, episodes: [latest] }: { state: CaseState; episodes: { firstReported: Date }[] },
  viewer: Viewer | null,
): (note: { authorId: string; at: Date }) => boolean {
  return ({ authorId, at }) =>
    state !== 'AWAITING_REVIEW' || authorId === viewer?.id || (latest !== undefined && at < latest.firstReported);
}
