import type { Messages } from '../messages.ts';
import type { Answers } from './documents.ts';
import type { Form } from './form.ts';
import { type Fault, Field, FieldFaults } from './parts.tsx';
import { choices, dayFields, EXAMPLE_DAY, type Question } from './questions.ts';
import type { View } from './view.ts';

type InputProps = {
  view: View;
  question: Question;
  answers: Answers;
  /** What was typed, where it had a fault. */
  typed?: Form | undefined;
  faults: readonly Fault[];
  title: string;
};

/** What a question is answered with: choices, a day, words or an email address. */
export function QuestionInput({ view: { m }, question, answers, typed, faults, title }: InputProps) {
  if (question === 'seenOn') return <Day m={m} saved={answers.seenOn} typed={typed} faults={faults} title={title} />;
  if (question === 'note')
    return (
      <Field id="note" label={title} isTitle hint={m.text('question.note.hint')} faults={faults}>
        {(attributes) => (
          <textarea {...attributes} rows={6} dir="auto" autocomplete="off">
            {typed?.text('note')}
          </textarea>
        )}
      </Field>
    );
  if (question === 'contactEmail')
    return (
      <>
        <h1>{title}</h1>
        <Field
          id="contactEmail"
          label={m.text('question.contactEmail.label')}
          hint={m.text('question.contactEmail.hint')}
          faults={faults}
        >
          {(attributes) => (
            <input
              {...attributes}
              class="wide"
              type="email"
              dir="ltr"
              autocomplete="email"
              spellcheck={false}
              value={typed?.text('contactEmail')}
            />
          )}
        </Field>
      </>
    );
  return <Choices m={m} question={question} answers={answers} faults={faults} title={title} />;
}

const yesOrNo = (said: boolean | null) => (said === null ? '' : said ? 'yes' : 'no');

type ChoicesProps = {
  m: Messages;
  question: keyof typeof choices;
  answers: Answers;
  faults: readonly Fault[];
  title: string;
};

function Choices({ m, question, answers, faults, title }: ChoicesProps) {
  const saved = question === 'inDanger' ? yesOrNo(answers.inDanger) : answers[question];
  const hint = question === 'inDanger' ? m.text('question.inDanger.hint') : null;
  const isBad = faults.length > 0;
  const described = [hint ? `${question}-hint` : '', isBad ? `${question}-error` : ''].filter(Boolean).join(' ');
  return (
    <div class={isBad ? 'field choices bad' : 'field choices'}>
      <fieldset aria-describedby={described || undefined}>
        <legend>
          <h1>{title}</h1>
        </legend>
        {hint && (
          <p class="hint" id={`${question}-hint`}>
            {hint}
          </p>
        )}
        <FieldFaults field={question} faults={faults} />
        {choices[question].map(({ value, label }, index) => (
          <label>
            <input
              type="radio"
              name={question}
              value={value}
              id={index === 0 ? question : undefined}
              checked={value === saved}
            />
            <span>{m.text(label)}</span>
          </label>
        ))}
      </fieldset>
    </div>
  );
}

type DayProps = {
  m: Messages;
  saved: string | null;
  typed: Form | undefined;
  faults: readonly Fault[];
  title: string;
};

function Day({ m, saved, typed, faults, title }: DayProps) {
  const isBad = faults.length > 0;
  const parts = saved?.split('-').reverse() ?? [];
  const labels = ['question.seenOn.day', 'question.seenOn.month', 'question.seenOn.year'] as const;
  return (
    <div class={isBad ? 'field bad' : 'field'}>
      <fieldset aria-describedby={`seenOn-hint${isBad ? ' seenOn-day-error' : ''}`}>
        <legend>
          <h1>{title}</h1>
        </legend>
        <p class="hint" id="seenOn-hint">
          {m.text('question.seenOn.hint', EXAMPLE_DAY)}
        </p>
        <FieldFaults field="seenOn-day" faults={faults} />
        <div class="date">
          {dayFields.map((field, index) => (
            <label>
              {m.text(labels[index] ?? labels[0])}
              <input
                id={field}
                name={field}
                inputmode="numeric"
                autocomplete="off"
                dir="ltr"
                value={typed ? typed.text(field) : parts[index]}
              />
            </label>
          ))}
        </div>
      </fieldset>
    </div>
  );
}
