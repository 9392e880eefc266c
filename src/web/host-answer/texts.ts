import { readdirSync, readFileSync } from 'node:fs';
import { IntlMessageFormat } from 'intl-messageformat';
import english from './texts/en.json' with { type: 'json' };

export type TextKey = keyof (typeof english)['messages'];
/** The texts of the page on which a message is answered, in one language. */
export type Texts = { tag: string; text: (key: TextKey, values?: Record<string, string>) => string };

const folder = new URL('./texts/', import.meta.url);
const files = new Map<string, Record<TextKey, string>>(
  readdirSync(folder).map((name) => [
    name.slice(0, -'.json'.length),
    JSON.parse(readFileSync(new URL(name, folder), 'utf8')).messages,
  ]),
);

/** The languages that the page is written in: those of the messages themselves. */
export const hostAnswerLanguages: readonly string[] = [...files.keys()].sort();

/** The texts in a language, or in English where there are none in it. */
export function hostAnswerTexts(language: string): Texts {
  const base = language.split('-')[0] ?? language;
  const tag = files.has(base) ? base : 'en';
  const texts = files.get(tag) ?? english.messages;
  return {
    tag,
    text: (key, values) =>
      String(new IntlMessageFormat(texts[key], tag, undefined, { ignoreTag: true }).format(values)),
  };
}
