import { v7 as uuidv7 } from 'uuid';
import { ageBands, notActionableReasons, severities, sexesSeen, siteTypes } from '../../src/domain/assessment.ts';
import { reportSources } from '../../src/domain/priority.ts';

/** Cases and their reports as a test knows them, without the platform: lived in waves, and written after each by `writeLives`. */
export type Lives = { portals: LivedPortal[]; cases: LivedCase[]; reports: LivedReport[] };
export type LivedPortal = { id: string; code: string; country: string | null; timeZone: string };
export type LivedReport = {
  id: string;
  submission: string;
  case: LivedCase;
  portal: LivedPortal;
  country: string | null;
  receivedAt: Date;
  source: string;
  language: string | null;
  contact: 'NONE' | 'KEPT' | 'REMOVED';
  repeated: boolean;
  standing: 'COUNTED' | 'QUARANTINED' | 'MALICIOUS';
};
export type LivedCase = {
  id: string;
  episodes: LivedEpisode[];
  listed: { id: number; at: Date; change: 'ADDED' | 'REMOVED' }[];
};
export type LivedEpisode = {
  id: string;
  firstReported: Date;
  assessed: Date | null;
  told: { HOST_NOTICE: Date | null; POLICE_REFERRAL: Date | null; HOTLINE_REFERRAL: Date | null };
  gone: Date | null;
  opinions: { id: string; round: 'FIRST' | 'SECOND' | 'RULING'; at: Date; answers: Record<string, string> }[];
  traces: { id: string; method: string; placement: string; country: string | null; at: Date }[];
  moved: { id: string; at: Date; to: string }[];
  /** Messages to police and hotlines that went out, and whether somebody said that they have it. */
  referrals: {
    id: string;
    notice: string;
    kind: 'POLICE_REFERRAL' | 'HOTLINE_REFERRAL';
    at: Date;
    acknowledged: Date | null;
  }[];
};

const HOUR_MS = 3_600_000;
const tag = ['en', 'en', 'fr', 'sw', 'pt-BR', 'de', null];

