import type { Hono } from 'hono';
import { RefusedQuestionError } from '../ask.ts';
import { type Env, type PageContext, respond } from '../portal/visit.tsx';
import { countryBriefing } from './briefing-data.ts';
import { comparisonOf, overviewsOf } from './comparison-data.ts';
import { AllCountries } from './documents.ts';
import { OverviewPage } from './overview-page.tsx';
import { exportFormats, sendFigures } from './send-figures.ts';
import type { PartnerView } from './view.ts';
import { type PartnerSite, signedIn } from './visit.tsx';
import { ProblemPage } from './welcome-page.tsx';

/** How many countries are compared at most. */
const MOST_COMPARED = 30;

// Loaded by the first who looks: what draws charts is a quarter of all that a start would have to load.
const loadBriefingPage = () => import('./briefing-page.tsx');
const loadComparisonPage = () => import('./comparison-page.tsx');

/** The pages of published figures, and the figures as files. */
export function mountFigures(app: Hono<Env>, site: PartnerSite): void {
  type Show = (c: PageContext, view: PartnerView, now: Date) => Promise<Response>;
  const onPage = (show: Show) => (c: PageContext) => signedIn(c, site, (view) => show(c, view, new Date()));

  app.get(
    '/partner',
    onPage(async (c, view, now) => {
      const countries = await countriesOf(site, view);
      if (!countries) return respond(c, <ProblemPage view={view} problem="refused" />, 403);
      const overviews = await overviewsOf(site, view, countries, now);
      return respond(c, <OverviewPage view={view} overviews={overviews} />);
    }),
  );
  app.get(
    '/partner/compare',
    onPage(async (c, view, now) => {
      const readable = await countriesOf(site, view);
      if (!readable) return respond(c, <ProblemPage view={view} problem="refused" />, 403);
      const isPartner = view.reader.role === 'PARTNER';
      const named = c.req.queries('country') ?? [];
      const compared = isPartner ? readable : readable.filter((country) => named.includes(country));
      const comparison = await comparisonOf(site, view, compared.slice(0, MOST_COMPARED), now);
      const { ComparisonPage } = await loadComparisonPage();
      return respond(c, <ComparisonPage view={view} comparison={comparison} choice={isPartner ? null : readable} />);
    }),
  );
  app.get(
    '/partner/:country{[A-Z]{2}}',
    onPage((c, view, now) =>
      ofCountry(c, view, async (country) => {
        const briefing = await countryBriefing(site, view, country, now);
        const { BriefingPage } = await loadBriefingPage();
        return respond(c, <BriefingPage view={view} briefing={briefing} />);
      }),
    ),
  );
  app.get(
    `/partner/statistics/:file{[A-Z]{2}\\.(?:${exportFormats.join('|')})}`,
    onPage((c, view) =>
      ofCountry(c, view, (country) => {
        const format = exportFormats.find((known) => c.req.param('file')?.endsWith(`.${known}`)) ?? 'csv';
        return sendFigures(c, { ask: site.ask, visit: view.visit, m: view.m }, { country, format });
      }),
    ),
  );
}

/** The countries that somebody reads: those of the agreement, or for those who answer for the hotline all; null for all others. */
async function countriesOf(site: PartnerSite, { reader, visit }: PartnerView): Promise<readonly string[] | null> {
  if (reader.role === 'PARTNER') return reader.countries.length > 0 ? reader.countries : null;
  if (reader.role !== 'SUPERVISOR' && reader.role !== 'ADMINISTRATOR') return null;
  const { portals } = await site.ask(AllCountries, {}, visit);
  return [...new Set(portals.flatMap(({ country }) => country ?? []))].sort();
}

// The platform says who may read a country: a page of ours knows only how to say it kindly.
async function ofCountry(
  c: PageContext,
  view: PartnerView,
  show: (country: string) => Promise<Response>,
): Promise<Response> {
  const country = (c.req.param('country') ?? c.req.param('file') ?? '').slice(0, 2);
  try {
    return await show(country);
  } catch (error) {
    const isRefused = error instanceof RefusedQuestionError && ['FORBIDDEN', 'BAD_USER_INPUT'].includes(error.code);
    if (!isRefused) throw error;
    return respond(c, <ProblemPage view={view} problem="refused.country" />, 403);
  }
}
