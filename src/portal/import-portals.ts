import type { BySystem } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import { prisma } from '../db.ts';
import { InvalidInputError } from '../domain/errors.ts';
import type { Portal } from '../generated/prisma/client.ts';
import { storedPortal } from './export-portals.ts';
import { type PortalEntry, writePortalFile } from './portal-file.ts';
import { knownTimeZones, putPortal, putStage } from './save-portal.ts';

export type Imported = { code: string; did: 'made' | 'changed' | 'unchanged' };

/**
 * Makes the stored portals as they are told here, all in one transaction, and leaves alone (without an audit entry) what is so
 * already. A portal without a stage keeps its own; a new one is PLANNED. Throws an `InvalidInputError` for a time zone that
 * Postgres lacks, and then changes nothing.
 */
export async function importPortals(by: BySystem, portals: readonly PortalEntry[]): Promise<Imported[]> {
  await refuseUnknownTimeZones(portals);
  const rows = await prisma.portal.findMany({ where: { code: { in: portals.map(({ code }) => code) } } });
  const plan = portals.map((told) =>
    planOf(
      told,
      rows.find(({ code }) => code === told.code),
    ),
  );
  const changes = plan.filter(({ did }) => did !== 'unchanged');
  if (changes.length > 0) {
    await recorded(by, async (recorder) => {
      for (const { portal, stageChanges } of changes) {
        const { stage, transferredTo, ...data } = portal;
        const saved = await putPortal(recorder, data);
        if (stageChanges) await putStage(recorder, saved, { stage, transferredTo });
      }
    });
  }
  return plan.map(({ portal: { code }, did }) => ({ code, did }));
}

function planOf(told: PortalEntry, row: Portal | undefined) {
  const before = row ? storedPortal(row) : { stage: 'PLANNED' as const, transferredTo: null };
  // Where the file is silent about the stage, nothing is said of the address that belongs to it either.
  const { stage, transferredTo } = told.stage ? told : before;
  const portal = { ...told, stage: stage ?? 'PLANNED', transferredTo };
  const did: Imported['did'] = !row
    ? 'made'
    : writePortalFile(portal) === writePortalFile(storedPortal(row))
      ? 'unchanged'
      : 'changed';
  return { portal, did, stageChanges: before.stage !== stage || before.transferredTo !== transferredTo };
}

async function refuseUnknownTimeZones(portals: readonly PortalEntry[]): Promise<void> {
  const known = await knownTimeZones(prisma);
  const issues = portals
    .filter(({ timeZone }) => !known.has(timeZone))
    .map(({ code }) => ({
      path: [code, 'timeZone'],
      code: 'UNKNOWN_TIME_ZONE',
      message: 'Give an IANA time zone such as Africa/Nairobi, in its own capitals.',
    }));
  if (issues.length > 0) throw new InvalidInputError(issues);
}
