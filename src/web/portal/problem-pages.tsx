import type { MessageKey, Messages } from '../messages.ts';
import type { Form } from './form.ts';
import { Field, Hidden } from './parts.tsx';
import { SiteLayout } from './site-layout.tsx';

/** A page of nothing but a title and what to do. */
export function PlainPage({ m, title, text }: { m: Messages; title: MessageKey; text: MessageKey }) {
  return (
    <SiteLayout m={m} title={m.text(title)}>
      <h1>{m.text(title)}</h1>
      <p>{m.text(text)}</p>
      <p>
        <a href={`/languages/${m.tag}`}>{m.text('footer.all')}</a>
      </p>
    </SiteLayout>
  );
}

/** The free texts of our forms, and their labels. */
const texts = { address: 'first.address.label', note: 'question.note.title', proof: 'proof.label' } as const;

/** A failure on our side: what was typed is still there, and one press sends it again. */
export function FailurePage({ m, action, form }: { m: Messages; action: string; form: Form | undefined }) {
  const entries = form?.entries ?? [];
  const isText = (name: string): name is keyof typeof texts => Object.hasOwn(texts, name);
  return (
    <SiteLayout m={m} title={m.text('failure.title')}>
      <h1>{m.text('failure.title')}</h1>
      <p>{m.text('failure.text')}</p>
      <form method={form ? 'post' : 'get'} action={action}>
        <Hidden values={Object.fromEntries(entries.filter(([name]) => !isText(name)))} />
        {entries.map(
          ([name, value]) =>
            isText(name) && (
              <Field id={name} label={m.text(texts[name])} faults={[]}>
                {(attributes) => (
                  <textarea {...attributes} rows={4} dir="auto" autocomplete="off" spellcheck={false}>
                    {value}
                  </textarea>
                )}
              </Field>
            ),
        )}
        <button type="submit">{m.text('failure.again')}</button>
      </form>
    </SiteLayout>
  );
}
