import { defang } from '../../domain/address.ts';
import type { Receipt } from './documents.ts';
import { PortalLayout } from './layout.tsx';
import { ButtonForm } from './parts.tsx';
import type { View } from './view.ts';

/** What the reporter keeps. It answers the POST that sent the report, since an access code may be in no address and no cookie. */
export function ReceiptPage({ view, receipt }: { view: View; receipt: Receipt }) {
  const { m, home } = view;
  return (
    <PortalLayout view={view} title={m.text('receipt.title')}>
      <div class="panel">
        <h1>{m.text('receipt.title')}</h1>
      </div>
      <p>{m.text('status.receivedOn', { date: m.date(receipt.receivedOn) })}</p>
      <AccessCode view={view} code={receipt.accessCode} />
      <References view={view} receipt={receipt} />
      <div class="no-print">
        <h2>{m.text('receipt.more.title')}</h2>
        <p>{m.text('receipt.more.text')}</p>
        <ButtonForm
          action={`${home}/questions`}
          values={{ accessCode: receipt.accessCode }}
          label={m.text('receipt.more.button')}
        />
        <ButtonForm
          action={`${home}/questions`}
          values={{ accessCode: receipt.accessCode, action: 'done' }}
          label={m.text('receipt.finish')}
          buttonClass="quiet"
        />
      </div>
      <h2>{m.text('receipt.next.title')}</h2>
      <p>{m.text('receipt.next.text')}</p>
      <p>
        {m.text('receipt.feelings')} <a href={`${home}/help`}>{m.text('receipt.helpLines')}</a>
      </p>
      <Proof view={view} proof={receipt.proof} />
    </PortalLayout>
  );
}

function AccessCode({ view: { m }, code }: { view: View; code: string }) {
  return (
    <>
      <h2>{m.text('receipt.accessCode.title')}</h2>
      <p>
        <span class="code" dir="ltr" id="access-code">
          {code}
        </span>
      </p>
      <p>
        <strong>{m.text('receipt.accessCode.once')}</strong>
      </p>
      <p>{m.text('receipt.accessCode.hint')}</p>
      <button
        type="button"
        class="quiet"
        hidden
        data-scripted
        data-copy="access-code"
        data-copied={m.text('receipt.copied')}
      >
        {m.text('receipt.copy')}
      </button>
    </>
  );
}

function References({ view: { m }, receipt }: { view: View; receipt: Receipt }) {
  return (
    <>
      <h2>{m.text('receipt.reference.title', { count: receipt.reports.length })}</h2>
      <ul class="lines">
        {receipt.reports.map(({ reference, address }) => (
          <li>
            <span class="reference" dir="ltr">
              {reference}
            </span>
            <br />
            <span class="typed" dir="ltr" translate="no">
              {defang(address)}
            </span>
          </li>
        ))}
      </ul>
      <p>{m.text('receipt.reference.hint')}</p>
    </>
  );
}

function Proof({ view: { m }, proof }: { view: View; proof: string }) {
  return (
    <details>
      <summary>{m.text('receipt.proof.title')}</summary>
      <p>{m.text('receipt.proof.text')}</p>
      <label for="proof">{m.text('receipt.proof.label')}</label>
      <textarea id="proof" rows={6} readonly dir="ltr" spellcheck={false}>
        {proof}
      </textarea>
      <p>
        <a href={`/proof/${m.tag}`}>{m.text('receipt.proof.check')}</a>
      </p>
    </details>
  );
}
