import { languageName, type MonthForm, monthName as monthIn } from '../intl-names.ts';
import { isPartnerKey, type PartnerMessages } from './messages.ts';

/** Tables whose cells are the same spans of days. */
const OF_DAYS = ['TIME_TO_ASSESS', 'TIME_TO_NOTIFY', 'REMOVAL'];

/** What a table of a published month is called. */
export function tableName(m: PartnerMessages, by: string): string {
  const key = `table.${by}`;
  return isPartnerKey(key) ? m.text(key) : by;
}

/** What a cell of a table is called; `label` is what the platform calls it in English, for keys that are newer than these pages. */
export function cellName(m: PartnerMessages, by: string, key: string, label: string): string {
  const own = `cell.${OF_DAYS.includes(by) ? 'DAYS' : by}.${key}`;
  if (isPartnerKey(own)) return m.text(own);
  if (by === 'SITE_TYPE') return siteTypeName(m, key) ?? label;
  if (by === 'LANGUAGE') return languageName(key, m.tag);
  if (by === 'HOSTING_COUNTRY' && /^[A-Z]{2}$/.test(key)) return m.country(key);
  return label;
}

const siteTypes = [
  'WEBSITE',
  'SOCIAL',
  'CHAT',
  'FORUM',
  'IMAGE_HOST',
  'IMAGE_BOARD',
  'FILE_HOST',
  'BLOG',
  'SEARCH',
  'HIDDEN_SERVICE',
  'BANNER_SITE',
  'LINK_SITE',
  'REDIRECTOR',
  'ARCHIVE',
  'OTHER',
] as const;

// Reporters are asked in the same words.
function siteTypeName(m: PartnerMessages, key: string): string | null {
  const known = siteTypes.find((siteType) => siteType === key);
  return known ? m.pages.text(`siteType.${known}`) : null;
}

/** What the definition of a table, a total or another term is; null where these pages have none in their own words. */
export function definitionText(m: PartnerMessages, term: string): string | null {
  const key = `definition.${term}`;
  return isPartnerKey(key) ? m.text(key) : null;
}

/** The term by which a table is defined: `timeToAssess` of TIME_TO_ASSESS. */
export function termOf(by: string): string {
  return by.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** A month, such as 2026-10, as the reader's language writes it. */
export function monthName(m: PartnerMessages, month: string, form: MonthForm = 'long'): string {
  return monthIn(month, m.tag, form);
}
