import type { Viewer } from '../account/viewer.ts';
import type { CaseState } from '../generated/prisma/enums.ts';

/**
 * The opinions that a person may see. While a second opinion is owed it is given blind, by whoever it will be: nobody sees
 * another's opinion of the same episode.
 */
export function visibleOpinions<Opinion extends { assessorId: string; episode: { number: number } }>(
  { state, episodeNumber }: { state: CaseState; episodeNumber: number },
  opinions: Opinion[],
  viewer: Viewer | null,
): Opinion[] {
  if (state !== 'AWAITING_REVIEW') return opinions;
  return opinions.filter(({ assessorId, episode }) => assessorId === viewer?.id || episode.number < episodeNumber);
}

/** Whether a person may see a note: as with opinions, since a note may tell one. */
export function visibleSince(
  { state, episodes: [latest] }: { state: CaseState; episodes: { firstReported: Date }[] },
  viewer: Viewer | null,
): (note: { authorId: string; at: Date }) => boolean {
  return ({ authorId, at }) =>
    state !== 'AWAITING_REVIEW' || authorId === viewer?.id || (latest !== undefined && at < latest.firstReported);
}
