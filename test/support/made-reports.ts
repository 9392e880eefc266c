import { createHash } from 'node:crypto';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { ageBands, notActionableReasons, severities, sexesSeen, siteTypes } from '../../src/domain/assessment.ts';
import { reportSources } from '../../src/domain/priority.ts';

/** What the tables of a made report say: written by SQL, so that a test knows each figure's truth without the platform. */
export type MadeReport = {
  portal: string;
  receivedAt: Date;
  source: string;
  contact: 'NONE' | 'KEPT' | 'REMOVED';
  repeated: boolean;
  case: MadeCase;
};
export type MadeCase = { id: string; episodes: MadeEpisode[] };
export type MadeEpisode = {
  number: number;
  firstReported: Date;
  assessed: Date | null;
  told: (Date | null)[];
  gone: Date | null;
  opinions: { round: 'FIRST' | 'SECOND' | 'RULING'; at: Date; answers: Record<string, string> }[];
  traces: { placement: string; country: string | null; at: Date }[];
};

const HOUR_MS = 3_600_000;

/** Numbers in [0, 1) that are the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Reports of all kinds between two times: new and repeated, unassessed, disputed, returned, removed and still up. */
export function makeReports(
  { portal, from, to, count }: { portal: string; from: Date; to: Date; count: number },
  random: () => number,
): MadeReport[] {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const chance = (share: number) => random() < share;
  const after = (time: Date, hours: number) => new Date(time.getTime() + Math.round(random() * hours * 60) * 60_000);

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
          ...(chance(0.9) ? { site_type: pick(siteTypes.slice(0, 4)) } : {}),
        };

  const episode = (number: number, firstReported: Date, isAssessed: boolean): MadeEpisode => {
    const none = { assessed: null, told: [null, null, null], gone: null, opinions: [], traces: [] };
    if (!isAssessed) return { number, firstReported, ...none };
    const first = after(firstReported, 40);
    const opinions: MadeEpisode['opinions'] = [{ round: 'FIRST', at: first, answers: answers() }];
    if (chance(0.3)) opinions.push({ round: 'SECOND', at: after(first, 9), answers: answers() });
    if (chance(0.2))
      opinions.push({ round: 'RULING', at: new Date(first.getTime() + 50 * HOUR_MS), answers: answers() });
    const traced = [after(first, 20), after(new Date(first.getTime() + 30 * HOUR_MS), 20)].slice(
      0,
      Math.floor(random() * 3),
    );
    const placements = ['COUNTRY', 'COUNTRY', 'HIDDEN_SERVICE', 'UNKNOWN', 'CONTENT_NETWORK'];
    const traces = traced.map((at) => {
      const placement = pick(placements);
      return { placement, country: placement === 'COUNTRY' ? pick(['KE', 'UG', 'MN', 'NL']) : null, at };
    });
    const told = [0.6, 0.2, 0.2].map((share) => (chance(share) ? after(first, 60) : null));
    return {
      number,
      firstReported,
      assessed: first,
      told,
      gone: chance(0.7) ? after(first, 240) : null,
      opinions,
      traces,
    };
  };

  const reports: MadeReport[] = [];
  for (let n = 0; n < count; n += 1) {
    const receivedAt = new Date(from.getTime() + Math.floor(random() * (to.getTime() - from.getTime())));
    const repeated = reports.length > 0 && chance(0.25);
    const episodes = [episode(1, receivedAt, chance(0.85))];
    if (chance(0.15)) episodes.push(episode(2, after(receivedAt, 900), chance(0.5)));
    reports.push({
      portal,
      receivedAt,
      source: chance(0.7) ? 'PUBLIC' : pick(reportSources),
      contact: chance(0.8) ? 'NONE' : pick(['KEPT', 'REMOVED']),
      repeated,
      case: repeated ? pick(reports).case : { id: uuidv7(), episodes },
    });
  }
  return reports;
}

