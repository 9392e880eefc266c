import type { Child } from 'hono/jsx';
import type { Definition } from './documents.ts';
import type { PartnerMessages } from './messages.ts';
import { definitionText } from './names.ts';

/** The version of the definitions whose words these pages have in every language; others are shown in English, as published. */
const DEFINITIONS_VERSION = 2;

/** A figure: null where it is hidden, undefined where its month is not published. A hidden one is never 0. */
export type Shown = number | null | undefined;

/** A figure of a table, or the word for why there is none. */
export function FigureCell({ m, value }: { m: PartnerMessages; value: Shown }) {
  if (typeof value === 'number') return <td class="number">{m.number(value)}</td>;
  return <MissingCell>{m.text(value === null ? 'figure.hidden' : 'figure.notPublished')}</MissingCell>;
}

/** A cell of a table without a figure, and why. */
export function MissingCell({ children }: { children: Child }) {
  return <td class="number concealed">{children}</td>;
}

/** What a figure means, beside it. */
export function DefinitionBeside({ m, definition }: { m: PartnerMessages; definition: Definition | undefined }) {
  if (!definition) return null;
  return (
    <details>
      <summary>{m.text('definition.show')}</summary>
      <p>{definitionWords(m, definition)}</p>
    </details>
  );
}

type Several = { m: PartnerMessages; definitions: readonly Definition[]; terms: Record<string, string> };

/** What several figures of one table mean: `terms` says what each of them is called there. */
export function DefinitionsBeside({ m, definitions, terms }: Several) {
  return (
    <details>
      <summary>{m.text('definition.show')}</summary>
      {definitions.map(
        (definition) =>
          terms[definition.term] && (
            <p>
              <b>{terms[definition.term]}</b>
              <br />
              {definitionWords(m, definition)}
            </p>
          ),
      )}
    </details>
  );
}

// Ours where they are of the version, else those that it was published with.
function definitionWords(m: PartnerMessages, definition: Definition): Child {
  const own = definition.version === DEFINITIONS_VERSION ? definitionText(m, definition.term) : null;
  return own ?? <span lang="en">{definition.text}</span>;
}

/** All definitions that a page's figures go by. */
export function Definitions({ m, definitions }: { m: PartnerMessages; definitions: readonly Definition[] }) {
  const [first] = definitions;
  if (!first) return null;
  return (
    <section id="definitions">
      <h2>{m.text('briefing.definitions')}</h2>
      <p class="meta">{m.text('briefing.version', { version: first.version })}</p>
      <ul>
        {definitions.map((definition) => (
          <li>{definitionWords(m, definition)}</li>
        ))}
      </ul>
    </section>
  );
}

/** Why some figures are hidden. */
export function WhyHidden({ m }: { m: PartnerMessages }) {
  return (
    <section id="hidden">
      <h2>{m.text('hidden.title')}</h2>
      <p>{m.text('hidden.small')}</p>
      <p>{m.text('hidden.more')}</p>
      <p>{m.text('hidden.notZero')}</p>
    </section>
  );
}
