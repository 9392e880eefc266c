import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseWork, caseWork } from '../case/case-work.ts';
import { noticeWork } from '../notice/notice-work.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { statementsOf } from '../support/statements.ts';

const CONTACT = 'contact { id kind name email country approvedAt approvedBy { name } }';
const HEAD = `number version state outcome priority defangedAddress address addressKind host unicodeHost registrableDomain lookAlike
  reportCount portalCount firstReportedAt lastReportedAt episode heldUntil listed legalHold reviewReasons allowedEvents nextCheckAt undoUntil
  inDanger categories siteTypes reportingCountries claim { by { name } claimedAt leaseUntil } handedTo { name } handedUntil
  delistingProposedBy { name } bulk { id undoUntil }
  hosting { placement country agreed by at networks networkName abuseContacts registrar registrarContacts }
  route { route responsibleCountry urlList steps recipients { kind missing why ${CONTACT} } }`;
const CASE = `query Look($n: String!) { case(number: $n) { ${HEAD}
  reports(first: 50) { edges { node { reference receivedAt portal { code name country } source standing addressAsTyped category
    foundOn howFound seenOn inDanger note contactEmail country language } } pageInfo { hasNextPage endCursor } }
  assessments { round verdict severity youngestAge sex form note at assessor { name } } draft { verdict severity note savedAt }
  traces { method tool placement country network failure recordedBy { name } at }
  traceRuns { state queuedAt traces { method placement country recordedBy { name } } }
  actions { kind recipient state step answer sentAt withdrawnAt sentBy { name } ${CONTACT}
    notice { id reference state attempts failure sendAfter escalateAt acknowledgedAt reply contact { name approvedBy { name } } } }
  observations { seen movedTo at observedBy { name } } notes { text at author { name } }
  appeals { reference state reason decidedBy { name } }
  clock { episode firstReported } clocks { episode firstReported assessed traced hostTold firstSeenGone minutesToAssess minutesToRemove }
  history(first: 50) { edges { node { at who sentence } } pageInfo { hasNextPage endCursor } } }`;
const SIMILAR =
  'similarCases(number: $n) { ... on SimilarCases { cases { number version defangedAddress priority } more } }';
const QUEUE = `query Queue { cases(first: 50) { edges { node { ${HEAD} assessments { round verdict assessor { name } }
  reports(first: 3) { edges { node { reference receivedAt portal { code name country } category inDanger } } } } }
  pageInfo { hasNextPage endCursor } } }`;

