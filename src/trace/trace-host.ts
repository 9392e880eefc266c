import { v7 as uuidv7 } from 'uuid';
import type { BySignedIn } from '../account/viewer.ts';
import { type CaseInput, changeCase } from '../case/change-case.ts';
import type { Case } from '../generated/prisma/client.ts';
import type { HostPlacement } from '../generated/prisma/enums.ts';
import { openForTrace } from './record-trace.ts';

/**
 * Runs the methods that need no network: what the address itself tells. An onion service or a peer-to-peer link has no
 * country; of a web address this says UNKNOWN until the methods that ask DNS, routing and registration are built. Gives the
 * case's id. Throws what `changeCase` throws.
 */
export function traceHost(by: BySignedIn, input: CaseInput, now: Date): Promise<string> {
  return changeCase(by, input, now, { action: 'TRACE', claimed: true }, async ({ tx, case: opened }) => {
    openForTrace(opened);
    const placement = placementOf(opened);
    await tx.hostTrace.create({
      data: {
        id: uuidv7(),
        caseId: opened.id,
        episodeId: opened.episode.id,
        method: 'DNS',
        tool: 'address',
        placement,
        at: now,
      },
    });
    if (placement !== 'UNKNOWN' && !opened.episode.traced) {
      await tx.episode.update({ where: { id: opened.episode.id }, data: { traced: now } });
    }
    return { placement };
  });
}

function placementOf({ addressKind }: Case): HostPlacement {
  if (addressKind === 'ONION') return 'HIDDEN_SERVICE';
  if (addressKind === 'MAGNET' || addressKind === 'ED2K') return 'PEER_TO_PEER';
  return 'UNKNOWN';
}
