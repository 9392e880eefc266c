import { removalBucket } from '../../src/domain/clock.ts';
import type { MonthCounts } from '../../src/domain/disclosure.ts';
import { dimensionNames, dimensions } from '../../src/statistics/definitions.ts';
import type { MadeReport } from './made-reports.ts';

const HOUR_MS = 3_600_000;

/** The exact counts of a portal's month, from what was made and without a line of SQL; `east` is its hours east of UTC. */
export function truthOf(reports: MadeReport[], month: string, portal: { code: string; east: number }) {
  const cohort = reports
    .filter(({ portal: code, receivedAt }) => code === portal.code && localMonth(receivedAt, portal.east) === month)
    .map(seenOf);
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

function seenOf(report: MadeReport) {
  const { episodes } = report.case;
  // The one in which it came, else the first.
  const episode = episodes.findLast(({ firstReported }) => firstReported <= report.receivedAt) ?? episodes[0];
  const isAssessed = episode !== undefined && episode.assessed !== null;
  const opinion = isAssessed ? latest(episode.opinions.filter(({ round }) => round !== 'SECOND')) : undefined;
  const trace = latest(episode?.traces ?? []);
  const answers: Record<string, string> = opinion?.answers ?? {};
  const { verdict, reason, severity, youngest_age: age, sex, form, site_type: siteType } = answers;
  const whenActionable = (key: string | null | undefined) =>
    verdict === 'ACTIONABLE' ? (key ?? undefined) : undefined;
  const first = episode?.firstReported ?? report.receivedAt;
  const hoursUntil = (time: Date | null | undefined) =>
    time ? (time.getTime() - first.getTime()) / HOUR_MS : undefined;
  const told = episode?.told.flatMap((time) => time ?? []).sort((a, b) => a.getTime() - b.getTime())[0];
  const bucket = (time: Date | null | undefined) => removalBucket(first, time ?? null);
  const isReferred = episode?.told.slice(1).some((time) => time !== null);

  const keys: Record<(typeof dimensionNames)[number], string | undefined> = {
    SOURCE: report.source,
    LANGUAGE: 'NOT_SAID',
    REPEATED: report.repeated ? 'REPEATED' : 'NEW',
    CONTACT: report.contact === 'NONE' ? 'ANONYMOUS' : 'WITH_CONTACT',
    REASON: reason,
    SEVERITY: severity,
    AGE: age,
    SEX: sex,
    FORM: whenActionable(form === 'AI_GENERATED' ? form : 'OTHER'),
    SITE_TYPE: whenActionable(siteType ?? 'NOT_SAID'),
    HOSTING_COUNTRY: whenActionable(trace?.placement === 'COUNTRY' ? trace.country : (trace?.placement ?? 'UNKNOWN')),
    TIME_TO_ASSESS: whenActionable(bucket(episode?.assessed)),
    TIME_TO_NOTIFY: whenActionable(bucket(told) ?? 'NOT_YET'),
    REMOVAL: whenActionable(bucket(episode?.gone) ?? 'STILL_UP'),
    REFERRAL: whenActionable(isReferred ? 'REFERRED' : 'NOT_REFERRED'),
    URL_LIST: whenActionable('NOT_LISTED'),
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
