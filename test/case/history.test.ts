import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Platform, startPlatform } from '../support/platform.ts';
import { statementsOf } from '../support/statements.ts';
import { type CaseWork, caseWork, confirmed, dismissed, type Person, type Result } from './case-work.ts';

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

type Event = { at: string; who: string; what: string; sentence: string; from: string; to: string; detail: string };

const historyOf = async (number: string, person: Person, args = ''): Promise<Event[]> => {
  const query = `query ($n: String!) { case(number: $n) {
    history${args} { edges { node { at who what sentence from to detail } } pageInfo { hasNextPage endCursor } } } }`;
  const { history } = (await work.ask(person, query, { n: number })).case;
  return history.edges.map(({ node }: { node: Event }) => node);
};
const sentences = (events: Event[]) => events.map(({ sentence }) => sentence);

describe('the history of a case', () => {
  it('reads as a story: who, what, when, from which to which', async () => {
    const [first, second] = [await work.colleague(), await work.colleague()];
    await work.ask(
      'stranger',
      `mutation { submitReport(input: { portal: "ke", address: "https://story.example/" }) { ... on ReportReceipt { accessCode } } }`,
    );
    const [{ number }] = await work.sql(`SELECT number FROM cases WHERE host = 'story.example'`);
    await work.assess(first, number, { ...confirmed, requestReview: true });
    await work.review(second, number, confirmed);
    await work.claim(second, number);
    await work.step(second, 'holdCase', number, { until: new Date(Date.now() + 5 * 86_400_000).toISOString() });
    await work.step(second, 'releaseHold', number);
    await work.claim(second, number);
    await work.step(second, 'notifyHost', number);
    await work.step(second, 'recordObservation', number, { seen: 'GONE' });

    const story = await historyOf(number, 'analyst');
    const until = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
    expect(sentences(story)).toEqual([
      'Somebody reported it through portal ke.',
      `${first.name} took it.`,
      `${first.name} gave a first opinion: now awaiting review.`,
      `${second.name} took it.`,
      `${second.name} gave a second opinion: now awaiting action.`,
      `${second.name} took it.`,
      `${second.name} put it on hold for the police until ${until}: now on hold.`,
      `${second.name} ended the hold: now awaiting action.`,
      `${second.name} took it.`,
      `${second.name} had the host told: now awaiting removal.`,
      `${second.name} saw it gone: now removed.`,
    ]);
    expect(story.map(({ at }) => at)).toEqual(story.map(({ at }) => at).sort());
    expect(story[4]).toMatchObject({
      who: second.name,
      what: 'REVIEW',
      from: 'AWAITING_REVIEW',
      to: 'AWAITING_ACTION',
    });
  });

  it('tells who only looked when it is asked to', async () => {
    const number = await work.makeCase();
    await work.read(number, 'analyst');
    expect(await historyOf(number, 'analyst2')).toEqual([]);
    const all = await historyOf(number, 'supervisor', '(includeReads: true)');
    expect(all.map(({ what }) => what)).toEqual(['READ', 'READ', 'READ']);
    expect(all[0]?.sentence).toMatch(/ looked at it\.$/);
  });

  it('has a page for each hundred, with nothing twice and nothing left out', async () => {
    const number = await work.makeCase();
    for (let n = 0; n < 5; n += 1) await work.step('analyst', 'addCaseNote', number, { text: `Note ${n}` });
    const seen: string[] = [];
    for (let after: string | null = null; ; ) {
      const query = `query ($n: String!, $after: String) { case(number: $n) { history(first: 2, after: $after) { edges { node { at } } pageInfo { hasNextPage endCursor } } } }`;
      const { history }: Result = (await work.ask('analyst', query, { n: number, after })).case;
      seen.push(...history.edges.map(({ node }: { node: Event }) => node.at));
      if (!history.pageInfo.hasNextPage) break;
      after = history.pageInfo.endCursor;
    }
    expect(seen).toHaveLength(5);
    expect(seen).toEqual([...seen].sort());
  });

  it('tells nothing of a first opinion while a second one is owed', async () => {
    const [first, second] = [await work.colleague(), await work.colleague()];
    const numbers = await work.makeCases(2);
    const opinions = [{ ...confirmed, youngestAge: 'AGE_16_17' }, dismissed];
    const told: unknown[] = [];
    for (const [index, number] of numbers.entries()) {
      await work.assess(first, number, { ...opinions[index], requestReview: true });
      const story = await historyOf(number, second);
      expect(story.every(({ detail }) => detail === null)).toBe(true);
      told.push(story.map(({ at, ...event }) => event));
    }
    expect(told[0]).toEqual(told[1]);
  });

  it('costs no more for a page of a hundred cases than for one', async () => {
    const query = (size: number) =>
      `{ cases(first: ${size}) { edges { node { number history(first: 3) { edges { node { sentence } } } } } } }`;
    await work.makeCases(60);
    const costOf = async (size: number) => {
      const { statements } = await statementsOf(() => work.ask('analyst', query(size)));
      return statements.length;
    };
    await costOf(1);
    const one = await costOf(1);
    expect(await costOf(60)).toBe(one);
    expect(one).toBeLessThanOrEqual(8);
  });
});
