import { prisma } from '../db.ts';
import { NotFoundError } from '../domain/errors.ts';
import type { Portal } from '../generated/prisma/client.ts';
import { type PortalEntry, writePortalFile } from './portal-file.ts';
import { type ReadPortals, readPortals } from './portal-files.ts';
import { readHelpLines, readTexts } from './portal-texts.ts';

/** The files of the stored portals of these codes, or of all, by code. Throws a `NotFoundError`. */
export async function exportPortals(codes: readonly string[]): Promise<{ code: string; yaml: string }[]> {
  const rows = await prisma.portal.findMany({
    ...(codes.length > 0 && { where: { code: { in: [...codes] } } }),
    orderBy: { code: 'asc' },
  });
  const missing = codes.find((code) => !rows.some((row) => row.code === code));
  if (missing !== undefined) throw new NotFoundError(`portal as ${missing}`);
  return rows.map((row) => ({ code: row.code, yaml: writePortalFile(storedPortal(row)) }));
}

/** The stored portals as if read from their files, with what would be a fault there. */
export async function readStoredPortals(): Promise<ReadPortals> {
  const stored = await exportPortals([]);
  return readPortals(stored.map(({ code, yaml }) => ({ file: code, yaml })));
}

/** A stored portal, as its file tells it. */
export function storedPortal({ id, createdAt, updatedAt, ...row }: Portal): PortalEntry {
  return { ...row, helpLines: readHelpLines(row.helpLines), texts: readTexts(row.texts) };
}
