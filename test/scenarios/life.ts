import { expect } from 'vitest';
import type { Person, Result, Step } from '../case/case-work.ts';
import { receiptFor, statusOf } from '../report/intake.ts';
import { type Hotline, taken } from './hotline.ts';

const STORY = `query Story($n: String!) { case(number: $n) {
  number state outcome episode listed heldUntil reviewReasons
  assessments { round verdict reason assessor { name } }
  hosting { placement country agreed abuseContacts }
  route { route responsibleCountry urlList steps recipients { kind missing contact { name } } }
  actions { kind recipient state step answer sentAt withdrawnAt sentBy { name } }
  observations { seen movedTo observedBy { name } }
  appeals { state }
  clocks { episode firstReported assessed traced policeTold hostTold hotlineTold firstSeenGone
    minutesToAssess minutesToNotify minutesToRemove minutesFromNoticeToRemoval }
  history(first: 100) { edges { node { sentence } } } } }`;
const ANSWER = `mutation ($input: AnswerHostNoticeInput!) { answerHostNotice(input: $input) { __typename } }`;

/** The life of the case of one address, from its first report on: what people do to it, and what is told of it. */
export async function lifeOf(hotline: Hotline, address: string, { portal = 'ke' } = {}) {
  const { work, platform, mail } = hotline;
  const receipt = await receiptFor(platform, portal, address);
  await hotline.runJobs();
  const [{ number }] = await work.sql(
    'SELECT c.number FROM cases c JOIN reports r ON r.case_id = c.id WHERE r.reference = $1',
    [receipt.reports[0]?.reference],
  );

  const claim = async (person: Person) => taken(await work.claim(person, number));
  /** A step that must succeed, by whoever takes the case for it. */
  const step = async (person: Person, name: Step, more: object = {}): Promise<Result> =>
    taken(await work.step(person, name, number, more));
  const assess = async (person: Person, assessment: object) => taken(await work.assess(person, number, assessment));
  const review = async (person: Person, assessment: object) => taken(await work.review(person, number, assessment));
  const rule = async (person: Person, assessment: object) => {
    await claim(person);
    return step(person, 'ruleOnCase', { assessment });
  };
  const told = async (): Promise<Result> => (await work.ask('supervisor', STORY, { n: number })).case;
  /** Has the host traced; gives where it is and what is to be done. */
  const trace = async (person: Person): Promise<Result> => {
    await claim(person);
    await step(person, 'traceHost');
    await hotline.runJobs();
    return told();
  };
  const notify = (person: Person, contact: string, more: object = {}) =>
    step(person, 'notifyHost', { recipient: undefined, contact, ...more });
  const refer = (person: Person, to: 'POLICE' | 'HOTLINE', contact: string) =>
    step(person, 'referCase', { recipient: undefined, to, contact });

  const mailsTaken = () => mail.taken.filter(({ mail: { text } }) => text?.split('\n').includes(address));
  /** What the mail server got about the address: to whom, and what about. */
  const mails = () => mailsTaken().map((one) => `${one.to}: ${one.mail.subject?.replace(/ \[N-.*$/, '')}`);
  /** What a recipient answers by the link in the last message that it got. */
  const answers = async (to: string, answer: 'RECEIVED' | 'REMOVED' | 'NOT_OURS') => {
    const last = mailsTaken().findLast((one) => one.to === to);
    const token = /\/notice\/([\w-]{43})\n/.exec(last?.mail.text ?? '')?.[1] ?? '';
    const { hostNotice } = await work.ask(
      'stranger',
      'query ($token: String!) { hostNotice(token: $token) { lines { line } } }',
      { token },
    );
    const lines = hostNotice.lines.map(({ line }: { line: string }) => ({ line, answer }));
    const { answerHostNotice } = await work.ask('stranger', ANSWER, { input: { token, answers: lines } });
    expect(answerHostNotice).toEqual({ __typename: 'HostNotice' });
  };
  const reporterReads = async () => {
    const { stage, outcome } = await statusOf(platform, receipt.accessCode);
    return outcome ? `${stage}: ${outcome}` : stage;
  };
  const history = async (): Promise<string[]> =>
    (await told()).history.edges
      .map(({ node }: Result) => node.sentence)
      .filter((sentence: string) => !sentence.includes('took it'));
  /** The changes of the URL list that concern it. */
  const listChanges = async (): Promise<string[]> => {
    const { urlList } = await work.ask('industry', '{ urlList { changes { address change } } }');
    return urlList.changes.filter((one: Result) => one.address === address).map((one: Result) => one.change);
  };

  return {
    number: number as string,
    address,
    claim,
    step,
    assess,
    review,
    rule,
    told,
    trace,
    notify,
    refer,
    mails,
    answers,
    reporterReads,
    history,
    listChanges,
  };
}

/** That the audit trail is whole, also by anchors kept outside of the database. */
export async function expectWholeTrail(): Promise<void> {
  const { anchorTrail } = await import('../../src/audit/anchor-trail.ts');
  const { verifyTrail } = await import('../../src/audit/verify-trail.ts');
  await anchorTrail({ system: true, operation: 'anchor-trail' }, new Date());
  const report = await verifyTrail();
  expect(report).toMatchObject({ faults: [], anchorFaults: [] });
  expect(report.entries).toBeGreaterThan(10);
}
