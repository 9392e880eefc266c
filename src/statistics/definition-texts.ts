/** Raised with every change of what a figure means; published with the figures that it defines. */
export const DEFINITIONS_VERSION = 2;

/** What a figure means, in one version. */
export type Definition = { term: string; text: string; version: number };

// What was published stays explained in the words of its day: a version is never edited, and a test holds its hash.
const versions: Record<number, Record<string, string>> = {
  1: {
    reports:
      'Addresses reported in the calendar month (in the time zone of the portal) from this country. One person’s report of one address counts once; repeats of an address that others reported too are included.',
    assessed: 'Of the reports of this month, those whose address an analyst had assessed by the day of publication.',
    actionable: 'Of the assessed reports, those confirmed as criminal under the hotline’s law.',
    notActionable: 'Assessed reports less actionable ones; shown only by reason.',
    hidden:
      'Counts of 1 to 9 are hidden, others are rounded to the nearest 5. A larger count is hidden too where it would give a small one away.',
    provisional: 'Reports of the running month up to the end of yesterday, rounded. It changes once a day.',
    removal: 'Days from the first report until the content was first seen gone.',
    speeds:
      'Hours from the first report, over the actionable reports for which both times are known: median and 90th percentile. Shown where there are at least 50.',
  },
  2: {
    reports:
      'Addresses reported in the calendar month (in the time zone of the portal) from this country. One person’s report of one address counts once; repeats of an address that others reported too are included.',
    assessed: 'Of the reports of this month, those whose address an analyst had assessed by the day of publication.',
    actionable: 'Of the assessed reports, those confirmed as criminal under the hotline’s law (“actioned”).',
    notActionable: 'Assessed reports less actionable ones; shown only by reason.',
    rates:
      'Whole percent, from rounded figures: actionable of assessed reports, repeated and anonymous ones of all reports. Given where the base is 50 or more.',
    language: 'The language of the report, as the reporter’s page or the sender said it.',
    repeated: 'Reports of an address that was known already when they came, beside those of a new one.',
    contact: 'Whether the reporter left a contact, be it removed since, or stayed anonymous.',
    reason: 'Why an assessed report is not actionable.',
    severity: 'Category A is the most severe, C the least; prohibited images are not photographic.',
    age: 'The age band of the youngest child that is seen.',
    sex: 'Whether girls, boys or both are seen.',
    form: 'Whether the images were made by a machine.',
    siteType: 'What kind of site the address is on.',
    hostingCountry:
      'Where the content was when it was traced: a country, or a place that has none (hidden service, peer to peer, content network).',
    timeToAssess:
      'Days (by the calendar, in UTC) from the first report of the address until an analyst had assessed it.',
    timeToNotify:
      'Days (by the calendar, in UTC) from the first report of the address until the first of host, police or another hotline was told.',
    removal:
      'Days (by the calendar, in UTC) from the first report of the address until the content was first seen gone.',
    referral: 'Whether the address was referred to the police or another hotline, and whether they acknowledged it.',
    urlList: 'Whether the address was put on the list of addresses that industry partners block.',
    speeds:
      'Hours from the first report, over the actionable reports for which both times are known: median and 90th percentile. Shown where there are at least 50.',
    hidden:
      'Counts of 1 to 9 are hidden, and so is 0 where the total is below 10; others are rounded to the nearest 5. A larger count is hidden too where it would give a small one away, and in countries of fewer than 100,000 people every table but the totals.',
    provisional: 'Reports of the running month up to the end of yesterday, rounded. It changes once a day.',
    correction:
      'A published month never changes. Where a figure turns out otherwise, a new edition says why; the earlier ones stay readable. What was hidden may stay hidden, so that no two editions give it away.',
    sum: 'Sum of the published, rounded figures of several countries or months; those that are hidden are left out, and it is said how many.',
    late: 'What happens after the day of publication, such as a removal, is in a later edition or in none.',
  },
};

/** The definitions of a version, in the order in which they are read. Throws a RangeError on a version that never was. */
export function definitionsOf(version: number): Definition[] {
  const texts = versions[version];
  if (!texts) throw new RangeError('no such version of the definitions');
  return Object.entries(texts).map(([term, text]) => ({ term, text, version }));
}
