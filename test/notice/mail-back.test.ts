import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CaseWork, caseWork } from '../case/case-work.ts';
import { startMailServer } from '../support/mail-server.ts';
import { freePort, type Platform, startPlatform } from '../support/platform.ts';
import { noticeWork } from './notice-work.ts';

const report = (action: string, status: string) =>
  [
    'From: Mail Delivery System <mailer-daemon@relay.example>',
    'Subject: Undelivered Mail Returned to Sender',
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'This is the mail system.',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; relay.example',
    '',
    'Final-Recipient: rfc822; abuse@host.example',
    `Action: ${action}`,
    `Status: ${status}`,
    '--b--',
    '',
  ].join('\r\n');

describe('what comes back for a notice', () => {
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
  });
  beforeEach(() => {
    server.taken.length = 0;
    server.state.afterData = async () => undefined;
  });
  afterAll(async () => {
    await receiver.stop();
    await work.close();
    await platform.stop();
    await server.stop();
  });

  const handBack = async (to: string, raw: string): Promise<string> => {
    const transport = createTransport({ host: '127.0.0.1', port, ignoreTLS: true });
    const { response } = await transport.sendMail({ envelope: { from: '', to }, raw });
    return response;
  };
  const sent = async () => {
    const analyst = await work.colleague();
    const [number] = await notice.confirmedCases(analyst, 1);
    await notice.notify(analyst, number!, await notice.makeContact({ email: 'abuse@host.example' }), { urgent: true });
    await notice.sendDue();
    const mine = server.taken.find(({ to }) => to === 'abuse@host.example')!;
    const copy = server.taken.find(({ to }) => to.startsWith('sent+'))!;
    return { number: number!, mine, copy };
  };
  const stateOf = async (number: string) => (await notice.readActions(number)).actions[0];

  it('is asked for by addresses of its own that only we can make, and the copy is unseen by the contact', async () => {
    const { mine, copy } = await sent();
    expect(mine.from).toMatch(/^bounces\+[0-9a-f]{48}@hotline\.example$/);
    expect(mine.mail.replyTo?.value[0]?.address).toMatch(/^reply\+[0-9a-f]{48}@hotline\.example$/);
    expect(mine.raw).not.toContain('sent+');
    expect(copy.raw).toBe(mine.raw);
  });

  it('shows that it could not be delivered, with the code, and the episode is not told any more', async () => {
    const { number, mine } = await sent();
    expect((await notice.readActions(number)).clock.hostTold).not.toBeNull();
    await handBack(mine.from, report('delayed', '4.4.1'));
    expect(await stateOf(number)).toMatchObject({ state: 'SENT' });
    await handBack(mine.from, report('failed', '5.1.1'));
    expect(await notice.readActions(number)).toMatchObject({
      clock: { hostTold: null },
      actions: [{ state: 'FAILED', notice: { failure: 'bounced 5.1.1' } }],
    });
  });

  it('keeps the first 4,000 characters of an answer, sealed, and no attachment', async () => {
    const { number, mine } = await sent();
    const to = mine.mail.replyTo!.value[0]!.address!;
    const words = `We removed it. ${'x'.repeat(5_000)}`;
    const raw = [
      'From: abuse@host.example',
      'Subject: Re',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary="b"',
      '',
      '--b',
      'Content-Type: text/plain; charset=utf-8',
      '',
      words,
      '--b',
      'Content-Type: application/octet-stream',
      'Content-Disposition: attachment; filename="a.bin"',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from('attached').toString('base64'),
      '--b--',
      '',
    ].join('\r\n');
    await handBack(to, raw);
    expect((await stateOf(number)).notice).toMatchObject({
      reply: words.slice(0, 4_000),
      repliedAt: expect.any(String),
    });
    const [row] = await work.sql(`SELECT reply FROM notices WHERE reply IS NOT NULL`);
    expect(row.reply.toString('latin1')).not.toContain('We removed it');
    await handBack(to, 'From: abuse@host.example\r\nAuto-Submitted: auto-replied\r\n\r\nWe are on holiday.\r\n');
    expect((await stateOf(number)).notice.reply).toBe(words.slice(0, 4_000));
  });

  it('is taken and dropped where it belongs to nothing, and refused for any other mailbox', async () => {
    const { number } = await sent();
    const before = await work.sql('SELECT count(*) FROM audit_entries');
    expect(await handBack(`bounces+${'0'.repeat(48)}@hotline.example`, report('failed', '5.1.1'))).toMatch(/^250/);
    await expect(handBack('somebody@hotline.example', 'From: a@b.example\r\n\r\nHello')).rejects.toMatchObject({
      responseCode: 550,
    });
    await expect(handBack('bounces+00@elsewhere.example', 'From: a@b.example\r\n\r\nHello')).rejects.toMatchObject({
      responseCode: 550,
    });
    expect(await work.sql('SELECT count(*) FROM audit_entries')).toEqual(before);
    expect(await stateOf(number)).toMatchObject({ state: 'SENT' });
  });

  it('proves by the copy that it left, where the process that sent it died', async () => {
    const { number, mine, copy } = await sent();
    const died = `UPDATE notices SET state = 'SENDING', sent_at = NULL WHERE message_id = $1`;
    await work.sql(died, [mine.mail.messageId]);
    await notice.settle();
    expect(await stateOf(number)).toMatchObject({ state: 'SENDING' });
    await handBack(copy.to, copy.raw);
    expect(await stateOf(number)).toMatchObject({ state: 'SENT', notice: { attempts: 1 } });
  });

  it('is sent again under the same Message-ID where no copy came back in time', async () => {
    const { number, mine } = await sent();
    await work.sql(
      `UPDATE notices SET state = 'SENDING', sent_at = NULL, attempted_at = now() - interval '61 seconds' WHERE message_id = $1`,
      [mine.mail.messageId],
    );
    server.taken.length = 0;
    await notice.settle();
    await notice.sendDue();
    expect(server.taken.map(({ mail }) => mail.messageId)).toEqual([mine.mail.messageId, mine.mail.messageId]);
    expect(await stateOf(number)).toMatchObject({ state: 'SENT', notice: { attempts: 2 } });
  });

  it('waits for the copy where the connection broke before the server said yes', async () => {
    server.state.afterData = async (mails) => {
      await handBack(mails.find(({ to }) => to.startsWith('sent+'))!.to, mails[0]!.raw);
      server.cut();
      return undefined;
    };
    const { number } = await sent();
    expect(await stateOf(number)).toMatchObject({ state: 'SENT', notice: { attempts: 1 } });
    expect(server.taken).toHaveLength(2);
  });
});
