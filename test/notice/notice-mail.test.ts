import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CaseWork, caseWork } from '../case/case-work.ts';
import { startMailServer } from '../support/mail-server.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { noticeWork } from './notice-work.ts';

const RESOLVE =
  'mutation ($id: ID!, $sent: Boolean!) { resolveNotice(id: $id, sent: $sent) { ... on Notice { state } ... on Error { code } } }';

describe('the mail of a notice', () => {
  let platform: Platform;
  let work: CaseWork;
  let notice: ReturnType<typeof noticeWork>;
  let server: Awaited<ReturnType<typeof startMailServer>>;
  let analyst: Awaited<ReturnType<CaseWork['colleague']>>;
  beforeAll(async () => {
    server = await startMailServer();
    platform = await startPlatform({
      SMTP_URL: server.url,
      MAIL_FROM: 'Hotline of Example <notices@hotline.example>',
      NOTICE_WINDOW_SECONDS: '0',
      MAIL_RECONCILE_SECONDS: '60',
    });
    work = await caseWork(platform);
    notice = noticeWork(work);
  });
  beforeEach(async () => {
    server.taken.length = 0;
    server.state.afterData = async () => undefined;
    analyst = await work.colleague();
  });
  afterAll(async () => {
    await work.close();
    await platform.stop();
    await server.stop();
  });

  const send = async (howMany: number, fields: Parameters<typeof notice.makeContact>[0] = {}) => {
    const numbers = await notice.confirmedCases(analyst, howMany);
    const contact = await notice.makeContact(fields);
    for (const number of numbers) await notice.notify(analyst, number, contact);
    await notice.sendDue();
    const rows = await work.sql('SELECT address, host FROM cases WHERE number = ANY ($1) ORDER BY number', [numbers]);
    return { numbers, rows, mail: server.taken[0]?.mail, raw: server.taken[0]?.raw };
  };

  it('says in plain text who writes, what is asked, where it is, since when, and where to answer', async () => {
    const { rows, mail } = await send(2, { name: 'Host of Example', email: 'abuse@host.example' });
    const today = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date());
    expect(mail?.from?.value).toEqual([{ name: 'Hotline of Example', address: 'notices@hotline.example' }]);
    expect(mail?.to).toMatchObject({ value: [{ name: 'Host of Example', address: 'abuse@host.example' }] });
    expect(mail?.subject).toMatch(/^Child sexual abuse material: please remove 2 addresses \[N-[0-9A-F]{8}\]$/);
    expect(mail?.messageId).toMatch(/^<notice-[0-9a-f-]{36}@hotline\.example>$/);
    expect(mail?.html).toBe(false);
    const lines = mail?.text?.split('\n') ?? [];
    for (const { address } of rows) expect(lines).toContain(address);
    expect(lines).toContain(`First reported on ${today}. Last confirmed on ${today}.`);
    expect(lines).toContain(
      'Classification: severity B of the UK Sentencing Council, photographic, illegal in all countries of the network.',
    );
    expect(lines.some((text) => /^http:\/\/localhost:\d+\/notice\/[\w-]{43}$/.test(text))).toBe(true);
    expect(mail?.text).toContain('This message holds addresses and no content.');
  });

  it('carries one XARF 4 report for each address that keeps the rules of the standard, and nothing else', async () => {
    const { xarfRules } = await import('../../src/notice/xarf-rules.ts');
    const { rows, mail } = await send(2);
    const reports = mail!.attachments.map(({ content }) => xarfRules.parse(JSON.parse(content.toString())));
    expect(reports.map(({ url, source_identifier }) => ({ address: url, host: source_identifier }))).toEqual(rows);
    expect(reports[0]).toMatchObject({
      classification: 'A1',
      reporter: { org: 'Hotline of Example', domain: 'hotline.example' },
    });
    expect(mail!.attachments.map(({ contentType }) => contentType)).toEqual(['application/json', 'application/json']);
    server.taken.length = 0;
    analyst = await work.colleague();
    expect((await send(1, { xarf: false })).mail?.attachments).toEqual([]);
  });

  it.each(['ar', 'es', 'fr', 'id', 'pt', 'ru', 'tr'])('is written in the contact’s language: %s', async (language) => {
    const { noticeTexts } = await import('../../src/notice/notice-texts.ts');
    const { mail, rows } = await send(1, { language });
    expect(mail?.text).toContain(noticeTexts(language).text('ask.HOST_NOTICE'));
    expect(mail?.text?.split('\n')).toContain(rows[0].address);
    expect(mail?.subject).toContain('[N-');
  });

  it('is for a person to resolve where its fate cannot be found out', async () => {
    server.state.afterData = async () => {
      server.cut();
      return undefined;
    };
    const { numbers } = await send(1);
    const stateOf = async () => (await notice.readActions(numbers[0]!)).actions[0];
    expect(await stateOf()).toMatchObject({ state: 'SENDING', sentAt: null });
    await work.sql(`UPDATE notices SET attempted_at = attempted_at - interval '61 seconds'`);
    await notice.settle();
    const { notice: uncertain, state } = await stateOf();
    expect(state).toBe('UNCERTAIN');
    await notice.sendDue();
    expect(server.taken).toHaveLength(1);
    server.state.afterData = async () => undefined;
    expect(await work.ask(analyst, RESOLVE, { id: uncertain.id, sent: false })).toEqual({
      resolveNotice: { state: 'WAITING' },
    });
    await notice.sendDue();
    expect(server.taken).toHaveLength(2);
    expect(await stateOf()).toMatchObject({ state: 'SENT' });
    expect(await work.ask(analyst, RESOLVE, { id: uncertain.id, sent: true })).toEqual({
      resolveNotice: { code: 'INVALID_INPUT' },
    });
    expect(await work.ask(analyst, RESOLVE, { id: 'no id', sent: true })).toEqual({
      resolveNotice: { code: 'NOT_FOUND' },
    });
  });
});
