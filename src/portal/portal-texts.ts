import { z } from 'zod';
import { optional, text } from '../read-input.ts';

/** Who helps people of a portal's country. */
export const helpLine = z.strictObject({
  name: text(200),
  telephone: optional(text(40)),
  website: optional(z.url({ protocol: /^https$/, error: 'Give an https address.' })),
  hours: optional(text(100)),
});
export type HelpLineEntry = z.output<typeof helpLine>;

/** What a portal's page says in one language. */
export const portalText = z.strictObject({
  language: z.string(),
  name: text(200),
  introduction: optional(text(1_000)),
});
export type PortalTextEntry = z.output<typeof portalText>;

/** The help lines of a stored portal. */
export const readHelpLines = (stored: unknown): HelpLineEntry[] => z.array(helpLine).parse(stored);

/** The texts of a stored portal. */
export const readTexts = (stored: unknown): PortalTextEntry[] => z.array(portalText).parse(stored);
