import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseWork, caseWork, confirmed, type Result } from '../case/case-work.ts';
import { type Platform, startPlatform } from '../support/platform.ts';

const HAND_OVER = `mutation ($input: HandOverCaseInput!) { result: handOverCase(input: $input) {
  __typename ... on Case { number version claim { by { name } } handedTo { id name } handedUntil notes { text author { name } } }
  ... on Error { code message } ... on InvalidInputError { issues { path code } } } }`;
const HOUR_MS = 3_600_000;

describe('a hand-over', () => {
  let platform: Platform;
  let work: CaseWork;
  let giver: Awaited<ReturnType<CaseWork['colleague']>>;
  let taker: typeof giver;
  let other: typeof giver;
  let supervisor: typeof giver;
  beforeAll(async () => {
    platform = await startPlatform();
    work = await caseWork(platform);
    [giver, taker, other] = [await work.colleague(), await work.colleague(), await work.colleague()];
    supervisor = await work.colleague('SUPERVISOR');
  });
  afterAll(async () => {
    await work.close();
    await platform.stop();
  });

  const handOver = async (number: string, more: object = {}): Promise<Result> => {
    const [{ version }] = await work.sql('SELECT version FROM cases WHERE number = $1', [number]);
    const input = { case: number, version, to: taker.id, note: 'The registrar was asked already.', ...more };
    return (await work.ask(giver, HAND_OVER, { input })).result;
  };
  const held = async () => {
    const number = await work.makeCase();
    await work.claim(giver, number);
    return number;
  };
  const empty = () =>
    work.sql(
      `WITH ended AS (UPDATE claims SET ended_at = now() WHERE ended_at IS NULL)
       UPDATE cases SET state = 'CLOSED', outcome = 'NOT_ACTIONABLE', handed_to_id = NULL, handed_until = NULL`,
    );

  it('ends the claim and keeps the case for the colleague for eight hours, with the note', async () => {
    const number = await held();
    const handed = await handOver(number);
    expect(handed).toMatchObject({
      number,
      version: 2,
      claim: null,
      handedTo: { id: taker.id, name: taker.name },
      notes: [{ text: 'The registrar was asked already.', author: { name: giver.name } }],
    });
    expect(Math.abs(Date.parse(handed.handedUntil) - Date.now() - 8 * HOUR_MS)).toBeLessThan(60_000);
    const [entry] = await work.sql(
      `SELECT actor, detail::jsonb ->> 'colleague' AS colleague FROM audit_entries WHERE action = 'HAND_OVER'`,
    );
    expect(entry).toEqual({ actor: `account:${giver.id}`, colleague: taker.id });
    await empty();
  });

  it('comes first when the colleague asks, before all that is more urgent, and to nobody else meanwhile', async () => {
    const number = await held();
    await handOver(number);
    const [urgent, next] = await work.makeCases(2, { priority: 900 });
    for (const person of [giver, other])
      expect(await work.claim(person, number)).toMatchObject({
        code: 'ALREADY_CLAIMED',
        message: expect.stringContaining('kept for a colleague'),
      });
    expect(await work.claimNext(other)).toMatchObject({ number: urgent });
    expect(await work.claimNext(taker)).toMatchObject({ number });
    const query = 'query ($n: String!) { case(number: $n) { handedTo { name } handedUntil claim { by { name } } } }';
    expect((await work.ask(taker, query, { n: number })).case).toEqual({
      handedTo: null,
      handedUntil: null,
      claim: { by: { name: taker.name } },
    });
    expect(await work.claimNext(giver)).toMatchObject({ number: next });
    await empty();
  });

  it('is found by the colleague among what waits for them, and by nobody else', async () => {
    const number = await held();
    await handOver(number);
    const numbers = async (person: typeof giver, filter: object) =>
      (
        await work.ask(person, 'query ($filter: CaseFilter) { cases(filter: $filter) { edges { node { number } } } }', {
          filter,
        })
      ).cases.edges.map(({ node }: Result) => node.number);
    expect(await numbers(taker, { handedToMe: true })).toEqual([number]);
    expect(await numbers(taker, { waitingForMe: true })).toEqual([number]);
    expect(await numbers(other, { handedToMe: true })).toEqual([]);
    expect(await numbers(other, { waitingForMe: true })).toEqual([]);
    await empty();
  });

  it('may be taken by a supervisor, and is everybody’s again once the time is over', async () => {
    const [first, second] = [await held(), await held()];
    await handOver(first);
    await handOver(second);
    expect(await work.claimNext(supervisor)).toMatchObject({ code: 'QUEUE_EMPTY' });
    expect(await work.claim(supervisor, first)).toMatchObject({ number: first });
    await work.release(supervisor, first);
    expect(await work.claimNext(other)).toMatchObject({ number: first });
    await work.sql(`UPDATE cases SET handed_until = now() - interval '1 second' WHERE number = $1`, [second]);
    expect(await work.claimNext(other)).toMatchObject({ number: second });
    await empty();
  });

  it('is refused to whom the case cannot go, without a word of what they did on it', async () => {
    const number = await work.makeCase();
    await work.assess(other, number, { ...confirmed, requestReview: true });
    await work.claim(giver, number);
    const disabled = await work.colleague();
    await work.sql('UPDATE accounts SET disabled_at = now() WHERE id = $1', [disabled.id]);
    const [{ id: administrator }] = await work.sql(`SELECT id FROM accounts WHERE role = 'ADMINISTRATOR'`);
    const refused = async (to: string) => (await handOver(number, { to })).issues;
    const issue = (code: string) => [{ path: ['input', 'to'], code }];
    expect(await refused(giver.id)).toEqual(issue('YOURSELF'));
    for (const to of [disabled.id, administrator, 'nobody', '019b0000-0000-7000-8000-000000000000'])
      expect(await refused(to)).toEqual(issue('NOT_A_COLLEAGUE'));
    expect(await refused(other.id)).toEqual(issue('MAY_NOT_TAKE_IT'));
    expect(await handOver(number)).toMatchObject({ handedTo: { id: taker.id } });
    await empty();
  });

  it('needs the claim, the version and words', async () => {
    const number = await held();
    expect((await handOver(number, { note: ' ' })).issues).toEqual([{ path: ['input', 'note'], code: 'TOO_SHORT' }]);
    expect((await handOver(number, { note: `data:image/png;base64,${'A'.repeat(200)}` })).issues).toEqual([
      { path: ['input', 'note'], code: 'ENCODED_BLOB' },
    ]);
    expect(await handOver(number, { version: 7 })).toMatchObject({ code: 'STALE_CASE' });
    await work.release(giver, number);
    expect(await handOver(number)).toMatchObject({ code: 'NOT_CLAIMED' });
    await empty();
  });

  it('ends with the account: what a colleague held or was handed goes back to the queue when they leave', async () => {
    const leaver = await work.colleague();
    const [kept, holding] = [await held(), await work.makeCase()];
    await handOver(kept, { to: leaver.id });
    await work.claim(leaver, holding);
    const names = async () =>
      (await work.ask(giver, '{ colleagues { id name } }')).colleagues.map(({ id }: Result) => id);
    expect(await names()).toContain(leaver.id);
    await work.ask('admin', 'mutation ($id: ID!) { disableAccount(id: $id) { __typename } }', { id: leaver.id });
    expect(await names()).not.toContain(leaver.id);
    const next = [(await work.claimNext(other)).number, (await work.claimNext(other)).number];
    expect(next.sort()).toEqual([kept, holding].sort());
    await empty();
  });
});
