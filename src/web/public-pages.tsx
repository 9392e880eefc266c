import { type Context, Hono } from 'hono';
import { log, traceOf } from '../log.ts';
import { RefusedQuestionError } from './ask.ts';
import { showNotice, takeAnswers } from './host-answer/routes.tsx';
import { assetAt } from './portal/assets.ts';
import { AllPortals, CheckProof } from './portal/documents.ts';
import type { Form } from './portal/form.ts';
import { LandingPage } from './portal/landing-page.tsx';
import { FailurePage, PlainPage } from './portal/problem-pages.tsx';
import { type ProofCheck, ProofPage } from './portal/proof-page.tsx';
import { answerQuestion } from './portal/question-routes.tsx';
import { sendReport, showFirstPage } from './portal/report-routes.tsx';
import { HelpPage, StatusForm } from './portal/status-page.tsx';
import { showStatus } from './portal/status-routes.tsx';
import type { View } from './portal/view.ts';
import {
  type Env,
  findView,
  isForeign,
  messagesOf,
  type PageContext,
  respond,
  type Site,
  takeForm,
} from './portal/visit.tsx';

/** How long the longest proof may be: 20 references and a signature are far shorter. */
const MAX_PROOF_LENGTH = 4_000;

/** Refusals that are no fault of ours: a little later the same form is taken. */
const statusOfRefusals: Record<string, number> = { TOO_MANY_TRIES: 429, BUSY: 503 };

/** The pages that anyone may see. */
export function publicPages(site: Site): Hono<Env> {
  const app = new Hono<Env>();
  app.onError((error, c) => {
    const status = error instanceof RefusedQuestionError ? statusOfRefusals[error.code] : undefined;
    if (!status) log.error('A page failed.', traceOf(error));
    const m = c.get('view')?.m ?? messagesOf(c);
    return respond(c, <FailurePage m={m} action={c.req.path} form={c.get('form')} />, status ?? 500);
  });
  app.use(pageNotFound);

  app.get('/assets/:name', serveAsset);
  app.get('/', (c) => showLanding(c, site));
  app.get('/languages/:language', (c) => showLanding(c, site));
  for (const path of ['/proof', '/proof/:language']) {
    app.get(path, (c) =>
      respond(c, <ProofPage m={messagesOf(c)} publicUrl={site.publicUrl} typed="" check="NOT_ASKED" />),
    );
    app.post(path, (c) => checkProof(c, site));
  }

  // The token is longer than any language's tag, so that no portal's address is meant.
  app.get('/notice/:token', (c) => showNotice(c, site));
  app.post('/notice/:token', (c) => takeAnswers(c, site));

  const onPortal = (show: (c: PageContext, view: View) => Response | Promise<Response>) => async (c: PageContext) => {
    const view = await findView(c, site);
    return view ? show(c, view) : c.notFound();
  };
  type OnForm = (c: PageContext, site: Site, view: View, form: Form) => Promise<Response>;
  // The form first: a failure in what follows must not lose it.
  const onForm = (take: OnForm) => async (c: PageContext) => {
    const form = await takeForm(c);
    if (form instanceof Response) return form;
    return onPortal((_c, view) => take(c, site, view, form))(c);
  };

  const code = '/:code{[A-Za-z][A-Za-z0-9-]{1,31}}';
  const inLanguage = `${code}/:language{[A-Za-z0-9-]{2,35}}`;
  for (const path of [code, inLanguage]) {
    app.get(
      path,
      onPortal((c, view) => showFirstPage(c, site, view)),
    );
    app.post(path, onForm(sendReport));
  }
  app.post(`${inLanguage}/questions`, onForm(answerQuestion));
  app.get(
    `${inLanguage}/status`,
    onPortal((c, view) => respond(c, <StatusForm view={view} />)),
  );
  app.post(`${inLanguage}/status`, onForm(showStatus));
  app.get(
    `${inLanguage}/help`,
    onPortal((c, view) => respond(c, <HelpPage view={view} />)),
  );
  return app;
}

// Whatever nobody knows, here or mounted behind these pages, ends in a page that a person can read.
async function pageNotFound(c: Context<Env>, next: () => Promise<void>): Promise<void> {
  await next();
  if (c.res.status !== 404 || c.get('answered')) return;
  c.res = respond(c, <PlainPage m={messagesOf(c)} title="notFound.title" text="notFound.text" />, 404);
}

function serveAsset(c: PageContext): Response | Promise<Response> {
  const asset = assetAt(c.req.path);
  if (!asset) return c.notFound();
  const headers = { 'content-type': asset.type, 'cache-control': 'public, max-age=31536000, immutable' };
  if (!c.req.header('accept-encoding')?.includes('gzip')) return new Response(asset.bytes, { headers });
  return new Response(asset.gzipped, { headers: { ...headers, 'content-encoding': 'gzip', vary: 'accept-encoding' } });
}

async function showLanding(c: PageContext, site: Site): Promise<Response> {
  const { portals } = await site.ask(AllPortals, {}, site.visitOf(c));
  return respond(c, <LandingPage m={messagesOf(c)} portals={portals} />);
}

async function checkProof(c: PageContext, site: Site): Promise<Response> {
  const form = await takeForm(c);
  if (form instanceof Response) return form;
  const m = messagesOf(c);
  const typed = form.text('proof');
  // People paste a proof with the line breaks of their mail.
  const proof = typed.replace(/\s/g, '');
  const page = { m, publicUrl: site.publicUrl, typed };
  if (isForeign(c, site)) return respond(c, <ProofPage {...page} check="NOT_ASKED" />);
  const check = await checkOf(c, site, proof);
  return respond(c, <ProofPage {...page} check={check} />, typeof check === 'string' ? 422 : 200);
}

async function checkOf(c: PageContext, site: Site, proof: string): Promise<ProofCheck> {
  if (!proof) return 'EMPTY';
  if (proof.length > MAX_PROOF_LENGTH) return 'INVALID';
  const { proofOfReport } = await site.ask(CheckProof, { proof }, site.visitOf(c));
  return proofOfReport ?? 'INVALID';
}
