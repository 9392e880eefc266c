import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import type { AccountRole } from '../../src/generated/prisma/enums.ts';
import { type As, type Platform, tokenOf } from '../support/platform.ts';

export type Person = As | { token: string; id: string };

// biome-ignore lint/suspicious/noExplicitAny: an answer's shape is what the test is about.
export type Result = any;

/** The input type of every write on a case, and values that it takes. */
export const steps = {
  assessCase: { input: 'AssessCaseInput', more: { assessment: { verdict: 'NOT_ACTIONABLE', reason: 'OFF_REMIT' } } },
  reviewCase: { input: 'AssessCaseInput', more: { assessment: { verdict: 'NOT_ACTIONABLE', reason: 'OFF_REMIT' } } },
  ruleOnCase: { input: 'AssessCaseInput', more: { assessment: { verdict: 'NOT_ACTIONABLE', reason: 'OFF_REMIT' } } },
  traceHost: { input: 'CaseInput', more: {} },
  recordTrace: {
    input: 'RecordTraceInput',
    more: { method: 'PERSON', placement: 'COUNTRY', country: 'NL', reason: 'Registry entry of the network.' },
  },
  holdCase: {
    input: 'HoldCaseInput',
    more: { until: new Date(Date.now() + 5 * 86_400_000).toISOString(), requestedBy: 'Police of Example' },
  },
  releaseHold: { input: 'CaseInput', more: {} },
  notifyHost: { input: 'NotifyHostInput', more: { recipient: 'abuse@host.example' } },
  referCase: { input: 'ReferCaseInput', more: { to: 'HOTLINE', recipient: 'Hotline of Example' } },
  recordObservation: { input: 'RecordObservationInput', more: { seen: 'GONE' } },
  closeCase: { input: 'CloseCaseInput', more: { outcome: 'NO_ACTION_POSSIBLE', reason: 'The host does not answer.' } },
  reopenCase: { input: 'ReopenCaseInput', more: { reason: 'Somebody asked.' } },
  addCaseNote: { input: 'AddCaseNoteInput', more: { text: 'A note.' } },
  listAddress: { input: 'CaseInput', more: {} },
  unlistAddress: { input: 'CaseInput', more: {} },
  keepListed: { input: 'CaseInput', more: {} },
  listDomain: { input: 'RuleOnDomainInput', more: { reason: 'All of it is the same.' } },
  unlistDomain: { input: 'RuleOnDomainInput', more: { reason: 'The domain was sold.' } },
} as const;
export type Step = keyof typeof steps;

export const confirmed = {
  verdict: 'ACTIONABLE',
  severity: 'B',
  youngestAge: 'AGE_7_10',
  sex: 'GIRLS',
  form: 'PHOTOGRAPHIC',
  jurisdiction: 'BASELINE',
};
export const dismissed = { verdict: 'NOT_ACTIONABLE', reason: 'OFF_REMIT' };

const CASE = `number version state outcome priority episode listed heldUntil reviewReasons allowedEvents
  claim { by { name } claimedAt leaseUntil } assessments { round verdict note assessor { name } } notes { text author { name } }
  clock { episode firstReported assessed traced policeTold hostTold hotlineTold firstSeenGone }`;
const TRANSITION = '... on InvalidTransitionError { stateNow: state allowedNow: allowedEvents }';
const COMMON = `__typename ... on Case { ${CASE} } ... on Error { code message }`;
const RESULT = `${COMMON} ... on StaleCaseError { currentVersion } ... on InvalidInputError { issues { path code message } } ${TRANSITION}`;
const CLAIM_ERRORS = '... on BreakDueError { until } ... on ClaimLimitError { limit }';

export type CaseWork = Awaited<ReturnType<typeof caseWork>>;

