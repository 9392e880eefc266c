import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { databaseAsText, tracesOf } from '../report/canary-traces.ts';
import { startMailServer } from '../support/mail-server.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { insertEdition } from '../support/published-editions.ts';
import { briefingWork } from './briefing-work.ts';

let platform: Platform;
let server: Awaited<ReturnType<typeof startMailServer>>;
let work: Awaited<ReturnType<typeof briefingWork>>;
let year = 2000;
/** A month that no other test knows, and the one before. */
let [month, before] = ['', ''];
beforeAll(async () => {
  server = await startMailServer();
  platform = await startPlatform({ SMTP_URL: server.url, MAIL_FROM: 'Hotline of Example <figures@hotline.example>' });
  work = await briefingWork(platform, server);
});
beforeEach(async () => {
  year += 1;
  [month, before] = [`${year}-10`, `${year}-09`];
  await work.sql('DELETE FROM briefings');
  await work.sql('DELETE FROM graphile_worker._private_jobs');
  server.taken.length = 0;
  server.state.answer = () => undefined;
  server.state.afterData = async () => undefined;
});
afterAll(async () => {
  await work.close();
  await platform.stop();
  await server.stop();
});

const publish = async (country = 'KE', edition = 1, reports: number | null = 120) => {
  await insertEdition(work.client, { country, month, edition, reports });
  await work.announce(month);
};

