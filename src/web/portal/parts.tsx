import type { Child } from 'hono/jsx';
import type { Messages } from '../messages.ts';
import type { View } from './view.ts';

/** What is wrong with a field: `field` is its id. */
export type Fault = { field: string; text: string };

/** The list of faults at the top of a page, each a link to its field. */
export function ErrorSummary({ m, faults }: { m: Messages; faults: readonly Fault[] }) {
  if (faults.length === 0) return null;
  return (
    <div class="summary" role="alert" tabindex={-1} aria-labelledby="summary-title">
      <h2 id="summary-title">{m.text('page.problem')}</h2>
      <ul>
        {faults.map(({ field, text }) => (
          <li>
            <a href={`#${field}`}>{text}</a>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The faults beside their field. */
export function FieldFaults({ field, faults }: { field: string; faults: readonly Fault[] }) {
  const own = faults.filter((fault) => fault.field === field);
  if (own.length === 0) return null;
  return (
    <p class="error" id={`${field}-error`}>
      {own.map(({ text }, index) => (
        <>
          {index > 0 && <br />}
          {text}
        </>
      ))}
    </p>
  );
}

type FieldProps = {
  id: string;
  label: string;
  /** Whether the label is the title of the page. */
  isTitle?: boolean;
  hint?: string | undefined;
  faults: readonly Fault[];
  /** The input: its attributes tie it to the label, the hint and the faults. */
  children: (attributes: { id: string; name: string; 'aria-describedby'?: string; 'aria-invalid'?: 'true' }) => Child;
};

/** A labelled field with its hint and its faults. */
export function Field({ id, label, isTitle = false, hint, faults, children }: FieldProps) {
  const isBad = faults.some(({ field }) => field === id);
  const described = [hint ? `${id}-hint` : '', isBad ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div class={isBad ? 'field bad' : 'field'}>
      {isTitle ? (
        <h1>
          <label for={id}>{label}</label>
        </h1>
      ) : (
        <label for={id}>{label}</label>
      )}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <FieldFaults field={id} faults={faults} />
      {children({
        id,
        name: id,
        ...(described ? { 'aria-describedby': described } : {}),
        ...(isBad ? { 'aria-invalid': 'true' } : {}),
      })}
    </div>
  );
}

/** Values that a form carries unseen. */
export function Hidden({ values }: { values: Record<string, string> }) {
  return (
    <>
      {Object.entries(values).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
    </>
  );
}

/** A form of one button. */
export function ButtonForm(props: {
  action: string;
  values: Record<string, string>;
  label: Child;
  class?: string;
  buttonClass?: string;
}) {
  return (
    <form method="post" action={props.action} class={props.class}>
      <Hidden values={props.values} />
      <button type="submit" class={props.buttonClass}>
        {props.label}
      </button>
    </form>
  );
}

const dialled = (telephone: string) => `tel:${telephone.replace(/[^\d+*#]/g, '')}`;

/** Whom to call when a child is in danger now: the first thing that anyone reads. */
export function Danger({ view: { m, portal }, alone = false }: { view: View; alone?: boolean }) {
  const number = portal.emergencyNumber;
  return (
    <div class="danger">
      <h2>{m.text('danger.title')}</h2>
      {number ? (
        <p>
          <a class="call" href={dialled(number)}>
            {m.text('danger.call', { number: isolated(number) })}
          </a>
        </p>
      ) : (
        <p>{m.text('danger.callPolice')}</p>
      )}
      {!alone && <p>{m.text('danger.thenReport')}</p>}
    </div>
  );
}

/** For a child in their own images. */
export function OwnImages({ view: { m, portal, home } }: { view: View }) {
  const [first] = portal.helpLines;
  return (
    <div class="box">
      <h2>{m.text('own.title')}</h2>
      <p>{m.text('own.text')}</p>
      {first && (
        <p>
          <bdi>{first.name}</bdi>
          {first.telephone && (
            <>
              {' '}
              <a href={dialled(first.telephone)}>{m.text('help.call', { number: isolated(first.telephone) })}</a>
            </>
          )}
        </p>
      )}
      <p>
        <a href={`${home}/help`}>{m.text('own.help')}</a>
      </p>
    </div>
  );
}

/** The help lines of a portal, each with its number and its website. */
export function HelpLines({ view: { m, portal } }: { view: View }) {
  if (portal.helpLines.length === 0) return <p>{m.text('help.none')}</p>;
  return (
    <ul class="lines">
      {portal.helpLines.map(({ name, telephone, website, hours }) => (
        <li>
          <b>
            <bdi>{name}</bdi>
          </b>
          {hours && (
            <div>
              <bdi>{hours}</bdi>
            </div>
          )}
          <div>
            {telephone && <a href={dialled(telephone)}>{m.text('help.call', { number: isolated(telephone) })}</a>}
            {website && (
              <a href={website} rel="noreferrer">
                {m.text('help.website', { name })}
              </a>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** A number that stays whole, in a sentence that may run from right to left (Unicode's isolates, UAX #9). */
function isolated(number: string): string {
  return `\u2066${number.replaceAll(' ', '\u00a0')}\u2069`;
}
