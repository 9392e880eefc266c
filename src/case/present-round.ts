import type { Prisma } from '../generated/prisma/client.ts';
import type { OpenCase } from './change-case.ts';

/**
 * The opinions of the present round: the latest first opinion and what was said since. A case that is opened again begins
 * anew, also within one episode (by hand, by an appeal, or because an opinion was undone): an opinion of an earlier round neither
 * confirms nor bars anybody in this one; but on an appeal no earlier one's author gives the first.
 */
export function presentRound({ episode, firstOpinion, roundSince }: OpenCase): Prisma.AssessmentWhereInput {
  return { episodeId: episode.id, at: { gte: firstOpinion?.at ?? roundSince ?? episode.firstReported } };
}
