import { type Catalogue, catalogueOf, type MessagesOf } from '../catalogue.ts';
import { intlTag } from '../intl-names.ts';
import { type Messages, messagesIn } from '../messages.ts';
import english from './locales/en.json' with { type: 'json' };

/** The key of a message of the partners' pages: en.json in their own folder is the source of all. */
export type PartnerKey = keyof (typeof english)['messages'];

/** The messages of the partners' pages in one language, and those of all pages in the same one. */
export type PartnerMessages = MessagesOf<PartnerKey> & { pages: Messages };

const catalogue: Catalogue<PartnerKey> = catalogueOf(new URL('./locales/', import.meta.url), english.messages);

/** Every language that the partners' pages are written in. */
export const partnerLocales = catalogue.locales;

/** The messages of the first of these languages that there are any of; of English where there is none. */
export function partnerMessagesIn(...wanted: string[]): PartnerMessages {
  const own = catalogue.messagesIn(...wanted);
  return { ...own, pages: messagesIn(own.tag) };
}

/** Whether there is a message of this key, for keys that are put together from data. */
export function isPartnerKey(key: string): key is PartnerKey {
  return Object.hasOwn(english.messages, key);
}

/** Whole percent as a language writes it. */
export function percentName(percent: number, language: string): string {
  return new Intl.NumberFormat(intlTag(language), { style: 'percent' }).format(percent / 100);
}
