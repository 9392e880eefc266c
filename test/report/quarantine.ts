import { expect, vi } from 'vitest';
import { type CaseWork, caseWork, confirmed, type Person } from '../case/case-work.ts';
import { type Platform, send, startPlatform } from '../support/platform.ts';
import { type Receipt, rows, SUBMIT, statusOf } from './intake.ts';

const MESSAGE = Array.from({ length: 20 }, (_, n) => `https://burst.example/${n}`).join('\n');
export const QUARANTINE = `id portal { code } decidedAt decidedBy { name } reports released malicious inDanger firstReceivedAt lastReceivedAt
  patterns { host reports sampleAddresses }`;
export const RECEIVED = { stage: 'RECEIVED', outcome: null };

// biome-ignore lint/suspicious/noExplicitAny: an answer's shape is what the tests are about.
type Data = any;

/** Moves the tests' clock on. */
export const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000);
/** Claims go by the database's clock, which stands still for nobody: after this, now is later by both. */
export const catchUp = () =>
  vi.setSystemTime(Math.max(Date.now(), performance.timeOrigin + performance.now()) + 60_000);

export const caseOf = async (address: string): Promise<Data> =>
  (
    await rows(
      `SELECT c.number, c.state, c.episode_number, c.report_count, cardinality(c.portal_ids) AS portals, c.priority,
              c.first_reported_at, e.first_reported
       FROM cases c JOIN episodes e ON e.case_id = c.id AND e.number = c.episode_number WHERE c.address = $1`,
      [address],
    )
  )[0];

/** What tests of quarantines do over and over; each test's sources are its own. */
export function quarantineWork(platform: Platform, work: CaseWork) {
  const submitFrom = async (source: string, input: object): Promise<Data> => {
    const body = { query: SUBMIT, variables: { input: { portal: 'ke', ...input } } };
    return (await send(platform.url, body, { 'x-forwarded-for': source })).data?.submitReport;
  };
  /** The receipt of a report, after the wait that it may have asked for. */
  const receiptFrom = async (source: string, input: object): Promise<Receipt> => {
    const first = await submitFrom(source, input);
    if (first.__typename === 'ReportReceipt') return first;
    later(first.waitSeconds);
    const answer = await submitFrom(source, { ...input, challenge: first.ticket });
    expect(answer.__typename).toBe('ReportReceipt');
    return answer;
  };
  /** As many reports as one source may file in an hour, through another portal: with the next they are a burst. */
  const makeBurst = async (source: string) => {
    for (let message = 0; message < 6; message += 1) await receiptFrom(source, { portal: 'mn', address: MESSAGE });
  };
  /** Sets a message aside that comes from a source of its own, of a burst. */
  const setAside = async (source: string, addresses: string[], more = {}): Promise<Receipt> => {
    await makeBurst(source);
    return receiptFrom(source, { address: addresses.join('\n'), ...more });
  };
  const idOf = async ({ reports: [line] }: Receipt): Promise<string> =>
    (await rows('SELECT quarantine_id AS id FROM reports WHERE reference = $1', [line?.reference]))[0].id;
  const quarantineOf = async (receipt: Receipt): Promise<Data> => {
    const id = await idOf(receipt);
    return (await work.ask('analyst', `{ quarantines { ${QUARANTINE} } }`)).quarantines.find(
      (one: Data) => one.id === id,
    );
  };
  const decide = async (
    mutation: 'releaseQuarantine' | 'markQuarantineMalicious',
    input: object,
    as: Person = 'analyst',
  ): Promise<Data> =>
    (
      await work.ask(
        as,
        `mutation ($input: DecideQuarantineInput!) { ${mutation}(input: $input) { __typename ... on Quarantine { ${QUARANTINE} } ... on Error { code } } }`,
        { input },
      )
    )[mutation];
  const release = async (receipt: Receipt) => decide('releaseQuarantine', { quarantine: await idOf(receipt) });
  const stageOf = async ({ accessCode }: Receipt) => {
    const { stage, outcome } = await statusOf(platform, accessCode);
    return { stage, outcome };
  };
  const inQueue = async (): Promise<string[]> =>
    (await work.ask('analyst', '{ cases(first: 100) { edges { node { number } } } }')).cases.edges.map(
      ({ node }: Data) => node.number,
    );
  /** Two colleagues confirm a case, and one of them sees its content gone. */
  const remove = async (address: string) => {
    const { number } = await caseOf(address);
    await work.assess(await work.colleague(), number, { ...confirmed, requestReview: true });
    const second = await work.colleague();
    await work.review(second, number, confirmed);
    expect((await work.step(second, 'recordObservation', number)).state).toBe('REMOVED');
    catchUp();
    return number;
  };

  return {
    submitFrom,
    receiptFrom,
    makeBurst,
    setAside,
    idOf,
    quarantineOf,
    decide,
    release,
    stageOf,
    inQueue,
    remove,
  };
}

/** Starts a platform whose clock the tests move, with what they do on it. `stop` ends both. */
export async function startQuarantineWork() {
  const platform = await startPlatform({ TRUSTED_PROXIES: '1' });
  const work = await caseWork(platform);
  vi.useFakeTimers({ toFake: ['Date'] });
  const stop = async () => {
    vi.useRealTimers();
    await work.close();
    await platform.stop();
  };
  return { platform, work, quarantines: quarantineWork(platform, work), stop };
}
