import type { Child } from 'hono/jsx';
import type { Messages } from '../messages.ts';
import { script } from './assets.ts';
import type { Portal } from './documents.ts';
import { Frame, type FrameProps } from './frame.tsx';
import type { View } from './view.ts';

/** An everyday page for portals that name none. */
const EXIT = 'https://example.com/';

type LayoutProps = Pick<FrameProps, 'm' | 'title' | 'site' | 'languages' | 'language' | 'hasFaults' | 'children'> & {
  portal?: Portal | null | undefined;
  home?: string | undefined;
};

/** The frame of every public page. */
export function Layout({ m, site, portal, home, children, ...frame }: LayoutProps) {
  const exit = (
    <section class="exit" aria-label={m.text('exit.button')}>
      <div class="bar">
        <a href={portal?.exitAddress ?? EXIT} rel="noreferrer nofollow" data-exit>
          {m.text('exit.button')}
        </a>
      </div>
    </section>
  );
  return (
    <Frame
      {...frame}
      m={m}
      site={site}
      accentColour={portal?.accentColour}
      head={<script src={script.path} defer></script>}
      before={exit}
      after={<Footer m={m} portal={portal} home={home} />}
    >
      {portal?.sandbox && <p class="banner">{m.text('sandbox.banner')}</p>}
      {children}
    </Frame>
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
