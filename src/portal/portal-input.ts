import { z } from 'zod';
import { config } from '../config.ts';
import { contrastWithWhite, LEAST_CONTRAST } from '../domain/contrast.ts';
import { regionOf } from '../domain/regions.ts';
import { PortalAudience, PortalStage } from '../generated/prisma/enums.ts';
import { optional, text } from '../read-input.ts';
import { helpLine, httpsAddress, languageTag, portalText } from './portal-texts.ts';
import { RESERVED_CODES } from './reserved-codes.ts';

/** The form of a portal's code. */
export const PORTAL_CODE = /^[a-z][a-z0-9-]{1,31}$/;

const code = z.string().regex(PORTAL_CODE, 'A code is 2 to 32 small letters, digits and hyphens, a letter first.');
const freeCode = code.refine(
  (code) => !RESERVED_CODES.includes(code),
  'This word is the address of a page of the platform. Choose another code.',
);
const country = z
  .string()
  .refine((code) => regionOf(code) !== null, 'Give a country by two capital letters, such as KE (ISO 3166-1 alpha-2).');
const timeZone = text(64).refine(isTimeZone, 'Give an IANA time zone such as Africa/Nairobi.');
const day = z.union([z.date(), z.iso.date().transform((day) => new Date(day))], 'Give a day such as 2026-10-31.');
const accentColour = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i, 'Give a colour as # and six digits of 0 to 9 and a to f, such as #1d5a7a.')
  .toLowerCase()
  .refine(
    (colour) => (contrastWithWhite(colour) ?? Number.POSITIVE_INFINITY) >= LEAST_CONTRAST,
    'White text on this colour is hard to read. Choose a darker one, of a contrast with white of at least 4.5 to 1.',
  );
const origin = z
  .string()
  .refine(isOrigin, 'Give an origin as browsers send it, such as https://report.example: https, and no path or slash.');
const languages = z
  .array(languageTag)
  .min(1, 'A portal speaks at least one language.')
  .max(50)
  .refine(isUnique, 'Name each language once.');

/** What an administrator says of a portal, here and in its file. */
export const portalFields = {
  code: freeCode,
  name: text(200),
  country: optional(country),
  timeZone,
  audience: optional(z.enum(PortalAudience)).transform((audience) => audience ?? PortalAudience.PUBLIC),
  defaultLanguage: languageTag,
  languages,
  partnerNames: listOf(text(300)),
  emergencyNumber: optional(text(40)),
  helpLines: listOf(helpLine),
  texts: listOf(portalText),
  accentColour: optional(accentColour),
  exitAddress: optional(httpsAddress),
  origins: listOf(origin).refine(isUnique, 'Name each origin once.'),
  sandbox: optional(z.boolean()).transform((sandbox) => sandbox ?? false),
  launchedOn: optional(day),
};

/** Where a portal is in its life. */
export const stageFields = { stage: z.enum(PortalStage), transferredTo: optional(httpsAddress) };

/** Its default language, and those of its texts, are among a portal's languages. */
export const languagesFit = z.superRefine<unknown>(
  (portal, context) => {
    const { languages, defaultLanguage, texts } = portal as Partial<Record<string, unknown>>;
    if (!Array.isArray(languages)) return;
    if (typeof defaultLanguage === 'string' && !languages.includes(defaultLanguage))
      context.addIssue({
        code: 'custom',
        path: ['defaultLanguage'],
        message: 'The default language is one of languages.',
      });
    const said = (Array.isArray(texts) ? texts : []).map((entry) => entry?.language);
    for (const [index, language] of said.entries()) {
      const addIssue = (message: string) =>
        context.addIssue({ code: 'custom', path: ['texts', index, 'language'], message });
      if (typeof language !== 'string') continue;
      if (!languages.includes(language)) addIssue('Name this language in languages too, or take its text out.');
      if (said.indexOf(language) < index) addIssue('This language has a text already. Keep one of them.');
    }
  },
  { when: ({ value }) => typeof value === 'object' && value !== null },
);

/** The stage TRANSFERRED, and no other, comes with an address. */
export const stageFits = z.superRefine<unknown>(
  (portal, context) => {
    const { stage, transferredTo } = portal as Partial<Record<string, unknown>>;
    if ((stage === 'TRANSFERRED') === Boolean(transferredTo)) return;
    const message = 'Give the address of the national hotline when, and only when, the stage is TRANSFERRED.';
    context.addIssue({ code: 'custom', path: ['transferredTo'], message });
  },
  { when: ({ value }) => typeof value === 'object' && value !== null },
);

/** A portal as `savePortal` takes it. */
export const portalInput = z.strictObject(portalFields).check(languagesFit);
export type SavePortalInput = z.input<typeof portalInput>;

/** A stage as `setPortalStage` takes it. */
export const stageInput = z.strictObject({ code, ...stageFields }).check(stageFits);
export type SetPortalStageInput = z.input<typeof stageInput>;

function listOf<T extends z.ZodType>(entry: T) {
  return optional(z.array(entry).max(50)).transform((entries) => entries ?? []);
}

function isUnique(entries: unknown[]): boolean {
  return new Set(entries).size === entries.length;
}

// An offset such as +03:00 is a zone to browsers, but Postgres reads it the other way round.
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

/** Whether a text is one site as browsers say it: https, without a path; in development localhost too. It is safe in a header. */
export function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, origin } = new URL(text);
  // A host may hold an asterisk, which a header would take for all hosts.
  if (origin !== text || !/^[a-z0-9.-]+$/.test(hostname)) return false;
  return protocol === 'https:' || (protocol === 'http:' && hostname === 'localhost' && !config().production);
}
