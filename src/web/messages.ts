import { readdirSync, readFileSync } from 'node:fs';
import { IntlMessageFormat } from 'intl-messageformat';
import { autonym, countryName, dayName, intlTag } from './intl-names.ts';
import english from './locales/en.json' with { type: 'json' };
import { pseudoMessage } from './pseudo-locale.ts';

/** The key of a message: en.json is the source of all. */
export type MessageKey = keyof (typeof english)['messages'];
type Values = Record<string, string | number>;
type Review = { state: 'DRAFTED' | 'REVIEWED'; by: string | null; on: string | null };
type LocaleFile = { review: Review; messages: Partial<Record<MessageKey, string>> };

/** A language that the pages are written in. */
export type Locale = { tag: string; autonym: string; direction: 'ltr' | 'rtl'; review: Review };

/** The messages of one language, and how it writes days, numbers and names. */
export type Messages = {
  /** The language really used: it may be another than was asked for. */
  tag: string;
  direction: 'ltr' | 'rtl';
  text: (key: MessageKey, values?: Values) => string;
  date: (day: string) => string;
  number: (value: number) => string;
  country: (code: string) => string;
};

/** English with accents and 40 % longer, made by code: shows texts that were not translated and boxes that are too small. */
export const PSEUDO_LOCALE = 'en-XA';
const SOURCE = 'en';
const RIGHT_TO_LEFT = ['ar', 'ur', 'fa', 'he', 'ps'];

const folder = new URL('./locales/', import.meta.url);
const files = new Map<string, LocaleFile>(
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => [name.slice(0, -'.json'.length), JSON.parse(readFileSync(new URL(name, folder), 'utf8'))]),
);

/** Every language that the pages are written in, by its tag. */
export const locales: readonly Locale[] = [...files]
  .map(([tag, { review }]) => ({ tag, autonym: autonym(tag), direction: directionOf(tag), review }))
  .sort((a, b) => (a.tag < b.tag ? -1 : 1));

const made = new Map<string, Messages>();

/** The messages of the first of these languages that there are any of; of English where there is none. */
export function messagesIn(...wanted: string[]): Messages {
  const tag = wanted.map(localeOf).find((locale) => locale !== null) ?? SOURCE;
  return once(made, tag, () => makeMessages(tag));
}

function once<K, V>(kept: Map<K, V>, key: K, make: () => V): V {
  const found = kept.get(key) ?? make();
  kept.set(key, found);
  return found;
}

function localeOf(wanted: string): string | null {
  if (wanted === PSEUDO_LOCALE || files.has(wanted)) return wanted;
  const base = baseOf(wanted);
  return files.has(base) ? base : null;
}

function baseOf(tag: string): string {
  return tag.split('-')[0]?.toLowerCase() ?? tag;
}

function directionOf(tag: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.includes(baseOf(tag)) ? 'rtl' : 'ltr';
}

function makeMessages(tag: string): Messages {
  const compiled = new Map<MessageKey, IntlMessageFormat>();
  const numbers = new Intl.NumberFormat(intlTag(tag));
  return {
    tag,
    direction: directionOf(tag),
    text: (key, values) => String(once(compiled, key, () => compile(tag, key)).format(values)),
    date: (day) => dayName(day, baseOf(tag)),
    number: (value) => numbers.format(value),
    country: (code) => countryName(code, baseOf(tag)),
  };
}

function compile(tag: string, key: MessageKey): IntlMessageFormat {
  const own = files.get(tag)?.messages[key];
  const text = own ?? english.messages[key];
  const source = new IntlMessageFormat(text, own === undefined ? 'en' : intlTag(tag), undefined, { ignoreTag: true });
  return tag === PSEUDO_LOCALE ? pseudoMessage(source) : source;
}

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