/** Writes made reports into the tables of the platform. */
export async function insertReports(databaseUrl: string, reports: MadeReport[]): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const people = await client.query(`SELECT subject, id FROM accounts`);
  const person = new Map<string, string>(people.rows.map(({ subject, id }) => [subject, id]));
  const assessors = { FIRST: person.get('analyst'), SECOND: person.get('analyst2'), RULING: person.get('supervisor') };
  const insert = (table: string, rows: object[]) =>
    client.query(
      `INSERT INTO ${table} (${Object.keys(rows[0] ?? {}).join()}) SELECT ${Object.keys(rows[0] ?? {}).join()} FROM jsonb_populate_recordset(NULL::${table}, $1)`,
      [JSON.stringify(rows)],
    );
  const hash = (text: string) => `\\x${createHash('sha256').update(text).digest('hex')}`;
  const { rows: portals } = await client.query('SELECT code, id, country FROM portals');
  const portalOf = (code: string) => portals.find((portal) => portal.code === code);

  const cases = [...new Set(reports.map((report) => report.case))];
  await insert(
    'cases',
    cases.map(({ id, episodes }) => ({
      id,
      number: `C-9${id.replaceAll('-', '')}`,
      address_digest: hash(id),
      address: `https://made.example/${id}`,
      address_kind: 'WEB',
      address_rules_version: 1,
      state: 'AWAITING_ASSESSMENT',
      version: 1,
      priority: 0,
      episode_number: episodes.length,
      review_reasons: [],
      listed: false,
      report_count: 1,
      portal_ids: [],
      first_reported_at: episodes[0]?.firstReported,
      last_reported_at: episodes[0]?.firstReported,
      state_since: episodes[0]?.firstReported,
    })),
  );
  const episodes = cases.flatMap((row) => row.episodes.map((episode) => ({ id: uuidv7(), case_id: row.id, episode })));
  await insert(
    'episodes',
    episodes.map(({ id, case_id, episode }) => ({
      id,
      case_id,
      number: episode.number,
      first_reported: episode.firstReported,
      assessed: episode.assessed,
      host_told: episode.told[0],
      police_told: episode.told[1],
      hotline_told: episode.told[2],
      first_seen_gone: episode.gone,
    })),
  );
  const columns = {
    reason: null,
    severity: null,
    youngest_age: null,
    sex: null,
    form: null,
    jurisdiction: null,
    site_type: null,
  };
  const flags = { self_generated: false, coerced: false, disguised: false, commercial: 'NONE' };
  const opinions = episodes.flatMap(({ id, case_id, episode }) =>
    episode.opinions.map(({ round, at, answers }) => {
      const signed = { round, assessor_id: assessors[round], at, taxonomy_name: 'made', taxonomy_version: 1 };
      return { id: uuidv7(), case_id, episode_id: id, ...signed, ...columns, ...flags, ...answers };
    }),
  );
  if (opinions.length > 0) await insert('assessments', opinions);
  const traces = episodes.flatMap(({ id, case_id, episode }) =>
    episode.traces.map((trace) => ({ id: uuidv7(), case_id, episode_id: id, method: 'DNS', tool: 'made', ...trace })),
  );
  if (traces.length > 0) await insert('host_traces', traces);

  const submissions = reports.map((report) => ({ id: uuidv7(), report }));
  await insert(
    'submissions',
    submissions.map(({ id, report: { portal, receivedAt, source, contact } }) => ({
      id,
      portal_id: portalOf(portal).id,
      received_at: receivedAt,
      source,
      pasted_text: 'made',
      access_code_hash: hash(`code ${id}`),
      input_hash: hash(`input ${id}`),
      in_danger: false,
      contact: contact === 'KEPT' ? '\\x00' : null,
      contact_removed_at: contact === 'REMOVED' ? receivedAt : null,
    })),
  );
  await insert(
    'reports',
    submissions.map(({ id, report }) => ({
      id: uuidv7(),
      reference: id,
      submission_id: id,
      case_id: report.case.id,
      portal_id: portalOf(report.portal).id,
      country: portalOf(report.portal).country,
      source: report.source,
      received_at: report.receivedAt,
      address_as_typed: 'made',
      repeated: report.repeated,
    })),
  );
  await client.end();
}

/** Plain reports that nobody has assessed, all received at one time. */
export function plainReports(portal: string, receivedAt: Date, count: number): MadeReport[] {
  const none = { assessed: null, told: [null, null, null], gone: null, opinions: [], traces: [] };
  return Array.from({ length: count }, () => ({
    portal,
    receivedAt,
    source: 'PUBLIC',
    contact: 'NONE',
    repeated: false,
    case: { id: uuidv7(), episodes: [{ number: 1, firstReported: receivedAt, ...none }] },
  }));
}
