import { solveChallenge } from 'altcha-lib/v1';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type CaseWork, caseWork, dismissed } from '../case/case-work.ts';
import { rows, SUBMIT } from '../report/intake.ts';
import { type Platform, send, startPlatform, tokenOf } from '../support/platform.ts';
import { soak } from '../support/soak.ts';

const MINUTE_MS = 60_000;
const FREE = 60;
const ALIASES = 15;
const MANY = `mutation (${Array.from({ length: ALIASES }, (_, n) => `$i${n}: SubmitReportInput!`).join(' ')}) {
  ${Array.from({ length: ALIASES }, (_, n) => `r${n}: submitReport(input: $i${n}) { ...R }`).join(' ')} }
  fragment R on SubmitReportResult { __typename ... on ReportReceipt { reports { reference } } ... on ChallengeRequiredError { ticket } }`;

// biome-ignore lint/suspicious/noExplicitAny: an answer's shape is what the test is about.
type Data = any;

let platform: Platform;
let work: CaseWork;
beforeAll(async () => {
  platform = await startPlatform({ TRUSTED_PROXIES: '1' });
  work = await caseWork(platform);
  // The clock stands still, so that a slow machine sends all of it in one hour.
  vi.useFakeTimers({ toFake: ['Date'], now: Math.ceil(Date.now() / MINUTE_MS) * MINUTE_MS });
});
afterAll(async () => {
  vi.useRealTimers();
  await work.close();
  await platform.stop();
});

const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000);
const from = async (address: string, query: string, variables: object, headers = {}): Promise<Data> => {
  const { data, errors } = await send(platform.url, { query, variables }, { 'x-forwarded-for': address, ...headers });
  expect(errors).toEqual([]);
  return data;
};
const submitFrom = async (address: string, input: object, headers = {}) =>
  (await from(address, SUBMIT, { input: { portal: 'ke', ...input } }, headers)).submitReport;
/** Fifteen in one operation. */
const manyFrom = async (address: string, inputs: object[]): Promise<Data[]> =>
  Object.values(await from(address, MANY, Object.fromEntries(inputs.map((input, n) => [`i${n}`, input]))));
const fail = async (address: string, times: number) => {
  const inputs = Array(ALIASES).fill({ portal: '?', address: 'words without an address' });
  for (let n = 0; n < times / ALIASES; n += 1) {
    const answers = await manyFrom(address, inputs);
    expect(answers).toEqual(Array(ALIASES).fill({ __typename: 'InvalidInputError' }));
  }
};
const solve = async (challenge: string) => {
  const { algorithm, challenge: hash, salt, signature, maxnumber } = JSON.parse(challenge);
  const number = (await solveChallenge(hash, salt, algorithm, maxnumber).promise)?.number;
  return Buffer.from(JSON.stringify({ algorithm, challenge: hash, number, salt, signature })).toString('base64');
};

