import { prisma } from '../db.ts';
import {
  agreeOn,
  type ComparedAnswers,
  type ComparedQuestion,
  comparedQuestions,
  sameOpinion,
} from '../domain/assessment.ts';
import { type ReviewTrigger, reviewTriggerKinds } from '../domain/review-policy.ts';

/** How many second opinions there were, and how many agreed with the first. */
export type Agreement = { secondOpinions: number; agreed: number };

/** How second opinions of a period agreed with first ones, in totals that name nobody. */
export type AgreementRates = Agreement & {
  from: Date;
  to: Date;
  /** Of those that did not agree. */
  rulings: { withFirst: number; withSecond: number; withBoth: number; withNeither: number; owed: number };
  byTrigger: (Agreement & { trigger: ReviewTrigger })[];
  byQuestion: (Agreement & { question: ComparedQuestion })[];
};

/** Rounds with the same answers and triggers, counted: there are few different ones. */
type Group = {
  first: ComparedAnswers;
  second: ComparedAnswers;
  ruling: ComparedAnswers | null;
  triggers: ReviewTrigger[];
  rounds: number;
};

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Compares the second opinions given from the day `from` to the day `to` (both in UTC, both included) with the first ones and the rulings. One statement. */
export async function agreementRates(from: Date, to: Date): Promise<AgreementRates> {
  const groups = await groupsBetween(from, new Date(to.getTime() + DAY_MS));
  const disputed = groups.filter(({ first, second }) => !sameOpinion(first, second));
  return {
    from,
    to,
    ...agreementOf(groups, ({ first, second }) => sameOpinion(first, second)),
    rulings: rulingsOf(disputed),
    byTrigger: reviewTriggerKinds.map((trigger) => ({
      trigger,
      ...agreementOf(
        groups.filter(({ triggers }) => triggers.includes(trigger)),
        ({ first, second }) => sameOpinion(first, second),
      ),
    })),
    byQuestion: comparedQuestions.map((question) => ({
      question,
      ...agreementOf(groups, ({ first, second }) => agreeOn(question, first, second)),
    })),
  };
}

// Where two opinions cannot be compared (a question that one of them did not have to answer), they are not counted.
function agreementOf(groups: Group[], agree: (group: Group) => boolean | null): Agreement {
  const compared = groups.filter((group) => agree(group) !== null);
  return { secondOpinions: roundsOf(compared), agreed: roundsOf(compared.filter(agree)) };
}

// A ruling may agree with both of two opinions that differ: an age that lies between theirs.
function rulingsOf(disputed: Group[]): AgreementRates['rulings'] {
  const rulings = { withFirst: 0, withSecond: 0, withBoth: 0, withNeither: 0, owed: 0 };
  for (const { first, second, ruling, rounds } of disputed) {
    const [one, two] = ruling ? [sameOpinion(ruling, first), sameOpinion(ruling, second)] : [];
    if (!ruling) rulings.owed += rounds;
    else if (one && two) rulings.withBoth += rounds;
    else if (one) rulings.withFirst += rounds;
    else if (two) rulings.withSecond += rounds;
    else rulings.withNeither += rounds;
  }
  return rulings;
}

const roundsOf = (groups: Group[]) => groups.reduce((sum, { rounds }) => sum + rounds, 0);

// Of each second opinion the latest first one before it, and the ruling after it that comes before another round begins.
function groupsBetween(from: Date, before: Date): Promise<Group[]> {
  return prisma.$queryRaw<Group[]>`
    WITH compared AS (
      SELECT f.review_reasons AS triggers,
             jsonb_build_object('verdict', f.verdict, 'severity', f.severity, 'youngestAge', f.youngest_age, 'form', f.form) AS first,
             jsonb_build_object('verdict', s.verdict, 'severity', s.severity, 'youngestAge', s.youngest_age, 'form', s.form) AS second,
             CASE n.round WHEN 'RULING'
               THEN jsonb_build_object('verdict', n.verdict, 'severity', n.severity, 'youngestAge', n.youngest_age, 'form', n.form) END AS ruling
      FROM assessments s, LATERAL (
        SELECT * FROM assessments f WHERE f.case_id = s.case_id AND f.round = 'FIRST' AND f.at <= s.at ORDER BY f.at DESC LIMIT 1
      ) f LEFT JOIN LATERAL (
        SELECT * FROM assessments n WHERE n.case_id = s.case_id AND n.at > s.at AND n.round <> 'SECOND' ORDER BY n.at LIMIT 1
      ) n ON true
      WHERE s.round = 'SECOND' AND s.at >= ${from} AND s.at < ${before}
    )
    SELECT first, second, ruling, triggers::text[], count(*)::int AS rounds
    FROM compared GROUP BY 1, 2, 3, 4`;
}
