import type { Status } from './documents.ts';
import { PortalLayout } from './layout.tsx';
import { ButtonForm, ErrorSummary, type Fault, Field, HelpLines } from './parts.tsx';
import type { View } from './view.ts';

type StatusFormProps = { view: View; faults?: readonly Fault[]; advice?: string };

/** The box for an access code. What was typed never comes back: any code that opens nothing gives the same page. */
export function StatusForm({ view, faults = [], advice }: StatusFormProps) {
  const { m, home } = view;
  const title = m.text('status.title');
  return (
    <PortalLayout view={view} title={title} hasFaults={faults.length > 0} path="/status">
      <ErrorSummary m={m} faults={faults} />
      <h1>{title}</h1>
      {advice && <p>{advice}</p>}
      <form method="post" action={`${home}/status`} novalidate>
        <Field id="accessCode" label={m.text('status.code.label')} hint={m.text('status.code.hint')} faults={faults}>
          {(attributes) => (
            <input {...attributes} class="wide" inputmode="numeric" autocomplete="off" dir="ltr" spellcheck={false} />
          )}
        </Field>
        <button type="submit">{m.text('status.show')}</button>
      </form>
    </PortalLayout>
  );
}

/** The one answer to unknown, mistyped, expired and deleted codes. */
export function NoSuchReport({ view }: { view: View }) {
  const { m } = view;
  const faults = [{ field: 'accessCode', text: m.text('status.notFound.title') }];
  return <StatusForm view={view} faults={faults} advice={m.text('status.notFound.text')} />;
}

type StatusPageProps = { view: View; accessCode: string; status: Status; withdrawn?: boolean };

/** How far a report has come, in words that tell nothing about an assessment. */
export function StatusPage({ view, accessCode, status, withdrawn = false }: StatusPageProps) {
  const { m, home } = view;
  return (
    <PortalLayout view={view} title={m.text('status.found.title')}>
      {withdrawn && (
        <div class="box" role="status">
          <p>{m.text('withdraw.done')}</p>
        </div>
      )}
      <h1>{m.text('status.found.title')}</h1>
      <p>{m.text('status.receivedOn', { date: m.date(status.receivedOn) })}</p>
      <div class="box">
        <p>
          <strong>{m.text(`stage.${status.stage}`)}</strong>
        </p>
        {status.outcome && <p>{m.text(`outcome.${status.outcome}`)}</p>}
      </div>
      <ButtonForm action={`${home}/questions`} values={{ accessCode }} label={m.text('status.add')} />
      {status.answers.hasContact && (
        <ButtonForm
          action={`${home}/status`}
          values={{ accessCode, action: 'withdraw' }}
          label={m.text('status.withdraw')}
          buttonClass="quiet"
        />
      )}
    </PortalLayout>
  );
}

/** Asks once more before the contact is deleted. */
export function WithdrawPage({ view, accessCode }: { view: View; accessCode: string }) {
  const { m, home } = view;
  const title = m.text('withdraw.title');
  return (
    <PortalLayout view={view} title={title}>
      <h1>{title}</h1>
      <p>{m.text('withdraw.text')}</p>
      <ButtonForm
        action={`${home}/status`}
        values={{ accessCode, action: 'withdraw-now' }}
        label={m.text('withdraw.confirm')}
      />
      <ButtonForm
        action={`${home}/status`}
        values={{ accessCode }}
        label={m.text('withdraw.keep')}
        buttonClass="quiet"
      />
    </PortalLayout>
  );
}

/** Who helps people in the portal's country. */
export function HelpPage({ view }: { view: View }) {
  const { m } = view;
  return (
    <PortalLayout view={view} title={m.text('help.title')} path="/help">
      <h1>{m.text('help.title')}</h1>
      <p>{m.text('help.lead')}</p>
      <HelpLines view={view} />
    </PortalLayout>
  );
}
