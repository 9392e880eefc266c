import type { HistoryEntry } from './case-history.ts';

type Facts = Record<string, unknown>;

/** What is told of an entry: who, what as a sentence in English, and from which state to which. */
export type HistoryEvent = {
  at: Date;
  who: string;
  what: string;
  sentence: string;
  from: string | null;
  to: string | null;
  detail: string | null;
};

const day = (time: unknown) => (typeof time === 'string' ? time.slice(0, 10) : 'a day');

// What each action of the audit trail is called in a sentence. One that is not here is told by its own word.
const phrases: Record<string, string | ((facts: Facts) => string)> = {
  REPORT: ({ portal, quarantine }) => `reported it through portal ${portal}${quarantine ? ', into quarantine' : ''}`,
  REPORT_AGAIN: 'reported it again',
  ADD_REPORT_DETAILS: 'added details to a report',
  WITHDRAW_CONTACT: 'withdrew the contact of a report',
  SET_ASIDE: 'set reports of a flood aside, into quarantine',
  RELEASE_QUARANTINE: 'released reports from quarantine',
  MARK_QUARANTINE_MALICIOUS: 'marked quarantined reports as malicious',
  REKEY: ({ movedTo }) => (movedTo ? `moved its reports to ${movedTo}` : 'computed the key of its address anew'),
  READ: 'looked at it',
  LIST_CASES: 'saw it in the queue',
  CLAIM: 'took it',
  RELEASE: 'put it back',
  LEASE_EXPIRED: 'ended a claim whose time was over',
  HAND_OVER: 'handed it to a colleague',
  SAVE_DRAFT: 'saved a draft of an opinion',
  ASSESS: ({ bulk }) => (bulk ? 'gave a first opinion, on it and similar ones' : 'gave a first opinion'),
  REVIEW: 'gave a second opinion',
  RULE: 'ruled on the dispute',
  UNDO_ASSESSMENT: 'undid a first opinion',
  UNDO_BULK: 'undid an opinion on similar cases',
  APPEAL: 'opened a review after an appeal',
  DISMISS_APPEAL: 'dismissed an appeal',
  TRACE: ({ country }) => (country ? `traced the host to ${country}` : 'traced the host'),
  HOLD: ({ until }) => `put it on hold for the police until ${day(until)}`,
  RELEASE_HOLD: 'ended the hold',
  OVERRIDE_HOLD: 'went on in spite of the hold',
  HOST_NOTICE: 'had the host told',
  POLICE_REFERRAL: 'referred it to the police',
  HOTLINE_REFERRAL: 'referred it to a hotline',
  NOTICE_SENT: ({ kind, step }) =>
    `sent a ${kind ? word(kind) : 'message'}${step && step !== 'FIRST' ? ` (${word(step)})` : ''}`,
  NOTICE_FAILED: ({ failure }) => `could not deliver a message${failure ? ` (${failure})` : ''}`,
  NOTICE_WITHDRAWN: 'withdrew a message before it went out',
  NOTICE_PUT_OFF: ({ until }) => `kept a message back until ${day(until)}`,
  NOTICE_RETRIED: 'had a message sent again',
  NOTICE_RESOLVED: ({ sent }) => `found out that a message ${sent ? 'went out' : 'did not go out'}`,
  NOTICE_ACKNOWLEDGED: 'noted that a message was received',
  NOTICE_ANSWERED: 'took an answer by mail',
  HOST_ANSWER: ({ answer }) => `answered a message by its link${answer ? ` (${word(answer)})` : ''}`,
  STEP_TAKEN: ({ step }) => `went on to the next step${step ? ` (${word(step)})` : ''}`,
  STEP_LEFT_OUT: ({ step }) => `left a step out for want of a contact${step ? ` (${word(step)})` : ''}`,
  OBSERVE: ({ seen }) => `saw it ${word(seen)}`,
  CONFIRM_REMOVAL: 'confirmed that it stayed gone',
  CLOSE: 'closed it',
  REOPEN: 'opened it again',
  NOTE: 'wrote a note',
  LIST: 'put it on the URL list',
  UNLIST: ({ step }) => (step === 'proposed' ? 'proposed to take it off the URL list' : 'took it off the URL list'),
  KEEP_LISTED: 'kept it on the URL list',
  LIST_DOMAIN: 'put its domain on the URL list',
  UNLIST_DOMAIN: 'took its domain off the URL list',
  LEGAL_HOLD: 'put it under a legal hold',
  END_LEGAL_HOLD: 'ended the legal hold',
};

/** From where an opinion was undone tells which it was. */
const TELLS_BY_STATES = new Set(['UNDO_ASSESSMENT', 'UNDO_BULK']);

/**
 * Tells an entry. With `blind` it keeps to itself what could tell a colleague's opinion while a second one is owed: all facts but
 * the states.
 */
export function tellEntry(entry: HistoryEntry, blind: boolean): HistoryEvent {
  const facts: Facts = entry.detail ? JSON.parse(entry.detail) : {};
  const told = blind ? { ...(facts['portal'] ? { portal: facts['portal'] } : {}) } : facts;
  const hidden = blind && TELLS_BY_STATES.has(entry.action);
  const [from, to] = hidden ? [null, null] : [text(facts['from']), text(facts['to'])];
  const phrase = phrases[entry.action] ?? `did: ${word(entry.action)}`;
  const done = facts['repeated'] ? 'sent a step again that was done already' : sentence(phrase, told);
  const move = to && to !== from ? `: now ${word(to)}` : '';
  const who = whoOf(entry);
  return {
    at: entry.at,
    who,
    what: entry.action,
    sentence: `${who} ${done}${move}.`,
    from,
    to,
    detail: blind ? null : entry.detail,
  };
}

function sentence(phrase: string | ((facts: Facts) => string), facts: Facts): string {
  return typeof phrase === 'string' ? phrase : phrase(facts);
}

// The public stays unnamed, and so does a partner: which of its people reported is nobody's question.
function whoOf({ actor, name, role }: HistoryEntry): string {
  if (actor === 'system') return 'The platform';
  if (actor === 'stranger') return 'Somebody';
  return role === 'PARTNER' ? 'A partner' : (name ?? 'Somebody of the hotline');
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function word(value: unknown): string {
  return String(value).toLowerCase().replaceAll('_', ' ');
}
