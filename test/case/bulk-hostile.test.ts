import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Platform, startPlatform } from '../support/platform.ts';
import { type CaseWork, caseWork, confirmed, type Person, type Result } from './case-work.ts';

describe('a bulk assessment that is taken back', () => {
  let platform: Platform;
  let work: CaseWork;
  let first: Awaited<ReturnType<CaseWork['colleague']>>;
  let second: Awaited<ReturnType<CaseWork['colleague']>>;
  beforeAll(async () => {
    platform = await startPlatform();
    work = await caseWork(platform);
    [first, second] = [await work.colleague(), await work.colleague()];
  });
  afterAll(async () => {
    await work.close();
    await platform.stop();
  });

  const assessTwo = async (): Promise<{ numbers: string[]; id: string }> => {
    const numbers = await work.makeCases(2);
    await work.claim(first, numbers[0]!);
    const query = `mutation ($input: AssessSimilarCasesInput!) { assessSimilarCases(input: $input) { ... on BulkAssessment { id } } }`;
    const input = { case: numbers[0], version: 1, assessment: confirmed, others: [{ case: numbers[1], version: 1 }] };
    const { id } = (await work.ask(first, query, { input })).assessSimilarCases;
    await work.release(first, numbers[0]!);
    return { numbers, id };
  };
  const undo = async (id: string): Promise<Result> => {
    const query = `mutation ($id: ID!) { undoBulkAssessment(id: $id) { ... on UndoneBulk { undone { number } left { number } } } }`;
    return (await work.ask(first, query, { id })).undoBulkAssessment;
  };

  it('tells the colleague who is to give a blind second opinion nothing of what its author said before', async () => {
    const { numbers, id } = await assessTwo();
    await undo(id);
    await work.assess(first, numbers[0]!, { ...confirmed, requestReview: true });
    const seenBy = async (person: Person) =>
      (
        await work.ask(person, 'query ($n: String!) { case(number: $n) { state assessments { round verdict } } }', {
          n: numbers[0],
        })
      ).case;
    expect(await seenBy(second)).toEqual({ state: 'AWAITING_REVIEW', assessments: [] });
    expect((await seenBy(first)).assessments).toHaveLength(2);
  });

  it('leads nobody but its author from one of its cases to the others, of which one may tell what was said of all', async () => {
    const { numbers } = await assessTwo();
    const led = async (person: Person) =>
      (
        await work.ask(
          person,
          'query ($n: String!) { case(number: $n) { bulk { id cases { number assessments { verdict } } } } }',
          {
            n: numbers[0],
          },
        )
      ).case.bulk;
    expect((await led(first)).cases).toHaveLength(2);
    expect(await led(second)).toEqual({ id: expect.any(String), cases: [] });
  });

  it('leaves a case whose message is under way, though nobody knows yet that it left', async () => {
    const { numbers, id } = await assessTwo();
    await work.sql(
      `WITH host AS (
         INSERT INTO contacts (id, kind, name, email, updated_at) VALUES (uuidv7(), 'HOST', 'Host', 'abuse@host.example', now()) RETURNING id
       ), message AS (
         INSERT INTO notices (id, contact_id, kind, state, queued_at, send_after, attempts, attempted_at, message_id)
         SELECT uuidv7(), id, 'HOST_NOTICE', 'SENDING', now(), now(), 1, now(), '<under-way@hotline.example>' FROM host RETURNING id
       ), told AS (
         UPDATE cases SET state = 'AWAITING_REMOVAL' WHERE number = $1 RETURNING id
       )
       INSERT INTO actions (id, case_id, episode_id, kind, recipient, queued_at, notice_id)
       SELECT uuidv7(), told.id, e.id, 'HOST_NOTICE', 'Host', now(), message.id
       FROM told, message, episodes e WHERE e.case_id = told.id`,
      [numbers[1]],
    );
    expect(await undo(id)).toMatchObject({ undone: [{ number: numbers[0] }], left: [{ number: numbers[1] }] });
  });
});
