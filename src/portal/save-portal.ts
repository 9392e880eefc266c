import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { BySignedIn } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import type { Tx } from '../db.ts';
import { InvalidInputError, NotFoundError } from '../domain/errors.ts';
import { PortalAudience, PortalStage } from '../generated/prisma/enums.ts';
import { optional, readInput, text } from '../read-input.ts';

/** The form of a portal's code. */
export const PORTAL_CODE = /^[a-z][a-z0-9-]{1,31}$/;

const code = z.string().regex(PORTAL_CODE, 'A code is 2 to 32 small letters, digits and hyphens, a letter first.');
const lines = z.array(text(300)).max(50);

const portal = z
  .object({
    code,
    name: text(200),
    country: optional(z.string()),
    timeZone: text(64),
    audience: optional(z.enum(PortalAudience)),
    defaultLanguage: z.string(),
    languages: z.array(z.string()).min(1, 'A portal speaks at least one language.').max(50),
    partnerNames: optional(lines),
    emergencyNumber: optional(text(40)),
    helpLines: optional(lines),
    launchedOn: optional(z.date()),
  })
  .refine(({ languages, defaultLanguage }) => languages.includes(defaultLanguage), {
    path: ['defaultLanguage'],
    error: 'The default language is one of languages.',
  });
export type SavePortalInput = z.input<typeof portal>;

const stage = z
  .object({
    code,
    stage: z.enum(PortalStage),
    transferredTo: optional(z.url({ protocol: /^https$/, error: 'Give an https address.' })),
  })
  .refine(({ stage, transferredTo }) => (stage === 'TRANSFERRED') === Boolean(transferredTo), {
    path: ['transferredTo'],
    error: 'Give the address of the national hotline when, and only when, the stage is TRANSFERRED.',
  });
export type SetPortalStageInput = z.input<typeof stage>;

/** Makes a portal (stage PLANNED), or changes the one of this code. Gives its id. Throws an `InvalidInputError`. */
export function savePortal(by: BySignedIn, given: SavePortalInput): Promise<string> {
  const { code, audience, partnerNames, helpLines, ...rest } = readInput(portal, given);
  const data = {
    ...rest,
    audience: audience ?? 'PUBLIC',
    partnerNames: partnerNames ?? [],
    helpLines: helpLines ?? [],
  };
  return recorded(by, async ({ tx, note }) => {
    await refuseUnknownTimeZone(tx, data.timeZone);
    const saved = await tx.portal.upsert({ where: { code }, update: data, create: { id: uuidv7(), code, ...data } });
    note({
      stream: `portal:${code}`,
      action: 'SAVE_PORTAL',
      detail: { country: saved.country, timeZone: saved.timeZone, audience: saved.audience },
    });
    return saved.id;
  });
}

/** Moves a portal to another stage of its life. Gives its id. Throws `InvalidInputError`, `NotFoundError`. */
export function setPortalStage(by: BySignedIn, given: SetPortalStageInput): Promise<string> {
  const { code, ...data } = readInput(stage, given);
  return recorded(by, async ({ tx, note }) => {
    const found = await tx.portal.findUnique({ where: { code } });
    if (!found) throw new NotFoundError('portal');
    await tx.portal.update({ where: { code }, data });
    note({ stream: `portal:${code}`, action: 'SET_PORTAL_STAGE', detail: { from: found.stage, to: data.stage } });
    return found.id;
  });
}

// Postgres cuts the months, so it is Postgres that has to know the zone: one that it lacks would stop every publication.
async function refuseUnknownTimeZone(tx: Tx, name: string): Promise<void> {
  const known = await tx.$queryRaw<unknown[]>`SELECT FROM pg_timezone_names WHERE name = ${name}`;
  if (known.length > 0) return;
  throw new InvalidInputError([
    {
      path: ['input', 'timeZone'],
      code: 'UNKNOWN_TIME_ZONE',
      message: 'Give an IANA time zone such as Africa/Nairobi.',
    },
  ]);
}
