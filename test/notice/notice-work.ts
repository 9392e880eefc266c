import { v7 as uuidv7 } from 'uuid';
import type { CaseWork, Person, Result } from '../case/case-work.ts';
import { confirmed } from '../case/case-work.ts';

type ContactFields = {
  kind?: string;
  name?: string;
  email?: string;
  language?: string;
  quiet?: [number, number];
  timeZone?: string;
  approved?: boolean;
  domains?: string[];
  networks?: number[];
  waitHours?: number;
  xarf?: boolean;
};

/** What tests of notices do over and over. */
export function noticeWork(work: CaseWork) {
  let count = 0;

  /** A contact, straight into the table; its id. */
  const makeContact = async (fields: ContactFields = {}): Promise<string> => {
    count += 1;
    const {
      kind = 'HOST',
      name = `Contact ${count}`,
      email = `abuse@contact-${count}.example`,
      language = 'en',
    } = fields;
    const {
      quiet = [null, null],
      timeZone = 'UTC',
      approved = true,
      domains = [],
      networks = [],
      waitHours = 24,
    } = fields;
    const id = uuidv7();
    await work.sql(
      `INSERT INTO contacts (id, kind, name, email, language, countries, domains, networks, quiet_from, quiet_until, time_zone, wait_hours, xarf,
                             updated_at, approved_at, approved_by_id)
       SELECT $1, $2::"ContactKind", $3, $4, $5, '{}', $6, $7, $8, $9, $10, $11, $12, now(), CASE WHEN $13 THEN now() END,
              CASE WHEN $13 THEN (SELECT id FROM accounts WHERE role = 'SUPERVISOR' LIMIT 1) END`,
      [
        id,
        kind,
        name,
        email,
        language,
        domains,
        networks,
        ...quiet,
        timeZone,
        waitHours,
        fields.xarf ?? true,
        approved,
      ],
    );
    return id;
  };

  /** Cases that an analyst confirmed and holds. */
  const confirmedCases = async (analyst: Person, howMany: number): Promise<string[]> => {
    const numbers = await work.makeCases(howMany);
    for (const number of numbers) {
      await work.assess(analyst, number, confirmed);
      await work.claim(analyst, number);
    }
    return numbers;
  };

  const notify = (analyst: Person, number: string, contact: string, more: object = {}): Promise<Result> =>
    work.step(analyst, 'notifyHost', number, { recipient: undefined, contact, ...more });
  const refer = (
    analyst: Person,
    number: string,
    to: 'POLICE' | 'HOTLINE',
    contact: string,
    more: object = {},
  ): Promise<Result> => work.step(analyst, 'referCase', number, { recipient: undefined, to, contact, ...more });

  const ACTIONS = `query ($n: String!) { case(number: $n) { state clock { hostTold policeTold hotlineTold }
    actions { kind recipient state step sentAt withdrawnAt answer sentBy { name } contact { id name }
      notice { id reference attempts failure urgent sendAfter queuedAt escalateAt acknowledgedAt repliedAt reply } } } }`;
  const readActions = async (number: string, person: Person = 'analyst'): Promise<Result> =>
    (await work.ask(person, ACTIONS, { n: number })).case;

  const NOTICES = `query ($filter: NoticeFilter, $first: Int, $after: String) { notices(filter: $filter, first: $first, after: $after) {
    edges { cursor node { id state failure attempts kind step sendAfter contact { id name } actions { case { number } } } }
    pageInfo { hasNextPage endCursor } } }`;
  const notices = async (filter: object, more: object = {}): Promise<Result> =>
    (await work.ask('analyst', NOTICES, { filter, ...more })).notices;

  /** Runs what the jobs run each minute, as if the clock had come to what waits. */
  const sendDue = async () => {
    const { sendDueNotices } = await import('../../src/notice/send-notice.ts');
    await sendDueNotices(new Date());
  };
  const settle = async () => {
    const { settleNotices } = await import('../../src/notice/settle-notices.ts');
    await settleNotices(new Date());
  };
  const escalate = async () => {
    const { escalateNotices } = await import('../../src/notice/escalate-notices.ts');
    await escalateNotices(new Date());
  };
  /** Moves all that waits, was sent or is to follow into the past. */
  const passTime = (hours: number) =>
    work.sql(
      `UPDATE notices SET send_after = send_after - $1 * interval '1 hour', queued_at = queued_at - $1 * interval '1 hour',
         attempted_at = attempted_at - $1 * interval '1 hour', sent_at = sent_at - $1 * interval '1 hour',
         escalate_at = escalate_at - $1 * interval '1 hour'`,
      [hours],
    );

  return { makeContact, confirmedCases, notify, refer, readActions, notices, sendDue, settle, escalate, passTime };
}
