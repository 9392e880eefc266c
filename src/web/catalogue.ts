import { readdirSync, readFileSync } from 'node:fs';
import { IntlMessageFormat } from 'intl-messageformat';
import { autonym, countryName, dayName, intlTag } from './intl-names.ts';
import { PSEUDO_LOCALE, pseudoMessage } from './pseudo-locale.ts';

type Values = Record<string, string | number>;
type Review = { state: 'DRAFTED' | 'REVIEWED'; by: string | null; on: string | null };
type LocaleFile<Key extends string> = { review: Review; messages: Partial<Record<Key, string>> };

/** A language that there are messages in. */
export type Locale = { tag: string; autonym: string; direction: 'ltr' | 'rtl'; review: Review };

/** The messages of one language, and how it writes days, numbers and names. */
export type MessagesOf<Key extends string> = {
  /** The language really used: it may be another than was asked for. */
  tag: string;
  direction: 'ltr' | 'rtl';
  text: (key: Key, values?: Values) => string;
  date: (day: string) => string;
  number: (value: number) => string;
  country: (code: string) => string;
};

export type Catalogue<Key extends string> = {
  /** Every language of the folder, by its tag. */
  locales: readonly Locale[];
  /** The messages of the first of these languages that there are any of; of English where there is none. */
  messagesIn: (...wanted: string[]) => MessagesOf<Key>;
};

const SOURCE = 'en';
const RIGHT_TO_LEFT = ['ar', 'ur', 'fa', 'he', 'ps'];

/** The messages of a folder of files, one a language: `english` is the source of all, and stands for what another lacks. */
export function catalogueOf<Key extends string>(folder: URL, english: Record<Key, string>): Catalogue<Key> {
  const files = new Map<string, LocaleFile<Key>>(
    readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => [name.slice(0, -'.json'.length), JSON.parse(readFileSync(new URL(name, folder), 'utf8'))]),
  );
  const localeOf = (wanted: string): string | null => {
    if (wanted === PSEUDO_LOCALE || files.has(wanted)) return wanted;
    const base = baseOf(wanted);
    return files.has(base) ? base : null;
  };
  const made = new Map<string, MessagesOf<Key>>();
  return {
    locales: [...files]
      .map(([tag, { review }]) => ({ tag, autonym: autonym(tag), direction: directionOf(tag), review }))
      .sort((a, b) => (a.tag < b.tag ? -1 : 1)),
    messagesIn: (...wanted) => {
      const tag = wanted.map(localeOf).find((locale) => locale !== null) ?? SOURCE;
      return once(made, tag, () => makeMessages(tag, files.get(tag)?.messages ?? {}, english));
    },
  };
}

function makeMessages<Key extends string>(
  tag: string,
  own: Partial<Record<Key, string>>,
  english: Record<Key, string>,
): MessagesOf<Key> {
  const compiled = new Map<Key, IntlMessageFormat>();
  const numbers = new Intl.NumberFormat(intlTag(tag));
  const compile = (key: Key) => {
    const translated = own[key];
    const language = translated === undefined ? 'en' : intlTag(tag);
    const source = new IntlMessageFormat(translated ?? english[key], language, undefined, { ignoreTag: true });
    return tag === PSEUDO_LOCALE ? pseudoMessage(source) : source;
  };
  return {
    tag,
    direction: directionOf(tag),
    text: (key, values) => String(once(compiled, key, () => compile(key)).format(values)),
    date: (day) => dayName(day, baseOf(tag)),
    number: (value) => numbers.format(value),
    country: (code) => countryName(code, baseOf(tag)),
  };
}

function once<K, V>(kept: Map<K, V>, key: K, make: () => V): V {
  const found = kept.get(key) ?? make();
  kept.set(key, found);
  return found;
}

/** The language of a tag without what narrows it: `pt` of `pt-BR`. */
export function baseOf(tag: string): string {
  return tag.split('-')[0]?.toLowerCase() ?? tag;
}

function directionOf(tag: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.includes(baseOf(tag)) ? 'rtl' : 'ltr';
}
