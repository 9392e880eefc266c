import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { autonym } from '../intl-names.ts';
import type { Messages } from '../messages.ts';
import { styleSheet } from './assets.ts';
import { themeOf } from './theme.ts';

type Link = { language: string; href: string };
export type FrameProps = {
  m: Messages;
  title: string;
  /** The name of the site, behind the title. */
  site: string;
  /** Where the same page is in other languages; none on a page that answers a form, which a link would throw away. */
  languages?: readonly Link[] | undefined;
  /** Which of them was asked for: the texts may be in another. */
  language?: string | undefined;
  hasFaults?: boolean | undefined;
  accentColour?: string | null | undefined;
  head?: Child;
  /** What stands above the header, in it, and below the page. */
  before?: Child;
  menu?: Child;
  after?: Child;
  children?: Child;
};

/** What every page has: its head, the way past its header, its languages and its main part. */
export function Frame({ m, title, site, languages = [], language = m.tag, hasFaults, ...parts }: FrameProps) {
  const pageTitle = title === site ? site : m.text('page.title', { page: title, site });
  return (
    <html lang={m.tag} dir={m.direction}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{hasFaults ? m.text('page.errorTitle', { title: pageTitle }) : pageTitle}</title>
        <meta name="robots" content="noarchive" />
        <link rel="stylesheet" href={styleSheet.path} />
        <style>{raw(themeOf(parts.accentColour).style)}</style>
        {parts.head}
      </head>
      <body>
        <a class="skip" href="#main">
          {m.text('page.skip')}
        </a>
        {parts.before}
        <header>
          <strong>{site}</strong>
          {languages.length > 1 && <Languages m={m} links={languages} current={language} />}
          {parts.menu}
        </header>
        <main id="main" tabindex={-1}>
          {parts.children}
        </main>
        {parts.after}
      </body>
    </html>
  );
}

function Languages({ m, links, current }: { m: Messages; links: readonly Link[]; current: string }) {
  const list = (
    <ul>
      {links.map(({ language, href }) => (
        <li>
          {language === current ? (
            <span lang={language} aria-current="page">
              {autonym(language)}
            </span>
          ) : (
            <a href={href} lang={language} hreflang={language}>
              {autonym(language)}
            </a>
          )}
        </li>
      ))}
    </ul>
  );
  const label = m.text('page.languages');
  if (links.length <= 6) return <nav aria-label={label}>{list}</nav>;
  return (
    <nav aria-label={label}>
      <details>
        <summary>
          {label}
          {m.tag !== 'en' && <span lang="en"> / Languages</span>}
        </summary>
        {list}
      </details>
    </nav>
  );
}
