import { createHash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { RefusedQuestionError } from '../ask.ts';
import type { Ask, Visit } from '../graphql.ts';
import { bestLanguage } from '../messages.ts';
import { type PartnerMessages, partnerLocales, partnerMessagesIn } from '../partner/messages.ts';
import { EmbeddedFigures } from './documents.ts';
import { EmbedPage, embedStyle, NoEmbedPage } from './page.tsx';

type Site<Env extends object> = { ask: Ask; visitOf: (c: Context<Env>) => Visit };

const styleHash = createHash('sha256').update(embedStyle).digest('base64');

/** Figures for a frame on a partner's site, below /embed: in the language of whoever looks, or of `?language=`; without script, cookie or link. */
export function embedPages<Env extends object>({ ask, visitOf }: Site<Env>): Hono<Env> {
  const app = new Hono<Env>();
  app.onError((error, c) => {
    if (!(error instanceof RefusedQuestionError) || error.code !== 'BUSY') throw error;
    return c.text('Try again in a few seconds.\n', 503, { 'retry-after': '5' });
  });
  app.get('/embed/:token', async (c) => {
    const m = messagesOf(c);
    // What is longer than any token of ours need not be looked up as it is.
    const token = c.req.param('token').slice(0, 100);
    const { embeddedStatistics: shown } = await ask(EmbeddedFigures, { token }, visitOf(c));
    const page = shown ? <EmbedPage m={m} shown={shown} /> : <NoEmbedPage m={m} />;
    return c.html(`<!doctype html>${page}`, shown ? 200 : 404, {
      'content-security-policy': policyFor(shown?.origin ?? "'none'"),
      'content-language': m.tag,
      vary: 'accept-language',
    });
  });
  return app;
}

// The origin is one that `createEmbed` took: letters, digits, dots and a port.
function policyFor(ancestor: string): string {
  const style = `style-src 'sha256-${styleHash}'`;
  return `default-src 'none'; ${style}; base-uri 'none'; form-action 'none'; frame-ancestors ${ancestor}`;
}

function messagesOf(c: Context): PartnerMessages {
  const tags = partnerLocales.map(({ tag }) => tag);
  const named = c.req.query('language') ?? '';
  if (tags.includes(named)) return partnerMessagesIn(named);
  return partnerMessagesIn(bestLanguage(c.req.header('accept-language') ?? null, tags, 'en'));
}
