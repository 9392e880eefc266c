import type { Hono } from 'hono';
import { type Env, isForeign, type PageContext, respond, takeForm } from '../portal/visit.tsx';
import { type Outcome, settingsActions } from './settings-actions.ts';
import { Settings } from './settings-documents.ts';
import { SettingsPage } from './settings-page.tsx';
import type { PartnerView } from './view.ts';
import { type PartnerSite, signedIn } from './visit.tsx';

const PATH = '/partner/settings';

/** Mounts the page on which a partner sets up what is brought to it: the monthly mail, webhooks, keys and embeds. */
export function mountSettings(app: Hono<Env>, site: PartnerSite): void {
  app.get(PATH, (c) => signedIn(c, site, (view) => show(c, site, view, null)));
  for (const [name, act] of Object.entries(settingsActions)) {
    // Whoever signs in again after a form comes back by a link.
    app.get(`${PATH}/${name}`, (c) => c.redirect(PATH));
    app.post(`${PATH}/${name}`, async (c) => {
      const form = await takeForm(c);
      if (form instanceof Response) return form;
      return signedIn(c, site, async (view) => {
        const outcome = isForeign(c, site) ? null : await act({ ask: site.ask, view, form });
        return show(c, site, view, outcome);
      });
    });
  }
}

async function show(c: PageContext, site: PartnerSite, view: PartnerView, outcome: Outcome | null): Promise<Response> {
  const settings = await site.ask(Settings, {}, view.visit);
  const page = <SettingsPage view={{ ...view, path: PATH }} settings={settings} outcome={outcome} />;
  // Secrets are shown here once: no copy of the page is kept.
  return respond(c, page, outcome && outcome.faults.length > 0 ? 422 : 200, { 'cache-control': 'no-store' });
}
