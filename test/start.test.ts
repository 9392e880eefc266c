import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demonstrationAccounts } from '../src/account/demonstration-accounts.ts';
import { requireFreePort } from '../src/listen.ts';
import { freePort, send, tokenOf } from './support/platform.ts';
import {
  complaints,
  openCommandLine,
  postgresOf,
  runCommand,
  type Spawned,
  spawnPlatform,
  until,
} from './support/spawned.ts';

const SLOW = 120_000;
const READY = 'Ctrl-C stops everything.';
const SUBMIT = `mutation ($input: SubmitReportInput!) {
  submitReport(input: $input) { ... on ReportReceipt { accessCode } }
}`;
const QUEUE = `{ cases(first: 25, filter: { states: [AWAITING_ASSESSMENT] }) {
  edges { node { number priority defangedAddress } }
} }`;

type Queued = { number: string; priority: number; defangedAddress: string };

describe('the platform, started as the README says', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'start-test-'));
  let port: number;
  let url: string;
  const started: Spawned[] = [];
  let running: Spawned;
  let accessCode: string;
  let analyst: Record<string, string>;

  const start = async () => {
    running = spawnPlatform([], { DATA_DIR: dataDir, PORT: String(port) });
    started.push(running);
    await running.says(READY);
  };
  const submit = async (address: string, details = {}) => {
    const { data } = await send(url, { query: SUBMIT, variables: { input: { portal: 'ke', address, details } } });
    return data.submitReport.accessCode as string;
  };
  const queue = async (): Promise<Queued[]> => {
    const { data } = await send(url, { query: QUEUE }, analyst);
    return data.cases.edges.map(({ node }: { node: Queued }) => node);
  };
  const numbers = async () => (await queue()).map(({ number }) => number).sort();

  beforeAll(async () => {
    port = await freePort();
    url = `http://localhost:${port}`;
    analyst = { authorization: `Bearer ${await tokenOf('analyst')}` };
    await start();
  }, SLOW);
  afterAll(async () => {
    for (const process of started) process.kill('SIGKILL');
    await Promise.all(started.map(({ ended }) => ended));
    // Stops what a killed process may have left.
    await runCommand(['migrate'], { DATA_DIR: dataDir });
    rmSync(dataDir, { recursive: true, force: true });
  }, SLOW);

  it('prints the addresses to open and how to sign in as every role', async () => {
    const printed = running.stdout();
    for (const { subject, description } of demonstrationAccounts)
      expect(printed).toMatch(new RegExp(`${subject} +\\w+ +${description}`));
    expect(printed).toContain('npm --silent start -- token analyst');
    const addresses = Array.from(printed.matchAll(/http:\/\/localhost:\d+\/\w*/g), ([address]) => address);
    expect(addresses.length).toBeGreaterThanOrEqual(5);
    for (const address of addresses)
      expect((await fetch(address, { headers: { accept: 'text/html' } })).status).toBe(200);
  });

  it(
    'prints a token and nothing else for every account, while it runs and without being told its port',
    async () => {
      const commandLine = openCommandLine();
      const check = async ({ subject, name }: { subject: string; name: string }) => {
        const { code, stdout, stderr } =
          subject === 'analyst' ? await runCommand(['token', subject]) : await commandLine.run('token', subject);
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
        const { data } = await send(
          url,
          { query: '{ viewer { name } }' },
          { authorization: `Bearer ${stdout.trim()}` },
        );
        expect(data.viewer.name).toBe(name);
      };
      await Promise.all(demonstrationAccounts.map(check)).finally(commandLine.close);
    },
    SLOW,
  );

  it('computes the priority of a report within three seconds, in the same process', async () => {
    accessCode = await submit('https://priority.example/page', { inDanger: true });
    const deadline = Date.now() + 3_000;
    let priority = 0;
    while (priority === 0 && Date.now() < deadline)
      priority = (await queue()).find((row) => row.defangedAddress.includes('priority'))?.priority ?? 0;
    expect(priority).toBeGreaterThan(0);
  });

  it('says on every route what a browser may do with the answer', async () => {
    const routes = [
      '/',
      '/start',
      '/graphql',
      '/health',
      '/ready',
      '/metrics',
      '/.well-known/jwks.json',
      '/identity',
      '/nothing',
    ];
    for (const route of routes) {
      const { headers } = await fetch(`${url}${route}`, { headers: { accept: 'text/html' } });
      expect(headers.get('x-content-type-options'), route).toBe('nosniff');
      expect(headers.get('referrer-policy'), route).toMatch(/^(no-referrer|same-origin)$/);
      expect(headers.get('cache-control'), route).toBe('no-store');
      expect(headers.get('content-security-policy'), route).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
      expect(headers.get('x-powered-by'), route).toBeNull();
    }
  });

  it('refuses a second start on its port in one line, and leaves the first alone', async () => {
    const { code, stdout, stderr } = await runCommand([], { DATA_DIR: dataDir, PORT: String(port) });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      `Cannot listen on 127.0.0.1, port ${port}: another program listens there. Name another with PORT=….\n`,
    );
    expect((await fetch(`${url}/ready`)).status).toBe(200);
  });

  it(
    'keeps its data when it is killed and started again',
    async () => {
      for (let n = 0; n < 20; n += 1) await submit(`https://many.example/${n}`);
      const before = await numbers();
      expect(complaints(running.stderr())).toEqual([]);
      running.kill('SIGKILL');
      expect(await running.ended).toBe('SIGKILL');
      await start();
      expect(await numbers()).toEqual(before);
      const status = 'query ($code: String!) { reportStatus(accessCode: $code) { stage } }';
      const { data } = await send(url, { query: status, variables: { code: accessCode } });
      expect(data.reportStatus).toEqual({ stage: 'RECEIVED' });
    },
    SLOW,
  );

  it(
    'answers the request under way, ends a subscription, and leaves nothing behind when it is told to stop',
    async () => {
      const stream = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { ...analyst, 'content-type': 'application/json', accept: 'text/event-stream' },
        body: JSON.stringify({ query: 'subscription { queueChanged { awaitingAssessment } }' }),
      });
      const reader = stream.body!.getReader();
      let told = '';
      while (!told.includes('awaitingAssessment')) told += new TextDecoder().decode((await reader.read()).value);
      const asked = halfRequest(port);
      await asked.sent;
      running.kill('SIGTERM');
      await until(() =>
        fetch(`${url}/health`).then(
          () => false,
          () => true,
        ),
      );
      asked.finish();
      expect(await asked.answer).toMatch(/^HTTP\/1\.1 200 OK.*\r\n\r\n{"data":{"__typename":"Query"}}$/s);

      const answered = Date.now();
      expect(await running.ended).toBe(0);
      expect(Date.now() - answered).toBeLessThan(5_000);
      expect(complaints(running.stderr())).toEqual([]);
      expect(postgresOf(dataDir)).toBeUndefined();
      await requireFreePort('127.0.0.1', port);
      await reader.cancel().catch(() => undefined);
    },
    SLOW,
  );

  it(
    'stops at the second signal, whatever is under way',
    async () => {
      await start();
      const asked = halfRequest(port);
      await asked.sent;
      running.kill('SIGINT');
      await until(() =>
        fetch(`${url}/health`).then(
          () => false,
          () => true,
        ),
      );
      running.kill('SIGINT');
      expect(await running.ended).toBe(1);
      await until(() => postgresOf(dataDir) === undefined);
      asked.finish();
    },
    SLOW,
  );

  it(
    'checks the audit trail of all that by a command',
    async () => {
      const { code, stdout } = await runCommand(['audit', 'verify'], { DATA_DIR: dataDir });
      expect(stdout).toMatch(/^\d+ entries in \d+ chains and \d+ anchors checked, 0 broken\.\n$/);
      expect(code).toBe(0);
      expect(postgresOf(dataDir)).toBeUndefined();
    },
    SLOW,
  );
});

/** A request of which the last byte has not been sent. */
function halfRequest(port: number) {
  const body = '{"query":"{ __typename }"}';
  const socket = connect(port, '127.0.0.1');
  const head = `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nconnection: close\r\n`;
  let answer = '';
  socket.on('data', (data) => {
    answer += data.toString();
  });
  socket.on('error', () => undefined);
  return {
    // The server must have read the head, or it takes the connection for an idle one.
    sent: new Promise<void>((resolve) =>
      socket.write(`${head}expect: 100-continue\r\ncontent-length: ${body.length}\r\n\r\n`, () =>
        socket.once('data', () => {
          answer = '';
          socket.write(body.slice(0, -1), () => resolve());
        }),
      ),
    ),
    finish: () => socket.write(body.slice(-1)),
    answer: new Promise<string>((resolve) => socket.once('close', () => resolve(answer))),
  };
}
