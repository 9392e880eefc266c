import { v7 as uuidv7 } from 'uuid';
import type { BySignedIn } from '../account/viewer.ts';
import { type Recorder, recorded } from '../audit/recorded.ts';
import type { Tx } from '../db.ts';
import { InvalidInputError, NotFoundError } from '../domain/errors.ts';
import type { Portal, Prisma } from '../generated/prisma/client.ts';
import { readInput } from '../read-input.ts';
import { portalInput, type SavePortalInput, type SetPortalStageInput, stageInput } from './portal-input.ts';

/** Makes a portal (stage PLANNED), or changes the one of this code. Gives its id. Throws an `InvalidInputError`. */
export function savePortal(by: BySignedIn, given: SavePortalInput): Promise<string> {
  const portal = readInput(portalInput, given);
  return recorded(by, async (recorder) => {
    if (!(await knownTimeZones(recorder.tx)).has(portal.timeZone)) throw unknownTimeZone();
    return (await putPortal(recorder, portal)).id;
  });
}

/** Moves a portal to another stage of its life. Gives its id. Throws `InvalidInputError`, `NotFoundError`. */
export function setPortalStage(by: BySignedIn, given: SetPortalStageInput): Promise<string> {
  const { code, ...data } = readInput(stageInput, given);
  return recorded(by, async (recorder) => {
    const found = await recorder.tx.portal.findUnique({ where: { code } });
    if (!found) throw new NotFoundError('portal');
    await putStage(recorder, found, data);
    return found.id;
  });
}

/** Writes a portal that was read, with its audit entry. */
export async function putPortal(
  { tx, note }: Recorder,
  { code, ...data }: Omit<Prisma.PortalCreateManyInput, 'id' | 'stage' | 'transferredTo'>,
): Promise<Portal> {
  const saved = await tx.portal.upsert({ where: { code }, update: data, create: { id: uuidv7(), code, ...data } });
  note({
    stream: `portal:${code}`,
    action: 'SAVE_PORTAL',
    detail: { country: saved.country, timeZone: saved.timeZone, audience: saved.audience },
  });
  return saved;
}

/** Writes a portal's stage, with its audit entry. */
export async function putStage(
  { tx, note }: Recorder,
  { code, stage: from }: Portal,
  data: Pick<Portal, 'stage' | 'transferredTo'>,
): Promise<void> {
  await tx.portal.update({ where: { code }, data });
  note({ stream: `portal:${code}`, action: 'SET_PORTAL_STAGE', detail: { from, to: data.stage } });
}

/** The time zones by which Postgres can cut months: one that it lacks would stop every publication. */
export async function knownTimeZones(tx: Tx): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ name: string }[]>`SELECT name FROM pg_timezone_names`;
  return new Set(rows.map(({ name }) => name));
}

function unknownTimeZone(): InvalidInputError {
  const message = 'Give an IANA time zone such as Africa/Nairobi, in its own capitals.';
  return new InvalidInputError([{ path: ['input', 'timeZone'], code: 'UNKNOWN_TIME_ZONE', message }]);
}
