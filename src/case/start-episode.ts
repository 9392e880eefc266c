import { v7 as uuidv7 } from 'uuid';
import type { Tx } from '../db.ts';

/** Opens the next stretch of time in which a case's content is up: its clock starts at `since`. Gives its id. */
export async function startEpisode(tx: Tx, caseId: string, number: number, since: Date): Promise<string> {
  const id = uuidv7();
  await tx.episode.create({ data: { id, caseId, number, firstReported: since } });
  await tx.case.update({ where: { id: caseId }, data: { episodeNumber: number, reviewReasons: [] } });
  return id;
}
