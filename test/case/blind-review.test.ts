import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Platform, startPlatform } from '../support/platform.ts';
import { type CaseWork, caseWork, confirmed, dismissed, type Person } from './case-work.ts';

const SECRET_WORDS = 'Words of the first analyst.';
// All that could tell a first opinion, wherever a case is given.
const EVERYTHING = `number state outcome version priority reviewReasons allowedEvents listed heldUntil
  assessments { round verdict reason severity youngestAge sex form note assessor { name } } notes { text author { name } }
  traces { placement } actions { kind } observations { seen } clock { assessed traced hostTold policeTold hotlineTold firstSeenGone }`;

describe('a second opinion is blind', () => {
  let platform: Platform;
  let work: CaseWork;
  beforeAll(async () => {
    platform = await startPlatform();
    work = await caseWork(platform);
  });
  afterAll(async () => {
    await work.close();
    await platform.stop();
  });

  // The same case once with each first opinion: what a person sees of the two must be the same to the letter.
  const twoCases = async (first: Person) => {
    const numbers = await work.makeCases(2);
    const opinions = [{ ...confirmed, youngestAge: 'AGE_16_17' }, dismissed];
    for (const [index, number] of numbers.entries()) {
      await work.claim(first, number);
      await work.step(first, 'addCaseNote', number, { text: SECRET_WORDS });
      const assessment = { ...opinions[index], note: SECRET_WORDS, requestReview: true };
      expect(await work.step(first, 'assessCase', number, { assessment })).toMatchObject({ state: 'AWAITING_REVIEW' });
    }
    return numbers as [string, string];
  };
  const asOne = (text: unknown, number: string) => JSON.stringify(text).replaceAll(number, 'THE CASE');

  it('in case, cases, every result and the audit trail, for everybody but the author', async () => {
    const [first, second] = [await work.colleague(), await work.colleague()];
    const [supervisor, another] = [await work.colleague('SUPERVISOR'), await work.colleague()];
    const numbers = await twoCases(first);
    const ways: [string, (number: string, person: Person) => Promise<unknown>][] = [
      ['case', (n, p) => work.ask(p, `query ($n: String!) { case(number: $n) { ${EVERYTHING} } }`, { n })],
      [
        'cases',
        async (n, p) => {
          const { cases } = await work.ask(
            p,
            `{ cases(first: 2, filter: { states: [AWAITING_REVIEW] }) { edges { node { number state version reviewReasons assessments { verdict } notes { text } clock { assessed } } } } }`,
          );
          return cases.edges.find(({ node }: { node: { number: string } }) => node.number === n).node;
        },
      ],
      [
        'claimCase',
        (n, p) =>
          work.ask(p, `mutation ($n: String!) { claimCase(number: $n) { ... on Case { ${EVERYTHING} } } }`, { n }),
      ],
      [
        'addCaseNote',
        async (n, p) => {
          const { version } = await work.read(n, p);
          const input = { case: n, version, text: 'Mine.' };
          return work.ask(
            p,
            `mutation ($input: AddCaseNoteInput!) { addCaseNote(input: $input) { ... on Case { ${EVERYTHING} } } }`,
            { input },
          );
        },
      ],
      ['a step that is refused', (n, p) => work.step(p, 'notifyHost', n)],
      [
        'releaseCase',
        (n, p) =>
          work.ask(p, `mutation ($n: String!) { releaseCase(number: $n) { ... on Case { ${EVERYTHING} } } }`, { n }),
      ],
    ];
    for (const person of [second, another, supervisor]) {
      for (const [way, look] of ways) {
        const seen = [];
        for (const number of numbers) seen.push(asOne(await look(number, person), number));
        expect(seen[0], way).toBe(seen[1]);
        expect(seen[0], way).not.toContain(SECRET_WORDS);
        expect(seen[0], way).not.toContain(first.name);
      }
    }
    const details = await Promise.all(
      numbers.map(async (number) => {
        const query = `query ($n: String!) { auditTrail(case: $n, first: 40) { edges { node { action actor subjects detail } } } }`;
        const { auditTrail } = await work.ask(supervisor, query, { n: number });
        const entries = auditTrail.edges.map(({ node }: { node: { action: string } }) => node);
        return asOne(
          entries.filter(({ action }: { action: string }) => action === 'ASSESS' || action === 'NOTE'),
          number,
        );
      }),
    );
    expect(details[0]).toContain('ASSESS');
    expect(details[0]).toBe(details[1]);

    const own = await work.read(numbers[0], first);
    expect(own).toMatchObject({
      assessments: [{ verdict: 'ACTIONABLE', note: SECRET_WORDS }],
      notes: [{ text: SECRET_WORDS }],
    });
    expect(await work.review(second, numbers[0], { ...confirmed, youngestAge: 'AGE_16_17' })).toMatchObject({
      state: 'AWAITING_ACTION',
      reviewReasons: expect.arrayContaining(['AGE_16_17', 'REQUESTED']),
      assessments: [{ note: SECRET_WORDS, assessor: { name: first.name } }, { round: 'SECOND' }],
    });
  });

  it('also in the priority of other cases on the host, which counts confirmed content only', async () => {
    const { prioritiseCases } = await import('../../src/case/prioritise-cases.ts');
    const [first, second] = [await work.colleague(), await work.colleague()];
    const [judged, neighbour] = (await work.makeCases(2)) as [string, string];
    const priority = async () => {
      const [row] = await work.sql('SELECT id FROM cases WHERE number = $1', [neighbour]);
      await prioritiseCases([row.id], new Date());
      return (await work.read(neighbour)).priority;
    };
    const before = await priority();
    await work.assess(first, judged, { ...confirmed, requestReview: true });
    expect(await priority()).toBe(before);
    await work.review(second, judged, confirmed);
    expect(await priority()).toBeGreaterThan(before);
  });

  it('of two reviewers at once, one is heard', async () => {
    const [first, second] = [await work.colleague(), await work.colleague()];
    const number = await work.makeCase();
    await work.assess(first, number, { ...confirmed, requestReview: true });
    await work.claim(second, number);
    const { version } = await work.read(number);
    const results = await Promise.all(
      [confirmed, dismissed].map((assessment) => work.step(second, 'reviewCase', number, { version, assessment })),
    );
    expect(results.map(({ __typename }) => __typename).sort()).toEqual(['Case', 'StaleCaseError']);
    expect(
      await work.sql(
        `SELECT FROM assessments a JOIN cases c ON c.id = a.case_id WHERE number = $1 AND round = 'SECOND'`,
        [number],
      ),
    ).toHaveLength(1);
  });
});
