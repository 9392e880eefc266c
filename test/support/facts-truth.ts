import type { LivedEpisode, LivedReport, Lives } from './case-lives.ts';

/** A country's month as counted from its lives, without a line of SQL: cells under `DIMENSION KEY`, totals under their name. */
export type MonthTruth = { cells: Map<string, number>; hours: Map<string, number[]> };

const DAY_MS = 86_400_000;
const ownLanguages = 'am ar bn en es fr hi id kk ln mn ms ny pt ru sw tr uk ur vi'.split(' ');

/** The truth of every month, under `2026-10 KE`; what has no country is under ZZ. */
export function monthTruths({ reports }: Lives): Map<string, MonthTruth> {
  const truths = new Map<string, MonthTruth>();
  for (const report of reports) {
    const name = `${localDay(report).slice(0, 7)} ${report.country ?? 'ZZ'}`;
    const truth = truths.get(name) ?? { cells: new Map(), hours: new Map() };
    truths.set(name, truth);
    const { cells, hours } = seen(report);
    for (const cell of cells) truth.cells.set(cell, (truth.cells.get(cell) ?? 0) + 1);
    for (const [measure, value] of hours) truth.hours.set(measure, [...(truth.hours.get(measure) ?? []), value]);
  }
  return truths;
}

/** How many reports came on each day, under `2026-10-31 CODE KE`. */
export function intakeTruth({ reports }: Lives): Map<string, number> {
  const days = new Map<string, number>();
  for (const report of reports) {
    const name = `${localDay(report)} ${report.portal.code} ${report.country ?? 'ZZ'}`;
    days.set(name, (days.get(name) ?? 0) + 1);
  }
  return days;
}

/** The day on which a report came, where its portal is. */
function localDay({ receivedAt, portal }: Pick<LivedReport, 'receivedAt' | 'portal'>): string {
  return clockOf(portal.timeZone).format(receivedAt);
}

const clocks = new Map<string, Intl.DateTimeFormat>();
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const clock = clocks.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { timeZone });
  clocks.set(timeZone, clock);
  return clock;
}

function seen(report: LivedReport) {
  const cells = [
    'REPORTS',
    `SOURCE ${report.source}`,
    `LANGUAGE ${languageOf(report.language)}`,
    `REPEATED ${report.repeated ? 'REPEATED' : 'NEW'}`,
    `CONTACT ${report.contact === 'NONE' ? 'ANONYMOUS' : 'WITH_CONTACT'}`,
  ];
  const hours: [string, number][] = [];
  if (report.standing === 'QUARANTINED') return { cells, hours };
  if (report.standing === 'MALICIOUS') return { cells: [...cells, 'ASSESSED', 'REASON MALICIOUS_REPORT'], hours };

  const begun = report.case.episodes.filter(({ firstReported }) => firstReported <= report.receivedAt);
  const episode = begun.at(-1) ?? report.case.episodes[0];
  const opinion = episode?.opinions.filter(({ round }) => round !== 'SECOND').at(-1);
  if (!episode?.assessed || !opinion) return { cells, hours };
  cells.push('ASSESSED');
  const { verdict, reason, severity, youngest_age: age, sex, form, site_type: siteType } = opinion.answers;
  if (verdict === 'NOT_ACTIONABLE') return { cells: [...cells, `REASON ${reason}`], hours };

  const [notified] = Object.values(episode.told)
    .flatMap((time) => time ?? [])
    .sort((a, b) => a.getTime() - b.getTime());
  const next = report.case.episodes[report.case.episodes.indexOf(episode) + 1];
  const isFirst = episode === report.case.episodes[0];
  const listed = report.case.listed.some(
    ({ at, change }) =>
      change === 'ADDED' && (isFirst || at >= episode.firstReported) && !(next && at >= next.firstReported),
  );
  cells.push(
    'ACTIONABLE',
    `SEVERITY ${severity}`,
    `AGE ${age}`,
    `SEX ${sex}`,
    `FORM ${form === 'AI_GENERATED' ? form : 'OTHER'}`,
    `SITE_TYPE ${siteType ?? 'NOT_SAID'}`,
    `HOSTING_COUNTRY ${hostingOf(episode)}`,
    `TIME_TO_ASSESS ${bucket(episode, episode.assessed) ?? ''}`,
    `TIME_TO_NOTIFY ${bucket(episode, notified) ?? 'NOT_YET'}`,
    `REMOVAL ${bucket(episode, episode.gone) ?? 'STILL_UP'}`,
    `REFERRAL ${referralOf(episode)}`,
    `URL_LIST ${listed ? 'LISTED' : 'NOT_LISTED'}`,
  );
  for (const [measure, at] of [
    ['ASSESSED', episode.assessed],
    ['NOTIFIED', notified],
    ['REMOVED', episode.gone],
  ] as const)
    if (at) hours.push([measure, (at.getTime() - episode.firstReported.getTime()) / 3_600_000]);
  return { cells, hours };
}

function languageOf(language: string | null): string {
  if (language === null) return 'NOT_SAID';
  const [primary = ''] = language.split('-');
  return ownLanguages.includes(primary) ? primary : 'OTHER';
}

function bucket({ firstReported }: LivedEpisode, at: Date | null | undefined): string | null {
  if (!at) return null;
  const days = Math.floor(at.getTime() / DAY_MS) - Math.floor(firstReported.getTime() / DAY_MS);
  return days <= 0 ? 'SAME_DAY' : days <= 3 ? 'DAYS_1_3' : days <= 6 ? 'DAYS_4_6' : 'DAYS_7_PLUS';
}

function referralOf({ told, referrals }: LivedEpisode): string {
  if (!told.POLICE_REFERRAL && !told.HOTLINE_REFERRAL) return 'NOT_REFERRED';
  return referrals.some(({ acknowledged }) => acknowledged) ? 'ACKNOWLEDGED' : 'REFERRED';
}

/** By the latest word of each method since the content moved: first what has no country, then routing, registration, names. */
function hostingOf({ traces, moved }: LivedEpisode): string {
  const since = Math.max(0, ...moved.map(({ at }) => at.getTime()));
  const saying = ['ROUTING', 'REGISTRATION', 'DNS'].flatMap((method) => {
    const words = traces.filter((trace) => trace.method === method && trace.at.getTime() >= since);
    return words.sort((a, b) => b.at.getTime() - a.at.getTime())[0] ?? [];
  });
  const known = saying.filter(({ placement }) => placement !== 'UNKNOWN');
  const decides = known.find(({ placement }) => placement !== 'COUNTRY') ?? known[0];
  if (!decides) return 'UNKNOWN';
  if (decides.placement !== 'COUNTRY') return decides.placement;
  return decides.country === 'EU' ? 'UNKNOWN' : (decides.country ?? 'UNKNOWN');
}
