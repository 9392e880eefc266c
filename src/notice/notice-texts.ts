import { readdirSync, readFileSync } from 'node:fs';
import { IntlMessageFormat } from 'intl-messageformat';
import english from './templates/en.json' with { type: 'json' };

/** The key of a text of a message: en.json is the source of all. */
export type NoticeKey = keyof (typeof english)['messages'];

/** The texts of messages in one language, and how it writes a day (in UTC). */
export type NoticeTexts = {
  text: (key: NoticeKey, values?: Record<string, string | number>) => string;
  day: (at: Date) => string;
};

const folder = new URL('./templates/', import.meta.url);
const files = new Map<string, Record<NoticeKey, string>>(
  readdirSync(folder).map((name) => [
    name.slice(0, -'.json'.length),
    JSON.parse(readFileSync(new URL(name, folder), 'utf8')).messages,
  ]),
);

/** The languages that messages to contacts can be written in. */
export const noticeLanguages: readonly string[] = [...files.keys()].sort();

/** The texts in a language, or in English where there are none in it. */
export function noticeTexts(language: string): NoticeTexts {
  const base = language.split('-')[0] ?? language;
  const tag = files.has(language) ? language : files.has(base) ? base : 'en';
  const texts = files.get(tag) ?? english.messages;
  // Latin digits in every language: references and dates are to be compared.
  const days = new Intl.DateTimeFormat(`${tag}-u-nu-latn-ca-gregory`, { dateStyle: 'long', timeZone: 'UTC' });
  return {
    text: (key, values) =>
      String(new IntlMessageFormat(texts[key], `${tag}-u-nu-latn`, undefined, { ignoreTag: true }).format(values)),
    day: (at) => days.format(at),
  };
}
