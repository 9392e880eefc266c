// Whoever tries access codes must learn nothing but that a code opens nothing: not whether it ever opened something.
import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { receiptFor, rows } from '../report/intake.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { soak } from '../support/soak.ts';
import { statementsOf } from '../support/statements.ts';

const DAY_MS = 86_400_000;
/** Receipts of each kind: an attacker does not ask for the same code again and again. */
const EACH = 12;
const WARM_UP = 30;
const ROUNDS = 60;
const ATTEMPTS = 12;
/** By how much the slowest kind's median may lie above the quickest's. */
const TOLERANCE = 0.05;

const OPERATIONS: Record<string, string> = {
  reportStatus: 'query ($code: String!) { answer: reportStatus(accessCode: $code) { stage outcome receivedOn } }',
  addReportDetails: `mutation ($code: String!) { answer: addReportDetails(input: { accessCode: $code, details: { howFound: LINK } }) {
    __typename ... on ReportStatus { stage } ... on Error { code message } } }`,
  withdrawContact: `mutation ($code: String!) { answer: withdrawContact(accessCode: $code) {
    __typename ... on ReportStatus { stage } ... on Error { code message } } }`,
};

type Heard = { status: number | undefined; headers: string[]; body: string; milliseconds: number };

describe('an access code that opens nothing', () => {
  let platform: Platform;
  const codes: Record<string, string[]> = {};
  let asked = 0x1000;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });

  beforeAll(async () => {
    platform = await startPlatform({ TRUSTED_PROXIES: '1' });
    const receipts = async (host: string) => {
      const made: string[] = [];
      for (let n = 0; n < EACH; n += 1) {
        const { accessCode } = await receiptFor(platform, 'ke', `https://${host}.example/${n}`, {
          contactEmail: 'a@b.example',
        });
        made.push(accessCode);
      }
      return made;
    };
    codes['found'] = await receipts('found');
    codes['deleted'] = await receipts('deleted');
    await rows(
      `UPDATE submissions SET access_code_hash = sha256(access_code_hash), contact = NULL WHERE pasted_text LIKE '%//deleted.%'`,
    );
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 731 * DAY_MS });
    codes['expired'] = await receipts('expired');
    vi.useRealTimers();
    const { accessCodeFrom, groupAccessCode } = await import('../../src/domain/receipt.ts');
    codes['unknown'] = Array.from({ length: EACH }, () => groupAccessCode(accessCodeFrom(randomBytes(16))));
    // The same codes with their last digit, which checks the others, wrong.
    codes['malformed'] = codes['found'].map((code) => `${code.slice(0, -1)}${(Number(code.at(-1)) + 1) % 10}`);
  });
  afterEach(() => vi.useRealTimers());
  afterAll(async () => {
    agent.destroy();
    await platform.stop();
  });

  /** Sends a request over the one connection, and gives every byte that came back save the date. */
  const hear = (path: string, type: string, body: string) =>
    new Promise<Heard>((resolve, reject) => {
      const begun = performance.now();
      // From ever new sources, of which each may miss only so often.
      const from = `2001:db8:${(asked++).toString(16).padStart(4, '0')}::1`;
      const headers = { 'content-type': type, 'content-length': Buffer.byteLength(body), 'x-forwarded-for': from };
      const sent = request(`${platform.url}${path}`, { method: 'POST', agent, headers }, (response) => {
        let text = '';
        response.on('data', (chunk) => (text += String(chunk)));
        response.on('end', () => {
          const date = response.rawHeaders.findIndex((name) => name.toLowerCase() === 'date');
          const kept = response.rawHeaders.filter((_, at) => date < 0 || (at !== date && at !== date + 1));
          const milliseconds = performance.now() - begun;
          resolve({ status: response.statusCode, headers: kept, body: text, milliseconds });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  const asking = (operation: string) => (code: string) =>
    hear('/graphql', 'application/json', JSON.stringify({ query: OPERATIONS[operation], variables: { code } }));
  const sending =
    (path: string, more: Record<string, string> = {}) =>
    (accessCode: string) =>
      hear(path, 'application/x-www-form-urlencoded', String(new URLSearchParams({ accessCode, ...more })));
  /** Every way to ask for what an access code opens, and what it says where that is nothing. */
  const WAYS: [name: string, ask: (code: string) => Promise<Heard>, nothing: string][] = [
    ['reportStatus', asking('reportStatus'), '"answer":null'],
    ['addReportDetails', asking('addReportDetails'), 'NotFoundError'],
    ['withdrawContact', asking('withdrawContact'), 'NotFoundError'],
    ['the status page', sending('/ke/en/status'), 'could not find this report'],
    ['the page that withdraws', sending('/ke/en/status', { action: 'withdraw-now' }), 'could not find this report'],
    ['the pages that ask more', sending('/ke/en/questions'), 'could not find this report'],
  ];
  const NOTHING = ['unknown', 'malformed', 'expired', 'deleted'];
  const codesOf = (kind: string) => codes[kind] ?? [];

  const otherwiseMalformed = ['words', '1'.repeat(16), '1'.repeat(500), '1\0', "' OR true --", '<b>1</b>'];

  for (const [name, ask, nothing] of WAYS) {
    it(`gets the same bytes from ${name}, whatever it was once`, async () => {
      const answers = new Set<string>();
      const tried = [...NOTHING.flatMap(codesOf), ...otherwiseMalformed, ...codesOf('found').map((code) => `${code}1`)];
      for (const code of tried) {
        const { status, headers, body } = await ask(code);
        answers.add(JSON.stringify([status, headers, body]));
        expect(body).toContain(nothing);
      }
      expect([...answers]).toHaveLength(1);
      const [found = ''] = codesOf('found');
      expect((await ask(found)).body).not.toContain(nothing);
    });

    it(`is looked for by ${name} with the same SQL, which one that opens a report goes beyond`, async () => {
      const statementsFor = async (code: string) => (await statementsOf(() => ask(code))).statements;
      const seen: string[][] = [];
      for (const code of [...NOTHING.map((kind) => codesOf(kind)[0] ?? ''), ...otherwiseMalformed]) {
        seen.push(await statementsFor(code));
      }
      const [first = [], ...others] = seen;
      expect(first.filter((statement) => statement.includes('access_code_hash'))).toHaveLength(1);
      for (const other of others) expect(other).toEqual(first);
      const [found = ''] = codesOf('found');
      expect((await statementsFor(found)).length).toBeGreaterThan(first.length);
    });
  }

  it('opened its report once: what expired did so for two years to the day', async () => {
    const [code = ''] = codesOf('expired');
    const stageAfter = async (days: number) => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - (731 - days) * DAY_MS });
      const { body } = await asking('reportStatus')(code);
      vi.useRealTimers();
      return JSON.parse(body).data.answer?.stage ?? null;
    };
    expect(await stageAfter(729)).toBe('RECEIVED');
    expect(await stageAfter(731)).toBeNull();
  });

  it('can neither add to the report that it once opened nor withdraw its contact', async () => {
    const contacts = () =>
      rows(`SELECT how_found, contact IS NULL AS removed FROM submissions WHERE pasted_text LIKE '%//expired.%'`);
    for (const operation of ['addReportDetails', 'withdrawContact']) {
      for (const code of codesOf('expired')) await asking(operation)(code);
    }
    expect(await contacts()).toEqual(Array(EACH).fill({ how_found: null, removed: false }));
  });

  // Time, because an answer may say by its pace what its bytes do not. The kinds take turns in a random order and each time is
  // taken as a share of its round's, so what else the machine does weighs on all alike; further rounds are added while the
  // medians differ, since noise wears off and what the platform does stays.
  // Two of them at full size only: all three go by one path.
  for (const operation of Object.keys(OPERATIONS).slice(0, soak(3, 1))) {
    it(`is answered by ${operation} in the same time: medians within 5 %`, async () => {
      const kinds = operation === 'reportStatus' ? [...NOTHING, 'found'] : NOTHING;
      const shares = new Map(kinds.map((kind) => [kind, [] as number[]]));
      const run = async (rounds: number, keep: boolean) => {
        for (let round = 0; round < rounds; round += 1) {
          const times = new Map<string, number>();
          for (const kind of shuffled(kinds)) {
            times.set(kind, (await asking(operation)(codesOf(kind)[round % EACH] ?? '')).milliseconds);
          }
          // Their median, on which one request that the machine held up does not weigh.
          const ofRound = median(NOTHING.map((kind) => times.get(kind) ?? 0));
          if (keep) for (const [kind, time] of times) shares.get(kind)?.push(time / ofRound);
        }
      };
      const medianOf = (kind: string) => median(shares.get(kind) ?? []);
      const apart = () => Math.max(...NOTHING.map(medianOf)) / Math.min(...NOTHING.map(medianOf)) - 1;

      await run(WARM_UP, false);
      for (let attempt = 0; attempt < ATTEMPTS && (attempt === 0 || apart() > TOLERANCE); attempt += 1) {
        await run(ROUNDS, true);
      }
      const measured = kinds.map((kind) => `${kind} ${medianOf(kind).toFixed(3)}`).join(', ');
      expect(apart(), measured).toBeLessThanOrEqual(TOLERANCE);
      // One that opens its report stands out: the clock sees what a single further statement costs.
      if (kinds.includes('found'))
        expect(medianOf('found') / medianOf('unknown') - 1, measured).toBeGreaterThan(TOLERANCE);
    }, 180_000);
  }
});

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function shuffled<T>(items: T[]): T[] {
  const left = [...items];
  return items.flatMap(() => left.splice(Math.floor(Math.random() * left.length), 1));
}
