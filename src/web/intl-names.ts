/** What Node's Intl lacks of a language: it would give English names without a word. */
type Names = { months: readonly string[]; countries: Record<string, string> };

// Chichewa (ny) is in no release of CLDR that Node carries.
const lacking: Record<string, Names> = {
  ny: {
    months: [
      'Januwale',
      'Febuluwale',
      'Malichi',
      'Epulo',
      'Meyi',
      'Juni',
      'Julayi',
      'Ogasiti',
      'Seputembala',
      'Okutobala',
      'Novembala',
      'Disembala',
    ],
    countries: {
      CD: 'Congo (DRC)',
      EG: 'Iguputo',
      ET: 'Itiyopiya',
      GB: 'Mangalande',
      IN: 'India',
      KE: 'Kenya',
      MW: 'Malawi',
      MZ: 'Mozambiki',
      NG: 'Nigeria',
      TZ: 'Tanzania',
      UG: 'Uganda',
      US: 'America',
      ZA: 'South Africa',
      ZM: 'Zambia',
      ZW: 'Zimbabwe',
    },
  },
};

/** Languages by their own name where Intl gives another than people use. */
const autonyms: Record<string, string> = {
  'en-XA': 'Pseudo',
  id: 'Bahasa Indonesia',
  ms: 'Bahasa Melayu',
  ny: 'Chichewa',
};

/** The tag by which Intl formats a language: English where Intl knows it not, and British English for its order of day and month. */
export function intlTag(language: string): string {
  if (language.startsWith('en') || Intl.DateTimeFormat.supportedLocalesOf(language).length === 0) return 'en-GB';
  return language;
}

/** The name of a language in itself, its first letter a capital. */
export function autonym(language: string): string {
  // Without what is private to a tag (`-x-…`), which Node 24 refuses to name.
  const { baseName } = new Intl.Locale(language);
  const name = autonyms[language] ?? new Intl.DisplayNames([intlTag(language)], { type: 'language' }).of(baseName);
  return name ? name.slice(0, 1).toLocaleUpperCase(language) + name.slice(1) : language;
}

/** The name of a country (ISO 3166-1 alpha-2) in a language. */
export function countryName(country: string, language: string): string {
  const known = lacking[language]?.countries[country];
  return known ?? new Intl.DisplayNames([intlTag(language)], { type: 'region' }).of(country) ?? country;
}

/** A day, such as 2026-11-22, as a language writes it. */
export function dayName(day: string, language: string): string {
  const months = lacking[language]?.months;
  const date = new Date(`${day}T00:00:00Z`);
  if (months) return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  return new Intl.DateTimeFormat(intlTag(language), { dateStyle: 'long', timeZone: 'UTC' }).format(date);
}

const monthForms = {
  long: { month: 'long', year: 'numeric' },
  /** For the heads of narrow columns. */
  medium: { month: 'short', year: 'numeric' },
  short: { month: 'short' },
} as const;
export type MonthForm = keyof typeof monthForms;

/** A month, such as 2026-10, as a language writes it: with its year, but for the short form. */
export function monthName(month: string, language: string, form: MonthForm = 'long'): string {
  const date = new Date(`${month}-01T00:00:00Z`);
  const own = lacking[language]?.months[date.getUTCMonth()];
  if (own)
    return form === 'short' ? own.slice(0, 3) : `${form === 'long' ? own : own.slice(0, 3)} ${date.getUTCFullYear()}`;
  return new Intl.DateTimeFormat(intlTag(language), { ...monthForms[form], timeZone: 'UTC' }).format(date);
}

/** The name of a language (a tag) in another. */
export function languageName(tag: string, language: string): string {
  const name = new Intl.DisplayNames([intlTag(language)], { type: 'language' }).of(tag);
  return name ? name.slice(0, 1).toLocaleUpperCase(language) + name.slice(1) : tag;
}