describe('what a console asks for at once', () => {
  let platform: Platform;
  let work: CaseWork;
  let analyst: Awaited<ReturnType<CaseWork['colleague']>>;
  let contact: string;
  let cases: string[];
  beforeAll(async () => {
    platform = await startPlatform();
    work = await caseWork(platform);
    analyst = await work.colleague();
    contact = await noticeWork(work).makeContact();
    const police = await noticeWork(work).makeContact({ kind: 'POLICE' });
    await work.sql(`UPDATE contacts SET countries = '{GB}', member = true WHERE id = $1`, [police]);
    cases = await work.makeCases(60, { priority: 100 });
    await grow(cases, 3);
    for (const number of cases) await work.addReports(number, 3);
    await work.sql('ANALYZE');
  });
  afterAll(async () => {
    await work.close();
    await platform.stop();
  });

  /** Gives each of these cases so many more notes, opinions, traces, messages, looks, appeals, episodes and entries of the trail. */
  async function grow(numbers: string[], more: number) {
    const { seal } = await import('../../src/secrets.ts');
    const rows = `FROM cases c JOIN episodes e ON e.case_id = c.id AND e.number = c.episode_number, generate_series(1, ${more}) n,
      LATERAL (SELECT now() - n * interval '1 minute' AS at, '${analyst.id}'::uuid AS person) x WHERE c.number = ANY ($1)`;
    const words = seal('A note.');
    const ids = 'uuidv7(), c.id, e.id';
    await work.sql(
      `WITH past AS (INSERT INTO episodes (id, case_id, number, first_reported)
         SELECT uuidv7(), c.id, c.episode_number + n, at ${rows} RETURNING case_id)
       UPDATE cases SET episode_number = episode_number + ${more} WHERE id IN (SELECT case_id FROM past)`,
      [numbers],
    );
    await work.sql(
      `INSERT INTO case_notes (id, case_id, author_id, at, text) SELECT uuidv7(), c.id, person, at, $2 ${rows}`,
      [numbers, words],
    );
    await work.sql(
      `INSERT INTO assessments (id, case_id, episode_id, round, assessor_id, at, taxonomy_name, taxonomy_version, verdict, reason, note)
       SELECT ${ids}, 'FIRST', person, at, 'test', 1, 'NOT_ACTIONABLE', 'OFF_REMIT', $2 ${rows}`,
      [numbers, words],
    );
    await work.sql(
      `INSERT INTO assessment_drafts (case_id, account_id, answers, saved_at) SELECT DISTINCT c.id, person, $2::bytea, now() ${rows} ON CONFLICT DO NOTHING`,
      [numbers, seal(JSON.stringify({ verdict: 'ACTIONABLE', note: 'Words.' }))],
    );
    await work.sql(
      `INSERT INTO observations (id, case_id, episode_id, seen, observed_by_id, at) SELECT ${ids}, 'UP', person, at ${rows}`,
      [numbers],
    );
    await work.sql(
      `INSERT INTO trace_runs (id, case_id, episode_id, state, queued_at, finished_at) SELECT ${ids}, 'DONE', at, at ${rows}`,
      [numbers],
    );
    await work.sql(
      `INSERT INTO host_traces (id, case_id, episode_id, run_id, method, tool, placement, country, recorded_by_id, at)
       SELECT uuidv7(), case_id, episode_id, id, 'ROUTING', 'table', 'COUNTRY', 'NL', $2, queued_at FROM trace_runs
       WHERE case_id IN (SELECT id FROM cases WHERE number = ANY ($1)) AND id NOT IN (SELECT run_id FROM host_traces)`,
      [numbers, analyst.id],
    );
    await work.sql(
      `WITH waiting AS (INSERT INTO notices (id, contact_id, kind, queued_at, send_after)
         SELECT uuidv7(), $2, 'HOST_NOTICE', now(), now() FROM generate_series(1, ${more}) RETURNING id), counted AS (
         SELECT id, row_number() OVER () AS n FROM waiting)
       INSERT INTO actions (id, case_id, episode_id, kind, recipient, sent_by_id, queued_at, notice_id)
       SELECT ${ids}, 'HOST_NOTICE', 'Host', person, at, (SELECT w.id FROM counted w WHERE w.n = x.n) 
       FROM cases c JOIN episodes e ON e.case_id = c.id AND e.number = c.episode_number,
         LATERAL (SELECT n, now() - n * interval '1 minute' AS at, '${analyst.id}'::uuid AS person FROM generate_series(1, ${more}) n) x
       WHERE c.number = ANY ($1)`,
      [numbers, contact],
    );
    await work.sql(
      `INSERT INTO appeals (id, reference, received_at, address, case_id, reason, state, decided_at, decided_by_id)
       SELECT uuidv7(), 'A-' || uuidv7(), at, c.address, c.id, $2, 'REJECTED', at, person ${rows}`,
      [numbers, words],
    );
    await work.sql(
      `SELECT audit_append((SELECT jsonb_agg(jsonb_build_object('stream', 'case:' || c.number, 'actor', 'account:' || person, 'operation', 'test',
         'action', 'NOTE', 'subjects', '{}'::text[], 'detail', '{}', 'salt', '00')) ${rows}))`,
      [numbers],
    );
  }

  const cost = async (query: string, variables: object = {}) => {
    // The first one of a kind may prepare what later ones find.
    await work.ask(analyst, query, variables);
    const { statements, result } = await statementsOf(() => work.ask(analyst, query, variables));
    return { statements: statements.map((text) => text.replace(/\s+/g, ' ').slice(0, 90)), result };
  };
  /** A case that the analyst holds, with so much of everything, and others of its host that are written alike. */
  const caseWith = async (much: number, reports: number, alike: number): Promise<string> => {
    const [number = ''] = await work.makeCases(alike + 1);
    await grow([number], much);
    await work.addReports(number, reports);
    await work.claim(analyst, number);
    return number;
  };

  it('costs eight statements at most for a whole case, four more with those written alike, at any size', async () => {
    const [small, large] = [await caseWith(3, 3, 3), await caseWith(60, 2_000, 90)];
    const few = await cost(`${CASE} }`, { n: small });
    expect(few.statements.length, few.statements.join('\n')).toBeLessThanOrEqual(8);
    const many = await cost(`${CASE} }`, { n: large });
    expect(many.statements).toEqual(few.statements);
    const { case: found } = many.result;
    const { reports, notes, traces, actions, observations, appeals, history, clocks, assessments, claim, draft } =
      found;
    const sizes = [reports.edges, notes, traces, actions, observations, appeals, history.edges, clocks, assessments];
    expect(sizes.map(({ length }) => length)).toEqual([50, 60, 60, 60, 60, 60, 50, 61, 60]);
    expect([claim.by.name, draft.note, actions[0].notice.contact.approvedBy.name]).toEqual([
      analyst.name,
      'Words.',
      'Chidi Supervisor',
    ]);

    for (const number of [small, large]) {
      const alike = await cost(`${CASE} ${SIMILAR} }`, { n: number });
      expect(alike.result.similarCases.cases).toHaveLength(number === large ? 90 : 3);
      expect(alike.statements.length, alike.statements.join('\n')).toBeLessThanOrEqual(few.statements.length + 4);
    }
  });

  it('costs eight statements at most for a page of the queue, at any size', async () => {
    const few = await cost(QUEUE);
    expect(few.statements.length, few.statements.join('\n')).toBeLessThanOrEqual(8);
    const larger = cases.slice(0, 3);
    await work.sql('UPDATE cases SET priority = 200 WHERE number = ANY ($1)', [larger]);
    await grow(larger, 60);
    await work.addReports(larger[0]!, 2_000, 'ug');
    const many = await cost(QUEUE);
    expect(many.statements).toEqual(few.statements);
    expect(many.result.cases.edges).toHaveLength(50);
    const [{ node }] = many.result.cases.edges;
    expect(node).toMatchObject({
      number: larger[0],
      reportCount: 2_004,
      hosting: { country: 'NL' },
      route: { recipients: [{ kind: 'POLICE' }] },
    });
    expect([node.reports.edges.length, node.assessments.length]).toEqual([3, 63]);
  });
});
