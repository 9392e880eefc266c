import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Platform, startPlatform } from '../support/platform.ts';
import { type CaseWork, caseWork, confirmed, dismissed } from './case-work.ts';

type Colleague = Awaited<ReturnType<CaseWork['colleague']>>;

describe('a step that is sent again under the same key', () => {
  let platform: Platform;
  let work: CaseWork;
  let person: Colleague;
  let other: Colleague;
  beforeAll(async () => {
    platform = await startPlatform();
    work = await caseWork(platform);
    [person, other] = [await work.colleague(), await work.colleague()];
  });
  afterAll(async () => {
    await work.close();
    await platform.stop();
  });
  const count = async (table: string, number: string) =>
    (await work.sql(`SELECT FROM ${table} t JOIN cases c ON c.id = t.case_id WHERE c.number = $1`, [number])).length;

  it('is taken once and answered twice, also after others went on', async () => {
    const number = await work.makeCase();
    await work.claim(person, number);
    const input = { version: 1, idempotencyKey: randomUUID(), assessment: { ...confirmed, requestReview: true } };
    const answer = await work.step(person, 'assessCase', number, input);
    expect(answer).toMatchObject({ state: 'AWAITING_REVIEW', version: 2 });
    expect(await work.step(person, 'assessCase', number, input)).toEqual(answer);
    await work.step(other, 'addCaseNote', number);
    expect(await work.step(person, 'assessCase', number, input)).toMatchObject({ __typename: 'Case', version: 3 });
    expect(await count('assessments', number)).toBe(1);
  });

  it('is taken once of ten retries at once', async () => {
    const number = await work.makeCase();
    const input = { version: 1, idempotencyKey: randomUUID(), text: 'Once.' };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => work.step(person, 'addCaseNote', number, input)),
    );
    expect(answers.map(({ __typename, version }) => [__typename, version])).toEqual(Array(10).fill(['Case', 2]));
    expect(await count('case_notes', number)).toBe(1);
  });

  it('is a conflict with another input, another step or another case', async () => {
    const [number, another] = (await work.makeCases(2)) as [string, string];
    const idempotencyKey = randomUUID();
    await work.step(person, 'addCaseNote', number, { version: 1, idempotencyKey, text: 'First.' });
    for (const conflict of [
      await work.step(person, 'addCaseNote', number, { version: 1, idempotencyKey, text: 'Second.' }),
      await work.step(person, 'addCaseNote', number, { version: 2, idempotencyKey, text: 'First.' }),
      await work.step(person, 'recordObservation', number, { version: 1, idempotencyKey }),
      await work.step(person, 'addCaseNote', another, { version: 1, idempotencyKey, text: 'First.' }),
    ])
      expect(conflict).toMatchObject({ __typename: 'IdempotencyConflictError', code: 'IDEMPOTENCY_CONFLICT' });
    expect(await count('case_notes', number)).toBe(1);
    expect(await count('case_notes', another)).toBe(0);
  });

  it('is a conflict, not a failure, for two cases at once', async () => {
    const numbers = await work.makeCases(8);
    const idempotencyKey = randomUUID();
    const answers = await Promise.all(
      numbers.map((number) => work.step(person, 'addCaseNote', number, { version: 1, idempotencyKey })),
    );
    expect(answers.map(({ code }) => code).sort()).toEqual([...Array(7).fill('IDEMPOTENCY_CONFLICT'), undefined]);
  });

  it('is another person’s own step', async () => {
    const number = await work.makeCase();
    const idempotencyKey = randomUUID();
    await work.step(person, 'addCaseNote', number, { version: 1, idempotencyKey, text: 'Mine.' });
    const theirs = await work.step(other, 'addCaseNote', number, { version: 2, idempotencyKey, text: 'Theirs.' });
    expect(theirs).toMatchObject({ version: 3, notes: [{ text: 'Mine.' }, { text: 'Theirs.' }] });
  });

  it('is tried anew where the first try was refused, since nothing was kept of it', async () => {
    const number = await work.makeCase();
    const input = { version: 1, idempotencyKey: randomUUID(), assessment: { ...dismissed, requestReview: true } };
    expect(await work.step(person, 'assessCase', number, input)).toMatchObject({ code: 'NOT_CLAIMED' });
    await work.claim(person, number);
    expect(await work.step(person, 'assessCase', number, input)).toMatchObject({ state: 'AWAITING_REVIEW' });
  });
});
