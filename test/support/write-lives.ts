import { createHash } from 'node:crypto';
import pg from 'pg';
import type { LivedEpisode, Lives } from './case-lives.ts';

type Row = Record<string, unknown> & { id: unknown };

/**
 * Writes lives into the tables of the platform as it writes them: what is new is inserted and what has changed updated, so that the
 * triggers see each wave. Gives the function that writes the next wave.
 */
export async function lifeWriter(
  databaseUrl: string,
): Promise<{ write: (lives: Lives) => Promise<void>; client: pg.Client }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const people = await client.query(`SELECT subject, id FROM accounts`);
  const person = new Map<string, string>(people.rows.map(({ subject, id }) => [subject, id]));
  const contact = '019b0000-0000-7000-8000-0000000000c1';
  await client.query(
    `INSERT INTO contacts (id, kind, name, email, countries, domains, networks, updated_at) VALUES ($1, 'POLICE', 'Made', 'made@police.example', '{}', '{}', '{}', now())`,
    [contact],
  );
  const written = new Map<string, string>();

  const put = async (table: string, rows: Row[]) => {
    const fresh = rows.filter((row) => !written.has(`${table} ${row.id}`));
    const changed = rows.filter((row) => {
      const before = written.get(`${table} ${row.id}`);
      return before !== undefined && before !== JSON.stringify(row);
    });
    for (const row of [...fresh, ...changed]) written.set(`${table} ${row.id}`, JSON.stringify(row));
    const columns = Object.keys(rows[0] ?? {});
    const from = `FROM jsonb_populate_recordset(NULL::${table}, $1) n`;
    if (fresh.length > 0)
      await client.query(`INSERT INTO ${table} (${columns}) SELECT ${columns} ${from}`, [JSON.stringify(fresh)]);
    if (changed.length > 0)
      await client.query(
        `UPDATE ${table} t SET ${columns.filter((name) => name !== 'id').map((name) => `${name} = n.${name}`)} ${from} WHERE t.id = n.id`,
        [JSON.stringify(changed)],
      );
  };
  const hash = (text: string) => `\\x${createHash('sha256').update(text).digest('hex')}`;

  const write = async ({ portals, cases, reports }: Lives) => {
    await put(
      'portals',
      portals.map(({ id, code, country, timeZone }) => ({
        id,
        code,
        country,
        time_zone: timeZone,
        name: code,
        stage: 'LIVE',
        audience: 'PUBLIC',
        default_language: 'en',
        languages: ['en'],
        partner_names: [],
        help_lines: [],
        texts: [],
        origins: [],
        sandbox: false,
        created_at: '2024-01-01',
        updated_at: '2024-01-01',
      })),
    );
    const at = '2024-01-01T00:00:00Z';
    // One for each portal, under its id: every report came through it, whether it waits there still or not.
    await put(
      'quarantines',
      portals.map(({ id }) => ({ id, portal_id: id, opened_at: at })),
    );
    await put(
      'cases',
      cases.map(({ id }) => ({
        id,
        number: `C-${id}`,
        address_digest: hash(id),
        address: `https://made.example/${id}`,
        address_kind: 'WEB',
        address_rules_version: 1,
        state: 'AWAITING_ASSESSMENT',
        version: 1,
        priority: 0,
        episode_number: 1,
        review_reasons: [],
        listed: false,
        report_count: 0,
        portal_ids: [],
        first_reported_at: at,
        last_reported_at: at,
        state_since: at,
        in_danger: false,
        legal_hold: false,
      })),
    );
    const episodes = cases.flatMap((lived) =>
      lived.episodes.map((episode, index) => ({ case_id: lived.id, number: index + 1, ...episode })),
    );
    await put(
      'episodes',
      episodes.map(({ id, case_id, number, firstReported, assessed, told, gone }) => ({
        id,
        case_id,
        number,
        first_reported: firstReported,
        assessed,
        host_told: told.HOST_NOTICE,
        police_told: told.POLICE_REFERRAL,
        hotline_told: told.HOTLINE_REFERRAL,
        first_seen_gone: gone,
      })),
    );
    const of = <T>(rows: (episode: LivedEpisode) => T[]) =>
      episodes.flatMap((episode) =>
        rows(episode).map((row) => ({ case_id: episode.case_id, episode_id: episode.id, ...row })),
      );
    const none = {
      reason: null,
      severity: null,
      youngest_age: null,
      sex: null,
      form: null,
      jurisdiction: null,
      site_type: null,
    };
    const flags = { self_generated: false, coerced: false, disguised: false, commercial: 'NONE', review_reasons: [] };
    // Signed by people who are never the first analyst of a second opinion.
    const assessors = {
      FIRST: person.get('analyst'),
      SECOND: person.get('analyst2'),
      RULING: person.get('supervisor'),
    };
    await put(
      'assessments',
      of(({ opinions }) =>
        opinions.map(({ id, round, at, answers }) => ({
          id,
          round,
          at,
          assessor_id: assessors[round],
          taxonomy_name: 'made',
          taxonomy_version: 1,
          ...flags,
          ...none,
          ...answers,
        })),
      ),
    );
    await put(
      'host_traces',
      of(({ traces }) => traces.map((trace) => ({ tool: 'made', ...trace }))),
    );
    await put(
      'observations',
      of(({ moved }) =>
        moved.map(({ id, at, to }) => ({
          id,
          at,
          seen: 'MOVED',
          moved_to: to,
          observed_by_id: person.get('analyst'),
        })),
      ),
    );
    const referrals = of((episode) => episode.referrals);
    await put(
      'notices',
      referrals.map(({ notice, kind, at, acknowledged }) => ({
        id: notice,
        contact_id: contact,
        kind,
        step: 'FIRST',
        urgent: false,
        state: 'SENT',
        queued_at: at,
        send_after: at,
        message_id: notice,
        attempts: 1,
        sent_at: at,
        acknowledged_at: acknowledged,
      })),
    );
    await put(
      'actions',
      referrals.map(({ id, case_id, episode_id, kind, notice, at }) => ({
        id,
        case_id,
        episode_id,
        kind,
        recipient: 'made',
        queued_at: at,
        sent_at: at,
        notice_id: notice,
      })),
    );
    await put(
      'url_list_changes',
      cases.flatMap(({ id: case_id, listed }) =>
        listed.map(({ id, at: when, change }) => ({
          id,
          case_id,
          at: when,
          change,
          address: 'made',
          scope: 'ADDRESS',
        })),
      ),
    );
    await put(
      'submissions',
      reports.map(({ submission, portal, receivedAt, source, language, contact: left }) => ({
        id: submission,
        portal_id: portal.id,
        received_at: receivedAt,
        source,
        pasted_text: 'made',
        input_hash: hash(submission),
        language,
        contact: left === 'KEPT' ? '\\x00' : null,
        contact_removed_at: left === 'REMOVED' ? receivedAt : null,
      })),
    );
    await put(
      'reports',
      reports.map((report) => ({
        id: report.id,
        reference: report.id,
        submission_id: report.submission,
        case_id: report.case.id,
        portal_id: report.portal.id,
        country: report.country,
        source: report.source,
        received_at: report.receivedAt,
        address_as_typed: 'made',
        repeated: report.repeated,
        standing: report.standing,
        quarantine_id: report.portal.id,
      })),
    );
  };
  return { write, client };
}
