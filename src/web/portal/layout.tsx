import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { autonym } from '../intl-names.ts';
import type { Messages } from '../messages.ts';
import { script, styleSheet } from './assets.ts';
import type { Portal } from './documents.ts';
import { themeOf } from './theme.ts';
import type { View } from './view.ts';

/** An everyday page for portals that name none. */
const EXIT = 'https://example.com/';

type Link = { language: string; href: string };
type LayoutProps = {
  m: Messages;
  title: string;
  /** The name of the site, behind the title. */
  site: string;
  /** Where the same page is in other languages; none on a page that answers a form, which a link would throw away. */
  languages?: readonly Link[] | undefined;
  /** Which of them was asked for: the texts may be in another. */
  language?: string | undefined;
  portal?: Portal | null | undefined;
  home?: string | undefined;
  hasFaults?: boolean | undefined;
  children?: Child;
};

/** The frame of every public page. */
export function Layout({
  m,
  title,
  site,
  languages = [],
  language = m.tag,
  portal,
  home,
  hasFaults,
  children,
}: LayoutProps) {
  const pageTitle = title === site ? site : m.text('page.title', { page: title, site });
  return (
    <html lang={m.tag} dir={m.direction}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{hasFaults ? m.text('page.errorTitle', { title: pageTitle }) : pageTitle}</title>
        <meta name="robots" content="noarchive" />
        <link rel="stylesheet" href={styleSheet.path} />
        <style>{raw(themeOf(portal?.accentColour).style)}</style>
        <script src={script.path} defer></script>
      </head>
      <body>
        <a class="skip" href="#main">
          {m.text('page.skip')}
        </a>
        <section class="exit" aria-label={m.text('exit.button')}>
          <div class="bar">
            <a href={portal?.exitAddress ?? EXIT} rel="noreferrer nofollow" data-exit>
              {m.text('exit.button')}
            </a>
          </div>
        </section>
        <header>
          <strong>{site}</strong>
          {languages.length > 1 && <Languages m={m} links={languages} current={language} />}
        </header>
        <main id="main" tabindex={-1}>
          {portal?.sandbox && <p class="banner">{m.text('sandbox.banner')}</p>}
          {children}
        </main>
        <Footer m={m} portal={portal} home={home} />
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

function Footer({ m, portal, home }: { m: Messages; portal: Portal | null | undefined; home: string | undefined }) {
  return (
    <footer>
      <div>
        <h2 class="seen-by-readers">{m.text('page.footer')}</h2>
        {portal && portal.partnerNames.length > 0 && (
          <>
            <p>{m.text('footer.partners')}</p>
            <ul>
              {portal.partnerNames.map((name) => (
                <li>
                  <bdi>{name}</bdi>
                </li>
              ))}
            </ul>
          </>
        )}
        <p>{m.text('footer.privacy')}</p>
        <p data-scripted hidden>
          {m.text('exit.keys')}
        </p>
        <ul>
          {home && (
            <>
              <li>
                <a href={home}>{m.text('footer.home')}</a>
              </li>
              <li>
                <a href={`${home}/status`}>{m.text('status.link')}</a>
              </li>
              <li>
                <a href={`${home}/help`}>{m.text('help.title')}</a>
              </li>
            </>
          )}
          <li>
            <a href={`/languages/${m.tag}`}>{m.text('footer.all')}</a>
          </li>
          <li>
            <a href={`/proof/${m.tag}`}>{m.text('receipt.proof.check')}</a>
          </li>
          <li>
            <a href="/developers" hreflang="en">
              {m.text('footer.developers')}
            </a>
          </li>
        </ul>
      </div>
    </footer>
  );
}

type PortalLayoutProps = {
  view: View;
  title: string;
  /** The page's path below the portal's home, where another language may show it: `''` is the first page. */
  path?: string;
  hasFaults?: boolean;
  children?: Child;
};

/** The frame of a portal's pages. */
export function PortalLayout({ view, title, path, hasFaults, children }: PortalLayoutProps) {
  const { portal, m, name, home } = view;
  const languages =
    path === undefined
      ? []
      : portal.languages.map((language) => ({ language, href: `/${portal.code}/${language}${path}` }));
  return (
    <Layout
      m={m}
      title={title}
      site={name}
      portal={portal}
      home={home}
      languages={languages}
      language={view.language}
      hasFaults={hasFaults}
    >
      {children}
    </Layout>
  );
}
