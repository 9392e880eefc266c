import { type Context, Hono } from 'hono';
import { RefusedQuestionError } from '../ask.ts';
import type { Ask, Visit } from '../graphql.ts';
import { bestLanguage } from '../messages.ts';
import { type PartnerMessages, partnerLocales, partnerMessagesIn } from './messages.ts';
import { exportFormats, sayWhatHelps, sendFigures, sendOpenData } from './send-figures.ts';

type Site<Env extends object> = { ask: Ask; visitOf: (c: Context<Env>) => Visit };

/** What a refusal is over plain HTTP. */
const statusOfRefusals: Record<string, 400 | 401 | 403 | 503> = {
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  BUSY: 503,
  IDENTITY_UNAVAILABLE: 503,
};
const refusals = {
  401: ['Send a token or key: Authorization: Bearer …\n', { 'www-authenticate': 'Bearer' }],
  403: ['Your agreement does not cover this country.\n', {}],
  503: ['Try again in a few seconds.\n', { 'retry-after': '5' }],
} as const;

/**
 * Published figures as files for programs: /statistics/KE.csv, .xlsx and .json (JSON-stat) with a bearer token or a key, and
 * /open-data.csv and .json for everybody.
 */
export function figureDownloads<Env extends object>({ ask, visitOf }: Site<Env>): Hono<Env> {
  const app = new Hono<Env>();
  app.onError((error, c) => {
    const status = error instanceof RefusedQuestionError ? statusOfRefusals[error.code] : undefined;
    if (!status) throw error;
    if (status === 400) return sayWhatHelps(c);
    const [words, headers] = refusals[status];
    return c.text(words, status, { ...headers, 'cache-control': 'no-store' });
  });
  app.get(`/statistics/:file{[A-Za-z]{2}\\.(?:${exportFormats.join('|')})}`, (c) => {
    const [country = '', format] = c.req.param('file').split('.');
    const authorization = c.req.header('authorization');
    const visit = { ...visitOf(c), ...(authorization === undefined ? {} : { authorization }) };
    const file = { country: country.toUpperCase(), format: exportFormats.find((known) => known === format) ?? 'csv' };
    return sendFigures(c, { ask, visit, m: messagesOf(c) }, file);
  });
  for (const format of ['csv', 'json'] as const)
    app.get(`/open-data.${format}`, (c) => sendOpenData(c, { ask, visit: visitOf(c), m: messagesOf(c) }, format));
  return app;
}

function messagesOf(c: Context): PartnerMessages {
  const tags = partnerLocales.map(({ tag }) => tag);
  const named = c.req.query('language') ?? '';
  if (tags.includes(named)) return partnerMessagesIn(named);
  return partnerMessagesIn(bestLanguage(c.req.header('accept-language') ?? null, tags, 'en'));
}
