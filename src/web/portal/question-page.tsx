import type { Answers } from './documents.ts';
import type { Form } from './form.ts';
import { PortalLayout } from './layout.tsx';
import { ButtonForm, Danger, ErrorSummary, type Fault, Hidden } from './parts.tsx';
import { QuestionInput } from './question-input.tsx';
import { isAnswered, type Question, questionBefore, questions } from './questions.ts';
import type { View } from './view.ts';

type QuestionPageProps = {
  view: View;
  question: Question;
  accessCode: string;
  answers: Answers;
  /** Whether it was asked for from the page of all answers, and leads back there. */
  changing: boolean;
  /** What was typed, where it had a fault. */
  typed?: Form | undefined;
  faults?: readonly Fault[];
  /** Whether the reporter has just said that a child is in danger now. */
  danger?: boolean;
};

/** One question on a page. */
export function QuestionPage(props: QuestionPageProps) {
  const { view, question, accessCode, answers, changing, faults = [], danger } = props;
  const { m, home } = view;
  const title = m.text(`question.${question}.title`);
  const carried = { accessCode, question, ...(changing ? { changing: 'yes' } : {}) };
  return (
    <PortalLayout view={view} title={title} hasFaults={faults.length > 0}>
      <Back view={view} carried={carried} question={question} changing={changing} />
      <ErrorSummary m={m} faults={faults} />
      {danger && <Danger view={view} alone />}
      <p class="hint">
        {m.text('question.progress', {
          number: questions.indexOf(question) + 1,
          total: questions.length,
        })}
      </p>
      <form method="post" action={`${home}/questions`} accept-charset="utf-8" novalidate>
        <Hidden values={carried} />
        {isAnswered(question, answers) && <p class="hint">{m.text(savedHint(question))}</p>}
        <QuestionInput {...props} faults={faults} title={title} />
        <button type="submit" name="action" value="save">
          {m.text('question.save')}
        </button>
        <br />
        <button type="submit" name="action" value="skip" class="quiet">
          {m.text('question.skip')}
        </button>
      </form>
    </PortalLayout>
  );
}

function savedHint(question: Question) {
  if (question === 'note') return 'question.note.saved';
  return question === 'contactEmail' ? 'question.contactEmail.saved' : 'question.saved';
}

type BackProps = { view: View; carried: Record<string, string>; question: Question; changing: boolean };

// Before the first question there is the report itself.
function Back({ view: { m, home }, carried, question, changing }: BackProps) {
  const atStart = !changing && questionBefore(question) === null;
  return (
    <ButtonForm
      class="back"
      action={`${home}/${atStart ? 'status' : 'questions'}`}
      values={{ ...carried, action: 'back' }}
      label={m.text('page.back')}
    />
  );
}
