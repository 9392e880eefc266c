import type { MonthCounts } from '../../src/domain/disclosure.ts';
import { dimensionNames, dimensions } from '../../src/statistics/definitions.ts';
import type { MadeReport } from './made-reports.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The exact counts of a portal's month, from what was made and without a line of SQL; `east` is its hours east of UTC. */
export function truthOf(reports: MadeReport[], month: string, portal: { code: string; country: string; east: number }) {
  const cohort = reports
    .filter(({ portal: code, receivedAt }) => code === portal.code && localMonth(receivedAt, portal.east) === month)
    .map((report) => seenOf(report, portal.country));
  const actionable = cohort.filter(({ verdict }) => verdict === 'ACTIONABLE');
  const counts: MonthCounts = {
    reports: cohort.length,
    assessed: cohort.filter(({ verdict }) => verdict).length,
    actionable: actionable.length,
    breakdowns: dimensionNames.map((by) => ({
      by,
      of: dimensions[by].of,
      cells: dimensions[by].keys.map((key) => ({ key, count: cohort.filter((seen) => seen.keys[by] === key).length })),
    })),
  };
  const speeds = (['ASSESSED', 'NOTIFIED', 'REMOVED'] as const).map((measure) => {
    const hours = actionable.flatMap((seen) => seen.hours[measure] ?? []).sort((a, b) => a - b);
    const at = (share: number) => Math.round(hours[Math.ceil(share * hours.length) - 1] ?? 0);
    return { measure, base: hours.length, median: at(0.5), ninetieth: at(0.9) };
  });
  return { counts, speeds };
}

function localMonth(time: Date, east: number): string {
  return new Date(time.getTime() + east * HOUR_MS).toISOString().slice(0, 7);
}

function seenOf(report: MadeReport, country: string) {
  const episode = report.case.episodes.findLast(({ assessed }) => assessed !== null);
  const opinion = latest(episode?.opinions.filter(({ round }) => round !== 'SECOND') ?? []);
  const trace = latest(episode?.traces ?? []);
  const answers: Record<string, string> = opinion?.answers ?? {};
  const { verdict, reason, severity, youngest_age: age, sex, form, site_type: siteType } = answers;
  const whenActionable = (key: string | undefined) => (verdict === 'ACTIONABLE' ? key : undefined);
  const first = episode?.firstReported;
  const hoursUntil = (time: Date | null | undefined) =>
    time && first ? (time.getTime() - first.getTime()) / HOUR_MS : undefined;
  const told = episode?.told.flatMap((time) => time ?? []).sort((a, b) => a.getTime() - b.getTime())[0];
  const days = episode?.gone && first ? dayNumber(episode.gone) - dayNumber(first) : null;

  const keys: Record<(typeof dimensionNames)[number], string | undefined> = {
    SOURCE: report.source,
    REPEATED: report.repeated ? 'REPEATED' : 'NEW',
    CONTACT: report.contact === 'NONE' ? 'ANONYMOUS' : 'WITH_CONTACT',
    REASON: reason,
    SEVERITY: severity,
    AGE: age,
    SEX: sex,
    FORM: whenActionable(form === 'AI_GENERATED' ? form : 'OTHER'),
    SITE_TYPE: whenActionable(siteType ?? 'NOT_SAID'),
    HOSTING: whenActionable(hostingOf(trace, country)),
    REMOVAL: whenActionable(removalOf(days)),
  };
  const hours = {
    ASSESSED: hoursUntil(episode?.assessed),
    NOTIFIED: hoursUntil(told),
    REMOVED: hoursUntil(episode?.gone),
  };
  return { verdict, keys, hours };
}

function latest<T extends { at: Date }>(rows: T[]): T | undefined {
  return rows.toSorted((a, b) => a.at.getTime() - b.at.getTime()).at(-1);
}

function hostingOf(trace: { placement: string; country: string | null } | undefined, country: string): string {
  if (!trace || trace.placement === 'UNKNOWN') return 'UNKNOWN';
  if (trace.placement !== 'COUNTRY') return 'NO_COUNTRY';
  return trace.country === country ? 'OWN_COUNTRY' : 'OTHER_COUNTRY';
}

function removalOf(days: number | null): string {
  if (days === null) return 'STILL_UP';
  if (days === 0) return 'SAME_DAY';
  return days < 4 ? 'DAYS_1_3' : days < 7 ? 'DAYS_4_6' : 'DAYS_7_PLUS';
}

function dayNumber(time: Date): number {
  return Math.floor(time.getTime() / DAY_MS);
}
