import type { ResultOf } from 'gql.tada';
import { type Context, Hono } from 'hono';
import { RefusedQuestionError } from './ask.ts';
import { type Ask, graphql, type Visit } from './graphql.ts';

const EditionHead = graphql(`
  query UrlListHead($number: Int) {
    urlListEdition(number: $number) { number sha256 signature }
  }
`);
const EditionText = graphql(`
  query UrlListDownload($number: Int) {
    urlListEdition(number: $number) { text }
  }
`);

type Edition = NonNullable<ResultOf<typeof EditionHead>['urlListEdition']>;
type Site<Env extends object> = { ask: Ask; visitOf: (c: Context<Env>) => Visit };

/** What a refusal is over plain HTTP. */
const statusOfRefusals: Record<string, 401 | 403 | 503> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  BUSY: 503,
  IDENTITY_UNAVAILABLE: 503,
};
const refusals = {
  401: ['Send a key: Authorization: Bearer rp_…\n', { 'www-authenticate': 'Bearer' }],
  403: ['This account may not read the list.\n', {}],
  503: ['Try again in a few seconds.\n', { 'retry-after': '5' }],
} as const;

/**
 * The URL list as a plain file for those with the right, and its detached signature beside it: the latest edition, or the one that
 * `?edition=` names. Asked with the reader's own rights.
 */
export function urlListDownload<Env extends object>({ ask, visitOf }: Site<Env>): Hono<Env> {
  const app = new Hono<Env>();
  app.onError((error, c) => {
    const status = error instanceof RefusedQuestionError ? statusOfRefusals[error.code] : undefined;
    if (!status) throw error;
    const [words, headers] = refusals[status];
    return c.text(words, status, { ...headers, 'cache-control': 'no-store' });
  });

  const visitSignedIn = (c: Context<Env>): Visit => {
    const authorization = c.req.header('authorization');
    return { ...visitOf(c), ...(authorization === undefined ? {} : { authorization }) };
  };
  type Send = (c: Context<Env>, edition: Edition) => Response | Promise<Response>;
  const latest = (tagOf: (edition: Edition) => string, send: Send) => async (c: Context<Env>) => {
    const number = c.req.query('edition');
    // Asked first: whoever may not read the list is not told what there is.
    const asked = number === undefined ? null : /^\d{1,9}$/.test(number) ? Number(number) : 0;
    const { urlListEdition: edition } = await ask(EditionHead, { number: asked }, visitSignedIn(c));
    if (!edition) return c.text('There is no such edition.\n', 404, { 'cache-control': 'no-store' });
    // Kept, but never used without asking: whoever lost the right is refused.
    c.header('cache-control', 'private, no-cache');
    c.header('vary', 'authorization');
    c.header('etag', tagOf(edition));
    c.header('url-list-edition', String(edition.number));
    return isKnown(c.req.header('if-none-match'), tagOf(edition)) ? c.body(null, 304) : send(c, edition);
  };

  app.get(
    '/url-list.txt',
    latest(
      ({ sha256 }) => `"${sha256}"`,
      async (c, { number, sha256, signature }) => {
        const { urlListEdition: whole } = await ask(EditionText, { number }, visitSignedIn(c));
        c.header('content-digest', `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`);
        c.header('url-list-signature', signature);
        return c.text(whole?.text ?? '');
      },
    ),
  );
  app.get(
    '/url-list.txt.jws',
    latest(
      ({ sha256 }) => `"${sha256}.jws"`,
      (c, { signature }) => c.body(signature, 200, { 'content-type': 'application/jose' }),
    ),
  );
  return app;
}

function isKnown(ifNoneMatch: string | undefined, tag: string): boolean {
  return (ifNoneMatch ?? '').split(',').some((known) => known.trim().replace(/^W\//, '') === tag);
}
