import { ageBands, notActionableReasons, severities, sexesSeen, siteTypes } from '../domain/assessment.ts';
import { removalBuckets } from '../domain/clock.ts';
import { reportSources } from '../domain/priority.ts';

/** Raised with every change of what a figure means; published with the figures that it defines. */
export const DEFINITIONS_VERSION = 1;

export const definitions = [
  {
    term: 'reports',
    text: 'Addresses reported in the calendar month (in the time zone of the portal) from this country. One person’s report of one address counts once; repeats of an address that others reported too are included.',
  },
  {
    term: 'assessed',
    text: 'Of the reports of this month, those whose address an analyst had assessed by the day of publication.',
  },
  { term: 'actionable', text: 'Of the assessed reports, those confirmed as criminal under the hotline’s law.' },
  { term: 'notActionable', text: 'Assessed reports less actionable ones; shown only by reason.' },
  {
    term: 'hidden',
    text: 'Counts of 1 to 9 are hidden, others are rounded to the nearest 5. A larger count is hidden too where it would give a small one away.',
  },
  {
    term: 'provisional',
    text: 'Reports of the running month up to the end of yesterday, rounded. It changes once a day.',
  },
  { term: 'removal', text: 'Days from the first report until the content was first seen gone.' },
  {
    term: 'speeds',
    text: 'Hours from the first report, over the actionable reports for which both times are known: median and 90th percentile. Shown where there are at least 50.',
  },
] as const;

/** The fixed tables of a published month: their keys do not depend on the counts, since a missing key would tell one. */
export const dimensions = {
  SOURCE: { of: 'reports', keys: reportSources },
  REPEATED: { of: 'reports', keys: ['NEW', 'REPEATED'] },
  CONTACT: { of: 'reports', keys: ['ANONYMOUS', 'WITH_CONTACT'] },
  REASON: { of: 'notActionable', keys: notActionableReasons },
  SEVERITY: { of: 'actionable', keys: severities },
  AGE: { of: 'actionable', keys: ageBands },
  SEX: { of: 'actionable', keys: sexesSeen },
  // No table has a cell that is another table's by definition (non-photographic is severity PROHIBITED): shown in one, it
  // would give the other away.
  FORM: { of: 'actionable', keys: ['AI_GENERATED', 'OTHER'] },
  SITE_TYPE: { of: 'actionable', keys: [...siteTypes, 'NOT_SAID'] },
  HOSTING: { of: 'actionable', keys: ['OWN_COUNTRY', 'OTHER_COUNTRY', 'NO_COUNTRY', 'UNKNOWN'] },
  REMOVAL: { of: 'actionable', keys: [...removalBuckets, 'STILL_UP'] },
} as const;
export type Dimension = keyof typeof dimensions;
export const dimensionNames = Object.keys(dimensions) as Dimension[];

/** What is measured of speed, in hours from the first report. */
export const speedMeasures = ['ASSESSED', 'NOTIFIED', 'REMOVED'] as const;
export type SpeedMeasure = (typeof speedMeasures)[number];

/** A cell's key in plain English: `AGE_7_10` reads "age 7–10". Issue D brings the languages of partners. */
export function labelOf(key: string): string {
  if (key.length === 1) return `category ${key}`;
  return key
    .toLowerCase()
    .replace(/^ai_/, 'AI-')
    .replace(/_(\d+)_(\d+)$/, ' $1–$2')
    .replace(/(\d)_plus$/, '$1 or more')
    .replaceAll('_', ' ');
}
