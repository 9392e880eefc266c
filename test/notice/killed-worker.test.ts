import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseWork, caseWork } from '../case/case-work.ts';
import { bundle } from '../support/bundle.ts';
import { startMailServer, type TakenMail } from '../support/mail-server.ts';
import { freePort, type Platform, startPlatform } from '../support/platform.ts';
import { soak } from '../support/soak.ts';
import { noticeWork } from './notice-work.ts';

const KILLS = soak(50, 6);
const WORKERS = 3;
const CASES = 600;
const CONTACTS = 12;
const TOO_LONG = 300_000;
const random = (most: number) => Math.floor(Math.random() * most);

describe(`workers killed ${KILLS} times under load`, () => {
  let platform: Platform;
  let work: CaseWork;
  let notice: ReturnType<typeof noticeWork>;
  let server: Awaited<ReturnType<typeof startMailServer>>;
  let receiver: { stop: () => Promise<void> };
  let environment: Record<string, string>;
  let ports: number[];
  const folder = mkdtempSync(join(tmpdir(), 'worker-'));
  const alive = new Set<ChildProcess>();
  const relayed: Promise<void>[] = [];
  const state = { over: false };
  beforeAll(async () => {
    await bundle('test/support/worker-process.ts', join(folder, 'worker.mjs'));
    server = await startMailServer();
    ports = [await freePort()];
    for (let n = 0; n < WORKERS; n += 1) ports.push(await freePort());
    const settings = {
      SMTP_URL: server.url,
      MAIL_DOMAIN: 'hotline.example',
      MAIL_RECONCILE_SECONDS: '12',
      NOTICE_WINDOW_SECONDS: '0',
    };
    platform = await startPlatform({ ...settings, MAIL_RECEIVE_PORT: String(ports[0]) });
    environment = { ...settings, DATABASE_URL: platform.databaseUrl, NODE_ENV: 'test', LOG_LEVEL: 'fatal' };
    work = await caseWork(platform);
    notice = noticeWork(work);
    const { startMailReceiver } = await import('../../src/notice/mail-receiver.ts');
    receiver = startMailReceiver();
    // The server has a message for good before it says so: a process may die in between. What it took it hands back until somebody takes it.
    server.state.afterData = async (mails) => {
      const copy = mails.find(({ to }) => to.startsWith('sent+'));
      if (copy) relayed.push(relay(copy));
      for (const tell of onMail.splice(0)) tell();
      await sleep(random(60));
      return undefined;
    };
  }, TOO_LONG);
  afterAll(async () => {
    for (const child of alive) child.kill('SIGKILL');
    await receiver.stop();
    await work.close();
    await platform.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const onMail: (() => void)[] = [];
  const nextMail = () => new Promise<void>((resolve) => onMail.push(resolve));
  const relay = async ({ to, raw }: TakenMail): Promise<void> => {
    for (;;) {
      const port = ports[random(ports.length)]!;
      const transport = createTransport({ host: '127.0.0.1', port, ignoreTLS: true, connectionTimeout: 1_000 });
      const taken = await transport.sendMail({ envelope: { from: '', to }, raw }).then(
        () => true,
        () => false,
      );
      if (taken) return;
      await sleep(100);
    }
  };

  const runWorker = (port: number): Promise<ChildProcess> => {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(process.execPath, [join(folder, 'worker.mjs')], {
      env: { PATH, HOME, ...environment, MAIL_RECEIVE_PORT: String(port) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    alive.add(child);
    child.once('close', () => alive.delete(child));
    return new Promise((resolve, reject) => {
      child.stdout.once('data', () => resolve(child));
      child.once('close', () => reject(new Error('A worker ended by itself.')));
    });
  };

  let killed = 0;
  const killAndRestart = async (port: number) => {
    while (killed < KILLS) {
      const child = await runWorker(port);
      // At any time, or in the middle of a message: while the server has it and has not said so yet, or just after.
      if (random(3) === 0) await sleep(random(400));
      else await Promise.race([nextMail().then(() => sleep(random(90))), sleep(4_000)]);
      killed += 1;
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      await ended;
    }
  };

  /** Cases that were confirmed and are claimed, straight into the tables. */
  const confirmedCases = async (analystId: string): Promise<string[]> => {
    const numbers = await work.makeCases(CASES);
    await work.sql(
      `WITH moved AS (UPDATE cases SET state = 'AWAITING_ACTION' WHERE number = ANY ($1) RETURNING id)
       INSERT INTO claims (id, case_id, account_id, claimed_at, lease_until)
       SELECT uuidv7(), id, $2, now(), now() + interval '30 minutes' FROM moved`,
      [numbers, analystId],
    );
    return numbers;
  };

  it(
    'lose no notice, send none twice to the same contact for the same address, and leave no lease stuck',
    async () => {
      const analyst = await work.colleague();
      const numbers = await confirmedCases(analyst.id);
      const contacts = [];
      for (let n = 0; n < CONTACTS; n += 1)
        contacts.push(await notice.makeContact({ email: `abuse@host-${n}.example`, xarf: false }));
      await work.makeCases(40);
      const claimers = await Promise.all(Array.from({ length: 4 }, () => work.colleague()));

      const kills = Promise.all(ports.slice(1).map(killAndRestart));
      const net = (async () => {
        while (!state.over) {
          await notice.settle();
          await sleep(1_000);
        }
      })();
      const claims = (async () => {
        while (killed < KILLS) {
          for (const colleague of claimers) {
            const { number } = await work.claimNext(colleague);
            if (number && random(2) === 0) await work.release(colleague, number);
          }
          await work.sql(
            `UPDATE claims SET claimed_at = claimed_at - interval '1 hour', lease_until = lease_until - interval '1 hour'
                          WHERE ended_at IS NULL AND account_id <> $1 AND random() < 0.5`,
            [analyst.id],
          );
          await sleep(200);
        }
      })();
      const told: string[] = [];
      for (const [index, number] of numbers.entries()) {
        // As long as there is somebody to kill there is something to send.
        if (killed >= KILLS) break;
        const { code } = await notice.notify(analyst, number, contacts[index % CONTACTS]!);
        expect(code).toBeUndefined();
        told.push(number);
        await sleep(100);
      }
      await kills;
      await claims;

      const last = await runWorker(ports[1]!);
      const open = `SELECT count(*)::int AS open FROM notices WHERE state IN ('WAITING', 'SENDING')`;
      while ((await work.sql(open))[0].open > 0) {
        await sleep(500);
        await notice.sendDue();
      }
      state.over = true;
      await net;
      await Promise.all(relayed);

      expect(killed).toBeGreaterThanOrEqual(KILLS);
      const addresses = (
        await work.sql('SELECT address FROM cases WHERE number = ANY ($1) ORDER BY address', [told])
      ).map(({ address }) => address);
      const delivered = server.taken
        .filter(({ to }) => to.startsWith('abuse@'))
        .flatMap(({ mail }) => Array.from(mail.text!.matchAll(/^https:\S+$/gm), ([address]) => address));
      expect(delivered.sort()).toEqual(addresses);
      const states = await work.sql(
        `SELECT DISTINCT n.state, a.sent_at IS NOT NULL AS sent FROM notices n JOIN actions a ON a.notice_id = n.id`,
      );
      expect(states).toEqual([{ state: 'SENT', sent: true }]);

      const { endExpiredClaims } = await import('../../src/case/time-passes.ts');
      await endExpiredClaims();
      expect(await work.sql('SELECT FROM claims WHERE ended_at IS NULL AND lease_until <= now()')).toEqual([]);
      const { verifyChains } = await import('../../src/audit/verify-chains.ts');
      expect((await verifyChains()).faults).toEqual([]);
      last.kill('SIGKILL');
    },
    TOO_LONG,
  );
});
