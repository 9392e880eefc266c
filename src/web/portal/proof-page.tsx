import type { Messages } from '../messages.ts';
import type { Proof } from './documents.ts';
import { ErrorSummary, Field } from './parts.tsx';
import { joseLines, opensslLines } from './proof-lines.ts';
import { SiteLayout } from './site-layout.tsx';

/** What came of a check: nothing asked yet, an empty box, a proof that is not ours, or what it says. */
export type ProofCheck = 'NOT_ASKED' | 'EMPTY' | 'INVALID' | Proof;

type ProofPageProps = { m: Messages; publicUrl: string; typed: string; check: ProofCheck };

/** The page on which anyone checks a proof of report. */
export function ProofPage({ m, publicUrl, typed, check }: ProofPageProps) {
  const title = m.text('proof.title');
  const faults = faultsOf(m, check);
  return (
    <SiteLayout
      m={m}
      title={title}
      hasFaults={faults.length > 0}
      {...(check === 'NOT_ASKED' ? { path: '/proof' } : {})}
    >
      <ErrorSummary m={m} faults={faults} />
      {typeof check === 'object' && <Valid m={m} proof={check} />}
      <h1>{title}</h1>
      <p>{m.text('proof.text')}</p>
      <p>{m.text('proof.notSaid')}</p>
      <form method="post" action={`/proof/${m.tag}`} novalidate>
        <Field id="proof" label={m.text('proof.label')} faults={faults}>
          {(attributes) => (
            <textarea {...attributes} rows={6} dir="ltr" autocomplete="off" autocapitalize="none" spellcheck={false}>
              {typed}
            </textarea>
          )}
        </Field>
        <button type="submit">{m.text('proof.button')}</button>
      </form>
      <h2>
        <a href="/.well-known/jwks.json">{m.text('proof.keys')}</a>
      </h2>
      <p>{m.text('proof.keysText')}</p>
      <Lines name="jose (JavaScript)" lines={joseLines(publicUrl)} />
      <Lines name="OpenSSL 3 (sh, curl)" lines={opensslLines(publicUrl)} />
    </SiteLayout>
  );
}

function Lines({ name, lines }: { name: string; lines: string }) {
  return (
    <details lang="en" dir="ltr">
      <summary>{name}</summary>
      <pre>
        <code>{lines}</code>
      </pre>
    </details>
  );
}

function faultsOf(m: Messages, check: ProofCheck) {
  if (check === 'EMPTY') return [{ field: 'proof', text: m.text('proof.empty') }];
  if (check !== 'INVALID') return [];
  return (['proof.invalid', 'proof.invalidText'] as const).map((key) => ({ field: 'proof', text: m.text(key) }));
}

function Valid({ m, proof: { receivedOn, references } }: { m: Messages; proof: Proof }) {
  return (
    <div class="box" role="status">
      <h2>{m.text('proof.valid')}</h2>
      <p>{m.text('proof.validText', { count: references.length, date: m.date(receivedOn) })}</p>
      <ul>
        {references.map((reference) => (
          <li>
            <span class="reference" dir="ltr">
              {reference}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
