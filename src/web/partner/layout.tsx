import type { Child } from 'hono/jsx';
import { partnerStyleSheet } from '../portal/assets.ts';
import { Frame } from '../portal/frame.tsx';
import { partnerLocales } from './messages.ts';
import type { View } from './view.ts';

type PartnerLayoutProps = {
  view: View;
  title: string;
  hasFaults?: boolean;
  /** Whether the page answers a form: a link to it in another language would throw the answer away. */
  isAnswer?: boolean;
  children?: Child;
};

/** The frame of the partners' pages. */
export function PartnerLayout({ view, title, hasFaults, isAnswer = false, children }: PartnerLayoutProps) {
  const { m, path, query } = view;
  const links = partnerLocales.map(({ tag }) => ({
    language: tag,
    href: `${path}?${new URLSearchParams({ ...query, language: tag })}`,
  }));
  return (
    <Frame
      m={m.pages}
      title={title}
      site={m.text('frame.site')}
      languages={isAnswer ? [] : links}
      hasFaults={hasFaults}
      head={<link rel="stylesheet" href={partnerStyleSheet.path} />}
      menu={<Menu view={view} />}
      after={<Footer view={view} />}
    >
      {children}
    </Frame>
  );
}

function Menu({ view: { m, reader, href, path } }: { view: View }) {
  if (!reader) return null;
  const places = [
    ['/partner', m.text('frame.overview')],
    ...(reader.countries.length > 1 || reader.role !== 'PARTNER'
      ? [['/partner/compare', m.text('frame.compare')]]
      : []),
    ...(reader.role === 'PARTNER' ? [['/partner/settings', m.text('frame.settings')]] : []),
  ] as const;
  return (
    <nav aria-label={m.text('frame.menu')}>
      <ul>
        {places.map(([place = '', name]) => (
          <li>
            <a href={href(place)} aria-current={place === path ? 'page' : undefined}>
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Footer({ view: { m, reader, href } }: { view: View }) {
  return (
    <footer>
      <div>
        <h2 class="seen-by-readers">{m.pages.text('page.footer')}</h2>
        {reader && (
          <form method="post" action={href('/partner/sign-out')} class="sign-out">
            <p>
              <bdi>{m.text('frame.signedInAs', { name: reader.name })}</bdi>
            </p>
            <button type="submit" class="as-link">
              {m.text('frame.signOut')}
            </button>
          </form>
        )}
        <p>{m.text('frame.countsOnly')}</p>
        <p>{m.text('frame.cookie')}</p>
        <ul>
          <li>
            <a href={`/languages/${m.tag}`}>{m.pages.text('footer.all')}</a>
          </li>
          <li>
            <a href="/developers" hreflang="en">
              {m.pages.text('footer.developers')}
            </a>
          </li>
        </ul>
      </div>
    </footer>
  );
}
