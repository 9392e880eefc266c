import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CaseWork, caseWork } from '../case/case-work.ts';
import { startMailServer } from '../support/mail-server.ts';
import { freePort, type Platform, startPlatform } from '../support/platform.ts';
import { noticeWork } from './notice-work.ts';

const bounce = [
  'From: Mail Delivery System <mailer-daemon@elsewhere.example>',
  'Subject: Undelivered',
  'MIME-Version: 1.0',
  'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
  '',
  '--b',
  'Content-Type: message/delivery-status',
  '',
  'Action: failed',
  'Status: 5.1.1',
  '--b--',
  '',
].join('\r\n');

describe('mail that means ill', () => {
  let platform: Platform;
  let work: CaseWork;
  let notice: ReturnType<typeof noticeWork>;
  let server: Awaited<ReturnType<typeof startMailServer>>;
  let receiver: { stop: () => Promise<void> };
  let port: number;
  beforeAll(async () => {
    server = await startMailServer();
    port = await freePort();
    platform = await startPlatform({
      SMTP_URL: server.url,
      MAIL_RECEIVE_PORT: String(port),
      MAIL_DOMAIN: 'hotline.example',
      MAIL_RECONCILE_SECONDS: '60',
    });
    work = await caseWork(platform);
    notice = noticeWork(work);
    const { startMailReceiver } = await import('../../src/notice/mail-receiver.ts');
    receiver = startMailReceiver();
    // As a relay does: the copy comes back as soon as it was taken.
    server.state.afterData = async (mails) => {
      const copy = mails.find(({ to }) => to.startsWith('sent+'));
      if (copy) await handBack(copy.to, copy.raw);
      return undefined;
    };
  });
  beforeEach(() => {
    server.taken.length = 0;
    server.state.answer = () => undefined;
  });
  afterAll(async () => {
    await receiver.stop();
    await work.close();
    await platform.stop();
    await server.stop();
  });

  const handBack = async (to: string, raw: string): Promise<string> => {
    const transport = createTransport({ host: '127.0.0.1', port, ignoreTLS: true });
    return (await transport.sendMail({ envelope: { from: '', to }, raw })).response;
  };
  const send = async (email: string) => {
    const analyst = await work.colleague();
    const [number] = await notice.confirmedCases(analyst, 1);
    await notice.notify(analyst, number!, await notice.makeContact({ email }), { urgent: true });
    await notice.sendDue();
    return number!;
  };
  const stateOf = async (number: string) => (await notice.readActions(number)).actions[0];

  it('cannot prove by the copy that the contact got what its server put off, and it goes later', async () => {
    server.state.answer = (to) => (to === 'abuse@later.example' ? 451 : undefined);
    const number = await send('abuse@later.example');
    expect(server.taken).toEqual([]);
    expect(await stateOf(number)).toMatchObject({
      state: 'WAITING',
      sentAt: null,
      notice: { failure: 'delayed 5.1.1' },
    });
    server.state.answer = () => undefined;
    await notice.passTime(1);
    await notice.sendDue();
    expect(server.taken.map(({ to }) => to)).toContain('abuse@later.example');
    expect(await stateOf(number)).toMatchObject({ state: 'SENT' });
  });

  it('cannot prove by the copy that the contact got what its server refused', async () => {
    server.state.answer = (to) => (to === 'abuse@never.example' ? 550 : undefined);
    const number = await send('abuse@never.example');
    expect(server.taken).toEqual([]);
    expect(await stateOf(number)).toMatchObject({ state: 'FAILED', sentAt: null });
  });

  it('cannot take a notice back by a bounce to the address for answers, which whoever reads it knows', async () => {
    const number = await send('abuse@forger.example');
    const mine = server.taken.find(({ to }) => to === 'abuse@forger.example')!;
    await handBack(mine.mail.replyTo!.value[0]!.address!, bounce);
    expect(await stateOf(number)).toMatchObject({ state: 'SENT', notice: { failure: null } });
  });

  it('is taken once also where it cannot be read, and not asked for again and again', async () => {
    const number = await send('abuse@bomb.example');
    const mine = server.taken.find(({ to }) => to === 'abuse@bomb.example')!;
    const parts =
      'From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n' + '--b\r\n\r\nx\r\n'.repeat(20_000);
    for (const to of [mine.from, mine.mail.replyTo!.value[0]!.address!])
      expect(await handBack(to, parts)).toMatch(/^250/);
    expect(await stateOf(number)).toMatchObject({ state: 'SENT' });
  });

  it('stops no reminder of others by one that fails every time', async () => {
    const bad = await send('abuse@bad.example');
    const good = await send('abuse@good.example');
    await work.sql(
      `UPDATE contacts SET time_zone = 'Nowhere/Bad', quiet_from = 1, quiet_until = 2 WHERE email = 'abuse@bad.example'`,
    );
    await work.sql('UPDATE cases SET in_danger = false');
    await work.sql('UPDATE notices SET urgent = false');
    await notice.passTime(30);
    await notice.escalate();
    expect((await notice.readActions(bad)).actions).toHaveLength(1);
    expect((await notice.readActions(good)).actions).toMatchObject([{ state: 'SENT' }, { step: 'REMINDER' }]);
  });
});