describe('a source of many reports', () => {
  it('is asked for a proof of work or to wait, while everybody else reports on', async () => {
    // Many in one operation count as many; the proxy's own word is believed, and nothing that stands before it.
    for (let n = 0; n < FREE / ALIASES; n += 1) await fail(`192.0.2.${n}, 198.51.100.1`, ALIASES);
    const input = { address: 'https://flood.example/' };
    const refused = await submitFrom('198.51.100.1', input);
    expect(refused).toMatchObject({ __typename: 'ChallengeRequiredError', code: 'CHALLENGE_REQUIRED' });
    expect((await submitFrom('198.51.100.2', input)).__typename).toBe('ReportReceipt');

    const solved = { ...input, challenge: await solve(refused.challenge) };
    expect((await submitFrom('198.51.100.1', solved)).__typename).toBe('ReportReceipt');
    expect((await submitFrom('198.51.100.1', solved)).__typename).toBe('ChallengeRequiredError');
    // Whoever signed in is known.
    const industry = { authorization: `Bearer ${await tokenOf('industry')}` };
    expect((await submitFrom('198.51.100.1', input, industry)).__typename).toBe('ReportReceipt');
    expect(await rows('SELECT report_count FROM cases')).toEqual([{ report_count: 3 }]);
  });

  it('gets the ticket back that it shows too early, with the seconds that are left', async () => {
    const input = { address: 'https://patient.example/' };
    const { ticket, waitSeconds } = await submitFrom('198.51.100.1', input);
    later(waitSeconds - 3);
    expect(await submitFrom('198.51.100.1', { ...input, challenge: ticket })).toMatchObject({ ticket, waitSeconds: 3 });
    later(3);
    const patient = { ...input, challenge: ticket };
    expect((await submitFrom('198.51.100.1', patient)).__typename).toBe('ReportReceipt');
    expect((await submitFrom('198.51.100.1', patient)).__typename).toBe('ChallengeRequiredError');
  });

  it('needs an answer for what is filed only: neither for words with a fault nor for a receipt that was lost', async () => {
    const input = { address: 'https://kept.example/', idempotencyKey: 'a key that nobody else has' };
    expect((await submitFrom('198.51.100.1', { address: 'no address' })).__typename).toBe('InvalidInputError');
    const { challenge } = await submitFrom('198.51.100.1', input);
    const receipt = await submitFrom('198.51.100.1', { ...input, challenge: await solve(challenge) });
    expect(receipt.__typename).toBe('ReportReceipt');
    expect(await submitFrom('198.51.100.1', input)).toEqual(receipt);
  });

  it('is sent away for a minute when it sends thousands in one, to protect the server', async () => {
    await fail('198.51.100.3', 3_000);
    const input = { address: 'https://flood.example/' };
    const refused = await submitFrom('198.51.100.3', input);
    expect(refused).toMatchObject({ __typename: 'TooManyReportsError', retryAfterSeconds: 60 });
    later(60);
    expect((await submitFrom('198.51.100.3', input)).__typename).toBe('ChallengeRequiredError');
  });
});

