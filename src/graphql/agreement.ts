import type { AgreementRates as Rates } from '../case/agreement-rates.ts';
import { builder } from './builder.ts';
import { AssessedQuestion, ReviewTrigger } from './enums.ts';

const counts = {
  secondOpinions: 'How many second opinions were compared with a first one.',
  agreed: 'How many of them agreed.',
} as const;

const RulingCounts = builder.objectRef<Rates['rulings']>('RulingCounts').implement({
  description: 'What supervisors ruled where two opinions differed.',
  fields: (t) => ({
    withFirst: t.exposeInt('withFirst', { description: 'As the first opinion.' }),
    withSecond: t.exposeInt('withSecond', { description: 'As the second opinion.' }),
    withBoth: t.exposeInt('withBoth', { description: 'Near enough to both, such as an age between theirs.' }),
    withNeither: t.exposeInt('withNeither', { description: 'Otherwise than both.' }),
    owed: t.exposeInt('owed', { description: 'Not ruled on: still disputed, or begun anew.' }),
  }),
});

const TriggerAgreement = builder.objectRef<Rates['byTrigger'][number]>('TriggerAgreement').implement({
  description: 'How second opinions agreed that were owed for one reason; some were owed for several.',
  fields: (t) => ({
    trigger: t.expose('trigger', { type: ReviewTrigger, description: 'Why a second opinion was owed.' }),
    secondOpinions: t.exposeInt('secondOpinions', { description: counts.secondOpinions }),
    agreed: t.exposeInt('agreed', { description: counts.agreed }),
  }),
});

const QuestionAgreement = builder.objectRef<Rates['byQuestion'][number]>('QuestionAgreement').implement({
  description: 'How second opinions agreed on one question, where both had to answer it.',
  fields: (t) => ({
    question: t.expose('question', { type: AssessedQuestion, description: 'The question.' }),
    secondOpinions: t.exposeInt('secondOpinions', { description: counts.secondOpinions }),
    agreed: t.exposeInt('agreed', { description: counts.agreed }),
  }),
});

/** How opinions agreed, in totals that name nobody. */
export const AgreementRates = builder.objectRef<Rates>('AgreementRates').implement({
  description: 'How second opinions of a period agreed with first ones: totals of the whole hotline, of nobody.',
  fields: (t) => ({
    from: t.expose('from', { type: 'Date', description: 'The first day.' }),
    to: t.expose('to', { type: 'Date', description: 'The last day.' }),
    secondOpinions: t.exposeInt('secondOpinions', { description: 'How many second opinions were given.' }),
    agreed: t.exposeInt('agreed', {
      description:
        'How many agreed: same verdict, and where actionable same severity, same form and an age at most one band apart.',
    }),
    disputed: t.int({
      description: 'How many did not.',
      resolve: ({ secondOpinions, agreed }) => secondOpinions - agreed,
    }),
    rulings: t.field({ type: RulingCounts, description: 'What came of those.', resolve: ({ rulings }) => rulings }),
    byTrigger: t.field({
      type: [TriggerAgreement],
      description: 'The same by why a second opinion was owed.',
      resolve: ({ byTrigger }) => byTrigger,
    }),
    byQuestion: t.field({
      type: [QuestionAgreement],
      description: 'The same by question.',
      resolve: ({ byQuestion }) => byQuestion,
    }),
  }),
});