/** What may happen to lives, each by chance; times lie between `from` and `to`. */
export function livesOf(portals: LivedPortal[], { from, to }: { from: Date; to: Date }, random: () => number) {
  const lives: Lives = { portals, cases: [], reports: [] };
  let changes = 0;
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const chance = (share: number) => random() < share;
  const after = (time: Date, hours: number) => new Date(time.getTime() + Math.floor(random() * hours * HOUR_MS));
  const someTime = () => new Date(from.getTime() + Math.floor(random() * (to.getTime() - from.getTime())));
  const some = <T>(values: readonly T[], share: number) => values.filter(() => chance(share));

  const answers = (): Record<string, string> =>
    chance(0.4)
      ? { verdict: 'NOT_ACTIONABLE', reason: pick(notActionableReasons) }
      : {
          verdict: 'ACTIONABLE',
          severity: pick(severities),
          youngest_age: pick(ageBands),
          sex: pick(sexesSeen),
          form: pick(['PHOTOGRAPHIC', 'AI_GENERATED', 'NON_PHOTOGRAPHIC']),
          jurisdiction: 'BASELINE',
          ...(chance(0.9) ? { site_type: pick(siteTypes) } : {}),
        };
  const newEpisode = (firstReported: Date): LivedEpisode => ({
    id: uuidv7(),
    firstReported,
    assessed: null,
    told: { HOST_NOTICE: null, POLICE_REFERRAL: null, HOTLINE_REFERRAL: null },
    gone: null,
    opinions: [],
    traces: [],
    moved: [],
    referrals: [],
  });
  const opine = (episode: LivedEpisode, round: 'FIRST' | 'SECOND' | 'RULING') => {
    const at = after(new Date((episode.opinions.at(-1)?.at ?? episode.firstReported).getTime() + 1), 100);
    episode.opinions.push({ id: uuidv7(), round, at, answers: answers() });
    return at;
  };

  /** So many reports: of new addresses, of known ones, and a flood of one. */
  const report = (count: number) => {
    for (let n = 0; n < count; n += 1) {
      const portal = pick(portals);
      const receivedAt = someTime();
      const known = lives.cases.length > 0 && chance(0.4) ? pick(lives.cases) : null;
      const flooded = n % 10 === 0 ? lives.cases[0] : undefined;
      const of = flooded ?? known ?? { id: uuidv7(), episodes: [newEpisode(receivedAt)], listed: [] };
      if (!known && !flooded) lives.cases.push(of);
      const standing = chance(0.95) ? 'COUNTED' : pick(['QUARANTINED', 'MALICIOUS'] as const);
      const country = portal.country ?? pick(['TD', 'NE', null]);
      const contact = chance(0.8) ? 'NONE' : pick(['KEPT', 'REMOVED'] as const);
      const said = { source: pick(reportSources), language: pick(tag), contact, repeated: known !== null } as const;
      lives.reports.push({
        id: uuidv7(),
        submission: uuidv7(),
        case: of,
        portal,
        country,
        receivedAt,
        standing,
        ...said,
      });
    }
  };
  /** First opinions of a share of what waits; some owe a second one, and are not assessed before it. */
  const assess = (share: number) => {
    for (const episode of some(
      lives.cases.flatMap(({ episodes }) => episodes),
      share,
    )) {
      if (episode.assessed) continue;
      const at = opine(episode, 'FIRST');
      if (chance(0.2)) opine(episode, 'SECOND');
      else episode.assessed = at;
    }
  };
  /** Rulings, and opinions of a new round after an appeal. */
  const ruleAgain = (share: number) => {
    for (const episode of some(
      lives.cases.flatMap(({ episodes }) => episodes),
      share,
    )) {
      if (episode.opinions.length === 0) continue;
      episode.assessed = opine(episode, pick(['RULING', 'FIRST'] as const));
      if (chance(0.1)) episode.assessed = null;
    }
  };
  /** Traces, moves, messages, answers, removals and listings. */
  const follow = (share: number) => {
    for (const lived of some(lives.cases, share)) {
      const episode = pick(lived.episodes);
      const start = episode.assessed ?? episode.firstReported;
      for (const method of some(['DNS', 'ROUTING', 'REGISTRATION'], 0.6)) {
        const placement = pick([
          'COUNTRY',
          'COUNTRY',
          'COUNTRY',
          'HIDDEN_SERVICE',
          'CONTENT_NETWORK',
          'PEER_TO_PEER',
          'UNKNOWN',
        ]);
        const country = placement === 'COUNTRY' ? pick(['KE', 'NL', 'FR', 'EU']) : null;
        episode.traces.push({ id: uuidv7(), method, placement, country, at: after(start, 50) });
      }
      if (chance(0.15)) episode.moved.push({ id: uuidv7(), at: after(start, 60), to: 'NL' });
      if (chance(0.5)) episode.told.HOST_NOTICE = after(start, 200);
      for (const kind of some(['POLICE_REFERRAL', 'HOTLINE_REFERRAL'] as const, 0.4)) {
        const at = after(start, 100);
        episode.told[kind] ??= at;
        episode.referrals.push({ id: uuidv7(), notice: uuidv7(), kind, at, acknowledged: null });
      }
      for (const referral of some(episode.referrals, 0.4)) referral.acknowledged ??= after(referral.at, 20);
      // A message that came back told nobody.
      if (chance(0.1)) episode.told.POLICE_REFERRAL = null;
      if (chance(0.6)) episode.gone = after(start, 300);
      if (chance(0.3))
        lived.listed.push({
          id: ++changes,
          at: after(start, 100),
          change: pick(['ADDED', 'ADDED', 'REMOVED'] as const),
        });
    }
  };
  /** Content that is back: a new episode, which takes the reports that come after. */
  const returnAgain = (share: number) => {
    for (const { episodes } of some(lives.cases, share))
      episodes.push(newEpisode(after(episodes.at(-1)?.firstReported ?? from, 1_500)));
  };
  /** What changes about reports afterwards: quarantine, its end, malice, a contact left late or deleted, another case, another country. */
  const reconsider = (share: number) => {
    for (const report of some(lives.reports, share)) {
      report.standing = pick(['COUNTED', 'COUNTED', 'QUARANTINED', 'MALICIOUS'] as const);
      report.contact = pick(['NONE', 'KEPT', 'REMOVED'] as const);
      if (chance(0.3)) report.repeated = !report.repeated;
      if (chance(0.3)) report.case = pick(lives.cases);
      if (chance(0.1)) report.country = pick(['TD', 'NE', null]);
    }
  };
  return { lives, report, assess, ruleAgain, follow, returnAgain, reconsider };
}
