import { GraphQLError } from 'graphql';
import { builder } from './builder.ts';
import { isoTime } from './iso-time.ts';

const regionNames = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

function refuse(remedy: string): never {
  throw new GraphQLError(remedy, { extensions: { code: 'BAD_USER_INPUT' } });
}

function asText(value: unknown, remedy: string): string {
  return typeof value === 'string' ? value : refuse(remedy);
}

/** Reads `YYYY-MM-DD` as midnight UTC, and refuses days that the calendar lacks. */
function dayOf(text: string, remedy: string): Date {
  const day = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
    ? day
    : refuse(remedy);
}

const DATE_TIME = 'Give a time such as 2026-10-31T12:00:00Z (RFC 3339, with its offset).';
builder.scalarType('DateTime', {
  description: 'A point in time: RFC 3339, in UTC.',
  serialize: isoTime,
  parseValue: (value) => {
    const text = asText(value, DATE_TIME);
    const time = new Date(text);
    return /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/i.test(text) && !Number.isNaN(time.getTime())
      ? time
      : refuse(DATE_TIME);
  },
});

const DATE = 'Give a day such as 2026-10-31.';
builder.scalarType('Date', {
  description: 'A calendar day, `2026-10-31`: what the public and partners see is no finer than this.',
  serialize: (value) => value.toISOString().slice(0, 10),
  parseValue: (value) => dayOf(asText(value, DATE), DATE),
});

const YEAR_MONTH = 'Give a month such as 2026-10.';
builder.scalarType('YearMonth', {
  description: 'A calendar month, `2026-10`, in the time zone of the portal.',
  serialize: (value) => (typeof value === 'string' ? value : value.toISOString()).slice(0, 7),
  parseValue: (value) => dayOf(`${asText(value, YEAR_MONTH)}-01`, YEAR_MONTH),
});

const COUNTRY = 'Give a country by two capital letters, such as KE (ISO 3166-1 alpha-2).';
builder.scalarType('CountryCode', {
  description: 'A country or territory: ISO 3166-1 alpha-2, such as `KE`.',
  serialize: String,
  parseValue: (value) => {
    const code = asText(value, COUNTRY);
    return /^[A-Z]{2}$/.test(code) && regionNames.of(code) ? code : refuse(COUNTRY);
  },
});

const LANGUAGE = 'Give a language tag such as sw or pt-BR (BCP 47).';
builder.scalarType('LanguageTag', {
  description: 'A language: BCP 47, such as `sw` or `pt-BR`.',
  serialize: String,
  parseValue: (value) => {
    const tag = asText(value, LANGUAGE);
    if (tag.length > 35) refuse(LANGUAGE);
    try {
      return Intl.getCanonicalLocales(tag)[0] ?? refuse(LANGUAGE);
    } catch {
      return refuse(LANGUAGE);
    }
  },
});
