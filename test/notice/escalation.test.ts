import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CaseWork, caseWork } from '../case/case-work.ts';
import { startMailServer } from '../support/mail-server.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { noticeWork } from './notice-work.ts';

const ANSWER = `mutation ($input: AnswerHostNoticeInput!) { answerHostNotice(input: $input) { __typename } }`;
const READ = `query ($token: String!) { hostNotice(token: $token) { lines { line } } }`;

describe('a notice without effect', () => {
  let platform: Platform;
  let work: CaseWork;
  let notice: ReturnType<typeof noticeWork>;
  let server: Awaited<ReturnType<typeof startMailServer>>;
  let number: string;
  let analyst: Awaited<ReturnType<CaseWork['colleague']>>;
  beforeAll(async () => {
    server = await startMailServer();
    platform = await startPlatform({ SMTP_URL: server.url, NOTICE_WINDOW_SECONDS: '0' });
    work = await caseWork(platform);
    notice = noticeWork(work);
  });
  beforeEach(async () => {
    await work.sql(`UPDATE notices SET state = 'WITHDRAWN'`);
    await work.sql(`UPDATE contacts SET retired_at = now()`);
    server.taken.length = 0;
    analyst = await work.colleague();
    [number] = (await notice.confirmedCases(analyst, 1)) as [string];
  });
  afterAll(async () => {
    await work.close();
    await platform.stop();
    await server.stop();
  });

  /** Lets hours pass, and the schedule run. */
  const pass = async (hours: number) => {
    await notice.passTime(hours);
    await work.sql(
      `UPDATE actions SET answered_at = answered_at - $1 * interval '1 hour', queued_at = queued_at - $1 * interval '1 hour'`,
      [hours],
    );
    await notice.escalate();
    await notice.sendDue();
  };
  const steps = async () =>
    (await notice.readActions(number)).actions.map(
      ({ step, recipient }: { step: string; recipient: string }) => `${step} ${recipient}`,
    );
  const answer = async (said: string) => {
    const [, token = ''] = /\/notice\/([\w-]{43})/.exec(server.taken.at(-1)!.mail.text!) ?? [];
    const { hostNotice } = await work.ask('stranger', READ, { token });
    await work.ask('stranger', ANSWER, {
      input: { token, answers: [{ line: hostNotice.lines[0].line, answer: said }] },
    });
  };
  const trace = () =>
    work.sql(
      `INSERT INTO host_traces (id, case_id, episode_id, method, tool, placement, country, network, answer, at)
       SELECT uuidv7(), c.id, e.id, 'REGISTRATION', 'test', 'COUNTRY', 'NL', 'AS64500 EXAMPLE-NET', '{"registrar": "Registrar of Example"}', now()
       FROM cases c JOIN episodes e ON e.case_id = c.id WHERE c.number = $1`,
      [number],
    );
  const tellHost = async () => {
    await notice.notify(analyst, number, await notice.makeContact({ name: 'Host' }));
    await notice.sendDue();
  };

  it('is followed by a reminder, then by the upstream network, then by the registrar, each once', async () => {
    await trace();
    await notice.makeContact({ kind: 'UPSTREAM', name: 'Network', networks: [64500] });
    await notice.makeContact({ kind: 'REGISTRAR', name: 'Registrar of Example' });
    await tellHost();
    await pass(23);
    expect(await steps()).toEqual(['FIRST Host']);
    await pass(1);
    expect(await steps()).toEqual(['FIRST Host', 'REMINDER Host']);
    expect(server.taken.at(-1)!.mail.subject).toMatch(/^Reminder: /);
    expect(server.taken.at(-1)!.mail.text).toContain('We wrote to you about this on');
    await pass(25);
    await pass(25);
    await pass(25);
    await pass(25);
    expect(await steps()).toEqual([
      'FIRST Host',
      'REMINDER Host',
      'UPSTREAM Network',
      'REGISTRAR Registrar of Example',
    ]);
    expect(server.taken).toHaveLength(4);
    const { actions } = await notice.readActions(number);
    expect(actions.map(({ sentBy }: { sentBy: object | null }) => sentBy)).toEqual([
      { name: analyst.name },
      null,
      null,
      null,
    ]);
  });

  it('leaves a step out for which the registry has nobody, and the trail says so', async () => {
    await trace();
    await notice.makeContact({ kind: 'REGISTRAR', name: 'REGISTRAR OF EXAMPLE' });
    await tellHost();
    await pass(24);
    await pass(25);
    expect(await steps()).toEqual(['FIRST Host', 'REMINDER Host', 'REGISTRAR REGISTRAR OF EXAMPLE']);
    const trail = await work.sql(`SELECT detail FROM audit_entries WHERE action = 'STEP_LEFT_OUT' AND stream = $1`, [
      `case:${number}`,
    ]);
    expect(trail.map(({ detail }) => JSON.parse(detail).step)).toEqual(['UPSTREAM']);
  });

  it('waits twice as long for a host that said "received"', async () => {
    await tellHost();
    await answer('RECEIVED');
    await pass(47);
    expect(await steps()).toEqual(['FIRST Host']);
    await pass(1);
    expect(await steps()).toEqual(['FIRST Host', 'REMINDER Host']);
  });

  it('goes on at once to the network after "not ours", without a reminder', async () => {
    await trace();
    await notice.makeContact({ kind: 'UPSTREAM', name: 'Network', networks: [64500] });
    await tellHost();
    await answer('NOT_OURS');
    await pass(0);
    expect(await steps()).toEqual(['FIRST Host', 'UPSTREAM Network']);
  });

  it('rests after "removed" until somebody sees it up again', async () => {
    await tellHost();
    await answer('REMOVED');
    await pass(50);
    expect(await steps()).toEqual(['FIRST Host']);
    await work.step(analyst, 'recordObservation', number, { seen: 'UP' });
    await pass(2);
    expect(await steps()).toEqual(['FIRST Host', 'REMINDER Host']);
  });

  it('ends when the content is gone', async () => {
    await tellHost();
    await work.step(analyst, 'recordObservation', number, { seen: 'GONE' });
    await pass(30);
    expect(await steps()).toEqual(['FIRST Host']);
  });

  it('is a reminder only for a referral, and none once it was acknowledged', async () => {
    const hotline = await notice.makeContact({ kind: 'HOTLINE', name: 'Hotline' });
    await notice.refer(analyst, number, 'HOTLINE', hotline);
    await notice.sendDue();
    await pass(24);
    expect(await steps()).toEqual(['FIRST Hotline', 'REMINDER Hotline']);
    const [, reminder] = (await notice.readActions(number)).actions;
    const query = 'mutation ($id: ID!) { acknowledgeNotice(id: $id) { ... on Notice { acknowledgedAt } } }';
    const { acknowledgeNotice } = await work.ask(analyst, query, { id: reminder.notice.id });
    expect(acknowledgeNotice.acknowledgedAt).toEqual(expect.any(String));
    await pass(48);
    expect(await steps()).toHaveLength(2);
  });
});
