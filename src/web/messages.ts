import { baseOf, catalogueOf, type MessagesOf } from './catalogue.ts';
import english from './locales/en.json' with { type: 'json' };

/** The key of a message: en.json is the source of all. */
export type MessageKey = keyof (typeof english)['messages'];

/** The messages of the pages in one language. */
export type Messages = MessagesOf<MessageKey>;

/** Every language that the pages are written in, and the messages of each. */
export const { locales, messagesIn } = catalogueOf<MessageKey>(
  new URL('./locales/', import.meta.url),
  english.messages,
);

/** The one of the languages on offer that an Accept-Language header likes best, by its weights and then by its base language. */
export function bestLanguage(acceptLanguage: string | null, offered: readonly string[], fallback: string): string {
  for (const { tag } of acceptedLanguages(acceptLanguage ?? '')) {
    const same = (language: string) => language.toLowerCase() === tag;
    const found = offered.find(same) ?? offered.find((language) => baseOf(language) === baseOf(tag));
    if (found) return found;
  }
  return fallback;
}

function acceptedLanguages(header: string): { tag: string; weight: number }[] {
  return header
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/);
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
      return { tag, weight: Number(weight) };
    })
    .filter(({ tag, weight }) => /^[a-z0-9-]+$/.test(tag) && weight > 0)
    .sort((a, b) => b.weight - a.weight);
}
