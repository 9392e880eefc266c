import { CONFIRM_DAYS } from '../briefing/briefing-link.ts';
import { type Sql, sql, type Tx } from '../db.ts';
import { ACCESS_CODE_DAYS } from '../report/access-code.ts';

type Row = { id: string };

/** One kind of thing that is forgotten some days after it was last needed. */
export type RetentionRule = {
  name: string;
  days: number;
  /** What was last needed at `until` or before: at most `most` of it, locked, each under an id. */
  due: (tx: Tx, until: Date, most: number) => Promise<Row[]>;
  forget: (tx: Tx, ids: string[], now: Date) => Promise<unknown>;
};

/** Days after which a reporter's contact is deleted, and free text, once the last case that they belong to has closed (domain.md, section 10). */
const CONTACT_DAYS = 90;
const FREE_TEXT_DAYS = 365;

// Of the case `c`: it closed then or before, and no legal hold keeps it.
const caseIsOver = (until: Date): Sql => sql`c.state = 'CLOSED' AND c.state_since <= ${until} AND NOT c.legal_hold`;

// Of the submission `s`: each of its cases is over. A report that was marked as malicious waits for nobody.
const submissionIsOver = (until: Date): Sql => sql`NOT EXISTS (
  SELECT FROM reports r JOIN cases c ON c.id = r.case_id LEFT JOIN quarantines q ON q.id = r.quarantine_id
  WHERE r.submission_id = s.id AND NOT (
    (${caseIsOver(until)}) OR (NOT c.legal_hold AND r.standing = 'MALICIOUS' AND coalesce(q.decided_at <= ${until}, false))))`;

/** All that retention forgets. Nothing is due where a case of it is open or under a legal hold. */
export const retentionRules: RetentionRule[] = [
  ofSubmissions('contacts', CONTACT_DAYS, 'contact', 'contactRemovedAt'),
  ofSubmissions('reporters’ notes', FREE_TEXT_DAYS, 'note', 'noteRemovedAt'),
  {
    // It opens nothing by then, whatever becomes of the case.
    name: 'access codes',
    days: ACCESS_CODE_DAYS,
    due: (tx, until, most) => tx.$queryRaw`
      SELECT id FROM submissions WHERE access_code_hash IS NOT NULL AND received_at <= ${until} LIMIT ${most} FOR UPDATE SKIP LOCKED`,
    forget: (tx, ids) => tx.submission.updateMany({ where: { id: { in: ids } }, data: { accessCodeHash: null } }),
  },
  {
    name: 'case notes',
    days: FREE_TEXT_DAYS,
    due: (tx, until, most) => tx.$queryRaw`
      SELECT n.id FROM case_notes n JOIN cases c ON c.id = n.case_id
      WHERE ${caseIsOver(until)} LIMIT ${most} FOR UPDATE OF n SKIP LOCKED`,
    forget: (tx, ids) => tx.caseNote.deleteMany({ where: { id: { in: ids } } }),
  },
  {
    name: 'notes of assessments',
    days: FREE_TEXT_DAYS,
    due: (tx, until, most) => tx.$queryRaw`
      SELECT a.id FROM assessments a JOIN cases c ON c.id = a.case_id
      WHERE a.note IS NOT NULL AND ${caseIsOver(until)}
      LIMIT ${most} FOR UPDATE OF a SKIP LOCKED`,
    forget: (tx, ids) => tx.assessment.updateMany({ where: { id: { in: ids } }, data: { note: null } }),
  },
  {
    name: 'drafts of assessments',
    days: FREE_TEXT_DAYS,
    due: (tx, until, most) => tx.$queryRaw`
      SELECT DISTINCT c.id FROM assessment_drafts d JOIN cases c ON c.id = d.case_id
      WHERE ${caseIsOver(until)} LIMIT ${most}`,
    forget: (tx, ids) => tx.assessmentDraft.deleteMany({ where: { caseId: { in: ids } } }),
  },
  {
    name: 'replies to notices',
    days: FREE_TEXT_DAYS,
    due: (tx, until, most) => tx.$queryRaw`
      SELECT n.id FROM notices n
      WHERE n.reply IS NOT NULL AND n.replied_at <= ${until} AND NOT EXISTS (
        SELECT FROM actions a JOIN cases c ON c.id = a.case_id
        WHERE a.notice_id = n.id AND (c.legal_hold OR c.state <> 'CLOSED' OR c.state_since > ${until}))
      LIMIT ${most} FOR UPDATE OF n SKIP LOCKED`,
    forget: (tx, ids) => tx.notice.updateMany({ where: { id: { in: ids } }, data: { reply: null } }),
  },
  {
    name: 'words of appeals',
    days: FREE_TEXT_DAYS,
    due: (tx, until, most) => tx.$queryRaw`
      SELECT a.id FROM appeals a LEFT JOIN cases c ON c.id = a.case_id
      WHERE (a.reason IS NOT NULL OR a.contact IS NOT NULL OR a.dismissal IS NOT NULL) AND a.decided_at <= ${until}
        AND (c.id IS NULL OR (${caseIsOver(until)}))
      LIMIT ${most} FOR UPDATE OF a SKIP LOCKED`,
    forget: (tx, ids) =>
      tx.appeal.updateMany({ where: { id: { in: ids } }, data: { reason: null, contact: null, dismissal: null } }),
  },
  {
    // Nobody has said that it is theirs.
    name: 'unconfirmed addresses of monthly mails',
    days: CONFIRM_DAYS,
    due: (tx, until, most) => tx.$queryRaw`
      SELECT id FROM briefings WHERE confirmed_at IS NULL AND stopped_at IS NULL AND created_at <= ${until} LIMIT ${most} FOR UPDATE SKIP LOCKED`,
    forget: (tx, ids) => tx.briefing.deleteMany({ where: { id: { in: ids } } }),
  },
];

function ofSubmissions(
  name: string,
  days: number,
  column: 'contact' | 'note',
  removedAt: 'contactRemovedAt' | 'noteRemovedAt',
): RetentionRule {
  const isKept = column === 'contact' ? sql`s.contact IS NOT NULL` : sql`s.note IS NOT NULL`;
  return {
    name,
    days,
    due: (tx, until, most) => tx.$queryRaw`
      SELECT s.id FROM submissions s WHERE ${isKept} AND ${submissionIsOver(until)} LIMIT ${most} FOR UPDATE OF s SKIP LOCKED`,
    forget: (tx, ids, now) =>
      tx.submission.updateMany({ where: { id: { in: ids } }, data: { [column]: null, [removedAt]: now } }),
  };
}
