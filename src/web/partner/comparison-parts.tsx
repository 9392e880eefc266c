import { Hidden } from '../portal/parts.tsx';
import { MissingCell } from './figure-parts.tsx';
import type { PartnerMessages } from './messages.ts';
import type { PartnerView } from './view.ts';

/** A sum of published figures, and how many hidden ones are left out of it. */
export function SumCell({ m, sum }: { m: PartnerMessages; sum: { value: number | null; leftOut: number } }) {
  if (sum.value === null) return <MissingCell>{m.text('figure.hidden')}</MissingCell>;
  return (
    <td class="number">
      {m.number(sum.value)}
      {sum.leftOut > 0 && (
        <>
          {' '}
          <span class="concealed">{m.text('compare.leftOut', { count: sum.leftOut })}</span>
        </>
      )}
    </td>
  );
}

type ChooseProps = { view: PartnerView; choice: readonly string[]; chosen: readonly string[] };

/** For the hotline's own people, who may read every country: which to compare. */
export function ChooseCountries({ view: { m, path, kept }, choice, chosen }: ChooseProps) {
  const byName = new Intl.Collator(m.tag);
  const named = choice.map((country) => ({ country, name: m.country(country) }));
  named.sort((a, b) => byName.compare(a.name, b.name));
  return (
    <form method="get" action={path}>
      <Hidden values={kept} />
      <details open={chosen.length === 0}>
        <summary>{m.text('compare.countries')}</summary>
        <fieldset class="many">
          <legend class="seen-by-readers">{m.text('compare.countries')}</legend>
          {named.map(({ country, name }) => (
            <label>
              <input type="checkbox" name="country" value={country} checked={chosen.includes(country)} />
              <span>{name}</span>
            </label>
          ))}
        </fieldset>
        <button type="submit">{m.text('briefing.show')}</button>
      </details>
    </form>
  );
}
