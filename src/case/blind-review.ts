import type { Viewer } from '../account/viewer.ts';
import type { AssessmentRound, CaseState } from '../generated/prisma/enums.ts';

/**
 * The opinions that a person may see, of all in the order of time. While a second opinion is owed it is given blind, by
 * whoever it will be: nobody sees another's first opinion of this round, nor what its author said in earlier ones. Of these the
 * others' are shown.
 */
export function visibleOpinions<Opinion extends { assessorId: string; round: AssessmentRound }>(
  state: CaseState,
  opinions: Opinion[],
  viewer: Viewer | null,
): Opinion[] {
  if (state !== 'AWAITING_REVIEW') return opinions;
  const roundStart = opinions.findLastIndex(({ round }) => round === 'FIRST');
  // Whoever took an opinion back and gave another is likely to have said the same.
  const first = opinions[roundStart]?.assessorId;
  return opinions.filter(
    ({ assessorId }, index) => assessorId === viewer?.id || (index < roundStart && assessorId !== first),
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
