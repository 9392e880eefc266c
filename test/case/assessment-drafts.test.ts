import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Platform, startPlatform } from '../support/platform.ts';
import { statementsOf } from '../support/statements.ts';
import { type CaseWork, caseWork, confirmed, dismissed, type Person, type Result } from './case-work.ts';

type Colleague = Awaited<ReturnType<CaseWork['colleague']>>;

const DRAFT = 'draft { savedAt verdict reason severity youngestAge form coerced requestListing requestReview note }';
const WORDS = 'Words that are not signed.';

describe('an opinion', () => {
  let platform: Platform;
  let work: CaseWork;
  let first: Colleague;
  let second: Colleague;
  beforeAll(async () => {
    platform = await startPlatform();
    work = await caseWork(platform);
    [first, second] = [await work.colleague(), await work.colleague()];
  });
  afterAll(async () => {
    await work.close();
    await platform.stop();
  });

  const save = async (person: Person, number: string, assessment: object): Promise<Result> => {
    const query = `mutation ($input: SaveAssessmentDraftInput!) { saveAssessmentDraft(input: $input) {
      __typename ... on Case { version ${DRAFT} claim { leaseUntil } } ... on Error { code } ... on InvalidInputError { issues { path code } } } }`;
    return (await work.ask(person, query, { input: { case: number, assessment } })).saveAssessmentDraft;
  };
  const draftOf = async (person: Person, number: string): Promise<Result> =>
    (await work.ask(person, `query ($n: String!) { case(number: $n) { ${DRAFT} } }`, { n: number })).case.draft;

  it('may be kept unfinished and with faults, and is there again for its author, over what was kept before', async () => {
    const number = await work.makeCase();
    await work.claim(first, number);
    const { version } = await work.read(number);
    await save(first, number, { verdict: 'NOT_ACTIONABLE', reason: 'OFF_REMIT' });
    const kept = await save(first, number, { severity: 'A', coerced: true, requestListing: true, note: WORDS });
    expect(kept).toMatchObject({ __typename: 'Case', version });
    const draft = { verdict: null, reason: null, severity: 'A', coerced: true, requestListing: true, note: WORDS };
    expect(kept.draft).toMatchObject(draft);
    expect(await draftOf(first, number)).toMatchObject({ ...draft, savedAt: expect.any(String) });
  });

  it('is nobody else’s to see while it is not signed, and nobody’s to read in the tables', async () => {
    const number = await work.makeCase();
    await work.claim(first, number);
    await save(first, number, { ...confirmed, note: WORDS });
    for (const person of [second, 'supervisor'] as const) expect(await draftOf(person, number)).toBeNull();
    const [{ answers }] = await work.sql(
      'SELECT answers FROM assessment_drafts d JOIN cases c ON c.id = d.case_id WHERE number = $1',
      [number],
    );
    expect(answers.toString('latin1')).not.toMatch(/Words|ACTIONABLE/);
    const { auditTrail } = await work.ask(
      'supervisor',
      'query ($n: String!) { auditTrail(case: $n, first: 20) { edges { node { action detail } } } }',
      { n: number },
    );
    const entry = auditTrail.edges.find(({ node }: Result) => node.action === 'SAVE_DRAFT');
    expect(entry.node.detail).toBe('{}');
    await work.release(first, number);
  });

  it('costs no statement more on a page of cases, with what was assessed in bulk and appealed against', async () => {
    const statements = async (fields: string) => {
      const query = `{ cases(first: 50) { edges { node { number ${fields} } } } }`;
      return (await statementsOf(() => work.ask(first, query))).statements.length;
    };
    await work.makeCases(20);
    const plain = await statements('');
    const more = `undoUntil bulk { id undoUntil } appeals { reference state decidedBy { name } } ${DRAFT}`;
    expect(await statements(more)).toBe(plain);
  });

  it('is kept by whoever holds the case, for a case that waits for an opinion, without a file in its words', async () => {
    const number = await work.makeCase();
    expect(await save(second, number, confirmed)).toMatchObject({ code: 'NOT_CLAIMED' });
    expect(await save(second, 'C-999999', confirmed)).toMatchObject({ code: 'NOT_FOUND' });
    await work.claim(second, number);
    const note = `data:image/png;base64,${'A'.repeat(80)}`;
    expect(await save(second, number, { note })).toMatchObject({
      issues: [{ path: ['input', 'assessment', 'note'], code: 'ENCODED_BLOB' }],
    });
    await work.step(second, 'assessCase', number, { assessment: confirmed });
    expect(await save(second, number, confirmed)).toMatchObject({ code: 'INVALID_TRANSITION' });
    await work.release(second, number);
  });

  it('takes its author’s draft with it when it is signed, and everybody’s when no further one is owed', async () => {
    const number = await work.makeCase();
    await work.claim(second, number);
    await save(second, number, dismissed);
    await work.release(second, number);
    await work.claim(first, number);
    await save(first, number, confirmed);
    await work.step(first, 'assessCase', number, { assessment: { ...confirmed, requestReview: true } });
    expect(await draftOf(first, number)).toBeNull();
    expect(await draftOf(second, number)).toMatchObject({ verdict: 'NOT_ACTIONABLE' });
    const third = await work.colleague();
    await work.review(third, number, confirmed);
    expect(await draftOf(second, number)).toBeNull();
  });

  it('that asks for the URL list needs a second one, after which the address can be listed', async () => {
    const number = await work.makeCase();
    const answers = { ...confirmed, requestListing: true };
    expect(await work.assess(first, number, answers)).toMatchObject({ state: 'AWAITING_REVIEW' });
    expect(await work.review(second, number, confirmed)).toMatchObject({ reviewReasons: ['URL_LIST'] });
    expect(await work.step(second, 'listAddress', number)).toMatchObject({ listed: true });
    await work.release(second, number);
    const refused = await work.assess(first, await work.makeCase(), { ...dismissed, requestListing: true });
    expect(refused.issues).toMatchObject([{ path: ['input', 'assessment', 'requestListing'], code: 'NOT_ALLOWED' }]);
  });
});