/** What tests of the case line do over and over, through the API wherever a client can. */
export async function caseWork(platform: Platform) {
  const database = new pg.Client({ connectionString: platform.databaseUrl });
  await database.connect();
  let count = 0;

  const ask = async (person: Person, query: string, variables: object = {}): Promise<Result> => {
    const { data, errors } = await platform.ask(query, variables, person);
    if (errors.length > 0) throw new Error(JSON.stringify(errors));
    return data;
  };
  const sql = async (text: string, values: unknown[] = []): Promise<Result[]> =>
    (await database.query(text, values)).rows;

  /** A colleague of one's own, so that no test meets another's claims. */
  const colleague = async (role: AccountRole = 'ANALYST', more: { inTraining?: boolean } = {}) => {
    const { prisma } = await import('../../src/db.ts');
    count += 1;
    const subject = `colleague-${count}`;
    const account = { id: uuidv7(), subject, name: `Colleague ${count}`, role, ...more };
    await prisma.account.create({ data: account });
    return { token: await tokenOf(subject), id: account.id, name: account.name, subject };
  };

  /** Cases as reports would have made them, straight into the tables; their numbers, in order. */
  const makeCases = async (howMany: number, { priority = 0 } = {}): Promise<string[]> => {
    count += 1;
    const rows = await sql(
      `WITH made AS (
         INSERT INTO cases (id, address_digest, address, address_kind, address_rules_version, host, priority, report_count, portal_ids,
                            first_reported_at, last_reported_at, state_since)
         SELECT uuidv7(), sha256(convert_to(a, 'UTF8')), a, 'WEB', 1, 'made-' || $1 || '.example', $3, 1, '{}', now(), now(), now()
         FROM generate_series(1, $2::int) n, LATERAL (SELECT 'https://made-' || $1 || '.example/' || n AS a) address
         RETURNING id, number
       ), begun AS (
         INSERT INTO episodes (id, case_id, number, first_reported) SELECT uuidv7(), id, 1, now() FROM made
       ) SELECT number FROM made ORDER BY id`,
      [String(count), howMany, priority],
    );
    return rows.map(({ number }) => number);
  };
  const makeCase = async () => (await makeCases(1))[0]!;

  /** Reports of a case, straight into the tables, a second apart. */
  const addReports = (number: string, howMany: number, portal = 'ke') =>
    sql(
      `WITH sent AS (
         INSERT INTO submissions (id, portal_id, received_at, pasted_text, access_code_hash, input_hash)
         SELECT uuidv7(), p.id, now(), 'typed', sha256(uuidv7()::text::bytea), sha256('x') FROM portals p WHERE code = $3
         RETURNING id, portal_id
       ), counted AS (
         UPDATE cases SET report_count = report_count + $2::int, portal_ids = portal_ids || s.portal_id FROM sent s WHERE number = $1
         RETURNING cases.id
       )
       INSERT INTO reports (id, reference, submission_id, case_id, portal_id, source, received_at, address_as_typed, repeated)
       SELECT uuidv7(), $1 || '-' || $3 || '-' || n, s.id, c.id, s.portal_id, 'PUBLIC', now() - n * interval '1 second', 'typed', n > 1
       FROM sent s, counted c, generate_series(1, $2::int) n`,
      [number, howMany, portal],
    );

  const read = async (number: string, person: Person = 'analyst'): Promise<Result> =>
    (await ask(person, `query ($n: String!) { case(number: $n) { ${CASE} } }`, { n: number })).case;
  const claim = async (person: Person, number: string): Promise<Result> =>
    (
      await ask(
        person,
        `mutation ($n: String!) { claimCase(number: $n) { ${COMMON} ${CLAIM_ERRORS} ${TRANSITION} } }`,
        { n: number },
      )
    ).claimCase;
  const claimNext = async (person: Person): Promise<Result> =>
    (await ask(person, `mutation { claimNextCase { ${COMMON} ${CLAIM_ERRORS} } }`)).claimNextCase;
  const release = async (person: Person, number: string): Promise<Result> =>
    (await ask(person, `mutation ($n: String!) { releaseCase(number: $n) { ${COMMON} } }`, { n: number })).releaseCase;

  /** Takes a step on a case as it stands, or at the version given in `more`. */
  const step = async (person: Person, name: Step, number: string, more: object = {}): Promise<Result> => {
    const version =
      'version' in more
        ? more.version
        : (await sql('SELECT version FROM cases WHERE number = $1', [number]))[0].version;
    const query = `mutation ($input: ${steps[name].input}!) { result: ${name}(input: $input) { ${RESULT} } }`;
    return (await ask(person, query, { input: { case: number, version, ...steps[name].more, ...more } })).result;
  };

  /** A first opinion, after a claim. */
  const assess = async (person: Person, number: string, assessment: object): Promise<Result> => {
    await claim(person, number);
    return step(person, 'assessCase', number, { assessment });
  };
  /** A second opinion, after a claim. */
  const review = async (person: Person, number: string, assessment: object): Promise<Result> => {
    await claim(person, number);
    return step(person, 'reviewCase', number, { assessment });
  };
  /** A case that two colleagues confirmed, claimed by the second. */
  const confirmedCase = async (first: Person, second: Person): Promise<string> => {
    const number = await makeCase();
    await assess(first, number, { ...confirmed, requestReview: true });
    await review(second, number, confirmed);
    await claim(second, number);
    return number;
  };

  return {
    ask,
    sql,
    colleague,
    makeCases,
    makeCase,
    addReports,
    read,
    claim,
    claimNext,
    release,
    step,
    assess,
    review,
    confirmedCase,
    close: () => database.end(),
  };
}