const FALSE = soak(8_000, 2_000);
describe(`${FALSE} false reports from one source in an hour`, () => {
  const HONEST = 30;
  const SOURCE = '203.0.113.9';

  // What the analysts see at this moment, after the jobs that waited have run.
  const queueAt = async (moment: Date): Promise<Data> => {
    vi.setSystemTime(moment);
    const { startWorker } = await import('../../src/jobs/worker.ts');
    const runner = await startWorker();
    const waiting = `SELECT FROM graphile_worker.jobs WHERE task_identifier LIKE 'prioritise-%' LIMIT 1`;
    await vi.waitFor(async () => expect(await rows(waiting)).toHaveLength(0), 30_000);
    await runner.stop();
    const next = [];
    for (let n = 0; n < 3; n += 1) next.push((await work.claimNext('analyst')).number);
    for (const number of next) await work.release('analyst', number);
    const seen = await work.ask(
      'analyst',
      `{ cases(first: 100) { edges { node { number state episode priority reportCount portalCount firstReportedAt lastReportedAt } } pageInfo { hasNextPage } }
         queueSummary { awaitingAssessment awaitingReview disputed awaitingAction onHold awaitingRemoval } }`,
    );
    return { ...seen, next };
  };
  const close = async (number: string, outcome: object) => {
    const [first, second] = [await work.colleague(), await work.colleague()];
    await work.assess(first, number, { ...outcome, requestReview: true });
    return work.review(second, number, outcome);
  };

  it('leave the analysts’ queue as it was, and none is lost', async () => {
    for (let n = 0; n < HONEST; n += 1) {
      const input = { address: `https://honest-${n}.example/`, details: { inDanger: n % 10 === 0 } };
      expect((await submitFrom(`192.0.2.${n}`, input)).__typename).toBe('ReportReceipt');
    }
    const [ended] = await rows(`SELECT number FROM cases WHERE address = 'https://honest-7.example/'`);
    expect((await close(ended.number, dismissed)).state).toBe('CLOSED');
    // Claims end by the database's clock, which stands still for nobody: what follows is later by both.
    const moment = new Date(Math.max(Date.now(), performance.timeOrigin + performance.now()) + 5 * MINUTE_MS);
    const before = await queueAt(moment);
    expect(before.cases.edges.length).toBeGreaterThanOrEqual(HONEST);
    const known = (await rows('SELECT reference FROM reports')).length;

    // One in four is of a case that stands, the ended one among them; every third message says that a child is in danger.
    const addresses = Array.from({ length: FALSE }, (_, n) =>
      n % 4 === 0 ? `https://honest-${(n / 4) % HONEST}.example/` : `https://false-${n % 9}.example/${n}`,
    );
    const inputs = messagesOf(addresses).map((lines, n) => ({
      portal: n % 2 > 0 ? 'ke' : 'ug',
      address: lines.join('\n'),
      details: { inDanger: n % 3 === 0 },
    }));
    const receipts = await flood(inputs);
    expect(receipts.map(({ __typename }) => __typename)).toEqual(Array(inputs.length).fill('ReportReceipt'));
    const references = receipts.flatMap(({ reports }) => reports.map((report: Data) => report.reference));
    const filed = new Set((await rows('SELECT reference FROM reports')).map(({ reference }) => reference));
    expect(filed.size).toBe(known + FALSE);
    expect(references.filter((reference) => filed.has(reference))).toHaveLength(FALSE);

    expect(await queueAt(moment)).toEqual(before);
    const { quarantines, queueSummary } = await work.ask(
      'analyst',
      '{ quarantines(open: true) { portal { code } reports inDanger } queueSummary { quarantinedReports quarantinedInDanger } }',
    );
    expect(quarantines.map(({ portal }: Data) => portal.code).sort()).toEqual(['ke', 'ug']);
    const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
    expect(queueSummary).toEqual({
      quarantinedReports: sum(quarantines.map(({ reports }: Data) => reports)),
      quarantinedInDanger: sum(quarantines.map(({ inDanger }: Data) => inDanger)),
    });
    expect(queueSummary.quarantinedReports).toBe(FALSE);
    expect(queueSummary.quarantinedInDanger).toBeGreaterThan(FALSE / 5);
  }, 180_000);

  /** Messages of one address, two, five and twenty in turn. */
  function messagesOf(addresses: string[]): string[][] {
    const [messages, sizes]: [string[][], number[]] = [[], [1, 2, 5, 20]];
    for (let n = 0; n < addresses.length; n += messages.at(-1)?.length ?? 0) {
      messages.push(addresses.slice(n, n + (sizes[messages.length % 4] ?? 1)));
    }
    return messages;
  }

  /** Sends all of it from one source, by tickets; gives what became of each. */
  async function flood(inputs: object[]): Promise<Data[]> {
    const done: Data[] = [];
    let waiting: object[] = inputs;
    for (let minute = 0; waiting.length > 0; minute += 1) {
      const sent = waiting.slice(0, 1_500);
      const rest = waiting.slice(1_500);
      const again: object[] = [];
      const groups = Array.from({ length: Math.ceil(sent.length / ALIASES) }, (_, n) => n);
      const lane = async () => {
        for (let n = groups.shift(); n !== undefined; n = groups.shift()) {
          const group = sent.slice(n * ALIASES, (n + 1) * ALIASES);
          const answers = await manyFrom(SOURCE, [
            ...group,
            ...Array(ALIASES - group.length).fill({ portal: 'ke', address: '' }),
          ]);
          for (const [at, input] of group.entries()) {
            const answer = answers[at];
            if (answer.__typename === 'ChallengeRequiredError') again.push({ ...input, challenge: answer.ticket });
            else done.push(answer);
          }
        }
      };
      await Promise.all(Array.from({ length: 6 }, lane));
      waiting = [...again, ...rest];
      later(60);
      expect(minute).toBeLessThan(58);
    }
    return done;
  }
});
