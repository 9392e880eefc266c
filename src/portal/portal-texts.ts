import { z } from 'zod';
import { optional, text } from '../read-input.ts';

/** An https address without a name or password in it, as it stands in a link. */
export const httpsAddress = z
  .string()
  .max(2_000, 'Shorten this to 2000 characters.')
  .refine(
    (text) => /^https:\/\/[^\s/?#\\@]+([/?#]\S*)?$/.test(text) && URL.canParse(text),
    'Give an https address, without spaces, name or password in it.',
  );

/** A language by its BCP 47 tag, written as the standard does. */
export const languageTag = z.string().transform((tag, context) => {
  const canonical = tag.length <= 35 ? canonicalTag(tag) : null;
  if (canonical) return canonical;
  context.addIssue('Give a language tag such as sw or pt-BR (BCP 47).');
  return z.NEVER;
});

/** Who helps people of a portal's country. */
export const helpLine = z.strictObject({
  name: text(200),
  telephone: optional(text(40)),
  website: optional(httpsAddress),
  hours: optional(text(100)),
});
export type HelpLineEntry = z.output<typeof helpLine>;

/** What a portal's page says in one language. */
export const portalText = z.strictObject({
  language: languageTag,
  name: text(200),
  introduction: optional(text(1_000)),
});
export type PortalTextEntry = z.output<typeof portalText>;

/** The help lines of a stored portal. */
export const readHelpLines = (stored: unknown): HelpLineEntry[] => z.array(helpLine).parse(stored);

/** The texts of a stored portal. */
export const readTexts = (stored: unknown): PortalTextEntry[] => z.array(portalText).parse(stored);

function canonicalTag(tag: string): string | null {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch {
    return null;
  }
}
