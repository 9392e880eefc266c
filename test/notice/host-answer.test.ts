import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseWork, caseWork } from '../case/case-work.ts';
import { startMailServer } from '../support/mail-server.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { noticeWork } from './notice-work.ts';

const READ = `query ($token: String!) { hostNotice(token: $token) { reference language kind sentOn validUntil lines { line defangedAddress answer } } }`;
const ANSWER = `mutation ($input: AnswerHostNoticeInput!) { answerHostNotice(input: $input) {
  __typename ... on HostNotice { lines { answer } } ... on InvalidInputError { issues { path code } } ... on NotFoundError { code message } } }`;

describe('the link of a notice', () => {
  let platform: Platform;
  let work: CaseWork;
  let notice: ReturnType<typeof noticeWork>;
  let server: Awaited<ReturnType<typeof startMailServer>>;
  beforeAll(async () => {
    server = await startMailServer();
    platform = await startPlatform({ SMTP_URL: server.url });
    work = await caseWork(platform);
    notice = noticeWork(work);
  });
  afterAll(async () => {
    await work.close();
    await platform.stop();
    await server.stop();
  });

  const sent = async (howMany: number, language = 'en') => {
    const analyst = await work.colleague();
    const numbers = await notice.confirmedCases(analyst, howMany);
    const contact = await notice.makeContact({ language });
    for (const number of numbers) await notice.notify(analyst, number, contact, { urgent: true });
    server.taken.length = 0;
    await notice.sendDue();
    const text = server.taken[0]!.mail.text!;
    const [link = '', token = ''] = /http:\/\/localhost:\d+\/notice\/([\w-]{43})\n/.exec(text) ?? [];
    return { numbers, link: link.trim(), token, analyst };
  };
  const read = async (token: string) => (await work.ask('stranger', READ, { token })).hostNotice;
  const answer = async (token: string, answers: object[]) =>
    (await work.ask('stranger', ANSWER, { input: { token, answers } })).answerHostNotice;
  const form = (link: string, body: Record<string, string>) =>
    fetch(link, { method: 'POST', body: new URLSearchParams(body), headers: { 'sec-fetch-site': 'same-origin' } });

  it('opens the message for a stranger, defanged and to the day, and changes nothing by being opened', async () => {
    const { token, link, numbers } = await sent(2, 'fr');
    const shown = await read(token);
    expect(shown).toMatchObject({ kind: 'HOST_NOTICE', language: 'fr', sentOn: new Date().toISOString().slice(0, 10) });
    expect(shown.lines.map(({ defangedAddress }: { defangedAddress: string }) => defangedAddress.slice(0, 8))).toEqual([
      'hxxps://',
      'hxxps://',
    ]);
    const page = await fetch(link);
    expect(page.status).toBe(200);
    const html = await page.text();
    expect(html).toContain('lang="fr"');
    for (const { defangedAddress } of shown.lines) expect(html).toContain(defangedAddress);
    expect(html).not.toContain('https://made-');
    expect((await notice.readActions(numbers[0]!)).actions[0]).toMatchObject({
      answer: null,
      notice: { acknowledgedAt: null },
    });
  });

  it('takes answers by a form without script: removed makes the case due, and a later answer takes an earlier one’s place', async () => {
    const { token, link, numbers } = await sent(2);
    const { lines } = await read(token);
    const empty = await form(link, {});
    expect(empty.status).toBe(422);
    expect(await empty.text()).toContain('Choose an answer');
    const page = await form(link, { [`answer-${lines[0].line}`]: 'REMOVED', [`answer-${lines[1].line}`]: 'RECEIVED' });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Your answers were kept');
    expect((await notice.readActions(numbers[0]!)).actions[0]).toMatchObject({
      answer: 'REMOVED',
      notice: { acknowledgedAt: expect.any(String) },
    });
    const [due] = await work.sql('SELECT next_check_at <= now() AS due FROM cases WHERE number = $1', [numbers[0]]);
    expect(due).toEqual({ due: true });
    expect(await answer(token, [{ line: lines[0].line, answer: 'NOT_OURS' }])).toMatchObject({
      lines: [{ answer: 'NOT_OURS' }, { answer: 'RECEIVED' }],
    });
    const trail = await work.sql(
      `SELECT actor, detail FROM audit_entries WHERE action = 'HOST_ANSWER' AND stream = $1 ORDER BY seq`,
      [`case:${numbers[0]}`],
    );
    expect(trail.map(({ actor, detail }) => [actor, JSON.parse(detail).answer])).toEqual([
      ['stranger', 'REMOVED'],
      ['stranger', 'NOT_OURS'],
    ]);
  });

  it('counts an answer from when it was first given, however often it is given again', async () => {
    const { token, numbers } = await sent(1);
    const [{ line }] = (await read(token)).lines;
    const when = async () => {
      const [row] = await work.sql(
        `SELECT answered_at::text AS at FROM actions a JOIN cases c ON c.id = a.case_id WHERE c.number = $1`,
        [numbers[0]],
      );
      return row.at;
    };
    await answer(token, [{ line, answer: 'REMOVED' }]);
    const first = await when();
    await answer(token, [{ line, answer: 'REMOVED' }]);
    expect(await when()).toBe(first);
    await answer(token, [{ line, answer: 'RECEIVED' }]);
    expect(Date.parse(await when())).toBeGreaterThan(Date.parse(first));
  });

  it('answers the same to tokens that are unknown, altered, malformed and expired', async () => {
    const { token, link } = await sent(1);
    const altered = `${token.slice(0, 30)}${token[30] === 'A' ? 'B' : 'A'}${token.slice(31)}`;
    const tokens = ['', 'x', altered, token.toLowerCase(), `${token}A`, 'A'.repeat(43)];
    for (const wrong of tokens) expect(await read(wrong), wrong).toBeNull();
    const results = await Promise.all(tokens.map((wrong) => answer(wrong, [])));
    await work.sql(
      `UPDATE notices SET attempted_at = now() - interval '91 days', sent_at = now() - interval '91 days'`,
    );
    expect(await read(token)).toBeNull();
    results.push(await answer(token, []));
    expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
    expect(results[0]).toMatchObject({ __typename: 'NotFoundError' });
    const pages = await Promise.all(
      [link, link.replace(token, altered)].map(async (url) => {
        const page = await fetch(url);
        return [page.status, await page.text()];
      }),
    );
    expect(pages[0]).toEqual(pages[1]);
    expect(pages[0]![0]).toBe(404);
  });

  it('refuses lines of another message, double ones and none, all at once', async () => {
    const [mine, other] = [await sent(1), await sent(1)];
    const [{ line }] = (await read(mine.token)).lines;
    const [{ line: foreign }] = (await read(other.token)).lines;
    expect(
      await answer(mine.token, [
        { line: foreign, answer: 'REMOVED' },
        { line: 'x', answer: 'REMOVED' },
      ]),
    ).toMatchObject({
      issues: [{ path: ['input', 'answers', '0', 'line'] }, { path: ['input', 'answers', '1', 'line'] }],
    });
    const twice = [
      { line, answer: 'REMOVED' },
      { line, answer: 'RECEIVED' },
    ];
    for (const answers of [[], twice])
      expect(await answer(mine.token, answers)).toMatchObject({ __typename: 'InvalidInputError' });
    expect((await read(mine.token)).lines[0].answer).toBeNull();
  });
});
