import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { PartnerMessages } from '../partner/messages.ts';
import { definitionText, monthName } from '../partner/names.ts';
import { countrySentence } from '../partner/sentence.ts';
import type { Embedded } from './documents.ts';

/** The whole style of an embed: it stands in the page, and its policy allows nothing else. */
export const embedStyle = `
:root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}
body{margin:1rem;max-inline-size:42rem}
h1{font-size:1.25rem;margin-block:0 .5rem}
table{border-collapse:collapse;inline-size:100%}
th,td{text-align:start;padding:.4rem .5rem;border-block-end:1px solid currentcolor;vertical-align:top}
td{text-align:end;white-space:nowrap}
small{display:block;font-weight:normal}
`;

const ROWS = [
  ['reports', 'total.REPORTS'],
  ['assessed', 'total.ASSESSED'],
  ['actionable', 'total.ACTIONABLE'],
] as const;

/** The newest published month of a country on a site of a partner's: a sentence, its figures, what they mean, and of which day they are. */
export function EmbedPage({ m, shown }: { m: PartnerMessages; shown: Embedded }) {
  const { country, month, before, definitions } = shown;
  if (!month)
    return (
      <Frame m={m} title={m.country(country)}>
        <h1>{m.text('sentence.unpublished', { country: m.country(country) })}</h1>
      </Frame>
    );
  const title = m.text('briefing.title', { country: m.country(country), month: monthName(m, month.month) });
  const reports = { value: month.reports };
  const sentence = { country, month: month.month, reports, before: before && { value: before.reports } };
  const meaning = (term: string) =>
    m.tag === 'en' ? definitions.find((definition) => definition.term === term)?.text : definitionText(m, term);
  const isHidden = ROWS.some(([term]) => month[term] === null);
  return (
    <Frame m={m} title={title}>
      <h1>{title}</h1>
      <p>{countrySentence(m, sentence)}</p>
      <table>
        {ROWS.map(([term, name]) => (
          <tr>
            <th scope="row">
              {m.text(name)}
              <small>{meaning(term)}</small>
            </th>
            <td>{month[term] === null ? m.text('figure.hidden') : m.number(month[term])}</td>
          </tr>
        ))}
      </table>
      {isHidden && <p>{meaning('hidden')}</p>}
      <p>{m.text('briefing.edition', { edition: month.edition, date: m.date(month.publishedOn) })}</p>
      {month.correction !== null && <p>{m.text('briefing.corrected', { reason: isolated(month.correction) })}</p>}
    </Frame>
  );
}

/** What every address of an embed leads to that opens nothing: not ours, expired or revoked. */
export function NoEmbedPage({ m }: { m: PartnerMessages }) {
  return (
    <Frame m={m} title={m.text('embed.gone.title')}>
      <h1>{m.text('embed.gone.title')}</h1>
      <p>{m.text('embed.gone.text')}</p>
    </Frame>
  );
}

function Frame({ m, title, children }: { m: PartnerMessages; title: string; children?: Child }) {
  return (
    <html lang={m.tag} dir={m.direction}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <meta name="robots" content="noindex" />
        <style>{raw(embedStyle)}</style>
      </head>
      <body>
        <main>{children}</main>
      </body>
    </html>
  );
}

// Words of the hotline's own language, which may run the other way than the page's.
function isolated(words: string): string {
  return `\u2068${words}\u2069`;
}
