import { REGIONS, regionOf } from '../../domain/regions.ts';
import { autonym } from '../intl-names.ts';
import type { Messages } from '../messages.ts';
import { isClosed } from './closed-page.tsx';
import type { ListedPortal } from './documents.ts';
import { SiteLayout } from './site-layout.tsx';

/** All portals for the public, by region and country. */
export function LandingPage({ m, portals }: { m: Messages; portals: readonly ListedPortal[] }) {
  const shown = portals.filter(({ audience, sandbox }) => audience === 'PUBLIC' && !sandbox);
  const world = shown.find((portal) => portal.country === null && !isClosed(portal));
  return (
    <SiteLayout m={m} title={m.text('landing.title')} path="/languages">
      <h1>{m.text('landing.title')}</h1>
      <p>{m.text('landing.lead')}</p>
      <div class="danger">
        <h2>{m.text('danger.title')}</h2>
        <p>{m.text('danger.callPolice')}</p>
      </div>
      {REGIONS.map((region) => (
        <Region m={m} title={m.text(`region.${region}`)} portals={inRegion(shown, region)} />
      ))}
      <Region m={m} title={m.text('region.ELSEWHERE')} portals={inRegion(shown, null)} />
      {world && (
        <p>
          {m.text('landing.notListed')} <a href={`/${world.code}`}>{m.text('landing.world')}</a>
        </p>
      )}
    </SiteLayout>
  );
}

function inRegion(portals: readonly ListedPortal[], region: string | null): ListedPortal[] {
  return portals.filter(({ country }) => (country === null ? null : regionOf(country)) === region);
}

// One country may have two portals, one a language.
function byCountry(m: Messages, portals: readonly ListedPortal[]): [string, ListedPortal[]][] {
  const nameOf = ({ country }: ListedPortal) => (country ? m.country(country) : m.text('landing.world'));
  const names = [...new Set(portals.map(nameOf))].sort(new Intl.Collator(m.tag).compare);
  return names.map((name) => [name, portals.filter((portal) => nameOf(portal) === name)]);
}

function Region({ m, title, portals }: { m: Messages; title: string; portals: readonly ListedPortal[] }) {
  if (portals.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul class="places">
        {byCountry(m, portals).map(([name, ofCountry]) => (
          <li>
            <b>
              {name}
              {ofCountry.every(isClosed) && <span class="hint"> ({m.text('landing.closed')})</span>}
            </b>
            {ofCountry.flatMap(({ code, languages }) =>
              languages.map((language) => (
                <a href={`/${code}/${language}`} lang={language} hreflang={language}>
                  {autonym(language)}
                  <span class="seen-by-readers" lang={m.tag}>
                    : {name}
                  </span>
                </a>
              )),
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
