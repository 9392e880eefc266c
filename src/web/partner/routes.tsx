import { Hono } from 'hono';
import { log, traceOf } from '../../log.ts';
import { RefusedQuestionError } from '../ask.ts';
import { FailurePage } from '../portal/problem-pages.tsx';
import { type Env, type PageContext, respond } from '../portal/visit.tsx';
import { mountFigures } from './figure-routes.tsx';
import { mountMailLinks } from './mail-link-routes.tsx';
import { mountSettings } from './settings-routes.tsx';
import { SignInUnavailableError } from './sign-in.ts';
import { mountSignIn } from './sign-in-routes.tsx';
import { viewOf } from './view.ts';
import type { PartnerSite } from './visit.tsx';
import { ProblemPage } from './welcome-page.tsx';

/** Refusals that are no fault of ours: a little later the same page is shown. */
const statusOfRefusals: Record<string, number> = { TOO_MANY_TRIES: 429, BUSY: 503, IDENTITY_UNAVAILABLE: 503 };

/** The pages of partners, below /partner: their figures, and signing in to them. */
export function partnerPages(site: PartnerSite): Hono<Env> {
  const app = new Hono<Env>();
  app.onError((error, c) => failure(c, error));
  mountSignIn(app, site);
  mountFigures(app, site);
  mountSettings(app, site);
  mountMailLinks(app, site);
  return app;
}

function failure(c: PageContext, error: unknown): Response {
  const view = viewOf(c, null);
  const code = error instanceof RefusedQuestionError ? error.code : null;
  if (code === 'FORBIDDEN') return respond(c, <ProblemPage view={view} problem="refused" />, 403);
  if (error instanceof SignInUnavailableError) {
    log.warn('The identity provider cannot be reached.', traceOf(error.cause));
    return respond(c, <ProblemPage view={view} problem="signIn.unavailable" />, 503, { 'retry-after': '30' });
  }
  const status = code === null ? undefined : statusOfRefusals[code];
  if (!status) log.error('A page failed.', traceOf(error));
  return respond(c, <FailurePage m={view.m.pages} action={c.req.path} form={c.get('form')} />, status ?? 500);
}
