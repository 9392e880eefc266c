import { ageBands, notActionableReasons, severities, sexesSeen, siteTypes } from '../domain/assessment.ts';
import { removalBuckets } from '../domain/clock.ts';
import { reportSources } from '../domain/priority.ts';
import { countryCodes } from '../domain/regions.ts';

/** The languages of reports that are counted by themselves: those of the platform's own pages. */
export const countedLanguages =
  // biome-ignore format: one line reads best
  ['am', 'ar', 'bn', 'en', 'es', 'fr', 'hi', 'id', 'kk', 'ln', 'mn', 'ms', 'ny', 'pt', 'ru', 'sw', 'tr', 'uk', 'ur', 'vi'] as const;

/** Where content is that is in no country, or in none that is known. */
const hostsWithoutCountry = ['HIDDEN_SERVICE', 'PEER_TO_PEER', 'CONTENT_NETWORK', 'UNKNOWN'] as const;

/**
 * The fixed tables of a published month, by definitions version 2: their keys do not depend on the counts, since a missing key would
 * tell one. No table has a cell that is another table's by definition (non-photographic is severity PROHIBITED): shown in one, it
 * would give the other away.
 */
export const dimensions = {
  SOURCE: { of: 'reports', keys: reportSources },
  LANGUAGE: { of: 'reports', keys: [...countedLanguages, 'OTHER', 'NOT_SAID'] },
  REPEATED: { of: 'reports', keys: ['NEW', 'REPEATED'] },
  CONTACT: { of: 'reports', keys: ['ANONYMOUS', 'WITH_CONTACT'] },
  REASON: { of: 'notActionable', keys: notActionableReasons },
  SEVERITY: { of: 'actionable', keys: severities },
  AGE: { of: 'actionable', keys: ageBands },
  SEX: { of: 'actionable', keys: sexesSeen },
  FORM: { of: 'actionable', keys: ['AI_GENERATED', 'OTHER'] },
  SITE_TYPE: { of: 'actionable', keys: [...siteTypes, 'NOT_SAID'] },
  HOSTING_COUNTRY: { of: 'actionable', keys: [...countryCodes, ...hostsWithoutCountry] },
  TIME_TO_ASSESS: { of: 'actionable', keys: removalBuckets },
  TIME_TO_NOTIFY: { of: 'actionable', keys: [...removalBuckets, 'NOT_YET'] },
  REMOVAL: { of: 'actionable', keys: [...removalBuckets, 'STILL_UP'] },
  REFERRAL: { of: 'actionable', keys: ['NOT_REFERRED', 'REFERRED', 'ACKNOWLEDGED'] },
  URL_LIST: { of: 'actionable', keys: ['LISTED', 'NOT_LISTED'] },
} as const;
export type Dimension = keyof typeof dimensions;
export const dimensionNames = Object.keys(dimensions) as Dimension[];

/** What a table is broken down from; `notActionable` is assessed less actionable, and is published by its reasons only. */
export type Base = (typeof dimensions)[Dimension]['of'] | 'assessed';

/** The tables that were published once and are no more: hosting by whose country it is, by definitions version 1. */
export const formerDimensions = { HOSTING: { of: 'actionable' } } as const;
export type PublishedDimension = Dimension | keyof typeof formerDimensions;
export const publishedDimensions = [...dimensionNames, ...Object.keys(formerDimensions)] as PublishedDimension[];

const bases = { ...dimensions, ...formerDimensions };

/** What a published table breaks down. */
export function baseOf(by: PublishedDimension): Base {
  return bases[by].of;
}

/** What is measured of speed, in hours from the first report. */
export const speedMeasures = ['ASSESSED', 'NOTIFIED', 'REMOVED'] as const;
export type SpeedMeasure = (typeof speedMeasures)[number];

const countryNames = new Intl.DisplayNames(['en'], { type: 'region' });
const languageNames = new Intl.DisplayNames(['en'], { type: 'language' });

/** A cell's key in plain English: `AGE_7_10` reads "age 7–10". The dashboard has the languages of partners. */
export function labelOf(key: string): string {
  if (/^[A-Z]$/.test(key)) return `category ${key}`;
  if (/^[A-Z]{2}$/.test(key)) return countryNames.of(key) ?? key;
  if (/^[a-z]{2}$/.test(key)) return key === 'ny' ? 'Chichewa' : (languageNames.of(key) ?? key);
  return key
    .toLowerCase()
    .replace(/^ai_/, 'AI-')
    .replace(/^url_/, 'URL ')
    .replace(/_(\d+)_(\d+)$/, ' $1–$2')
    .replace(/(\d)_plus$/, '$1 or more')
    .replaceAll('_', ' ');
}
