import { bestLanguage, type Messages, messagesIn } from '../messages.ts';
import { PSEUDO_LOCALE } from '../pseudo-locale.ts';
import type { Portal } from './documents.ts';

/** A portal as one visitor sees it. */
export type View = {
  portal: Portal;
  /** The language of the address, one of the portal's. Where we have no texts in it, `m` speaks another. */
  language: string;
  m: Messages;
  /** The portal's name and words of welcome in that language. */
  name: string;
  introduction: string | null;
  /** The address of its first page; the others lie below it. */
  home: string;
};

/** A portal in the language that the address names, or else in the best of its languages for this browser. */
export function viewOf(
  portal: Portal,
  named: string | undefined,
  acceptLanguage: string | null,
  { pseudo }: { pseudo: boolean },
): View {
  const language =
    namedLanguage(portal, named, pseudo) ?? bestLanguage(acceptLanguage, portal.languages, portal.defaultLanguage);
  const m = messagesIn(language, portal.defaultLanguage);
  // Where we lack a language the whole page is in another, the portal's own words too.
  const textIn = (tag: string) => portal.texts.find((one) => one.language === tag);
  const text = (language.startsWith(m.tag) ? null : textIn(m.tag)) ?? textIn(language);
  return {
    portal,
    language,
    m,
    name: text?.name ?? portal.name,
    introduction: text?.introduction ?? null,
    home: `/${portal.code}/${language}`,
  };
}

function namedLanguage(portal: Portal, named: string | undefined, pseudo: boolean): string | undefined {
  if (pseudo && named === PSEUDO_LOCALE) return PSEUDO_LOCALE;
  return portal.languages.find((language) => language.toLowerCase() === named?.toLowerCase());
}
