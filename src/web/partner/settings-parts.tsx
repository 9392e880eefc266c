import type { Child } from 'hono/jsx';
import { ButtonForm, type Fault, Field } from '../portal/parts.tsx';
import type { PartnerView } from './view.ts';

/** What every section of the settings gets: `typed` is what stands in a field after a form that had faults. */
export type SectionProps = { view: PartnerView; faults: readonly Fault[]; typed: (name: string) => string };

/** A form of the settings. */
export function SettingsForm({
  view,
  name,
  label,
  children,
}: {
  view: PartnerView;
  name: string;
  label: string;
  children: Child;
}) {
  return (
    <form method="post" action={view.href(`/partner/settings/${name}`)}>
      {children}
      <button type="submit">{label}</button>
    </form>
  );
}

/** A form of one button, about one thing of a list. */
export function SettingsButton({
  view,
  name,
  id,
  label,
}: {
  view: PartnerView;
  name: string;
  id: string;
  label: Child;
}) {
  return (
    <ButtonForm action={view.href(`/partner/settings/${name}`)} values={{ id }} label={label} buttonClass="as-link" />
  );
}

type InputProps = SectionProps & {
  id: string;
  label: string;
  hint?: string;
  type: 'text' | 'email' | 'url' | 'date';
  /** What stands in it until something is typed. */
  value?: string;
};

/** A field of one line. Addresses are written from left to right in every language. */
export function Input({ id, label, hint, type, value = '', faults, typed }: InputProps) {
  const isAddress = type === 'email' || type === 'url';
  return (
    <Field id={id} label={label} hint={hint} faults={faults}>
      {(attributes) => (
        // What a browser refuses by itself it says in its own language: the page says it in its own.
        <input
          {...attributes}
          type={type === 'date' ? 'date' : 'text'}
          inputmode={isAddress ? type : undefined}
          dir={isAddress ? 'ltr' : 'auto'}
          autocomplete={type === 'email' ? 'email' : 'off'}
          value={typed(id) || value}
        />
      )}
    </Field>
  );
}
