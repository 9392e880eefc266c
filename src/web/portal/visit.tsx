import { gzipSync } from 'node:zlib';
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { Child } from 'hono/jsx';
import { config } from '../../config.ts';
import type { Ask, Visit } from '../graphql.ts';
import { bestLanguage, locales, type Messages, messagesIn } from '../messages.ts';
import { PSEUDO_LOCALE } from '../pseudo-locale.ts';
import { PortalPage } from './documents.ts';
import { cameFromElsewhere, type Form, readForm } from './form.ts';
import { PlainPage } from './problem-pages.tsx';
import { themeOf } from './theme.ts';
import { type View, viewOf } from './view.ts';

export type Env = { Bindings: HttpBindings; Variables: { form: Form; view: View; answered: true } };
export type PageContext = Context<Env>;

/** What the public pages need of the server. */
export type Site = { ask: Ask; publicUrl: string; visitOf: (c: Context) => Visit };

/** The answer of a page: its theme decides on the one style element that the policy allows. */
export function respond(c: PageContext, page: Child, status = 200, headers: Record<string, string> = {}): Response {
  const html = `<!doctype html>${page}`;
  const common = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': themeOf(c.get('view')?.portal.accentColour).policy,
    ...headers,
  };
  c.set('answered', true);
  // Slow lines: but never an answer to a form, whose size would tell of the secret beside what somebody made it repeat (BREACH).
  if (c.req.method !== 'GET' || !c.req.header('accept-encoding')?.includes('gzip'))
    return new Response(html, { status, headers: common });
  return new Response(new Uint8Array(gzipSync(html)), { status, headers: { ...common, 'content-encoding': 'gzip' } });
}

/** The portal that the address names, as this visitor sees it; null where there is none. Asks once a request. */
export async function findView(c: PageContext, site: Site): Promise<View | null> {
  const known = c.get('view');
  if (known) return known;
  const code = c.req.param('code') ?? '';
  const { portal } = await site.ask(PortalPage, { code }, site.visitOf(c));
  if (!portal) return null;
  const view = viewOf(portal, c.req.param('language'), c.req.header('accept-language') ?? null, {
    pseudo: !config().production,
  });
  c.set('view', view);
  return view;
}

/** The messages of a page that belongs to no portal: by the language in its address, or what the browser likes best. */
export function messagesOf(c: PageContext): Messages {
  const named = c.req.param('language');
  if (named === PSEUDO_LOCALE && !config().production) return messagesIn(named);
  const tags = locales.map(({ tag }) => tag);
  if (named && tags.includes(named)) return messagesIn(named);
  return messagesIn(bestLanguage(c.req.header('accept-language') ?? null, tags, 'en'));
}

/** Reads the form of a request, or answers it. */
export async function takeForm(c: PageContext): Promise<Form | Response> {
  const form = await readForm(c.req.raw);
  const m = messagesOf(c);
  if (form === 'TOO_LARGE') return respond(c, <PlainPage m={m} title="tooLarge.title" text="tooLarge.text" />, 413);
  if (form === 'WRONG_FORM') return respond(c, <PlainPage m={m} title="page.problem" text="wrongForm.text" />, 415);
  c.set('form', form);
  return form;
}

/** Whether a page that is neither ours nor the portal's sent this form. */
export function isForeign(c: PageContext, site: Site): boolean {
  const origins = c.get('view')?.portal.origins ?? [];
  return cameFromElsewhere(c.req.raw.headers, [new URL(site.publicUrl).origin, ...origins]);
}
