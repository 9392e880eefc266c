import type { Messages } from '../messages.ts';
import type { Answers } from './documents.ts';
import { PortalLayout } from './layout.tsx';
import { ButtonForm, Danger, Hidden, OwnImages } from './parts.tsx';
import { type Question, questions } from './questions.ts';
import type { View } from './view.ts';

type CheckPageProps = { view: View; accessCode: string; answers: Answers };

/** All answers, each with a button to change it. Everything is saved by then. */
export function CheckPage({ view, accessCode, answers }: CheckPageProps) {
  const { m, home } = view;
  const action = `${home}/questions`;
  return (
    <PortalLayout view={view} title={m.text('check.title')}>
      <ButtonForm
        class="back"
        action={action}
        values={{ accessCode, action: 'back', question: 'check' }}
        label={m.text('page.back')}
      />
      <h1>{m.text('check.title')}</h1>
      <p>{m.text('check.text')}</p>
      <dl>
        {questions.map((question) => (
          <div>
            <dt>{m.text(`check.${question}`)}</dt>
            <dd>{answerText(m, question, answers)}</dd>
            <dd>
              <form method="post" action={action}>
                <Hidden values={{ accessCode, question, action: 'change' }} />
                <button type="submit" class="as-link">
                  {m.text('check.change')}
                  <span class="seen-by-readers">: {m.text(`check.${question}`)}</span>
                </button>
              </form>
            </dd>
          </div>
        ))}
      </dl>
      <ButtonForm action={action} values={{ accessCode, action: 'done' }} label={m.text('check.done')} />
      {answers.inDanger && <Danger view={view} alone />}
    </PortalLayout>
  );
}

function answerText(m: Messages, question: Question, answers: Answers): string {
  const { category, foundOn, seenOn, howFound, inDanger, hasNote, hasContact } = answers;
  const none = m.text('check.none');
  const texts: Record<Question, string> = {
    inDanger: inDanger === null ? none : m.text(inDanger ? 'answer.yes' : 'answer.no'),
    category: category ? m.text(`category.${category}`) : none,
    foundOn: foundOn ? m.text(`siteType.${foundOn}`) : none,
    seenOn: seenOn ? m.date(seenOn) : none,
    howFound: howFound ? m.text(`howFound.${howFound}`) : none,
    note: hasNote ? m.text('check.given') : none,
    contactEmail: hasContact ? m.text('check.given') : none,
  };
  return texts[question];
}

/** The last page. */
export function DonePage({ view }: { view: View }) {
  const { m, home } = view;
  return (
    <PortalLayout view={view} title={m.text('done.title')}>
      <div class="panel">
        <h1>{m.text('done.title')}</h1>
      </div>
      <p>{m.text('done.text')}</p>
      <p>
        {m.text('receipt.feelings')} <a href={`${home}/help`}>{m.text('receipt.helpLines')}</a>
      </p>
      <p>
        <a href={`${home}/status`}>{m.text('status.link')}</a>
      </p>
      <p>
        <a href={home}>{m.text('done.another')}</a>
      </p>
      <OwnImages view={view} />
    </PortalLayout>
  );
}