describe('the monthly mail', () => {
  it('is confirmed by the link of a first mail, before which nothing else is sent', async () => {
    expect(await work.save('reader@ministry.example')).toMatchObject({ state: 'WAITING' });
    await work.run();
    const [first, ...more] = server.taken;
    expect(more).toEqual([]);
    expect(first!.to).toBe('reader@ministry.example');
    expect(first!.mail.subject).toBe('Please confirm: figures by e-mail every month');
    expect(first!.mail.html).toBe(false);
    await publish();
    await work.run();
    expect(server.taken).toHaveLength(1);

    const token = work.tokenTo('reader@ministry.example');
    expect(await work.link(token)).toEqual({ purpose: 'CONFIRM', language: 'en' });
    expect(await work.own()).toMatchObject({ state: 'WAITING' });
    expect(await work.follow('stopBriefing', token)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await work.follow('confirmBriefing', token)).toMatchObject({ purpose: 'CONFIRM' });
    expect(await work.follow('confirmBriefing', token)).toMatchObject({ purpose: 'CONFIRM' });
    expect(await work.own()).toMatchObject({ state: 'ACTIVE', email: 'reader@ministry.example' });
    await work.announce(month);
    await work.run();
    expect(server.taken.map(({ mail }) => mail.subject)).toEqual([
      first!.mail.subject,
      `October ${year}: published figures`,
    ]);
  });

  it('says of each country what its page says, where to read more, and how to stop it', async () => {
    await work.subscribe('grace@fund.example', { as: 'funder' });
    await insertEdition(work.client, { country: 'KE', month: before, reports: 95 });
    await insertEdition(work.client, { country: 'KE', month, reports: 120 });
    await insertEdition(work.client, { country: 'MN', month, reports: 700 });
    await publish('UG', 1, null);
    await work.run();
    expect(server.taken.map(({ to }) => to)).toEqual(['grace@fund.example']);
    const { mail } = server.taken[0]!;
    expect(mail.from?.value).toEqual([{ name: 'Hotline of Example', address: 'figures@hotline.example' }]);
    const lines = mail.text!.split('\n');
    expect(lines).toContain(`Kenya: about 120 reports in October ${year}, 95 the month before.`);
    expect(lines).toContain(`${platform.url}/partner/KE?month=${month}`);
    expect(lines).toContain(`Uganda: too few reports in October ${year} to show a figure.`);
    expect(mail.text).not.toContain('700');
    const stop = `${platform.url}/briefing/${work.tokenTo('grace@fund.example')}`;
    expect(lines).toContain(stop);
    expect(mail.headers.get('list')).toMatchObject({ unsubscribe: { url: stop } });
    expect(server.taken[0]!.raw).toContain('\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n');
    expect(mail.messageId).toMatch(/^<briefing-[0-9a-f-]{36}@hotline\.example>$/);
  });

  it('is written in the language that was asked for, of those that the pages are in', async () => {
    const { partnerLocales } = await import('../../src/web/partner/messages.ts');
    const tag = partnerLocales.at(-1)!.tag;
    await work.subscribe('reader@ministry.example', { language: tag });
    await publish();
    await work.run();
    expect(server.taken[0]!.mail.headers.get('content-language')).toBe(tag);
    expect(await work.save('reader@ministry.example', { language: 'zu' })).toMatchObject({
      issues: [{ path: ['input', 'language'], code: 'INVALID' }],
    });
  });

  it('is sent once of each publication, and again of a correction, which it names', async () => {
    await work.subscribe('reader@ministry.example');
    await publish();
    await work.announce(month);
    await work.run();
    await work.announce(month);
    await work.run();
    expect(server.taken).toHaveLength(1);
    await publish('KE', 2, 115);
    await work.run();
    expect(server.taken).toHaveLength(2);
    expect(server.taken[1]!.mail.text).toContain(
      `about 115 reports in October ${year}.\nCorrected: this is edition 2.`,
    );
  });

  it('waits while the mail server wants it later, and is tried once more where nobody knows whether it left', async () => {
    const tries = async () => {
      await work.sql('UPDATE graphile_worker._private_jobs SET run_at = now()');
      const [job] = await work.sql('SELECT payload FROM graphile_worker._private_jobs');
      const { sendBriefing } = await import('../../src/briefing/send-briefing.ts');
      return sendBriefing(job.payload.mailId).then(
        () => 'done',
        (error: Error) => error.constructor.name,
      );
    };
    await work.subscribe('reader@ministry.example');
    await publish();
    server.state.answer = () => 451;
    expect(await tries()).toBe('MailDelayed');
    server.state.answer = () => undefined;
    server.state.afterData = async () => {
      server.cut();
      return undefined;
    };
    expect([await tries(), await tries(), await tries()]).toEqual(['MailDelayed', 'done', 'done']);
    expect(server.taken).toHaveLength(2);
    expect(server.taken[0]!.mail.messageId).toBe(server.taken[1]!.mail.messageId);
  });

  it('stops by its link, or by its reader, and then its address is forgotten', async () => {
    await work.subscribe('reader@ministry.example');
    await publish();
    await work.run();
    const token = work.tokenTo('reader@ministry.example');
    await publish('KE', 2);
    expect(await work.link(token)).toEqual({ purpose: 'STOP', language: 'en' });
    expect(await work.follow('stopBriefing', token)).toMatchObject({ purpose: 'STOP' });
    expect(await work.own()).toMatchObject({ state: 'STOPPED', email: null });
    expect(await work.follow('stopBriefing', token)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await work.link(token)).toBeNull();
    await work.run();
    expect(server.taken).toHaveLength(1);

    await work.sql(`UPDATE briefings SET created_at = now() - interval '6 minutes'`);
    await work.subscribe('reader@ministry.example');
    expect(await work.link(token)).toBeNull();
    expect(await work.stopOwn()).toMatchObject({ state: 'STOPPED', email: null });
    expect(await work.stopOwn()).toMatchObject({ code: 'NOT_FOUND' });
  });

  it.each([
    [
      'agreement',
      'UPDATE partners SET agreement_until = current_date - 1',
      'UPDATE partners SET agreement_until = NULL',
    ],
    [
      'account',
      `UPDATE accounts SET disabled_at = now() WHERE role = 'PARTNER'`,
      'UPDATE accounts SET disabled_at = NULL',
    ],
  ])('ends with the %s, also where one waits', async (_what, end, again) => {
    await work.subscribe('reader@ministry.example');
    await publish();
    await work.sql(end);
    await work.run();
    await publish('KE', 2);
    await work.run();
    await work.sql(again);
    expect(server.taken).toEqual([]);
    expect(await work.sql('SELECT sent_at, failed_at IS NOT NULL AS failed FROM briefing_mails')).toEqual([
      { sent_at: null, failed: true },
    ]);
  });

  it('asks a stranger’s address for nothing twice in five minutes, and its link works for seven days', async () => {
    await work.save('one@ministry.example');
    expect(await work.save('two@ministry.example')).toMatchObject({ issues: [{ code: 'TOO_SOON' }] });
    await work.run();
    const token = work.tokenTo('one@ministry.example');
    await work.sql(`UPDATE briefings SET created_at = now() - interval '7 days 1 minute'`);
    expect(await work.link(token)).toBeNull();
    expect(await work.follow('confirmBriefing', token)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await work.save('two@ministry.example')).toMatchObject({ state: 'WAITING' });
    await work.sql(`UPDATE briefings SET created_at = now() - interval '7 days 1 minute'`);
    const { applyRetention } = await import('../../src/retention/apply-retention.ts');
    await applyRetention({ system: true, operation: 'test' }, new Date());
    expect(await work.own()).toBeNull();
    expect(await work.save('no address')).toMatchObject({ issues: [{ path: ['input', 'email'] }] });
  });

  it('changes its language without another mail, and its address only by another confirmation', async () => {
    await work.subscribe('reader@ministry.example');
    expect(await work.save('reader@ministry.example', { language: 'en' })).toMatchObject({ state: 'ACTIVE' });
    await work.sql(`UPDATE briefings SET created_at = now() - interval '6 minutes'`);
    expect(await work.save('other@ministry.example')).toMatchObject({ state: 'WAITING' });
    await publish();
    await work.run();
    expect(server.taken.map(({ to, mail }) => `${to} ${mail.subject?.slice(0, 14)}`)).toEqual([
      'other@ministry.example Please confirm',
    ]);
  });

  it('keeps its address sealed: no table, job, audit entry or link holds it', async () => {
    await work.subscribe('canary-reader@ministry.example');
    await publish();
    const secrets = { address: 'canary-reader@ministry.example', name: 'canary-reader' };
    for (const [column, text] of await databaseAsText(work.client)) expect(tracesOf(secrets, text), column).toEqual([]);
    await work.run();
    const { text = '' } = server.taken[0]!.mail;
    expect(tracesOf(secrets, text)).toEqual([]);
  });
});
